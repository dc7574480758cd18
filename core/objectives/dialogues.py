"""Conversations and pairs of a run: from its corpus and its lessons, as tokens by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.corpus.conversations import merged, messages_of, pair_of
from core.corpus.mixture import left_out_of, weighted_rows
from core.corpus.split import Side
from core.errors import NoConversations
from core.families.registry import config_for
from core.files import read_json, write_json
from core.lessons import LessonBook, conversations_of, pairs_of
from core.objectives.base import Ingredients
from core.sentences import N_, Sentence
from core.tokenizer.template import ChatTemplate, Message, Rendered, choose, exchanges

LESSONS = "lessons.json"
SIDES: tuple[Side, ...] = ("train", "check", "test")
_UNSEEN: tuple[Side, ...] = ("check", "test")
_FALLBACK_CONTEXT = 512
_BATCH = 512
_TALKS = N_("Errors", "conversations (.jsonl with “messages”, or with “instruction” and “output”)")
_PAIRS = N_("Errors", "pairs of answers (.jsonl with “prompt”, “chosen” and “rejected”)")
Pair = tuple[list[Message], str, str]
"""prompt, better answer, worse answer"""


@dataclass
class Counted:
    """What became of the documents of a corpus and of the lessons."""

    documents: int = 0
    others: int = 0
    """Documents that are no conversations (or pairs)."""
    lessons: int = 0
    damaged: int = 0
    """Lines among the lessons that cannot be read."""
    cut: int = 0
    """Longer than the context."""
    refused: int = 0
    """Too long altogether, or not as the template wants them."""
    why: Sentence | None = None


@dataclass
class Material:
    """What is learnt, by side."""

    talks: dict[Side, list[list[Message]]] = field(default_factory=lambda: {s: [] for s in SIDES})
    pairs: dict[Side, list[Pair]] = field(default_factory=lambda: {s: [] for s in SIDES})
    weights: list[float] = field(default_factory=list[float])
    """How often each of those that are trained on comes in a pass."""
    counted: Counted = field(default_factory=Counted)


def template_of(given: Ingredients) -> ChatTemplate:
    """A template that tells the date tells that of the run's first day, also when it goes on later.

    Raises BadTemplate.
    """
    try:
        begun = datetime.strptime(given.folder.name[:15], "%Y%m%d-%H%M%S")
    except ValueError:
        begun = None
    folder = given.tokenizer_file.parent
    return choose(given.recipe.chat_template, given.tokenizer, given.roles, folder, begun)


def context_of(given: Ingredients) -> int:
    """Tokens of a row: as the plan will have it."""
    if given.recipe.context is not None:
        return given.recipe.context
    if given.parent is None:
        return _FALLBACK_CONTEXT
    return config_for(read_json(given.parent.path / "config.json")).context


def conversations(given: Ingredients) -> Material:
    """Conversations; of a pair its better answer. Lessons are learnt, never held out.

    Raises:
        NoConversations: There are none.
    """
    found = Material()
    for side, data, weight in _rows(given, found.counted):
        pair = pair_of(data)
        messages = [*pair[0], _answer(pair[1])] if pair else messages_of(data)
        if messages:
            found.talks[side].append(messages)
            found.weights += [weight] if side == "train" else []
        else:
            found.counted.others += 1
    taught = _lessons(given, found.counted)["conversations"]
    found.talks["train"] += _unknown(taught, found.talks["train"])
    for side in _UNSEEN if taught else ():  # What is learnt as a lesson is not unseen.
        found.talks[side] = _unknown(found.talks[side], taught)
    found.weights += [1.0] * (len(found.talks["train"]) - len(found.weights))
    found.counted.lessons = len(taught)
    if not found.talks["train"]:
        raise _nothing(given, found.counted, N_("Errors", "none of its {count} documents is a conversation"), _TALKS)  # fmt: skip
    return found


def pairs(given: Ingredients) -> Material:
    """Pairs. Raises NoConversations."""
    found = Material()
    for side, data, weight in _rows(given, found.counted):
        pair = pair_of(data)
        if pair:
            found.pairs[side].append(pair)
            found.weights += [weight] if side == "train" else []
        else:
            found.counted.others += 1
    known = _lessons(given, found.counted)["pairs"]
    taught = [(p["prompt"], p["chosen"], p["rejected"]) for p in known]
    found.pairs["train"] += _unknown(taught, found.pairs["train"])
    for side in _UNSEEN if taught else ():
        found.pairs[side] = _unknown(found.pairs[side], taught)
    found.weights += [1.0] * (len(found.pairs["train"]) - len(found.weights))
    found.counted.lessons = len(taught)
    if not found.pairs["train"]:
        raise _nothing(given, found.counted, N_("Errors", "none of its {count} documents is a pair of a better and a worse answer"), _PAIRS)  # fmt: skip
    return found


def _rows(given: Ingredients, counted: Counted) -> Iterator[tuple[Side, str | None, float]]:
    """(side, what it holds, how often a pass reads it) of every document; not those that another
    corpus keeps unseen."""
    parts = given.all_parts
    for part, gone in zip(parts, left_out_of(given.folder, parts), strict=True):
        for row, weight in weighted_rows(part, gone, ["split", "messages"]):
            if weight > 0:
                counted.documents += 1
                yield row["split"], row["messages"], weight


def _nothing(given: Ingredients, counted: Counted, reason: str, expected: str) -> NoConversations:
    return NoConversations(
        "corpus", name=given.corpus_folder.name,
        reason=Sentence("Errors", reason, {"count": counted.documents}),
        expected=Sentence("Errors", expected),
    )  # fmt: skip


def _unknown(some: list[Any], known: list[Any]) -> list[Any]:
    """Those of `some` that are not among `known`."""
    if not some:
        return []
    there = {json.dumps(one) for one in known}
    return [one for one in some if json.dumps(one) not in there]


def _answer(text: str) -> Message:
    return {"role": "assistant", "content": text}


def _lessons(given: Ingredients, counted: Counted) -> dict[str, list[Any]]:
    """The lessons as they were when the run began: users go on giving them."""
    file = given.folder / LESSONS
    counted.damaged = sum(LessonBook(given.home).damaged(version) for version in given.lessons)
    if not given.lessons:
        return {"conversations": [], "pairs": []}
    if not file.exists():
        book = LessonBook(given.home)
        known = [lesson for version in given.lessons for lesson in book.list(version)]
        better = [
            {"prompt": merged(p.prompt), "chosen": p.chosen.strip(), "rejected": p.rejected.strip()}
            for p in pairs_of(known)
        ]
        talks = [merged(talk) for talk in conversations_of(known)]
        ids = {version: [one.id for one in book.list(version)] for version in given.lessons}
        write_json(file, {"conversations": talks, "pairs": better, "lessons": ids})
    return read_json(file)


def mark_learnt(home_book: LessonBook, folder: Path, by: str) -> None:
    """Note in the lessons that a run learnt which version has them now."""
    file = folder / LESSONS
    if file.exists():
        for version, ids in read_json(file)["lessons"].items():
            home_book.mark_used(version, ids, by)


# ---- tokens --------------------------------------------------------------------------------------


def rendered(
    template: ChatTemplate, talks: Sequence[Sequence[Message]], limit: int, counted: Counted,
    progress: Callable[[int], bool] = lambda _: True,
) -> list[Rendered]:  # fmt: skip
    """Conversations as tokens, at most `limit` each: longer ones are cut between their turns.

    Args:
        counted: Is told what was cut or refused.
        progress: Told how many are done; false stops.
    """
    found: list[Rendered] = []
    for start in range(0, len(talks), _BATCH):
        if not progress(start):
            break
        batch = [talk for talk in talks[start : start + _BATCH] if _fits(template, talk, counted)]
        for talk, one in zip(batch, template.rendered_many(batch), strict=True):
            pieces = [one] if len(one.tokens) <= limit else _cut(template, talk, limit)
            counted.cut += len(one.tokens) > limit
            pieces = [piece for piece in pieces if any(piece.trained[1:])]
            if not pieces:
                refuse(counted, too_long(limit))
            found += pieces
    return found


def _fits(template: ChatTemplate, talk: Sequence[Message], counted: Counted) -> bool:
    fault = template.refusal(talk)
    if fault is not None:
        refuse(counted, fault.sentence)
    return fault is None


def refuse(counted: Counted, why: Sentence) -> None:
    counted.refused += 1
    counted.why = counted.why or why


def too_long(limit: int) -> Sentence:
    text = N_("Errors", "a question alone is longer than {count} tokens")
    return Sentence("Errors", text, {"count": limit})


def _cut(template: ChatTemplate, talk: Sequence[Message], limit: int) -> list[Rendered]:
    """Pieces of whole exchanges, each with the system's words; an exchange that is too long by
    itself loses these, then the end of its last answer."""
    head, turns = exchanges(talk)

    def fits(*some: list[Message]) -> Rendered | None:
        one = _render(template, [*head, *chain(*some)])
        return one if one is not None and len(one.tokens) <= limit else None

    found: list[Rendered] = []
    held: list[list[Message]] = []
    whole: Rendered | None = None
    for exchange in turns:
        longer = fits(*held, exchange)
        if longer is None and whole is not None:
            found.append(whole)
            held, longer = [], fits(exchange)
        if longer is None:
            alone = _render(template, exchange)
            found += [_shortened(alone, limit)] if alone is not None else []
            held, whole = [], None
        else:
            held, whole = [*held, exchange], longer
    return [*found, whole] if whole is not None else found


def _render(template: ChatTemplate, talk: Sequence[Message]) -> Rendered | None:
    return None if template.refusal(talk) else template.rendered(talk)


def _shortened(one: Rendered, limit: int) -> Rendered:
    tokens, trained = one.tokens[:limit], one.trained[:limit]
    share = sum(trained) / max(1, sum(one.trained))
    return Rendered(tokens, trained, round(one.answer_bytes * share))


def last_answer(one: Rendered) -> list[bool]:
    """Of the trained tokens only the last run."""
    marks = [False] * len(one.trained)
    place = len(marks) - 1
    while place >= 0 and not one.trained[place]:
        place -= 1
    while place >= 0 and one.trained[place]:
        marks[place] = True
        place -= 1
    return marks


def answered(
    template: ChatTemplate, prompt: Sequence[Message], answers: Sequence[str], limit: int
) -> tuple[list[Rendered], bool]:
    """(the prompt with each of `answers`, at most `limit` tokens each, of which the answer counts;
    whether something went). All have the same prompt: where one is too long, the earliest exchanges
    go in all, then the system's words, then the ends of those that are too long.

    Raises TemplateFault.
    """
    head, turns = exchanges([*prompt, _answer(answers[0])])
    asked = turns[-1][:-1]
    tries = [[*head, *chain(*turns[i:-1]), *asked] for i in range(len(turns))]
    if head:
        tries.append(asked)
    made: list[Rendered] = []
    for number, start in enumerate(tries):
        talks = [[*start, _answer(answer)] for answer in answers]
        fault = next(filter(None, map(template.refusal, talks)), None)
        if fault is not None:
            if number == 0:
                raise fault
            continue
        made = [_of_answer(one) for one in template.rendered_many(talks)]
        if all(len(one.tokens) <= limit for one in made):
            return made, number > 0
    return [_shortened(one, limit) for one in made], True


def _of_answer(one: Rendered) -> Rendered:
    return Rendered(one.tokens, last_answer(one), one.answer_bytes)


# ---- many of them --------------------------------------------------------------------------------


class Talks:
    """Conversations of one side in three arrays, so that a million of them need little memory."""

    def __init__(self, found: Iterable[Rendered], weights: Sequence[float] | None = None) -> None:
        """`weights`: how often a pass reads each; None: all of them once."""
        rows = list(found)
        self.weights = None if weights is None else np.array(weights, np.float64)
        lengths = [len(one.tokens) for one in rows]
        self.offsets: NDArray[np.int64] = np.cumsum([0, *lengths], dtype=np.int64)
        self.tokens = np.empty(int(self.offsets[-1]), np.int32)
        self.trained = np.empty(int(self.offsets[-1]), bool)
        for one, begin in zip(rows, self.offsets[:-1].tolist(), strict=True):
            self.tokens[begin : begin + len(one.tokens)] = one.tokens
            self.trained[begin : begin + len(one.tokens)] = one.trained
        self.bytes = np.array([one.answer_bytes for one in rows], np.float64)

    def __len__(self) -> int:
        return len(self.bytes)

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.offsets)

    def row(self, number: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """(tokens, trained) of a conversation."""
        begin, end = self.offsets[number], self.offsets[number + 1]
        return self.tokens[begin:end], self.trained[begin:end]

    def passage(self, most: int) -> tuple[list[int], int]:
        """(tokens of the first conversation about the beginning of its first answer, which of them
        is the answer's first)."""
        tokens, trained = self.row(0)
        first = int(trained.argmax())
        begin = max(0, min(first - most // 2, len(tokens) - most))
        return tokens[begin : begin + most].tolist(), max(1, first - begin)

    def spread(self, limit: int) -> list[int]:
        """As many as have about `limit` tokens together, evenly over all of them."""
        total = int(self.offsets[-1])
        if total <= limit or not len(self):
            return list(range(len(self)))
        count = max(1, min(len(self), len(self) * limit // total))
        return sorted({number * len(self) // count for number in range(count)})


def remarks(counted: Counted, held_out: bool, limit: int) -> list[tuple[str, Sentence]]:
    """What the user is told of what became of the documents."""
    found: list[tuple[str, Sentence]] = []

    def say(code: str, text: str, **values: int | Sentence) -> None:
        found.append((code, Sentence("Warnings", text, values)))

    if counted.others:
        say("not-talk", N_("Warnings", "{count} of {all} documents were passed over: there is no answer in them to be learnt."), count=counted.others, all=counted.documents)  # fmt: skip
    if counted.damaged:
        say("lessons-damaged", N_("Warnings", "{count} lines of the lessons cannot be read and were passed over; the others are learnt."), count=counted.damaged)  # fmt: skip
    if counted.cut:
        say("cut", N_("Warnings", "{count} conversations are longer than the context of {limit} tokens: they were cut between turns, or shortened."), count=counted.cut, limit=limit)  # fmt: skip
    if counted.refused and counted.why is not None:
        say("refused", N_("Warnings", "{count} conversations were left out: {reason}."), count=counted.refused, reason=counted.why)  # fmt: skip
    if not held_out:
        say("seen-only", N_("Warnings", "None of them is held out, so the figures are of what was learnt: add more to see how well new questions are answered."))  # fmt: skip
    return found
