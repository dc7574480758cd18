"""Rows that hold pieces of documents, each in a frame of its own, with no token lost.

A document that does not fit into the rest of a row goes on in the next one; what is left of a row is
filled up only where nothing worthwhile fits any more. Where pieces end with sentences (`breaks`), a
row ends with the last sentence that fits.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.corpus.tokens import TokenSplit
from core.objectives.passes import Passes

_LEAST_PIECE = 8
"""Tokens for which a row is not opened again at its end."""


@dataclass(frozen=True)
class Layout:
    """Pieces in the order of the text: tokens [begins[i], ends[i]) of the stream; row r holds the
    pieces first[r] … first[r + 1] - 1."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    first: NDArray[np.int64]

    @property
    def rows(self) -> int:
        return len(self.first) - 1


def layout(
    offsets: NDArray[np.int64], start: int, context: int, around: int,
    breaks: NDArray[np.int64] | None = None,
) -> Layout:  # fmt: skip
    """All documents of a stream, which is a circle, from token `start` on.

    Args:
        offsets: int64 [documents + 1]; the last token of each document only ends it.
        around: Tokens of the frame of a piece.
        breaks: int64, ascending: the only places where a document may be cut, unless a whole row
            has none.
    """
    if breaks is not None:
        return _at_breaks(_runs(offsets, start), context, around, breaks)
    least = max(1, min(_LEAST_PIECE, (context - around) // 2))
    begins: list[NDArray[np.int64]] = []
    ends: list[NDArray[np.int64]] = []
    opens: list[NDArray[np.int64]] = []  # Whether each piece opens a row.
    room, full = 0, context - around

    def add(begin: NDArray[np.int64], end: NDArray[np.int64], opened: NDArray[np.int64]) -> None:
        begins.append(begin)
        ends.append(end)
        opens.append(opened)

    for begin, end in _runs(offsets, start):
        if room - around >= min(least, end - begin):
            cut = min(end, begin + room - around)
            add(np.array([begin]), np.array([cut]), np.array([0]))
            room -= cut - begin + around
            begin = cut
        if begin < end:
            starts = np.arange(begin, end, full, dtype=np.int64)
            add(starts, np.minimum(starts + full, end), np.ones(len(starts), np.int64))
            room = context - (end - int(starts[-1])) - around
    first = np.flatnonzero(np.concatenate(opens)) if opens else np.empty(0, np.int64)
    count = sum(map(len, begins))
    return Layout(
        np.concatenate(begins) if begins else first, np.concatenate(ends) if ends else first,
        np.append(first, count).astype(np.int64),
    )  # fmt: skip


def _at_breaks(
    runs: list[tuple[int, int]], context: int, around: int, breaks: NDArray[np.int64]
) -> Layout:
    begins: list[int] = []
    ends: list[int] = []
    first: list[int] = []  # Numbers of the pieces that open a row.
    room = 0
    for begin, end in runs:
        while begin < end:
            cut = _last_break(begin, end, begin + room - around, breaks)
            if (
                cut is None
            ):  # Not one sentence more: a row of its own, where it may be cut anywhere.
                first.append(len(begins))
                room = context
                full = begin + context - around
                cut = _last_break(begin, end, full, breaks) or min(end, full)
            begins.append(begin)
            ends.append(cut)
            room -= cut - begin + around
            begin = cut
    found = (np.array(values, np.int64) for values in (begins, ends, [*first, len(begins)]))
    return Layout(*found)


def _last_break(begin: int, end: int, limit: int, breaks: NDArray[np.int64]) -> int | None:
    """Where a piece from `begin` on ends at best: with the document, or the last break up to
    `limit`."""
    if end <= limit:
        return end
    number = int(np.searchsorted(breaks, limit, side="right")) - 1
    return int(breaks[number]) if number >= 0 and breaks[number] > begin else None


def _runs(offsets: NDArray[np.int64], start: int) -> list[tuple[int, int]]:
    """Documents without their ends, from token `start` on round the circle."""
    whole = [(int(a), int(b) - 1) for a, b in itertools.pairwise(offsets)]
    if not start:
        return [run for run in whole if run[0] < run[1]]
    number = bisect_right(offsets, start) - 1
    begin, end = whole[number]
    order = [(start, end), *whole[number + 1 :], *whole[:number], (begin, min(start, end))]
    return [run for run in order if run[0] < run[1]]


class RowOrder:
    """Which row stands where in the endless stream of rows: each pass is shuffled anew, and begins
    elsewhere too unless rows are to be the same in each (`fixed`; where documents have weights, in
    those that hold the same documents)."""

    def __init__(
        self, split: TokenSplit, context: int, around: int, seed: int, fixed: bool,
        breaks: NDArray[np.int64] | None = None,
    ) -> None:  # fmt: skip
        self._passes = Passes(split, seed, breaks)
        self._context, self._around, self._seed, self._fixed = context, around, seed, fixed
        self._ends = [0]
        """Of each pass so far, in rows."""
        self._pass = -1
        self.split = split
        """What the pieces of the last row are of."""
        self._layout: Layout
        self._places: NDArray[np.int64]

    def row(self, index: int) -> tuple[int, list[tuple[int, int]]]:
        """(a number for the row, its pieces in `split`); where rows are fixed, a row has the same
        number in each pass, else never."""
        while index >= self._ends[-1]:
            self._open(len(self._ends) - 1)
            self._ends.append(self._ends[-1] + self._layout.rows)
        number = bisect_right(self._ends, index) - 1
        if number != self._pass:
            self._open(number)
        made = self._layout
        place = int(self._places[index - self._ends[number]])
        pieces = slice(int(made.first[place]), int(made.first[place + 1]))
        spans = zip(made.begins[pieces].tolist(), made.ends[pieces].tolist(), strict=True)
        return place if self._fixed else index, list(spans)

    def _open(self, number: int) -> None:
        rng = np.random.default_rng((self._seed, number))
        equal = self._passes.equal
        self.split, total = self._passes.split(number), self._passes.tokens(number)
        start = 0 if self._fixed or not total else int(rng.integers(0, total))
        if not (self._fixed and equal and self._pass >= 0):
            breaks = self._passes.breaks(number)
            self._layout = layout(self.split.offsets, start, self._context, self._around, breaks)
            if equal and not self._layout.rows:
                raise ValueError("there is no text to read")
        self._places = rng.permutation(self._layout.rows)
        self._pass = number
