"""The chat worker's operations on a version that was really trained: its precision, and what it
tells of surprise."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch

from core.errors import UsageError
from core.generation import precision
from core.generation.precision import Findings
from core.generation.service import operations
from core.home import Home
from core.models.load import load_model
from core.resident import Operation, Request
from core.tokenizer import files as tokenizer_files
from core.tokenizer.roles import roles_of
from core.tokenizer.template import ChatTemplate, choose
from core.versions.library import VersionLibrary


class Service:
    """Asks as the window does, one request after the other."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._operations: dict[str, Operation] = operations(home)
        self.waiting = False

    def ask(self, operation: str, **params: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        updates: list[dict[str, Any]] = []
        request = Request(1, {"version": "Kiku", **params}, updates.append, lambda: self.waiting)
        return self._operations[operation](request), updates


SETTINGS = {"max_tokens": 40, "temperature": 1.0, "seed": 3}


def test_loading_measures_once_and_keeps_what_it_found(raised_home: Home) -> None:
    facts, _ = Service(raised_home).ask("load")
    entry = VersionLibrary(raised_home).get("Kiku")
    assert facts["measured"] is True
    found = precision.recall(entry)
    assert set(found.losses) == {"bf16", "int8"}
    kept = (entry.path / precision.FILE).read_bytes()
    again, _ = Service(raised_home).ask("load")
    assert again["measured"] is True
    assert (
        json.loads((entry.path / precision.FILE).read_bytes())["losses"]
        == json.loads(kept)["losses"]
    )


def test_loading_gives_way_to_a_request_that_waits(raised_home: Home) -> None:
    service = Service(raised_home)
    service.waiting = True
    facts, _ = service.ask("load")
    assert (facts["precision"], facts["measured"], facts["unfinished"]) == ("fp32", False, True)
    service.waiting = False
    facts, _ = service.ask("load")
    assert (facts["measured"], facts["unfinished"]) == (True, False)


def chosen_int8(home: Home) -> None:
    """As if int8 had been found to be the fastest here."""
    seconds = {"fp32": 4.0, "bf16": 2.0, "int8": 1.0}
    precision.keep(
        VersionLibrary(home).get("Kiku"), Findings({"bf16": 0.0, "int8": 0.002}, 500, seconds)
    )


def test_rounded_weights_write_but_surprise_comes_from_the_true_ones(raised_home: Home) -> None:
    chosen_int8(raised_home)
    service = Service(raised_home)
    facts, _ = service.ask("load")
    told = (facts["precision"], facts["lost_bits"], facts["speedup"], facts["measured"])
    assert told == ("int8", 0.002, 4.0, True)
    assert facts["bytes"] < facts["parameters"] * 2
    done, updates = service.ask("generate", text="One day", settings=SETTINGS)
    cells = done["exact_cells"]
    assert done["precision"] == "int8"
    assert [c["text"] for c in cells] == [c["text"] for u in updates for c in u["cells"]]
    entry = VersionLibrary(raised_home).get("Kiku")
    tokenizer = tokenizer_files.load(entry.path)
    model = load_model(entry.path)
    prompt = [tokenizer.token_to_id("<|endoftext|>"), *tokenizer.encode("One day").ids]
    with torch.no_grad():
        shares = model(torch.tensor([prompt]))[0, -1].double().softmax(-1)
    best = sorted((p for _, p in cells[0]["alternatives"]), reverse=True)[0]
    assert best == pytest.approx(float(shares.max()), rel=1e-4)
    again, _ = Service(raised_home).ask("generate", text="One day", settings=SETTINGS)
    assert again["exact_cells"] == cells


def test_exactness_can_be_asked_for(raised_home: Home) -> None:
    chosen_int8(raised_home)
    service = Service(raised_home)
    exact = {**SETTINGS, "precision": "exact"}
    done, updates = service.ask("generate", text="One day", settings=exact)
    assert (done["precision"], done["exact_cells"]) == ("fp32", None)
    (VersionLibrary(raised_home).get("Kiku").path / precision.FILE).unlink()
    plain, others = Service(raised_home).ask("generate", text="One day", settings=SETTINGS)
    assert plain["precision"] == "fp32"  # Nothing was measured yet.
    assert [u["text"] for u in others] and "".join(u["text"] for u in updates) == "".join(
        u["text"] for u in others
    )


@pytest.fixture
def answering(raised_home: Home) -> tuple[Service, ChatTemplate, Any]:
    """The version as one that answers, its template and its tokenizer."""
    entry = VersionLibrary(raised_home).get("Kiku")
    VersionLibrary(raised_home).update(entry.id, kind="chat")
    tokenizer = tokenizer_files.load(entry.path)
    roles = roles_of(tokenizer, entry.path)
    assert roles is not None
    return Service(raised_home), choose("auto", tokenizer, roles, entry.path), tokenizer


def said(*words: str) -> list[dict[str, str]]:
    """Words of a user and of the version in turn."""
    return [{"role": ("user", "assistant")[n % 2], "content": w} for n, w in enumerate(words)]


def test_an_answer_that_was_begun_goes_on(answering: tuple[Service, ChatTemplate, Any]) -> None:
    service, template, tokenizer = answering
    asked = {"messages": said("Who?"), "mode": "chat", "settings": {**SETTINGS, "temperature": 0}}
    whole, _ = service.ask("generate", **asked)
    done, updates = service.ask("generate", begun="A cat", **asked)
    prompt = [*template.prompt(said("Who?")), *tokenizer.encode("A cat").ids]
    assert whole["prompt_tokens"] == len(template.prompt(said("Who?")))
    assert (done["prompt_tokens"], done["left_out"]) == (len(prompt), 0)
    words = "".join(update["text"] for update in updates)
    model = load_model(VersionLibrary(service.home).get("Kiku").path)
    with torch.inference_mode():
        first = int(model(torch.tensor([prompt]))[0, -1].argmax())
    if first not in template.stops:
        assert words.startswith(tokenizer.decode([first]).rstrip("�"))


def test_who_writes_twice_in_a_row_is_answered_once(
    answering: tuple[Service, ChatTemplate, Any],
) -> None:
    """As when an answer is stopped before its first word."""
    service, template, _ = answering
    twice = [*said("One?", ""), *said("Two?")]
    done, _ = service.ask("generate", messages=twice, mode="chat", settings=SETTINGS)
    assert done["prompt_tokens"] == len(template.prompt(said("One?\nTwo?")))


def test_turns_that_do_not_fit_are_left_out_and_a_message_that_never_fits_is_refused(
    answering: tuple[Service, ChatTemplate, Any],
) -> None:
    service, template, _ = answering
    talk = said("What is it?", "It is a cat.", "And now?", "A dog.", "And then?", "A cow.", "So?")
    assert len(template.prompt(talk)) > 48 > len(template.prompt(talk[4:]))
    done, _ = service.ask("generate", messages=talk, mode="chat", settings=SETTINGS)
    kept = len(talk) - done["left_out"]
    assert done["left_out"] in (2, 4) and done["prompt_tokens"] == len(
        template.prompt(talk[-kept:])
    )
    with pytest.raises(UsageError) as refused:
        service.ask("generate", messages=said("long " * 99), mode="chat", settings=SETTINGS)
    length = len(template.prompt(said("long " * 99)))
    assert str(refused.value) == (
        f"This message is too long: with its frame it has {length} tokens, and this version can "
        "read 56 before it answers. Shorten it."
    )
