"""Chats that services export are conversations, each as it was last seen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.corpus.conversations import messages_of
from core.corpus.readers import json_lines
from core.corpus.readers.base import Document, InputFile, NotReadable
from tests.core.corpus.given import read_data

SAID = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi there"}]


def read(value: Any, name: str = "a.json") -> tuple[list[Document], InputFile]:
    return read_data(json_lines.read, json.dumps(value), name)


def node(name: str, parent: str | None, role: str, *parts: Any, **more: Any) -> dict[str, Any]:
    content = {"content_type": more.pop("kind", "text"), "parts": list(parts)}
    message = {"author": {"role": role}, "content": content, **more}
    return {name: {"id": name, "message": message, "parent": parent, "children": []}}


def chat(last: str | None = "good") -> dict[str, Any]:
    """With an answer that was tried anew, what a tool was told, and orders that nobody sees."""
    hidden = {"is_visually_hidden_from_conversation": True}
    nodes = {
        "root": {"id": "root", "message": None, "parent": None, "children": ["orders"]},
        **node("orders", "root", "user", "Be brief.", metadata=hidden),
        **node("asked", "orders", "user", "Hello", {"asset_pointer": "x"}, kind="multimodal_text"),
        **node("bad", "asked", "assistant", "Go away"),
        **node("call", "asked", "assistant", "search()", recipient="browser"),
        **node("seen", "call", "tool", "a page"),
        **node("good", "seen", "assistant", "Hi there"),
    }
    return {"title": "Greeting", "mapping": nodes, "current_node": last}


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ([chat()], "ChatGPT"),
        ([chat(None)], "ChatGPT"),
        (
            [{"name": "Greeting", "chat_messages": [{"sender": "human", "text": "Hello"}, {"sender": "assistant", "text": "", "content": [{"type": "text", "text": "Hi there"}]}]}],
            "Claude",
        ),
        (
            [{"contents": [{"role": "user", "parts": [{"text": "Hello"}]}, {"role": "model", "parts": [{"text": "Hi there"}]}]}],
            "Gemini",
        ),
        (SAID, "messages"),
        ([SAID], "messages"),
    ],
)  # fmt: skip
def test_an_export_is_a_conversation(value: Any, shape: str) -> None:
    (talk,), file = read(value)
    assert messages_of(talk.messages) == SAID
    assert (file.shape, file.warning) == (shape, None)


def test_a_tree_that_goes_in_circles_ends() -> None:
    nodes = node("a", "b", "assistant", "Hi there") | node("b", "a", "user", "Hello")
    (talk,), _ = read([{"title": "t", "mapping": nodes, "current_node": "a"}])
    assert messages_of(talk.messages) == SAID


@pytest.mark.parametrize(
    "value",
    [
        [{"title": "t", "mapping": {}}],
        [{"title": "t", "mapping": {"a": 3}, "current_node": "a"}],
        [{"chat_messages": [3]}],
        [{"contents": [{"parts": 3}, 4]}],
    ],
)
def test_what_holds_no_words_says_so(value: Any) -> None:
    with pytest.raises(NotReadable):
        read(value)


def test_members_of_a_list_that_is_no_chat_stay_apart() -> None:
    texts, _ = read([*SAID, {"text": "a text"}])
    assert [text.text for text in texts] == ["Hello", "Hi there", "a text"]


def test_answers_that_are_empty_or_disliked_are_not_learnt() -> None:
    silent = {"messages": [SAID[0], {"role": "assistant", "content": ""}]}
    disliked = {"prompt": "q", "completion": "bad", "label": False}
    liked = {"prompt": "q", "completion": "good", "label": True}
    rows = "\n".join(map(json.dumps, [silent, disliked, liked]))
    (talk,), file = read_data(json_lines.read, rows, "a.jsonl")
    assert talk.text == "user: q\nassistant: good"
    assert file.warning is not None
    assert file.warning.english() == (
        "rows without text: 2; the first, line 1: all answers of “messages” are empty"
    )


def test_earlier_turns_of_an_instruction_are_read() -> None:
    (talk,), _ = read(
        [{"instruction": "now", "output": "answer", "history": [["before", "earlier"]]}]
    )
    assert talk.text == "user: before\nassistant: earlier\nuser: now\nassistant: answer"
