"""The shelf, the version's page and the trash: renaming, damage, removing and Undo."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.exchange import ExportState
from app.screens.version.screen import VersionScreen
from app.screens.version.use_card import UseCard, possible_forms
from app.screens.version.words import shown
from app.shell.shelf_model import RowRole
from app.window import Window
from core.home import Home, Trash
from core.versions.compare import compare
from core.versions.library import STANDARD_FILES, VersionLibrary
from tests.app.support import Opener, fill_in, named, press, question, until


def shelf(window: Window) -> list[tuple[str, str]]:
    """(title, badge) of each row."""
    model = window.shelf.view.model()
    rows = [model.index(i, 0).data(RowRole) for i in range(model.rowCount())]
    return [(row.title, row.badge) for row in rows]


def page(window: Window, name: str = "Kiku") -> object:
    entry = VersionLibrary(window.context.home).get(name)
    window.context.navigator.go("version", version=entry.id)
    return window.screen_named("version")


def child_of(home: Home, parent: str, name: str) -> None:
    """Another version, which comes from `parent`."""
    shutil.copytree(home.versions / parent, home.versions / name)
    path = home.versions / name / "version.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    parents = [{"id": data["id"], "name": parent, "relation": "continued"}]
    data |= {
        "id": f"id of {name}", "name": name, "title": name, "edition": 2, "parents": parents,
        "created": data["created"] + 1,
    }  # fmt: skip
    path.write_text(json.dumps(data), encoding="utf-8")


# ---- damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_version_with_a_missing_file_is_marked_and_its_page_says_which(
    qtbot: QtBot, open_window: Opener, raised_home: Home, file: str
) -> None:
    (raised_home.versions / "Kiku" / file).unlink()
    window = open_window(raised_home)
    assert shelf(window) == [("Kiku", "damaged")]
    screen = page(window)
    told = screen._notice.text.text()  # type: ignore[attr-defined]
    assert file in told
    assert "Restore it from a copy, or remove this version." in told
    assert not named(window, "Chat with it", QPushButton).isEnabled()
    for tab in ("training", "evaluation", "chat"):
        window.go(tab)
    assert window.screen_named("chat")._versions.count() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": 3}', '{"schema_version": 99}'])
def test_a_version_with_a_damaged_version_json_stays_on_the_shelf_with_a_sentence(
    open_window: Opener, raised_home: Home, content: str
) -> None:
    (raised_home.versions / "Kiku" / "version.json").write_text(content, encoding="utf-8")
    window = open_window(raised_home)
    assert shelf(window) == [("Kiku", "damaged")]
    window.context.navigator.go("version", version="damaged:Kiku")
    told = window.screen_named("version")._notice.text.text()  # type: ignore[attr-defined]
    assert "version.json" in told
    assert "Traceback" not in told


def test_damaged_weights_are_told_in_a_sentence_when_the_version_is_used(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    weights = raised_home.versions / "Kiku" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:200])
    window = open_window(raised_home)
    window.go("chat")
    notice = window.screen_named("chat")._notice  # type: ignore[attr-defined]
    until(qtbot, notice.isVisible)
    assert "model.safetensors" in notice.text.text()
    assert "Traceback" not in notice.text.text()


def test_damaged_weights_are_not_exported(
    qtbot: QtBot, open_window: Opener, raised_home: Home, tmp_path: Path
) -> None:
    weights = raised_home.versions / "Kiku" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    window = open_window(raised_home)
    entry = VersionLibrary(raised_home).get("Kiku")
    window.actions_of.exchange.export(entry, "hf", tmp_path)
    until(qtbot, lambda: "model.safetensors" in window.status._text.full_text())
    assert not (tmp_path / "Kiku").exists()
    state = window.context.exchange.state(entry.id, "hf")
    assert "model.safetensors" in state.fault and not state.running


# ---- what can be done ------------------------------------------------------------------------


def test_a_version_is_exported_and_its_page_tells_what_was_tested(
    qtbot: QtBot, open_window: Opener, raised_home: Home, tmp_path: Path
) -> None:
    window = open_window(raised_home)
    screen = page(window)
    entry = VersionLibrary(raised_home).get("Kiku")
    window.actions_of.exchange.export(entry, "hf", tmp_path)
    assert not screen.use.lines["hf"].button.isEnabled()  # type: ignore[attr-defined]
    until(qtbot, lambda: "written and tested" in window.status._text.full_text())
    assert set(STANDARD_FILES) <= {path.name for path in (tmp_path / "Kiku").iterdir()}
    line = screen.use.lines["hf"]  # type: ignore[attr-defined]
    assert line.mark.isVisible() and line.text.full_text().startswith("tested: ")
    assert line.button.text() == "Open"
    window.actions_of.exchange.export(entry, "hf", tmp_path)  # Another beside it, under a number.
    until(qtbot, lambda: (tmp_path / "Kiku 2" / "config.json").is_file())


@pytest.mark.parametrize("name", ["菊 第二版", "with spaces", "x" * 80])
def test_a_version_gets_a_good_new_name_and_stays_selected(
    open_window: Opener, raised_home: Home, name: str
) -> None:
    window = open_window(raised_home)
    entry = VersionLibrary(raised_home).get("Kiku")
    window.actions_of.rename(entry.id, name)
    assert (raised_home.versions / name).is_dir()
    assert window.context.selection.version == entry.id
    assert shelf(window)[0][0] == name


@pytest.mark.parametrize("name", ["a/b", "x" * 300, "..", "nul", " lead", ""])
def test_a_bad_new_name_is_told_in_the_dialog_and_changes_nothing(
    qtbot: QtBot, window: Window, name: str
) -> None:
    home = window.context.home
    window.actions_of.do("rename", VersionLibrary(home).get("Kiku").id)
    assert "cannot be used" in fill_in(qtbot, window, name)
    assert [path.name for path in home.versions.iterdir() if path.is_dir()] == ["Kiku"]


def test_f2_delete_enter_and_the_menu_work_on_the_shelf_by_keyboard(
    qtbot: QtBot, window: Window
) -> None:
    view = window.shelf.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_F2)
    assert fill_in(qtbot, window, "Ran") == ""
    assert shelf(window)[0][0] == "Ran"
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert type(window.stack.currentWidget()).__name__ == "VersionScreen"
    view.customContextMenuRequested.emit(QPoint(30, 10))
    menus = [m for m in window.shelf.findChildren(QMenu) if m.isVisible()]
    assert next(a.text() for a in menus[0].actions() if a.text()) == "Open"
    menus[0].close()
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert shelf(window) == []


def test_a_removed_version_comes_back_with_undo_and_is_selected_again(
    qtbot: QtBot, window: Window
) -> None:
    entry = VersionLibrary(window.context.home).get("Kiku")
    window.actions_of.do("remove", entry.id)
    assert shelf(window) == []
    assert len(Trash(window.context.home).list()) == 1
    press(qtbot, window.status, "Undo")
    assert shelf(window) == [("Kiku", "")]
    assert window.context.selection.version == entry.id
    assert window.status._text.full_text() == "It is back"


def test_children_of_a_removed_version_say_so(open_window: Opener, raised_home: Home) -> None:
    child_of(raised_home, "Kiku", "Kiku the second")
    window = open_window(raised_home)
    assert shelf(window) == [("Kiku", ""), ("Kiku the second", "continued")]
    window.actions_of.do("remove", VersionLibrary(raised_home).get("Kiku").id)
    assert shelf(window) == [("Kiku the second", "parent in trash")]


def test_the_trash_in_the_settings_puts_back_what_is_chosen(qtbot: QtBot, window: Window) -> None:
    window.actions_of.do("remove", VersionLibrary(window.context.home).get("Kiku").id)
    window.go("settings")
    screen = window.screen_named("settings")
    table = screen._table  # type: ignore[attr-defined]
    assert table.item(0, 0).text() == "versions/Kiku"
    assert not named(screen, "Put back", QPushButton).isEnabled()
    table.selectRow(0)
    press(qtbot, screen, "Put back")
    assert shelf(window) == [("Kiku", "")]
    assert screen._none.isVisible()  # type: ignore[attr-defined]


@pytest.mark.parametrize("sure", [False, True])
def test_the_trash_is_emptied_only_after_a_question(
    qtbot: QtBot, window: Window, sure: bool
) -> None:
    window.actions_of.do("remove", VersionLibrary(window.context.home).get("Kiku").id)
    window.go("settings")
    press(qtbot, window.screen_named("settings"), "Empty the trash…")
    press(qtbot, question(window), "Delete for good" if sure else "Cancel")
    if sure:
        until(qtbot, lambda: Trash(window.context.home).list() == [])
        until(qtbot, window.screen_named("settings")._none.isVisible)  # type: ignore[attr-defined]
    else:
        assert len(Trash(window.context.home).list()) == 1


def test_a_note_can_be_written_from_the_shelf(qtbot: QtBot, window: Window) -> None:
    library = VersionLibrary(window.context.home)
    window.actions_of.do("note", library.get("Kiku").id)
    fill_in(qtbot, window, "two\nlines")
    assert library.get("Kiku").manifest.note == "two\nlines"


def test_a_note_is_kept_with_the_version(qtbot: QtBot, window: Window) -> None:
    page(window)
    note = named(window, "Note", QPlainTextEdit)
    qtbot.keyClicks(note, "the first that rhymes")
    library = VersionLibrary(window.context.home)
    until(qtbot, lambda: library.get("Kiku").manifest.note == "the first that rhymes")


def test_a_note_that_was_just_typed_is_kept_when_the_window_closes_or_another_version_is_shown(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    child_of(raised_home, "Kiku", "Kiku the second")
    window = open_window(raised_home)
    library = VersionLibrary(raised_home)
    page(window)
    qtbot.keyClicks(named(window, "Note", QPlainTextEdit), "of the first")
    page(window, "Kiku the second")
    qtbot.keyClicks(named(window, "Note", QPlainTextEdit), "of the second")
    open_window.close(window)
    notes = [library.get(name).manifest.note for name in ("Kiku", "Kiku the second")]
    assert notes == ["of the first", "of the second"]


def test_a_version_that_learnt_preferences_says_how_often_it_prefers_rightly(
    open_window: Opener, raised_home: Home
) -> None:
    child_of(raised_home, "Kiku", "Picky")
    path = raised_home.versions / "Picky" / "version.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data |= {"kind": "chat", "objective": "preference"}
    data["measures"] |= {"heldout_bits_per_byte": None, "preference_accuracy": 0.83}
    data["forgetting"] = {
        "text": "Talks", "before": 4.4, "after": 4.6, "low": 0.1, "high": 0.3, "how": "conversations",
    }  # fmt: skip
    path.write_text(json.dumps(data), encoding="utf-8")
    window = open_window(raised_home)
    screen = page(window, "Picky")
    assert isinstance(screen, VersionScreen)
    library = VersionLibrary(raised_home)
    facts = {
        name: (value, note)
        for name, value, note in screen._colophon_card.facts(library.get("Picky"))
    }
    assert facts["Unseen pairs"] == ("83 %", "better answer ahead")
    assert facts["Parent's text"] == ("4.40 → 4.60", "partly forgotten")
    assert facts["Measured on"] == ("whole conversations", "questions too")
    assert "Unseen text" not in facts
    model = window.shelf.view.model()
    rows = [model.index(i, 0).data(RowRole) for i in range(model.rowCount())]
    (row,) = [row for row in rows if row.title == "Picky"]
    assert "83 % of pairs right" in row.meta
    (fact,) = [
        row for row in compare(library.get("Kiku"), library.get("Picky")).rows
        if row.name == "preference_accuracy"
    ]  # fmt: skip
    assert (shown(fact, True), shown(fact, False)) == ("—", "83 %")


def test_what_was_exported_of_an_adapter_is_said(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    child_of(raised_home, "Kiku", "Small")
    path = raised_home.versions / "Small" / "version.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    facts = {"base": "x", "base_name": "Kiku", "rank": 8, "alpha": 16.0}
    path.write_text(json.dumps(data | {"adapter": facts}), encoding="utf-8")
    entries = {e.name: e for e in VersionLibrary(raised_home).list()}
    assert "adapter" in possible_forms(entries["Small"])
    assert "adapter" not in possible_forms(entries["Kiku"])
    card = UseCard()
    qtbot.addWidget(card)
    card.retranslate()
    checks = [{"name": "logits", "ok": True, "detail": "", "rounded": True}]
    states = {
        "hf": ExportState(path="/x", merged="Kiku"), "adapter": ExportState(path="/y", needs="Kiku"),
        "gguf": ExportState(path="/z", checks=checks, merged="Kiku"),
    }  # fmt: skip
    card.show_forms({"hf", "gguf", "adapter"}, states)
    told = {name: line.text.full_text() for name, line in card.lines.items()}
    assert "with “Kiku” merged in" in told["hf"]
    assert "needs its base “Kiku”" in told["adapter"]
    assert "rounding changes some of it" in told["gguf"]
    assert not card.lines["adapter"].isHidden() and card.lines["python"].isHidden()
