"""Preferences: of two answers to one prompt the better one becomes likelier than the worse one.

DPO (Rafailov et al. 2023, eq. 7) measures both against a frozen reference, the parent version:
    −log σ(β · [(log π(c) − log π_ref(c)) − (log π(r) − log π_ref(r))]).
SimPO (Meng et al. 2024, eq. 6) needs none and compares means by token, with a margin γ:
    −log σ(β · [log π(c) / |c| − log π(r) / |r|] − γ).
c is the better answer, r the worse; log π(·) sums over the answer's tokens and the end of its turn.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from core.corpus.split import Side
from core.corpus.tokens import TokenSplit, TokenStore
from core.evaluation.score import Scores, Units
from core.files import atomic_file
from core.models.load import load_model
from core.objectives.base import Ingredients, Objective
from core.objectives.batch import Batch, Source
from core.objectives.causal import CHUNK_LOGITS
from core.objectives.chat import sums_of
from core.objectives.dialogues import (
    SIDES,
    Counted,
    Pair,
    Talks,
    answered,
    context_of,
    pairs,
    refuse,
    remarks,
    template_of,
    too_long,
)
from core.objectives.passes import Repeats
from core.sentences import Sentence
from core.tokenizer.template import ChatTemplate, Message, Rendered, TemplateFault

USUAL_BETA = {"dpo": 0.1, "simpo": 2.0}
_ROUND = 32
_SCORED_AT_ONCE = 8


class Pairs:
    """Pairs of one side: two conversations each, which differ in the last answer."""

    def __init__(
        self, found: list[tuple[Rendered, Rendered]], weights: list[float] | None = None
    ) -> None:
        """`weights`: how often a pass reads each; None: all of them once."""
        self.weights = None if weights is None else np.array(weights, np.float64)
        self.chosen = Talks(one for one, _ in found)
        self.rejected = Talks(one for _, one in found)
        self.reference = np.zeros((len(found), 2))
        """Log-probabilities of the better and the worse answer by the reference [pairs, 2]."""

    def __len__(self) -> int:
        return len(self.chosen)

    @property
    def longest(self) -> int:
        return max(
            (int(t.lengths.max()) for t in (self.chosen, self.rejected) if len(t)), default=2
        )

    def log_probabilities(
        self, model: Any, chosen: list[int], pad: int, stop: Callable[[], bool] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """(sums, tokens), each [len(chosen), 2]; fewer rows when stopped."""
        sums = np.zeros((len(chosen), 2))
        counts = np.zeros((len(chosen), 2), np.int64)
        for start in range(0, len(chosen), _SCORED_AT_ONCE):
            if stop and stop():
                return sums[:start], counts[:start]
            part = chosen[start : start + _SCORED_AT_ONCE]
            rows = [talks.row(n) for n in part for talks in (self.chosen, self.rejected)]
            values, numbers = sums_of(model, rows, pad)
            sums[start : start + len(part)] = values.reshape(-1, 2)
            counts[start : start + len(part)] = numbers.reshape(-1, 2)
        return sums, counts


class PairSource:
    """Batches of pairs, shuffled anew in each pass: a pure function of the seed and the step. The
    better answers are `inputs`, the worse ones stand in `extra`, row by row."""

    def __init__(self, pairs: Pairs, context: int, batch: int, seed: int, pad: int) -> None:
        if not len(pairs):
            raise ValueError("there are no pairs to learn from")
        longest = -(-(pairs.longest - 1) // _ROUND) * _ROUND
        self._pairs, self._width = pairs, min(context, longest)
        self._batch, self._seed, self._pad = batch, seed, pad
        self._repeats = Repeats(pairs.weights, len(pairs), seed)
        self._ends = [0]
        """Of each pass so far, in pairs."""
        self._pass = -1
        self._order: NDArray[np.int64] = np.empty(0, np.int64)

    def make(self, step: int) -> Batch:
        """The batch of `step`."""
        chosen = [self._number(step * self._batch + row) for row in range(self._batch)]
        inputs, targets, weights = self._side(self._pairs.chosen, chosen)
        worse = self._side(self._pairs.rejected, chosen)
        extra = {
            "rejected_inputs": worse[0], "rejected_targets": worse[1], "rejected_weights": worse[2],
            "reference": torch.from_numpy(self._pairs.reference[chosen].astype(np.float32)),
        }  # fmt: skip
        return Batch(inputs, targets, None, weights, extra)

    def _number(self, index: int) -> int:
        while index >= self._ends[-1]:
            times = self._repeats.times(len(self._ends) - 1)
            self._ends.append(self._ends[-1] + int(times.sum()))
        number = bisect_right(self._ends, index) - 1
        if number != self._pass:
            members = self._repeats.members(number)
            order = np.random.default_rng((self._seed, number)).permutation(len(members))
            self._order, self._pass = members[order], number
        return int(self._order[index - self._ends[number]])

    def _side(self, talks: Talks, chosen: list[int]) -> tuple[Tensor, Tensor, Tensor]:
        shape = (len(chosen), self._width)
        inputs, targets = np.full(shape, self._pad, np.int64), np.full(shape, self._pad, np.int64)
        weights = np.zeros(shape, bool)
        for row, number in enumerate(chosen):
            tokens, trained = talks.row(number)
            size = min(len(tokens) - 1, self._width)
            inputs[row, :size] = tokens[:size]
            targets[row, :size] = tokens[1 : size + 1]
            weights[row, :size] = trained[1 : size + 1]
        return torch.from_numpy(inputs), torch.from_numpy(targets), torch.from_numpy(weights)


class Preference(Objective):
    """Raises (from the constructor) NoConversations or BadTemplate."""

    name: ClassVar[str] = "preference"
    reads_windows: ClassVar[bool] = False
    in_bits: ClassVar[bool] = False

    def __init__(self, given: Ingredients) -> None:
        self._given = given
        self._template = template_of(given)
        self._context = context_of(given)
        recipe = given.recipe
        self._simpo = recipe.preference_loss == "simpo"
        self._beta = recipe.beta or USUAL_BETA[recipe.preference_loss]
        self._gamma = recipe.margin * self._beta if self._simpo else 0.0
        material = pairs(given)
        self._counted = material.counted
        self._example: list[Message] = next(
            (pair[0] for side in ("check", "test", "train") for pair in material.pairs[side]), []
        )
        total, done = sum(map(len, material.pairs.values())), 0
        self._pairs: dict[Side, Pairs] = {}
        for side in SIDES:
            found: list[tuple[Rendered, Rendered]] = []
            weights: list[float] = []
            counts = material.weights if side == "train" else [1.0] * len(material.pairs[side])
            for pair, weight in zip(material.pairs[side], counts, strict=True):
                if given.stopping():
                    break
                found += _rendered(self._template, pair, self._context + 1, self._counted)
                weights += [weight] * (len(found) - len(weights))
                done += 1
                if done % 64 == 0:
                    given.progress(done, total)
            self._pairs[side] = Pairs(found, weights)
        if not self._simpo and not given.stopping():
            self._ask_reference()

    # ---- the reference ---------------------------------------------------------------------------

    def _ask_reference(self) -> None:
        """Log-probabilities by the parent, once: a run that goes on uses what it wrote down."""
        given = self._given
        assert given.parent is not None
        file = given.folder / f"reference-{self._key()}.npy"
        values = _kept(file, sum(map(len, self._pairs.values())))
        if values is None:
            model = load_model(given.parent.path, given.device).eval()
            parts: list[NDArray[np.float64]] = []
            with torch.inference_mode():
                for side in SIDES:
                    numbers = list(range(len(self._pairs[side])))
                    sums, _ = self._pairs[side].log_probabilities(
                        model, numbers, given.roles.pad, given.stopping
                    )
                    parts.append(sums)
            if given.stopping():
                return
            values = np.concatenate(parts)
            with atomic_file(file) as out:
                np.save(out, values, allow_pickle=False)
        begin = 0
        for side in SIDES:
            end = begin + len(self._pairs[side])
            self._pairs[side].reference = values[begin:end]
            begin = end

    def _key(self) -> str:
        """Names the parent and all tokens of the pairs."""
        digest = hashlib.sha256(self._given.parent.id.encode() if self._given.parent else b"")
        for side in SIDES:
            for talks in (self._pairs[side].chosen, self._pairs[side].rejected):
                for array in (talks.offsets, talks.tokens, talks.trained):
                    digest.update(array.tobytes())
        return digest.hexdigest()[:16]

    # ---- learning --------------------------------------------------------------------------------

    @property
    def template(self) -> ChatTemplate:
        return self._template

    def source(self, context: int, batch: int, seed: int) -> Source:
        return PairSource(self._pairs["train"], context, batch, seed, self._given.roles.pad)

    def loss(self, model: Any, batch: Batch) -> Tensor:
        assert batch.weights is not None
        more = batch.extra
        sums = answer_log_probabilities(
            model,
            torch.cat([batch.inputs, more["rejected_inputs"]]),
            torch.cat([batch.targets, more["rejected_targets"]]),
            torch.cat([batch.weights, more["rejected_weights"]]),
        )
        chosen, rejected = sums.chunk(2)
        lengths = (batch.weights.sum(1), more["rejected_weights"].sum(1))
        gap = self._gap(chosen, rejected, lengths, more["reference"].unbind(1))
        return -functional.logsigmoid(gap).mean()

    def _gap(self, chosen: Any, rejected: Any, lengths: Any, reference: Any) -> Any:
        """By how much the better answer is ahead, as the loss counts it (tensors or arrays)."""
        if self._simpo:
            return self._beta * (chosen / lengths[0] - rejected / lengths[1]) - self._gamma
        return self._beta * ((chosen - reference[0]) - (rejected - reference[1]))

    def count(self, batch: Batch) -> float:
        return float(len(batch.inputs))

    @torch.inference_mode()
    def scores(
        self, model: Any, split: TokenSplit, units: Units | None = None,
        stop: Callable[[], bool] | None = None, stride: int | None = None,
    ) -> Scores:  # fmt: skip
        """The loss of each pair (in nats, a pair counts as one token and one byte); details: how
        often the better answer is ahead (`accuracy`), and by how much (`margin`)."""
        pairs = self._held_out(split.side)
        numbers = pairs.chosen.spread(max(1, len(split.tokens) // 2))
        sums, lengths = pairs.log_probabilities(model, numbers, self._given.roles.pad, stop)
        reference = pairs.reference[numbers][: len(sums)]
        gap = self._gap(sums[:, 0], sums[:, 1], lengths.T, reference.T)
        ahead = gap + self._gamma
        details = {}
        if len(gap):
            details = {"accuracy": float((ahead > 0).mean()), "margin": float(ahead.mean())}
        return Scores(
            np.logaddexp(0.0, -gap), np.ones(len(gap), np.int64), np.ones(len(gap)), details
        )

    def _held_out(self, side: Side | None) -> Pairs:
        """As for conversations: what was held out, as far as anything was."""
        if side == "train":
            return self._pairs["train"]
        order: tuple[Side, Side] = ("test", "check") if side == "test" else ("check", "test")
        found = [self._pairs[name] for name in order]
        return next((pairs for pairs in found if len(pairs)), self._pairs["train"])

    def text_tokens(self, store: TokenStore) -> int:
        """A pair stands for a row, however long it is: so a pass is every pair as often as it counts."""
        pairs = self._pairs["train"]
        count = len(pairs) if pairs.weights is None else round(float(pairs.weights.sum()))
        return max(1, count) * self._context

    def opening(self, chosen: str) -> tuple[str, list[int]] | None:
        messages = [{"role": "user", "content": chosen}] if chosen.strip() else self._example
        if not messages:
            return None
        return messages[-1]["content"], self._template.prompt(messages)

    def passage(self, most: int) -> tuple[list[int], int] | None:
        pairs = self._held_out("check")
        return pairs.chosen.passage(most) if len(pairs) else None

    def held_out(self, store: TokenStore) -> bool:
        return any(len(self._pairs[side]) for side in SIDES if side != "train")

    def remarks(self) -> list[tuple[str, Sentence]]:
        held = self.held_out(self._given.store)
        return remarks(self._counted, held, self._context)

    def facts(self) -> dict[str, Any]:
        return {
            "pairs": len(self._pairs["train"]),
            "held_out": sum(len(self._pairs[side]) for side in SIDES if side != "train"),
            "passed_over": self._counted.others, "cut": self._counted.cut,
            "left_out": self._counted.refused, "lessons": self._counted.lessons,
            "beta": self._beta, "gamma": self._gamma, "template": self._template.kind,
        }  # fmt: skip


def _rendered(
    template: ChatTemplate, pair: Pair, limit: int, counted: Counted
) -> list[tuple[Rendered, Rendered]]:
    """The pair as tokens, or nothing where it does not fit."""
    prompt, chosen, rejected = pair
    try:
        (better, worse), cut = answered(template, prompt, (chosen, rejected), limit)
    except TemplateFault as fault:
        refuse(counted, fault.sentence)
        return []
    if not any(better.trained[1:]) or not any(worse.trained[1:]):
        refuse(counted, too_long(limit))
        return []
    counted.cut += cut
    return [(better, worse)]


def _kept(file: Path, count: int) -> NDArray[np.float64] | None:
    """What an earlier attempt of the run wrote; None where that is not there or damaged."""
    try:
        values: NDArray[np.float64] = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return values if values.shape == (count, 2) and values.dtype == np.float64 else None


def answer_log_probabilities(
    model: Any, inputs_BT: Tensor, targets_BT: Tensor, weights_BT: Tensor
) -> Tensor:
    """Summed log-probabilities (fp32) of the targets where `weights_BT` is true [B], with gradients.
    Logits are computed again in the backward pass, so only a piece of them is held at a time."""
    hidden = model.hidden(inputs_BT)[weights_BT]
    targets = targets_BT[weights_BT]
    rows = max(1, CHUNK_LOGITS // model.output_weight.shape[0])
    parts = [
        checkpoint(_losses, model, hidden[i : i + rows], targets[i : i + rows],
                   use_reentrant=False)
        for i in range(0, len(hidden), rows)
    ]  # fmt: skip
    sums = torch.zeros(len(inputs_BT), device=inputs_BT.device)
    if not parts:
        return sums + hidden.float().sum() * 0.0
    return sums.index_add(0, weights_BT.nonzero()[:, 0], -torch.cat(parts))  # type: ignore[arg-type]


def _losses(model: Any, hidden: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(model.logits(hidden).float(), targets, reduction="none")


make = Preference
