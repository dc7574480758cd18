"""The chat tab: keys, input methods, conversations on disk; a real version writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.screens.chat.composer import Composer
from app.screens.chat.screen import ChatScreen
from app.theme.manager import ThemeManager
from app.widgets.controls import Label
from app.window import Window
from core.chats import Chat, ChatLibrary, Message
from core.home import Home, Trash
from core.sentences import Sentence
from core.versions.library import VersionLibrary
from tests.app.support import Opener, copy_version, named, press, until


@pytest.fixture
def composer(qtbot: QtBot, theme: ThemeManager) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    theme.adopt(made)
    made.show()
    made.field.setFocus()
    return made


def compose(field: QPlainTextEdit, preedit: str, commit: str = "") -> None:
    """What an input method sends: words that are not decided yet, or decided ones."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QCoreApplication.sendEvent(field, event)


# ---- the field -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_sends_what_is_written(qtbot: QtBot, composer: Composer, key: Qt.Key) -> None:
    qtbot.keyClicks(composer.field, "Once")
    with qtbot.waitSignal(composer.send_wanted) as sent:
        qtbot.keyClick(composer.field, key)
    assert sent.args == ["Once"]


def test_shift_enter_breaks_the_line(qtbot: QtBot, composer: Composer) -> None:
    with qtbot.assertNotEmitted(composer.send_wanted):
        qtbot.keyClicks(composer.field, "a")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClicks(composer.field, "b")
    assert composer.field.toPlainText() == "a\nb"


@pytest.mark.parametrize(
    "modifier",
    [
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.KeyboardModifier.ControlModifier,
    ],
)
def test_an_enter_that_belongs_to_the_input_method_neither_sends_nor_breaks_the_line(
    qtbot: QtBot, composer: Composer, modifier: Qt.KeyboardModifier
) -> None:
    compose(composer.field, "むかし")
    assert composer.field.composing()
    with qtbot.assertNotEmitted(composer.send_wanted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, modifier)
    assert composer.field.toPlainText() == ""
    compose(composer.field, "", "昔")
    assert composer.field.toPlainText() == "昔"
    with qtbot.waitSignal(composer.send_wanted) as sent:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.args == ["昔"]


