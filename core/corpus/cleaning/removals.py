"""Many characters taken out of one text, kept as arrays: a novel has a reading at every tenth word,
and an object for each would take longer than all else that is done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.corpus.readers.base import Edit

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Removals:
    """Ranges [start, end), in order and without overlaps, each for the reason that its number names.

    Shapes: `starts`, `ends` int64 [removals], in characters; `numbers` uint8 [removals].
    """

    starts: Places
    ends: Places
    numbers: NDArray[np.uint8]
    reasons: tuple[str, ...]

    @classmethod
    def merged(cls, found: Iterable[tuple[str, Places, Places]]) -> Removals:
        """Of (reason, starts, ends), in any order. Where two overlap, the earlier one, and of those the
        longer, stays whole, as `core.corpus.cleaning.edits.merged` has it."""
        parts = list(found)
        reasons = tuple(dict.fromkeys(reason for reason, _, _ in parts))
        starts = _joined([part[1] for part in parts])
        ends = _joined([part[2] for part in parts])
        counts = [len(part[1]) for part in parts]
        numbers = np.repeat(
            np.array([reasons.index(part[0]) for part in parts], np.uint8), np.array(counts, int)
        )
        order = np.lexsort((-ends, starts))
        starts, ends, numbers = starts[order], ends[order], numbers[order]
        if len(starts):
            covered = np.maximum.accumulate(ends)
            starts[1:] = np.maximum(starts[1:], covered[:-1])
        kept = ends > starts
        return cls(starts[kept], ends[kept], numbers[kept], reasons)

    def __len__(self) -> int:
        return len(self.starts)

    def applied(self, text: str) -> str:
        """`text` without them."""
        begins, ends = [0, *self.ends.tolist()], [*self.starts.tolist(), len(text)]
        return "".join([text[a:b] for a, b in zip(begins, ends, strict=True)])

    def counted(self) -> Counter[str]:
        """Characters taken out, by reason."""
        lengths = np.bincount(self.numbers, self.ends - self.starts, len(self.reasons))
        return Counter(
            {reason: int(n) for reason, n in zip(self.reasons, lengths, strict=True) if n}
        )

    def edits(self) -> list[Edit]:
        names = [self.reasons[number] for number in self.numbers.tolist()]
        return list(map(Edit, self.starts.tolist(), self.ends.tolist(), names))


def _joined(arrays: Sequence[Places]) -> Places:
    return np.concatenate([np.empty(0, np.int64), *arrays])
