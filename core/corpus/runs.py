"""Tokens that lie in several places, read as if they were one array: nothing is copied until a piece
is asked for, so several corpora, or one in another order, need no memory of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Runs:
    """Stretches of arrays one after the other; it has a length and can be sliced, as an array.

    Stretch i is `bases[which[i]][begins[i]:ends[i]]`.
    """

    def __init__(
        self, bases: Sequence[Any], which: NDArray[np.int64], begins: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> None:  # fmt: skip
        self._bases, self._which, self._begins = bases, which, begins
        self._starts: NDArray[np.int64] = np.concatenate(
            [np.zeros(1, np.int64), np.cumsum(ends - begins, dtype=np.int64)]
        )
        self.dtype: np.dtype[Any] = np.result_type(*(base.dtype for base in bases))

    def __len__(self) -> int:
        return int(self._starts[-1])

    def __getitem__(self, places: slice) -> NDArray[Any]:
        """A slice without a step."""
        start, stop, _ = places.indices(len(self))
        parts: list[NDArray[Any]] = []
        number = int(np.searchsorted(self._starts, start, side="right")) - 1
        while start < stop:
            first, last = int(self._starts[number]), int(self._starts[number + 1])
            end = min(stop, last)
            shift = int(self._begins[number]) - first
            base = self._bases[int(self._which[number])]
            if end > start:
                parts.append(base[start + shift : end + shift])
            start, number = max(start, end), number + 1
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.empty(0, self.dtype)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)


def stretches(base: Any, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Runs:
    """Stretches of one array."""
    return Runs([base], np.zeros(len(begins), np.int64), begins, ends)


def chained(bases: Sequence[Any]) -> Runs:
    """Whole arrays, one after the other."""
    lengths = np.array([len(base) for base in bases], np.int64)
    return Runs(bases, np.arange(len(bases)), np.zeros(len(bases), np.int64), lengths)
