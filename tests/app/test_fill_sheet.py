"""The sheet with blanks, and the teacher's red ink."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.screens.chat.correction import diff_cells
from app.screens.chat.fill_sheet import Blank, FillSheet
from app.screens.chat.filling import is_sheet, messages_of
from app.window import Window
from core.chats import Chat, Message
from tests.app.support import named

TEXT = "The ____ sat on the ____."
BLANKS = [
    Blank(4, 8, [("cat", 0.5), ("dog", 0.25)]),
    Blank(20, 24, [("mat", 0.9), ("sofa", 0.05)]),
]


@pytest.fixture
def sheet(window: Window) -> FillSheet:
    """The chat's sheet, as a version that fills in blanks shows it."""
    window.go("chat")
    screen = window.screen_named("chat")
    screen.show_kind(True)  # type: ignore[attr-defined]
    return screen.fill  # type: ignore[attr-defined]


def test_the_likeliest_words_stand_in_the_blanks(sheet: FillSheet) -> None:
    sheet.show_result(TEXT, BLANKS)
    assert sheet.filled == "The cat sat on the mat."
    shown = [cell for cell in sheet.result.cells() if "probability" in cell]
    assert [(cell["text"], cell["probability"]) for cell in shown] == [("cat", 0.5), ("mat", 0.9)]


def test_another_candidate_takes_its_place(sheet: FillSheet) -> None:
    told: list[tuple[Any, str]] = []
    sheet.blank_chosen.connect(lambda cell, before: told.append((cell, before)))
    sheet.show_result(TEXT, BLANKS)
    sheet.result.choose(3)
    assert (told[-1][0]["text"], told[-1][1]) == ("mat", "The cat sat on the ")
    sheet.take("sofa")
    assert sheet.filled == "The cat sat on the sofa."
    assert told[-1][0]["rank"] == 2
    sheet.result.choose(0)  # Words that were there all along have no candidates.
    assert len(told) == 2


def test_the_button_sends_what_stands_on_the_sheet(qtbot: QtBot, sheet: FillSheet) -> None:
    asked: list[str] = []
    sheet.fill_wanted.disconnect()
    sheet.fill_wanted.connect(asked.append)
    qtbot.keyClicks(sheet.field, "A ")
    named(sheet, "Blank", QPushButton).click()
    named(sheet, "Fill in", QPushButton).click()
    assert asked == ["A ____"]


def test_a_text_without_a_blank_says_how_to_make_one(sheet: FillSheet) -> None:
    sheet.show_result("No gap.", [])
    assert "write ____" in sheet._state.text()


@given(old=st.text(max_size=40), new=st.text(max_size=40))
def test_what_is_not_struck_out_is_the_new_text_and_the_rest_the_old(old: str, new: str) -> None:
    cells = diff_cells(old, new)
    assert "".join(c["text"] for c in cells if not c.get("removed")) == new
    assert "".join(c["text"] for c in cells if not c.get("added")) == old


def test_only_the_changed_word_is_red() -> None:
    cells = diff_cells("my breath rised white", "my breath rose white")
    red = [(c["text"], bool(c.get("removed"))) for c in cells if c.get("removed") or c.get("added")]
    assert red == [("rised", True), ("rose", False)]
    cells = diff_cells("今日は雨でした。", "今日は雪でした。")
    assert [c["text"] for c in cells if c.get("removed") or c.get("added")] == ["雨", "雪"]


def test_a_candidate_below_the_sheet_takes_its_place(sheet: FillSheet) -> None:
    sheet.show_result(TEXT, BLANKS)
    words = [[b.text().split()[0] for b in buttons] for buttons in sheet.rows._buttons]
    assert words == [["cat", "dog"], ["mat", "sofa"]]
    sheet.rows._buttons[0][1].click()
    assert sheet.filled == "The dog sat on the mat."
    assert [b.isChecked() for b in sheet.rows._buttons[0]] == [False, True]
    sheet.rows._buttons[0][1].click()  # Pressed again it stays.
    assert [b.isChecked() for b in sheet.rows._buttons[0]] == [False, True]


def test_a_conversation_with_another_version_is_no_sheet_to_write_on() -> None:
    talk = Chat(version="writes").with_messages(
        [Message(role="user", text="One day"), Message(role="version", text=" it rained.")]
    )
    assert not is_sheet(talk, "fills")
    assert not is_sheet(
        Chat(version="writes").with_messages([Message(role="user", text="x")]), "fills"
    )
    assert is_sheet(Chat(), "fills")
    filled = [{"start": 0, "end": 4, "candidates": [{"text": "A", "probability": 0.5}]}]
    pages = [Message(role="user", text="____"), Message(role="version", text="A", cells=filled)]
    assert is_sheet(Chat(version="fills").with_messages(pages), "fills")


def test_a_sheet_is_not_talked_on_with(window: Window, sheet: FillSheet) -> None:
    screen = window.screen_named("chat")
    data = {"blanks": [{"start": 4, "end": 8, "candidates": [{"text": "cat", "probability": 0.5}]}]}
    kept = Chat().with_messages(messages_of("The ____.", "The cat.", data, "of-an-encoder"))
    screen._chat = kept  # type: ignore[attr-defined]
    sheet.show_result("The ____.", [Blank(4, 8, [("cat", 0.5)])])
    sheet.result.choose(1)
    assert screen.inspector._cell is not None  # type: ignore[attr-defined]
    screen._on_version_chosen()  # type: ignore[attr-defined]
    assert screen._chat.messages == []  # type: ignore[attr-defined]
    assert screen.inspector._cell is None  # type: ignore[attr-defined]


def test_shares_that_add_up_to_more_than_all_are_explained(sheet: FillSheet) -> None:
    sheet.show_result("A ____.", [Blank(2, 6, [("cat", 0.7), ("catfish", 0.6)])])
    assert "100 %" in sheet._state.text()
    sheet.show_result(TEXT, BLANKS)
    assert "100 %" not in sheet._state.text()
