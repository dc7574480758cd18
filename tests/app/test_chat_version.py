"""A version that answers in turns: what it is asked, how an answer goes on, what is said when a
conversation grows too long."""

from __future__ import annotations

import pytest

from app.screens.chat.screen import ChatScreen
from core.home import Home
from core.versions.library import VersionLibrary
from tests.app.support import Opener
from tests.app.test_chat_screen import Replies, kept, speaking


@pytest.fixture
def scripted(open_window: Opener, raised_home: Home) -> tuple[ChatScreen, Replies]:
    """The chat screen with a version that answers; the test speaks its words."""
    library = VersionLibrary(raised_home)
    library.update(library.get("Kiku").id, kind="chat")
    return speaking(open_window(raised_home))


def asked(replies: Replies, number: int) -> tuple[list[str], str]:
    """(what was said before, the beginning of the answer) of a request."""
    params = replies.open[number][1]
    assert params["mode"] == "chat"
    roles = [m["role"] for m in params["messages"]]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
    return [m["content"] for m in params["messages"]], params["begun"]


def test_it_is_asked_with_the_whole_conversation(
    scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("Who?")
    assert asked(replies, 1) == (["Who?"], "")
    replies.say(1, "A cat.")
    replies.finish(1)
    screen.send("Where?")
    assert asked(replies, 2) == (["Who?", "A cat.", "Where?"], "")
    replies.say(2, "There.")
    replies.finish(2)
    assert kept(raised_home) == {"Who?": ["Who?", "A cat.", "Where?", "There."]}


def test_an_empty_field_lets_it_go_on_with_its_answer(
    scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("Who?")
    replies.say(1, "A cat")
    replies.finish(1)
    screen.send("")
    assert asked(replies, 2) == (["Who?"], "A cat")
    replies.say(2, " came.")
    replies.finish(2)
    assert kept(raised_home) == {"Who?": ["Who?", "A cat came."]}


def test_another_token_begins_a_branch_of_the_answer(
    scripted: tuple[ChatScreen, Replies], raised_home: Home
) -> None:
    screen, replies = scripted
    screen.send("Who?")
    replies.open[1][4](
        {"text": "A cat slept", "cells": [
            {"text": "A", "probability": 0.9},
            {"text": " cat", "probability": 0.6, "alternatives": [[" cat", 0.6], [" dog", 0.3]]},
            {"text": " slept", "probability": 0.5}]}
    )  # fmt: skip
    replies.finish(1)
    screen.view.choose(1, 1)
    screen.inspector.alternative_chosen.emit(" dog")
    assert asked(replies, 2) == (["Who?"], "A dog")
    replies.say(2, " barked")
    replies.finish(2)
    assert kept(raised_home) == {"Who?": ["Who?", "A dog barked"]}


def test_it_says_when_the_first_messages_no_longer_fit(
    scripted: tuple[ChatScreen, Replies],
) -> None:
    screen, replies = scripted
    screen.send("Who?")
    replies.say(1, "A cat.")
    replies.open[1][2](
        {"reason": "end", "tokens": 3, "context": 64, "prompt_tokens": 40, "left_out": 4}
    )
    assert screen._notice.isVisible()
    assert screen._notice.text.text() == (
        "The conversation has grown too long for this version: it answered without the first 4 "
        "messages."
    )
    screen.send("And now?")
    assert not screen._notice.isVisible()
