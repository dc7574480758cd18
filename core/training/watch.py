"""What is shown of a run: metrics as columns, held-out loss, samples, guesses."""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from core import events as ev
from core.corpus.tokens import TokenSplit
from core.evaluation.score import Scores, by_block
from core.generation.stream import Outcome, score_cells, write
from core.jobs.context import WorkerContext
from core.sampling import SamplingSettings
from core.training.prepare import Prepared
from core.training.sheet import Sheet
from core.training.stepper import StepResult

FETCH_INTERVAL = 0.1
_SAMPLE_TOKENS = 60
_GUESS_TOKENS = 60
_PASSAGES, _SHORT_PASSAGE, _LONG_PASSAGE = 16, 256, 2048


@dataclass
class MetricBuffer:
    """Keeps results on the device and fetches them in one copy, ten times a second at most."""

    context: WorkerContext
    steps: list[int] = field(default_factory=list[int])
    rates: list[float] = field(default_factory=list[float])
    tokens: list[int] = field(default_factory=list[int])
    seconds: list[float] = field(default_factory=list[float])
    results: list[StepResult] = field(default_factory=list[StepResult])
    speed: float = 0.0
    _sent_at: float = 0.0
    _from: tuple[float, int] | None = None

    def add(self, step: int, rate: float, tokens: int, seconds: float, result: StepResult) -> None:
        self.steps.append(step)
        self.rates.append(rate)
        self.tokens.append(tokens)
        self.seconds.append(seconds)
        self.results.append(result)

    def due(self) -> bool:
        return time.monotonic() - self._sent_at >= FETCH_INTERVAL

    def flush(self) -> list[tuple[int, float, float]]:
        """Send what was added; returns its (step, loss, gradient norm)."""
        if not self.steps:
            return []
        block = torch.stack(
            [torch.stack([r.loss.float(), r.gradient_norm.float()]) for r in self.results]
        )
        values = block.cpu().double().numpy()
        now, total = self.seconds[-1], self.tokens[-1]
        if self._from is not None and now > self._from[0]:
            fresh = (total - self._from[1]) / (now - self._from[0])
            self.speed = fresh if not self.speed else 0.8 * self.speed + 0.2 * fresh
        self._from = (now, total)
        speed: list[float | None] = [None] * (len(self.steps) - 1)
        columns: dict[str, list[Any]] = {
            "step": self.steps, "loss": values[:, 0].tolist(), "rate": self.rates,
            "gradient_norm": values[:, 1].tolist(), "tokens": self.tokens,
            "seconds": self.seconds, "tokens_per_second": [*speed, self.speed or None],
        }  # fmt: skip
        self.context.emit(ev.Metrics(columns=columns))
        rows = [(step, *row) for step, row in zip(self.steps, values.tolist(), strict=True)]
        self.steps, self.rates, self.tokens, self.seconds, self.results = [], [], [], [], []
        self._sent_at = time.monotonic()
        return rows

    def forget(self) -> None:
        """Steps that are taken back are not shown."""
        self.steps, self.rates, self.tokens, self.seconds, self.results = [], [], [], [], []
        self.pause_clock()

    def pause_clock(self) -> None:
        """Time that is no training (an evaluation) is left out of the speed."""
        self._from = None