def test_ctrl_enter_while_composing_does_not_send_from_the_whole_screen(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    screen = chat_of(open_window(raised_home))
    sent: list[str] = []
    screen.context.bridge.chat = recorder(sent)  # type: ignore[method-assign]
    compose(screen.composer.field, "むかし")
    qtbot.keyClick(screen.composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sent == []
    compose(screen.composer.field, "", "昔")
    qtbot.keyClick(screen.composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sent == ["generate"]


# ---- conversations ---------------------------------------------------------------------------


def chat_of(window: Window) -> ChatScreen:
    window.go("chat")
    screen = window.screen_named("chat")
    assert isinstance(screen, ChatScreen)
    return screen


class Replies:
    """Answers the chat screen's requests by hand, so that a test decides when and how."""

    def __init__(self) -> None:
        self.open: list[tuple[str, dict[str, Any], Any, Any, Any]] = []
        self.cancelled: list[int] = []

    def __call__(
        self, operation: str, params: dict[str, Any], done: Any, failed: Any = None, update: Any = None
    ) -> int:  # fmt: skip
        self.open.append((operation, params, done, failed, update))
        return len(self.open)

    def say(self, number: int, text: str) -> None:
        self.open[number][4]({"text": text, "cells": [{"text": text, "probability": 0.5}]})

    def finish(self, number: int) -> None:
        self.open[number][2]({"reason": "length", "tokens": 3, "context": 64, "prompt_tokens": 2})

    def refuse(self, number: int) -> None:
        self.open[number][3](Sentence("Errors", "No."))


def recorder(names: list[str]) -> Callable[..., int]:
    def request(operation: str, *_: Any) -> int:
        names.append(operation)
        return len(names)

    return request


@pytest.fixture
def scripted(open_window: Opener, raised_home: Home) -> tuple[ChatScreen, Replies]:
    """The chat screen with a version whose words the test speaks."""
    return speaking(open_window(raised_home))


def speaking(window: Window) -> tuple[ChatScreen, Replies]:
    """Its chat screen, whose versions' words are the test's."""
    replies = Replies()
    window.context.bridge.chat = replies  # type: ignore[method-assign, assignment]
    window.context.bridge.cancel_chat = replies.cancelled.append  # type: ignore[method-assign]
    screen = chat_of(window)
    replies.open[0][2]({"bytes": 1000, "context": 64})  # "load"
    return screen, replies


def kept(home: Home) -> dict[str, list[str]]:
    """Titles and words of the conversations on disk."""
    return {c.title: [m.text for m in c.messages] for c in ChatLibrary(home).list()}


def test_what_is_sent_is_on_disk_before_the_first_token(
    scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("Once upon")
    assert kept(raised_home) == {"Once upon": ["Once upon"]}
    replies.say(1, " a time")
    replies.finish(1)
    assert kept(raised_home) == {"Once upon": ["Once upon", " a time"]}
    assert replies.open[1][1]["text"] == "Once upon"


def test_a_measurement_that_gave_way_to_an_answer_is_taken_up_after_it(
    scripted: tuple[ChatScreen, Replies],
) -> None:
    screen, replies = scripted
    replies.open[0][2]({"bytes": 1000, "context": 64, "precision": "fp32", "unfinished": True})
    screen.send("Once upon")
    replies.say(1, " a time")
    replies.finish(1)
    assert [operation for operation, *_ in replies.open] == ["load", "generate", "load"]
    replies.open[2][2]({"precision": "int8", "lost_bits": 0.001, "speedup": 2.0, "measured": True})
    told = screen.inspector.precision.findChildren(Label)[-1].text()
    assert told == "int8 weights: +0.001 bits/byte, 2.0× faster"


def test_turning_to_another_conversation_keeps_both_apart(
    qtbot: QtBot, scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("First")
    replies.say(1, " words")
    screen.new_chat()
    screen.send("Second")
    replies.say(1, " of the first, too late")
    replies.say(2, " answer")
    replies.finish(1)
    assert screen.composer._stop.isVisible()
    replies.finish(2)
    assert kept(raised_home) == {"First": ["First", " words"], "Second": ["Second", " answer"]}
    assert replies.cancelled == [2]


def test_a_conversation_removed_while_it_is_written_stays_removed_and_undo_brings_it_back(
    qtbot: QtBot, scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("First")
    replies.say(1, " words")
    screen._remove_chat(screen._chat.id)
    replies.finish(1)
    assert kept(raised_home) == {}
    press(qtbot, screen.window(), "Undo")
    assert kept(raised_home) == {"First": ["First", " words"]}


def test_closing_the_window_while_the_version_writes_keeps_what_was_written(
    open_window: Opener, scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("First")
    replies.say(1, " words")
    open_window.close(screen.window())  # type: ignore[arg-type]
    assert kept(raised_home) == {"First": ["First", " words"]}


def test_an_answer_that_fails_says_why_and_keeps_the_question(
    qtbot: QtBot, scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("First")
    replies.refuse(1)
    assert screen._notice.text.text() == "No."
    assert screen._notice.isVisible()
    assert kept(raised_home) == {"First": ["First"]}
    assert named(screen, "Write on", QPushButton).isEnabled()


def test_escape_stops_the_version(qtbot: QtBot, scripted: tuple[ChatScreen, Replies]) -> None:
    screen, replies = scripted
    screen.send("First")
    qtbot.keyClick(screen.composer.field, Qt.Key.Key_Escape)
    assert replies.cancelled == [2]
    replies.finish(1)


def test_up_in_an_empty_field_changes_the_last_own_words_and_asks_anew(
    qtbot: QtBot, scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("First")
    replies.say(1, " words")
    replies.finish(1)
    field = screen.composer.field
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.toPlainText() == "First"
    qtbot.keyClicks(field, "ly")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    replies.say(2, " other")
    replies.finish(2)
    assert kept(raised_home)["First"] == ["Firstly", " other"]


def test_another_token_begins_a_branch(
    scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("A")
    replies.open[1][4](
        {"text": " cat slept", "cells": [
            {"text": " cat", "probability": 0.6, "alternatives": [[" cat", 0.6], [" dog", 0.3]]},
            {"text": " slept", "probability": 0.5}]}
    )  # fmt: skip
    replies.finish(1)
    screen.view.choose(1, 0)
    screen.inspector.alternative_chosen.emit(" dog")
    assert replies.open[2][1]["text"] == "A dog"
    replies.say(2, " barked")
    replies.finish(2)
    assert kept(raised_home)["A"] == ["A", " dog barked"]
    assert screen._chat.messages[1].cells[0]["probability"] == 0.3


def test_a_message_can_be_taken_back_and_one_regenerated(
    scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("A")
    replies.say(1, " one")
    replies.finish(1)
    seed = screen.inspector.settings().seed
    screen._on_action("regenerate", 1)
    assert screen.inspector.settings().seed != seed
    replies.say(2, " two")
    replies.finish(2)
    assert kept(raised_home)["A"] == ["A", " two"]
    screen._on_action("remove", 0)
    assert kept(raised_home)["A"] == []


def test_conversations_survive_reopening_with_their_version_and_settings(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    version = VersionLibrary(raised_home).get("Kiku").id
    library = ChatLibrary(raised_home)
    for title, text in (("Old", "one"), ("New", "two")):
        messages = [
            Message(role="user", text=text),
            Message(role="version", text="…", version=version),
        ]
        library.save(Chat(id=title.lower(), title=title, version=version, messages=messages))
    screen = chat_of(open_window(raised_home, chat="old"))
    screen.context.bridge.chat = recorder([])  # type: ignore[method-assign]
    assert screen._title.full_text() == "Old"
    assert [m.text for m in screen._chat.messages] == ["one", "…"]
    assert screen.list.model.rowCount() == 2
    assert named(screen, "Version to chat with", QComboBox).currentData() == version


def test_without_a_version_nothing_can_be_sent_and_the_screen_says_what_to_do(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    VersionLibrary(raised_home).remove("Kiku")
    screen = chat_of(open_window(raised_home))
    assert screen._state.text() == "Train a version first"
    qtbot.keyClicks(screen.composer.field, "hello")
    qtbot.keyClick(screen.composer.field, Qt.Key.Key_Return)
    assert screen._chat.messages == []


def test_a_conversation_whose_version_is_in_the_trash_says_who_answers_and_gets_it_back(
    scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    versions, library = VersionLibrary(raised_home), ChatLibrary(raised_home)
    screen.send("A")
    replies.say(1, " one")
    replies.finish(1)
    own, other = versions.get("Kiku").id, copy_version(raised_home, "Kiku", "Ume")
    trashed = versions.remove("Kiku")
    screen.context.bridge.versions_changed.emit()
    assert screen._notice.isVisible()
    told = screen._notice.text.text()
    assert told == "Its version “Kiku” is in the trash; answers now come from “Ume”."
    assert [m.text for m in screen._chat.messages] == ["A", " one"]
    assert [c.version for c in library.list()] == [own]
    Trash(raised_home).restore(trashed.id)
    screen.context.bridge.versions_changed.emit()
    assert not screen._notice.isVisible()
    assert named(screen, "Version to chat with", QComboBox).currentData() == own
    versions.remove("Kiku")
    Trash(raised_home).empty()
    screen.context.bridge.versions_changed.emit()
    assert screen._notice.text.text().startswith("Its version cannot be used any more;")
    screen.send("more")
    assert not screen._notice.isVisible()
    assert [c.version for c in library.list()] == [other]


def test_a_conversation_opened_after_its_version_went_says_so_and_a_choice_ends_the_notice(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    other = copy_version(raised_home, "Kiku", "Ume")
    words = [Message(role="user", text="one"), Message(role="version", text="…", version="gone")]
    ChatLibrary(raised_home).save(Chat(id="old", title="Old", version="gone", messages=words))
    window = open_window(raised_home)
    window.context.bridge.chat = recorder([])  # type: ignore[method-assign]
    screen = chat_of(window)
    assert "cannot be used any more" in screen._notice.text.text()
    assert screen._notice.isVisible()
    box = named(screen, "Version to chat with", QComboBox)
    box.setCurrentIndex(box.findData(other))
    box.activated.emit(box.currentIndex())
    assert not screen._notice.isVisible()
    assert [m.text for m in screen._chat.messages] == ["one", "…"]


# ---- a real version --------------------------------------------------------------------------


def test_a_real_version_writes_is_stopped_and_is_graduated_by_the_talk(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    screen = chat_of(open_window(raised_home))
    until(qtbot, lambda: screen._state.text().startswith("loaded"))
    qtbot.keyClicks(screen.composer.field, "One day")
    qtbot.keyClick(screen.composer.field, Qt.Key.Key_Return)
    until(qtbot, lambda: screen._chat.messages and screen._chat.messages[-1].tokens > 0)
    until(qtbot, lambda: not screen.writing)
    answer = screen._chat.messages[-1]
    assert "".join(c["text"] for c in answer.cells) == answer.text != ""
    assert all(0 <= c["probability"] <= 1 for c in answer.cells)
    assert kept(raised_home)["One day"] == ["One day", answer.text]
    assert VersionLibrary(raised_home).get("Kiku").manifest.chatted
    worker = screen.context.bridge.engine.resident("chat")._process
    assert worker is not None
    worker.kill()
    screen.send("and then")
    until(qtbot, lambda: not screen.writing)
    texts = [m.text for m in screen._chat.messages]
    if screen._notice.isVisible():  # The words met the dying process: said, and nothing is lost.
        assert "ended unexpectedly" in screen._notice.text.text()
        assert texts[2:] == ["and then"]
    else:
        assert texts[2] == "and then"
        assert texts[3]
