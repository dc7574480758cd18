"""Answers in conversations: the loss is on what the version says, and on ending a turn.

Several conversations share a row; attention stays inside each and positions begin anew, so each is
learnt as if it stood alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from core.corpus.split import Side
from core.corpus.tokens import TokenSplit, TokenStore
from core.evaluation.score import Scores, Units
from core.objectives.base import Ingredients, Objective
from core.objectives.batch import Batch, Source
from core.objectives.causal import loss
from core.objectives.dialogues import (
    SIDES,
    Material,
    Talks,
    context_of,
    conversations,
    remarks,
    rendered,
    template_of,
)
from core.objectives.passes import Repeats
from core.sentences import Sentence
from core.tokenizer.template import ChatTemplate, Message, Rendered

_OPEN_ROWS = 32
_FEW_PASSES = 4
_SCORED_AT_ONCE = 16
_LOGITS_AT_ONCE = 4 << 20


def packed(lengths: NDArray[np.int64], order: NDArray[np.int64], room: int) -> list[list[int]]:
    """Conversations in rows of `room` places: each, in turn, into the fullest of the last rows that
    still has room for it (best fit), else into a new one."""
    rows: list[list[int]] = []
    free: list[int] = []
    for number in order.tolist():
        size = min(int(lengths[number]), room)
        first = max(0, len(rows) - _OPEN_ROWS)
        open_rows = [r for r in range(first, len(rows)) if free[r] >= size]
        if open_rows:
            best = min(open_rows, key=lambda r: free[r])
            rows[best].append(number)
            free[best] -= size
        else:
            rows.append([number])
            free.append(room - size)
    return rows


class ChatSource:
    """Rows of conversations, shuffled and packed anew in each pass: a pure function of the seed and
    the step."""

    def __init__(self, talks: Talks, context: int, batch: int, seed: int, pad: int) -> None:
        self._talks, self._context, self._batch = talks, context, batch
        self._seed, self._pad = seed, pad
        if not len(talks):
            raise ValueError("there are no conversations to learn from")
        self._repeats = Repeats(talks.weights, len(talks), seed)
        self._ends = [0]  # Rows up to the end of each pass that is known.
        self._passes: dict[int, list[list[int]]] = {}

    def make(self, step: int) -> Batch:
        """The batch of `step`."""
        shape = (self._batch, self._context)
        inputs = np.full(shape, self._pad, np.int64)
        targets = np.full(shape, self._pad, np.int64)
        documents = np.empty(shape, np.int64)
        weights = np.zeros(shape, bool)
        several = False
        for row in range(self._batch):
            members = self._row(step * self._batch + row)
            several = several or len(members) > 1
            place = 0
            for number, member in enumerate(members):
                tokens, trained = self._talks.row(member)
                size = min(len(tokens) - 1, self._context - place)
                end = place + size
                inputs[row, place:end] = tokens[:size]
                targets[row, place:end] = tokens[1 : size + 1]
                weights[row, place:end] = trained[1 : size + 1]
                documents[row, place:end] = number
                place = end
            documents[row, place:] = len(members)
        # What fills up stands behind everything: nobody looks at it.
        return Batch(
            torch.from_numpy(inputs), torch.from_numpy(targets),
            torch.from_numpy(documents) if several else None, torch.from_numpy(weights),
        )  # fmt: skip

    @property
    def rows(self) -> int:
        """Rows of the first pass; where passes differ, of the first few on average."""
        if self._repeats.equal:
            return len(self._pass(0))
        return max(1, round(sum(len(self._pass(n)) for n in range(_FEW_PASSES)) / _FEW_PASSES))

    def _row(self, index: int) -> list[int]:
        """The conversations of the `index`-th row of the endless stream of rows."""
        while self._ends[-1] <= index:
            self._ends.append(self._ends[-1] + len(self._pass(len(self._ends) - 1)))
        number = int(np.searchsorted(self._ends, index, side="right")) - 1
        return self._pass(number)[index - self._ends[number]]

    def _pass(self, number: int) -> list[list[int]]:
        if number not in self._passes:
            rng = np.random.default_rng((self._seed, number))
            members = self._repeats.members(number)
            order = members[rng.permutation(len(members))]
            rows = packed(self._talks.lengths - 1, order, self._context)
            # The first rows are the fullest: their order shall not tell.
            rows = [rows[i] for i in rng.permutation(len(rows))]
            self._passes = {n: r for n, r in self._passes.items() if n >= number - 1}
            self._passes[number] = rows
        return self._passes[number]


class Chat(Objective):
    """Raises (from the constructor) NoConversations or BadTemplate."""

    name: ClassVar[str] = "chat"
    reads_windows: ClassVar[bool] = False

    def __init__(self, given: Ingredients) -> None:
        self._given = given
        self._template = template_of(given)
        self._context = context_of(given)
        material = conversations(given)
        self._counted = material.counted
        self._example: list[Message] = next(
            (talk for side in ("check", "test", "train") for talk in material.talks[side]), []
        )
        total = sum(map(len, material.talks.values()))
        done = 0
        self._talks: dict[Side, Talks] = {}
        for side in SIDES:
            found: list[Rendered] = []
            weights: list[float] = []
            for weight, talks in _alike(material, side):

                def tell(count: int, before: int = done) -> bool:
                    given.progress(before + count, total)
                    return not given.stopping()

                limit = self._context + 1
                pieces = rendered(self._template, talks, limit, self._counted, tell)
                found += pieces
                weights += [weight] * len(pieces)
                done += len(talks)
            self._talks[side] = Talks(found, weights)

    @property
    def template(self) -> ChatTemplate:
        return self._template

    def source(self, context: int, batch: int, seed: int) -> Source:
        return ChatSource(self._talks["train"], context, batch, seed, self._given.roles.pad)

    def loss(self, model: Any, batch: Batch) -> Tensor:
        # Whoever asks later begins at the first position.
        return loss(
            model, batch.inputs, batch.targets, batch.documents, batch.weights, restart=True
        )

    def count(self, batch: Batch) -> float:
        assert batch.weights is not None
        return float(batch.weights.sum())

    def scores(
        self, model: Any, split: TokenSplit, units: Units | None = None,
        stop: Callable[[], bool] | None = None, stride: int | None = None,
    ) -> Scores:  # fmt: skip
        """Nats of each answer's tokens (with the end of its turn), by conversation; `units` and
        `stride` mean nothing here."""
        talks = self._held_out(split.side)
        return scored(model, talks, talks.spread(len(split.tokens)), self._given.roles.pad, stop)

    def _held_out(self, side: Side | None) -> Talks:
        """Of the wanted side, or of the other that was held out; where nothing was, what is learnt
        (the user was told)."""
        if side == "train":
            return self._talks["train"]
        wanted, other = (self._talks[s] for s in (("test", "check") if side == "test" else ("check", "test")))  # fmt: skip
        return next((talks for talks in (wanted, other) if len(talks)), self._talks["train"])

    def text_tokens(self, store: TokenStore) -> int:
        """As many as rows of one pass hold, filling included: steps are counted by these."""
        if not len(self._talks["train"]):
            return 1  # Stopped by the user.
        return ChatSource(self._talks["train"], self._context, 1, 0, 0).rows * self._context

    def opening(self, chosen: str) -> tuple[str, list[int]] | None:
        messages = [{"role": "user", "content": chosen}]
        if not chosen.strip():
            asked = [message["role"] for message in self._example].index("assistant")
            messages = self._example[:asked]
        if not messages:
            return None
        return messages[-1]["content"], self._template.prompt(messages)

    def passage(self, most: int) -> tuple[list[int], int] | None:
        talks = self._held_out("check")
        return talks.passage(most) if len(talks) else None

    def held_out(self, store: TokenStore) -> bool:
        return any(len(self._talks[side]) for side in SIDES if side != "train")

    def remarks(self) -> list[tuple[str, Sentence]]:
        held = self.held_out(self._given.store)
        return remarks(self._counted, held, self._context)

    def facts(self) -> dict[str, Any]:
        train = self._talks["train"]
        return {
            "conversations": len(train),
            "held_out": sum(len(self._talks[side]) for side in SIDES if side != "train"),
            "answer_tokens": int(train.trained.sum()), "tokens": int(train.offsets[-1]),
            "passed_over": self._counted.others, "cut": self._counted.cut,
            "left_out": self._counted.refused, "lessons": self._counted.lessons,
            "template": self._template.kind,
        }  # fmt: skip


def _alike(material: Material, side: Side) -> Iterator[tuple[float, list[list[Message]]]]:
    """(weight, neighbouring conversations that have it) of a side."""
    talks = material.talks[side]
    if side != "train":
        yield 1.0, talks
        return
    weighted = zip(material.weights, talks, strict=True)
    for weight, group in itertools.groupby(weighted, lambda one: one[0]):
        yield weight, [talk for _, talk in group]


@torch.inference_mode()
def scored(
    model: Any, talks: Talks, chosen: list[int], pad: int, stop: Callable[[], bool] | None = None
) -> Scores:
    """Nats of the trained tokens of the conversations `chosen`, each read by itself."""
    nats = np.zeros(len(chosen))
    counts = np.zeros(len(chosen), np.int64)
    order = sorted(range(len(chosen)), key=lambda i: int(talks.lengths[chosen[i]]))
    for start in range(0, len(order), _SCORED_AT_ONCE):
        if stop and stop():
            break
        places = order[start : start + _SCORED_AT_ONCE]
        rows = [talks.row(chosen[place]) for place in places]
        sums, numbers = sums_of(model, rows, pad)
        nats[places], counts[places] = -sums, numbers
    read = counts > 0
    sizes = talks.bytes[chosen] if chosen else np.zeros(0)
    return Scores(nats[read], counts[read], sizes[read])


def sums_of(
    model: Any, rows: list[tuple[NDArray[np.int32], NDArray[np.bool_]]], pad: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(summed log-probability of the marked tokens, how many) of each (tokens, marks)."""
    device = next(model.parameters()).device
    longest = max(len(tokens) for tokens, _ in rows)
    block = np.full((len(rows), longest), pad, np.int64)
    marks = np.zeros((len(rows), longest), bool)
    for row, (tokens, marked) in enumerate(rows):
        block[row, : len(tokens)] = tokens
        marks[row, 1 : len(tokens)] = marked[1:]
    tokens = torch.from_numpy(block).to(device)
    wanted = torch.from_numpy(marks[:, 1:]).to(device)
    hidden = model.hidden(tokens[:, :-1])[wanted]
    targets = tokens[:, 1:][wanted]
    size = max(1, _LOGITS_AT_ONCE // model.config.vocabulary)
    losses = [
        functional.cross_entropy(
            model.logits(hidden[i : i + size]).float(), targets[i : i + size], reduction="none"
        )
        for i in range(0, len(hidden), size)
    ]
    flat = torch.cat(losses) if losses else torch.zeros(0, device=device)
    sums = torch.zeros(len(rows), dtype=torch.float64)
    sums.index_add_(0, wanted.nonzero()[:, 0].cpu(), flat.double().cpu())
    return -sums.numpy(), marks.sum(1)


make = Chat
