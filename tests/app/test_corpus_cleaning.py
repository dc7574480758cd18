"""Choosing what cleaning does: seen in the preview at once, read again when the user says so."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.screens.corpus.cleaning_sheet import CleaningSheet
from app.screens.corpus.cleaning_words import PERSONAL, count_text, words
from app.screens.corpus.preview_card import with_additions
from app.screens.corpus.screen import CorpusScreen
from app.window import Window
from core.corpus.manifest import CorpusManifest, Totals
from core.jobs.kinds import CleaningOptions, ReadJob
from tests.app.support import named, press, question, until


def corpus(window: Window) -> CorpusScreen:
    screen = window.screen_named("corpus")
    assert isinstance(screen, CorpusScreen)
    return screen


def test_training_waits_until_changed_cleaning_is_read_or_undone(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = corpus(window)
    train = named(screen, "Train on this", QPushButton)
    until(qtbot, train.isEnabled)
    press(qtbot, screen, "Strip notes ［＃…］")
    assert not train.isEnabled()
    assert "undo" in train.toolTip()
    assert named(screen, "changed, not read yet").isVisible()
    press(qtbot, screen, "Undo")
    assert train.isEnabled()
    assert screen.page.cleaning.options() == CleaningOptions()
    press(qtbot, screen, "10 %")
    assert not train.isEnabled()
    submitted: list[ReadJob] = []
    monkeypatch.setattr(
        window.context.bridge, "submit", lambda kind, config, title: submitted.append(config) or ""
    )
    press(qtbot, screen, "Read again like this")
    assert submitted[0].heldout_share == 0.1
    assert submitted[0].paths == []


def test_what_was_chosen_outlives_news_of_the_same_reading(qtbot: QtBot, window: Window) -> None:
    screen = corpus(window)
    until(qtbot, named(screen, "Train on this", QPushButton).isEnabled)
    press(qtbot, screen, "Strip notes ［＃…］")
    window.context.bridge.corpora_changed.emit()
    assert not screen.page.cleaning.options().aozora_notes
    press(qtbot, screen, "Undo")


def test_the_sheet_has_every_option_and_the_card_follows_it(qtbot: QtBot, window: Window) -> None:
    screen = corpus(window)
    until(qtbot, named(screen, "Train on this", QPushButton).isEnabled)
    press(qtbot, screen, "More…")
    sheet = question(window)
    assert isinstance(sheet, CleaningSheet)
    until(qtbot, lambda: len(sheet._text.cells()) > 5)  # The text that it would change.
    press(qtbot, sheet, "Mend garbled characters")
    press(qtbot, sheet, "Merge duplicates")
    field = named(sheet, "Shortest document", QLineEdit)
    field.clear()
    qtbot.keyClicks(field, "1,200")
    sheet._form.setCurrentIndex(sheet._form.findData("nfkc"))
    sheet._personal._switch("mail", True)
    sheet._languages._switch("ja", True)
    options = screen.page.cleaning.options()
    assert options == CleaningOptions(
        mojibake=False, duplicates=False, least_characters=1200, unicode="nfkc",
        personal=["mail"], languages=["ja"],
    )  # fmt: skip
    assert not named(screen, "Merge duplicates", QCheckBox).isChecked()
    field.clear()
    qtbot.keyClicks(field, "many")
    assert field.property("invalid") == "true"
    press(qtbot, sheet, "As it was read")
    assert screen.page.cleaning.options() == CleaningOptions()
    press(qtbot, sheet, "Close")


def test_the_box_of_personal_data_masks_every_kind_or_none(qtbot: QtBot, window: Window) -> None:
    screen = corpus(window)
    until(qtbot, named(screen, "Train on this", QPushButton).isEnabled)
    press(qtbot, screen, "Mask personal data")
    assert screen.page.cleaning.options().personal == list(PERSONAL)
    press(qtbot, screen, "Mask personal data")
    assert screen.page.cleaning.options().personal == []


def test_every_option_has_words_and_its_count(qapp: QApplication) -> None:
    for name in CleaningOptions.model_fields:
        assert all(words(name)), name
    manifest = CorpusManifest(
        id="", name="c", created=0, changed=0, totals=Totals(duplicates=3, near_duplicates=1200),
        removed={"aozora_ruby": 3400, "personal_mail": 4, "personal_ip": 1, "unicode": 7},
    )  # fmt: skip
    said = {name: count_text(manifest, name) for name in CleaningOptions.model_fields}
    assert said["duplicates"] == "−3 docs"
    assert said["near_duplicates"] == "−1,200 docs"
    assert said["aozora_ruby"] == "−3.4k ch."
    assert said["personal"] == "5 places"
    assert said["unicode"] == "7 mended"
    assert said["mojibake"] == "0"


def test_what_cleaning_adds_stands_behind_what_it_removes() -> None:
    cells = [
        {"text": "a", "token": 0},
        {"text": "x@y.jp", "removed": "personal", "added": "[mail]"},
    ]
    shown = with_additions(cells)
    assert [cell["text"] for cell in shown] == ["a", "x@y.jp", "[mail]"]
    assert shown[1]["removed"]
    assert not shown[1]["added"]
    assert shown[2] == {"text": "[mail]", "added": True}
