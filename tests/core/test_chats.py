"""Conversations on disk."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from core.chats import SCHEMA, TITLE_LENGTH, Chat, ChatLibrary, Message, joined
from core.errors import Damaged, NewerDocument, NotFound
from core.files import read_json, write_json
from core.home import Home, Trash


@pytest.fixture
def library(empty_home: Home) -> ChatLibrary:
    return ChatLibrary(empty_home)


def said(*texts: str) -> list[Message]:
    return [
        Message(role="user" if i % 2 == 0 else "version", text=text) for i, text in enumerate(texts)
    ]


def test_a_chat_comes_back_as_it_was(library: ChatLibrary) -> None:
    messages = [
        Message(role="user", text="昔々、\nあるところに"),
        Message(
            role="version", text=" 🐈", cells=[{"text": " 🐈", "probability": 0.5}], version="id-1",
            seed=7, tokens=2, tokens_per_second=33.5, reason="end",
        ),
    ]  # fmt: skip
    chat = Chat(version="id-1", settings={"temperature": 0.5}).with_messages(messages)
    library.save(chat)
    assert library.get(chat.id) == chat
    assert library.list() == [chat]


def test_the_title_is_the_first_words_and_stays(library: ChatLibrary) -> None:
    chat = Chat().with_messages(said("  one\n two   three"))
    assert chat.title == "one two three"
    assert chat.with_messages(said("something else")).title == "one two three"
    long = Chat().with_messages(said("x" * 200)).title
    assert len(long) == TITLE_LENGTH
    assert long.endswith("…")
    assert Chat().with_messages([]).title == ""


def test_the_newest_stands_first(library: ChatLibrary) -> None:
    old = Chat(changed=time.time() - 100)
    new = Chat(changed=time.time())
    library.save(new)
    library.save(old)
    assert [chat.id for chat in library.list()] == [new.id, old.id]


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"messages": 3}', '{"role": "x"}'])
def test_a_damaged_file_is_left_where_it_is_and_hides_no_other(
    library: ChatLibrary, empty_home: Home, content: str
) -> None:
    chat = Chat()
    library.save(chat)
    broken = empty_home.chats / "broken.json"
    broken.write_text(content)
    assert library.list() == [chat]
    with pytest.raises(Damaged, match=r"broken\.json"):
        library.get("broken")
    assert broken.read_text() == content


def test_a_newer_chat_is_refused_and_kept(library: ChatLibrary, empty_home: Home) -> None:
    chat = Chat()
    library.save(chat)
    path: Path = empty_home.chats / f"{chat.id}.json"
    write_json(path, {**read_json(path), "schema_version": SCHEMA + 1, "novelty": 1})
    with pytest.raises(NewerDocument):
        library.get(chat.id)
    assert library.list() == []
    assert read_json(path)["novelty"] == 1


def test_a_removed_chat_can_be_restored(library: ChatLibrary, empty_home: Home) -> None:
    chat = Chat()
    library.save(chat)
    trashed = library.remove(chat.id)
    with pytest.raises(NotFound):
        library.get(chat.id)
    Trash(empty_home).restore(trashed.id)
    assert library.get(chat.id) == chat


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["Once"], "Once"),
        (["Once", " upon a time.", "The cat"], "Once upon a time.\nThe cat"),
        (["Once", " upon.\n", "The cat", " sat."], "Once upon.\nThe cat sat."),
        ([], ""),
    ],
    ids=str,
)
def test_a_base_version_reads_the_conversation_as_one_text(texts: list[str], wanted: str) -> None:
    assert joined(said(*texts)) == wanted
