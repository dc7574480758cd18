"""Resident workers: answers, cancelling, and a death in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from core.engine.resident import ResidentClient, ResidentError
from core.home import Home
from core.sentences import Sentence
from core.versions.library import VersionLibrary
from tests.core.residents import until


@pytest.fixture
def chat(raised_home: Home) -> Iterator[ResidentClient]:
    client = ResidentClient("chat", raised_home.path)
    yield client
    client.close()


def test_writing_streams_and_the_same_seed_writes_the_same(chat: ResidentClient) -> None:
    settings = {"max_tokens": 40, "seed": 3}
    texts: list[str] = []
    for _ in range(2):
        parts: list[dict[str, Any]] = []
        done = chat.call(
            "generate", {"version": "Kiku", "text": "The cat", "settings": settings}, parts.append
        )
        assert done["tokens"] <= 40
        assert done["first_token_seconds"] > 0
        assert [set(part) >= {"text", "cells", "tokens"} for part in parts]
        text = "".join(part["text"] for part in parts)
        assert text == "".join(c["text"] for part in parts for c in part["cells"])
        texts.append(text)
    assert texts[0] == texts[1]
    facts = chat.call("load", {"version": "Kiku"})
    assert facts["parameters"] > 0
    scored = chat.call("score", {"version": "Kiku", "text": "The cat sat."})
    assert "".join(cell["text"] for cell in scored["cells"]) == "The cat sat."
    assert chat.call("score", {"version": "Kiku", "text": ""}) == {"cells": []}


def test_a_long_answer_is_stopped_at_once(chat: ResidentClient) -> None:
    pieces: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    number = chat.request(
        "generate",
        {"version": "Kiku", "text": "a", "settings": {"max_tokens": 8192, "temperature": 2}},
        ends.append, None, pieces.append,
    )  # fmt: skip
    until(chat, lambda: pieces or ends)
    if not ends:
        chat.cancel(number)
    until(chat, lambda: ends)
    assert ends[0]["reason"] in ("stopped", "end")
    assert ends[0]["tokens"] < 8192


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"version": "Nobody"}, "no version called “Nobody”"),
        ({"version": ""}, "Choose a version"),
        ({"version": "Kiku", "device": "tpu"}, "“tpu” is not available"),
        ({"version": "Kiku", "settings": {"temperature": 9}}, "temperature"),
    ],
    ids=str,
)
def test_bad_requests_are_answered_with_a_sentence(
    raised_home: Home, params: dict[str, Any], part: str
) -> None:
    from core.errors import TerakoyaError
    from core.generation.service import operations
    from core.resident import Request

    request = Request(1, {"text": "x", **params}, lambda _: None)
    with pytest.raises(TerakoyaError) as caught:
        operations(raised_home)["generate"](request)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_killed_worker_answers_with_an_error_and_the_next_request_starts_another(
    chat: ResidentClient, raised_home: Home
) -> None:
    chat.call("load", {"version": "Kiku"})
    assert chat.pid is not None
    failures: list[Sentence] = []
    chat.request(
        "generate", {"version": "Kiku", "text": "a", "settings": {"max_tokens": 8192}},
        lambda _: None, failures.append,
    )  # fmt: skip
    psutil.Process(chat.pid).kill()
    until(chat, lambda: failures)
    assert "ended unexpectedly" in failures[0].english()
    (VersionLibrary(raised_home).get("Kiku").path / "config.json").unlink()
    with pytest.raises(ResidentError, match=r"config\.json"):
        chat.call("load", {"version": "Kiku"})


@pytest.mark.parametrize("deaf", [False, True], ids=["importing", "stopped"])
def test_closing_ends_a_worker_that_does_not_listen(chat: ResidentClient, deaf: bool) -> None:
    chat.request("load", {"version": "Kiku"}, lambda _: None)  # It imports torch now.
    assert chat.pid is not None
    process = psutil.Process(chat.pid)
    if deaf:
        process.suspend()
    chat.close()
    assert chat.pid is None
    assert not process.is_running()
