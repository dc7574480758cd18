"""Batches as a pure function of (seed, step): windows at random offsets, shuffled each pass."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.corpus.tokens import TokenSplit


@dataclass(frozen=True, slots=True)
class Batch:
    """int64 [B, T] inputs and targets; `documents` [B, T] where a window holds several."""

    inputs: Tensor
    targets: Tensor
    documents: Tensor | None


class WindowOrder:
    """Which window stands where. Each pass has its own offset and its own permutation."""

    def __init__(self, total: int, context: int, seed: int) -> None:
        """`total`: tokens of the stream, of which each window needs context + 1."""
        self._total, self._context, self._seed = total, context, seed
        self.windows = max(1, (total - 1) // context)
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
        slack = self._total - 1 - self.windows * self._context
        offset = int(rng.integers(0, max(1, slack + 1)))
        if self.windows > 1:  # Shift by up to a window; the first and last share one place.
            offset = int(rng.integers(0, self._context))
            starts = np.arange(self.windows) * self._context + offset
            starts = np.minimum(starts, self._total - 1 - self._context)
        else:
            starts = np.full(1, offset)
        return rng.permutation(starts.astype(np.int64))


class Batches:
    """Prepares batches ahead on a thread."""

    def __init__(
        self,
        split: TokenSplit,
        context: int,
        batch: int,
        seed: int,
        end_of_text: int,
        from_step: int,
        pin: bool = False,
    ) -> None:
        self._tokens = split.tokens
        self._order = WindowOrder(len(split.tokens), context, seed)
        self._context, self._batch, self._end = context, batch, end_of_text
        # Where documents are many, attention must not cross from one to the next.
        self._packed = split.documents * context * 2 > len(split.tokens)
        self._pin = pin
        self._queue: queue.Queue[tuple[int, Batch]] = queue.Queue(maxsize=4)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._prepare, args=(from_step,), name="batches", daemon=True
        )
        self._thread.start()

    @property
    def windows(self) -> int:
        return self._order.windows

    def make(self, step: int) -> Batch:
        """The batch of `step`."""
        t = self._context
        first = step * self._batch
        rows = np.empty((self._batch, t + 1), np.int64)
        for i in range(self._batch):
            start = self._order.start(first + i)
            rows[i] = self._tokens[start : start + t + 1]
        block = torch.from_numpy(rows)
        documents = (block[:, :-1] == self._end).cumsum(1) if self._packed else None
        inputs, targets = block[:, :-1].contiguous(), block[:, 1:].contiguous()
        if self._pin:
            inputs, targets = inputs.pin_memory(), targets.pin_memory()
        return Batch(inputs, targets, documents)

    def get(self, step: int) -> Batch:
        """The batch of `step`, steps asked for in order."""
        number, batch = self._queue.get(timeout=120)
        if number != step:
            raise RuntimeError(f"batch {number} came for step {step}")
        return batch

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _prepare(self, step: int) -> None:
        while not self._stop.is_set():
            batch = self.make(step)
            while not self._stop.is_set():
                try:
                    self._queue.put((step, batch), timeout=0.2)
                    break
                except queue.Full:
                    continue
            step += 1
