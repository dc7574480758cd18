"""The dialog that brings a foreign model: nothing starts, and nothing is downloaded, by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from app.shell.import_dialog import ImportDialog
from app.window import Window
from tests.app.support import press, shown


@pytest.fixture
def dialog(window: Window) -> ImportDialog:
    return window.actions_of.exchange.ask_import()


def fault(dialog: ImportDialog) -> str:
    return " ".join(label.text() for label in shown(dialog, QLabel) if label.property("tone"))


def asked(dialog: ImportDialog, window: Window) -> list[tuple[str, str, str]]:
    """What would have been imported, instead of doing it."""
    found: list[tuple[str, str, str]] = []
    dialog.wanted.disconnect()
    dialog.wanted.connect(lambda *words: found.append(words))
    return found


def test_the_plus_of_the_shelf_offers_training_and_importing(window: Window) -> None:
    window.shelf._new.click()
    menu = next(m for m in window.shelf.findChildren(QMenu) if m.isVisible())
    texts = [action.text() for action in menu.actions()]
    menu.close()
    assert texts == ["Train a new edition", "Import a model…"]


def test_without_a_choice_it_asks_for_one(
    qtbot: QtBot, window: Window, dialog: ImportDialog
) -> None:
    wanted = asked(dialog, window)
    press(qtbot, dialog, "Import")
    assert "where the model comes from" in fault(dialog)
    assert wanted == []


def test_a_folder_proposes_its_name_and_is_taken(
    qtbot: QtBot, window: Window, dialog: ImportDialog, tmp_path: Path
) -> None:
    wanted = asked(dialog, window)
    folder = tmp_path / "SmolLM2-135M"
    folder.mkdir()
    dialog.choose_path(str(folder))
    assert dialog.name.text() == "SmolLM2-135M"
    press(qtbot, dialog, "Import")
    assert wanted == [("SmolLM2-135M", str(folder), "")]


@pytest.mark.parametrize("name", ["Kiku", "a/b", "", "nul"])
def test_a_name_that_cannot_be_is_told_at_its_field(
    qtbot: QtBot, window: Window, dialog: ImportDialog, tmp_path: Path, name: str
) -> None:
    wanted = asked(dialog, window)
    dialog.choose_path(str(tmp_path))
    dialog.name.setText(name)
    press(qtbot, dialog, "Import")
    assert fault(dialog) and dialog.isVisible()
    assert dialog.name.property("invalid") == "true"
    assert wanted == []


@pytest.mark.parametrize("name", ["", "SmolLM2-135M", "https://huggingface.co/a/b", "a/../b"])
def test_the_hub_is_asked_only_for_a_name_of_its_form(
    qtbot: QtBot, window: Window, dialog: ImportDialog, name: str
) -> None:
    wanted = asked(dialog, window)
    qtbot.mouseClick(dialog.choices["hub"], Qt.MouseButton.LeftButton)
    dialog.hub.setText(name)
    dialog.agree.setChecked(True)
    press(qtbot, dialog, "Import")
    assert "owner/model" in fault(dialog)
    assert wanted == []


def test_the_hub_is_asked_only_after_the_tick(
    qtbot: QtBot, window: Window, dialog: ImportDialog
) -> None:
    wanted = asked(dialog, window)
    qtbot.mouseClick(dialog.choices["hub"], Qt.MouseButton.LeftButton)
    qtbot.keyClicks(dialog.hub, "HuggingFaceTB/SmolLM2-135M")
    assert dialog.name.text() == "SmolLM2-135M"
    press(qtbot, dialog, "Import")
    assert "Nothing is downloaded" in fault(dialog)
    assert wanted == []
    dialog.agree.setChecked(True)
    press(qtbot, dialog, "Import")
    assert wanted == [("SmolLM2-135M", "", "HuggingFaceTB/SmolLM2-135M")]