def take(split: TokenSplit, limit: int, pieces: list[bytes]) -> TokenSplit:
    """At most about `limit` tokens, as passages that lie evenly over the whole split, or as densely
    as its documents count.

    A corpus is a row of books: its first documents alone may be in another language than the rest.
    """
    total = len(split.tokens)
    weights = split.weights
    if weights is not None and len(weights):
        sizes = np.diff(split.offsets) * weights
        # Where the densest would be taken whole, nothing more can be taken in these shares.
        limit = min(limit, max(1, int(sizes.sum() / weights.max())))
    if total <= limit:
        whole = np.asarray(split.tokens)
        return split if whole is split.tokens else replace(split, tokens=whole)
    size = min(max(_SHORT_PASSAGE, limit // _PASSAGES), _LONG_PASSAGE, limit)
    count = limit // size
    spans: list[tuple[int, int]] = []
    end = 0
    for place in _places(split, count):
        first = int(split.offsets[np.searchsorted(split.offsets, place, side="right") - 1])
        begin = max(end, first if place - first < size else place)  # Rather from a beginning.
        end = begin + size
        inside = split.offsets[(split.offsets > begin) & (split.offsets < end)].tolist()
        spans += itertools.pairwise([begin, *inside, end])
    taken = [split.tokens[begin:end] for begin, end in spans]
    offsets = np.cumsum([0, *map(len, taken)], dtype=np.int64)
    sizes = [sum(len(pieces[int(token)]) for token in passage) for passage in taken]
    return TokenSplit(np.concatenate(taken), offsets, np.array(sizes, np.int64), split.side)


def _places(split: TokenSplit, count: int) -> list[int]:
    """Tokens that divide a split in `count` parts that weigh the same."""
    if split.weights is None:
        return [number * len(split.tokens) // count for number in range(count)]
    before = np.concatenate([[0.0], np.cumsum(np.diff(split.offsets) * split.weights)])
    wanted = np.arange(count) * (before[-1] / count)
    document = np.searchsorted(before, wanted, side="right") - 1
    inside = (wanted - before[document]) / split.weights[document]
    return (split.offsets[document] + inside.astype(np.int64)).tolist()


class Watcher:
    """Evaluates, samples and guesses at chosen steps."""

    def __init__(self, context: WorkerContext, prepared: Prepared, limit: int) -> None:
        self._context = context
        self._p = prepared
        self._held_out = prepared.objective.held_out(prepared.store)
        check = prepared.store.split("check")
        if not len(check.tokens):  # Lessons: all of them are learnt.
            check = prepared.store.split("train")
        self._check = take(check, limit, prepared.pieces)
        self._units = by_block(self._check, prepared.pieces)
        self._prompt = self._make_prompt(prepared.job.recipe.prompt)
        self._sheet = Sheet(prepared, self._check) if prepared.model.bidirectional else None

    def _make_prompt(self, chosen: str) -> str:
        """The user's opening, or the first words of an unseen document."""
        if chosen:
            return chosen
        tokens = self._check.tokens[: min(int(self._check.offsets[1]), 12)].tolist()
        text = b"".join(self._p.pieces[t] for t in tokens).decode("utf-8", "ignore")
        line = text.strip().split("\n")[0]
        return line[:24] or text[:24]

    def evaluate(self, step: int, best: float | None) -> Scores:
        """Scores on unseen text (where none was held out, on what is learnt), by passages; emits
        the loss, a sample and guesses."""
        model = self._p.model
        model.eval()
        scores = self._p.objective.scores(
            model, self._check, self._units, stride=model.config.context
        )
        loss = scores.loss
        self._context.emit(
            ev.Evaluated(
                step=step,
                loss=loss,
                bits_per_byte=scores.bits_per_byte if self._p.objective.in_bits else None,
                best=math.isfinite(loss) and (best is None or loss < best),
                details={
                    "tokens": int(scores.tokens.sum()),
                    "held_out": self._held_out,
                    **scores.details,
                },
            )  # fmt: skip
        )
        self.sample(step)
        self.guess(step)
        model.train()
        return scores

    def sample(self, step: int) -> None:
        """What it writes, or fills in."""
        if self._sheet is not None:
            text = f"\n→ {self._sheet.filled()}"
            self._context.emit(ev.Sampled(step=step, prompt=self._sheet.text, text=text))
            return
        shown = self._prompt
        prompt = [self._p.roles.begin, *self._p.tokenizer.encode(shown).ids]
        stops = self._p.roles.stops
        if (asked := self._p.objective.opening(self._p.job.recipe.prompt)) is not None:
            shown, prompt = asked
        if (template := self._p.objective.template) is not None:
            stops = stops | template.stops
        settings = SamplingSettings(max_tokens=_SAMPLE_TOKENS, seed=self._p.job.recipe.seed)
        cells = write(self._p.model, self._p.pieces, prompt, settings, stops, Outcome())
        text = "".join(cell.text for cell in cells)
        if asked is not None:  # An answer is no continuation of the question's line.
            text = f"\n→ {text.lstrip()}"
        self._context.emit(ev.Sampled(step=step, prompt=shown, text=text))

    def guess(self, step: int) -> None:
        """The model's guesses on the first unseen document."""
        if self._sheet is not None:
            found = self._sheet.guesses()
            self._context.emit(ev.Guessed(step=step, cells=[cell.to_json() for cell in found]))
            return
        passage = self._p.objective.passage(min(_GUESS_TOKENS, self._p.plan.context))
        if passage is not None:
            found = score_cells(self._p.model, self._p.pieces, *passage)
            self._context.emit(ev.Guessed(step=step, cells=[cell.to_json() for cell in found]))
            return
        end = min(int(self._check.offsets[1]), _GUESS_TOKENS, self._p.plan.context)
        tokens = [self._p.roles.begin, *self._check.tokens[:end].tolist()]
        if tokens[-1] == self._p.end_of_text:
            tokens.pop()
        if len(tokens) < 3:
            return
        cells = score_cells(self._p.model, self._p.pieces, tokens, 1)
        self._context.emit(ev.Guessed(step=step, cells=[cell.to_json() for cell in cells]))
