"""Batches of plain text: windows at random offsets, shuffled in each pass."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from core.corpus.tokens import TokenSplit
from core.objectives.batch import Batch


class WindowOrder:
    """Which window stands where. Each pass has its own offset and its own permutation.

    The stream is a circle: a pass begins at its offset, and its windows together hold every token
    (the last one overlaps the first where the context does not divide the stream).
    """

    def __init__(self, total: int, context: int, seed: int) -> None:
        """`total`: tokens of the stream."""
        self._total, self._context, self._seed = total, context, seed
        self.windows = -(-total // context)
        self._pass = -1
        self._starts: NDArray[np.int64] = np.empty(0, np.int64)

    def start(self, index: int) -> int:
        """First token of the `index`-th window of the endless stream of windows."""
        number, place = divmod(index, self.windows)
        if number != self._pass:
            self._pass, self._starts = number, self._starts_of(number)
        return int(self._starts[place])

    def _starts_of(self, number: int) -> NDArray[np.int64]:
        rng = np.random.default_rng((self._seed, number))
        offset = int(rng.integers(0, self._total))
        starts = (np.arange(self.windows, dtype=np.int64) * self._context + offset) % self._total
        return rng.permutation(starts)


class WindowSource:
    """Windows of `context` tokens and, as targets, the tokens after each."""

    def __init__(
        self, split: TokenSplit, context: int, batch: int, seed: int, end_of_text: int
    ) -> None:
        self._tokens = split.tokens
        self._order = WindowOrder(len(split.tokens), context, seed)
        self._context, self._batch, self._end = context, batch, end_of_text

    def make(self, step: int) -> Batch:
        """The batch of `step`."""
        t = self._context
        first = step * self._batch
        rows = np.empty((self._batch, t + 1), np.int64)
        for i in range(self._batch):
            rows[i] = self._window(self._order.start(first + i))
        block = torch.from_numpy(rows)
        # An end-of-text token opens the next document: attention does not look back beyond it.
        ends = block[:, :-1] == self._end
        documents = ends.cumsum(1) if bool(ends[:, 1:].any()) else None
        inputs, targets = block[:, :-1].contiguous(), block[:, 1:].contiguous()
        return Batch(inputs, targets, documents)

    def _window(self, start: int) -> NDArray[np.integer]:
        """context + 1 tokens from `start` on, round the end of the stream."""
        length = self._context + 1
        row = self._tokens[start : start + length]
        while len(row) < length:
            row = np.concatenate([row, self._tokens[: length - len(row)]])
        return row
