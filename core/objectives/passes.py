"""Documents that count more or less than once: what each pass over the training text reads.

A document of weight w is read w times a pass on average, and as evenly as whole times allow: up to
pass p it was read ⌊p·w + u⌋ times, with a phase u in [0, 1) of its own. So weight 2 is twice in every
pass, 0.5 in every second one, another half of the documents each time. All of it is a pure function of
the seed.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from core.corpus.runs import stretches
from core.corpus.tokens import TokenSplit

_SEED = 0x51ED270B
"""Keeps the phases apart from the draws of order."""


class Repeats:
    """How often each of many documents (or conversations, or pairs) comes in each pass."""

    def __init__(self, weights: NDArray[np.float64] | None, count: int, seed: int) -> None:
        """`weights`: float64 [count], none below 0; None: each comes once.

        Raises ValueError where nothing counts.
        """
        self._count = count
        self._weights: NDArray[np.float64] | None = None
        if weights is None or (weights == 1.0).all():
            return
        if not (weights > 0).any():
            raise ValueError("there is no text to read")
        self._weights, self._phases = weights, _phases(weights, seed)

    @property
    def equal(self) -> bool:
        """Whether every pass holds everything once."""
        return self._weights is None

    def times(self, number: int) -> NDArray[np.int64]:
        """int64 [count]: how often each comes in the pass."""
        if self._weights is None:
            return np.ones(self._count, np.int64)
        before = np.floor(number * self._weights + self._phases)
        return (np.floor((number + 1) * self._weights + self._phases) - before).astype(np.int64)

    def members(self, number: int) -> NDArray[np.int64]:
        """int64, the documents of a pass: all that come at all in their order, then those that come
        again, and so on."""
        times = self.times(number)
        rounds = [np.flatnonzero(times > again) for again in range(int(times.max(initial=0)))]
        return np.concatenate(rounds) if rounds else np.empty(0, np.int64)


def _phases(weights: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """[documents], spread evenly over [0, 1) among those of the same weight: of two documents of
    weight 0.5 a pass has one, never both."""
    phases = np.zeros(len(weights))
    rng = np.random.default_rng((seed, _SEED))
    for weight in np.unique(weights):
        same = np.flatnonzero(weights == weight)
        phases[same] = (rng.permutation(len(same)) + 0.5) / len(same)
    return phases


class Passes:
    """The tokens of each pass. `equal`: all passes are the text as it is."""

    def __init__(
        self, split: TokenSplit, seed: int, breaks: NDArray[np.int64] | None = None
    ) -> None:
        """`breaks`: int64, ascending places in `split` where sentences begin."""
        self._whole, self._breaks = split, breaks
        self._repeats = Repeats(split.weights, split.documents, seed)
        self._lengths = np.diff(split.offsets)
        self._number = -1
        self._members: NDArray[np.int64] = np.empty(0, np.int64)
        self._split = split

    @property
    def equal(self) -> bool:
        return self._repeats.equal

    def tokens(self, number: int) -> int:
        """How many a pass has; none where every document waits for a later one."""
        if self.equal:
            return len(self._whole.tokens)
        return int((self._repeats.times(number) * self._lengths).sum())

    def split(self, number: int) -> TokenSplit:
        """The pass as a text of its own."""
        if not self.equal and number != self._number:
            self._number = number
            self._members = members = self._repeats.members(number)
            first, last = _together(members)
            begins, ends = (
                self._whole.offsets[members[first]],
                self._whole.offsets[members[last] + 1],
            )
            offsets = np.cumsum(np.append(0, self._lengths[members]), dtype=np.int64)
            tokens = cast(Any, stretches(self._whole.tokens, begins, ends))
            self._split = TokenSplit(tokens, offsets, self._whole.bytes[members], self._whole.side)
        return self._split

    def breaks(self, number: int) -> NDArray[np.int64] | None:
        """Where sentences begin in the pass."""
        if self._breaks is None or self.equal:
            return self._breaks
        offsets = self.split(number).offsets
        found: list[NDArray[np.int64]] = []
        for first, last in zip(*_together(self._members), strict=True):
            begin = int(self._whole.offsets[self._members[first]])
            end = int(self._whole.offsets[self._members[last] + 1])
            low, high = np.searchsorted(self._breaks, [begin, end])
            found.append(self._breaks[low:high] + (int(offsets[first]) - begin))
        return np.concatenate(found) if found else np.empty(0, np.int64)


def _together(members: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(first, last) places in `members` of stretches of neighbouring documents."""
    if not len(members):
        return members, members
    apart = np.flatnonzero(np.diff(members) != 1)
    return np.append(0, apart + 1), np.append(apart, len(members) - 1)
