"""Batches of plain text: windows at random offsets, shuffled in each pass."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from core.corpus.tokens import TokenSplit
from core.objectives.batch import Batch
from core.objectives.passes import Passes


class WindowOrder:
    """Which window stands where. Each pass has its own offset and its own permutation.

    The stream is a circle: a pass begins at its offset, and its windows together hold every token
    (the last one overlaps the first where the context does not divide the stream).
    """

    def __init__(self, total: int | Callable[[int], int], context: int, seed: int) -> None:
        """`total`: tokens of the stream, in every pass or in the pass of a number."""
        self._total, self._context, self._seed = total, context, seed
        self._ends = [0]
        """Of each pass so far, in windows, where passes differ."""
        self._pass = -1
        self._starts: NDArray[np.int64] = np.empty(0, np.int64)

    @property
    def windows(self) -> int:
        """Of the first pass."""
        return self._windows_of(0)

    def start(self, index: int) -> int:
        """First token of the `index`-th window of the endless stream of windows."""
        return self.place(index)[1]

    def place(self, index: int) -> tuple[int, int]:
        """(number of its pass, its first token) of a window."""
        number, place = self._find(index)
        if number != self._pass:
            self._pass, self._starts = number, self._starts_of(number)
        return number, int(self._starts[place])

    def _find(self, index: int) -> tuple[int, int]:
        if isinstance(self._total, int):
            return divmod(index, self._windows_of(0))
        while index >= self._ends[-1]:
            self._ends.append(self._ends[-1] + self._windows_of(len(self._ends) - 1))
        number = bisect_right(self._ends, index) - 1
        return number, index - self._ends[number]

    def _total_of(self, number: int) -> int:
        return self._total if isinstance(self._total, int) else self._total(number)

    def _windows_of(self, number: int) -> int:
        return -(-self._total_of(number) // self._context)

    def _starts_of(self, number: int) -> NDArray[np.int64]:
        total = self._total_of(number)
        rng = np.random.default_rng((self._seed, number))
        offset = int(rng.integers(0, total))
        starts = (
            np.arange(self._windows_of(number), dtype=np.int64) * self._context + offset
        ) % total
        return rng.permutation(starts)


class WindowSource:
    """Windows of `context` tokens and, as targets, the tokens after each."""

    def __init__(
        self, split: TokenSplit, context: int, batch: int, seed: int, end_of_text: int
    ) -> None:
        self._passes = Passes(split, seed)
        total = len(split.tokens) if self._passes.equal else self._passes.tokens
        self._order = WindowOrder(total, context, seed)
        self._context, self._batch, self._end = context, batch, end_of_text

    def make(self, step: int) -> Batch:
        """The batch of `step`."""
        t = self._context
        first = step * self._batch
        rows = np.empty((self._batch, t + 1), np.int64)
        for i in range(self._batch):
            number, start = self._order.place(first + i)
            rows[i] = self._window(self._passes.split(number).tokens, start)
        block = torch.from_numpy(rows)
        # An end-of-text token opens the next document: attention does not look back beyond it.
        ends = block[:, :-1] == self._end
        documents = ends.cumsum(1) if bool(ends[:, 1:].any()) else None
        inputs, targets = block[:, :-1].contiguous(), block[:, 1:].contiguous()
        return Batch(inputs, targets, documents)

    def _window(self, tokens: NDArray[np.integer], start: int) -> NDArray[np.integer]:
        """context + 1 tokens from `start` on, round the end of the stream."""
        length = self._context + 1
        row = tokens[start : start + length]
        while len(row) < length:
            row = np.concatenate([row, tokens[: length - len(row)]])
        return row
