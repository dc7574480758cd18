"""Giving every text of a corpus its side, so that no unseen text is also trained on."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from core.corpus import duplicates, split
from core.files import friendly_os_errors

_MOST_LOST = 3
"""At most a third of the training text may go because it is near unseen text."""


class TextTable:
    """What is remembered of many texts: hash and length in memory, sketches in a file."""

    def __init__(self, file: Path) -> None:
        self.hashes: list[bytes] = []
        self.lengths = array("q")
        self._path = file
        with friendly_os_errors(file):
            self._file: IO[bytes] | None = file.open("wb")

    def add(self, text_hash: bytes, sketch: bytes, characters: int) -> None:
        """`sketch`: the bytes of duplicates.sketch."""
        assert self._file is not None
        self.hashes.append(text_hash)
        self.lengths.append(characters)
        with friendly_os_errors(self._path):
            self._file.write(sketch)

    def add_text(self, text: str) -> None:
        normal = duplicates.normalised(text)
        self.add(duplicates.text_hash(normal), duplicates.sketch(normal).tobytes(), len(text))

    def __enter__(self) -> TextTable:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            with friendly_os_errors(self._path):
                file.close()

    def sketches(self) -> NDArray[np.uint64]:
        """[texts, SKETCH], memory mapped; nothing can be added any more."""
        self._close()
        if not self.hashes:
            return np.empty((0, duplicates.SKETCH), np.uint64)
        return np.memmap(self._path, np.uint64, "r", shape=(len(self.hashes), duplicates.SKETCH))


@dataclass
class Assignment:
    """The side of every text (None: left out)."""

    sides: list[split.Side | None]
    exact: int = 0
    near: int = 0


def first_of_each(hashes: Sequence[bytes]) -> list[bool]:
    """Which texts are the first with their hash."""
    seen: set[bytes] = set()
    return [not (h in seen or seen.add(h)) for h in hashes]


def assign(
    table: TextTable, share: float, threshold: float, keep: Iterable[bool] | None = None
) -> Assignment:
    """Sides by hash, then whatever is trained on and near to unseen text is left out.

    Args:
        threshold: Similarity from which two texts are near duplicates.
        keep: Texts that take part; the others are left out.
    """
    kept = [True] * len(table.hashes) if keep is None else list(keep)
    indices = [i for i, wanted in enumerate(kept) if wanted]
    hashes = [table.hashes[i] for i in indices]
    chosen = split.sides(
        hashes, share, _frequent(hashes, [table.lengths[i] for i in indices], share)
    )
    result = Assignment([None] * len(kept), exact=len(kept) - len(indices))
    for index, side in zip(indices, chosen, strict=True):
        result.sides[index] = side
    if any(side != "train" for side in chosen):
        for index in _too_near(table, indices, chosen, threshold):
            result.sides[index] = None
            result.near += 1
    return result


def _frequent(hashes: list[bytes], lengths: list[int], share: float) -> set[bytes]:
    """Texts that come several times and would fill half of the unseen part, or more."""
    sums: Counter[bytes] = Counter()
    for name, length in zip(hashes, lengths, strict=True):
        sums[name] += length
    if len(sums) == len(hashes):
        return set()
    most = share / 2 * sums.total()
    return {name for name, times in Counter(hashes).items() if times > 1 and sums[name] > most}


def _too_near(
    table: TextTable, indices: list[int], sides: list[split.Side], threshold: float
) -> list[int]:
    """Texts to leave out: the trained-on copies; where that would cost more than a third of the
    training text, the unseen copies, if some unseen text stays; else none, since then the whole
    corpus is made of one pattern and "near" tells nothing."""
    rows = np.array(indices, np.int64)
    trains = np.array([side == "train" for side in sides])
    pairs = duplicates.near_pairs(table.sketches(), rows[~trains], rows[trains], threshold)
    lengths = np.array(table.lengths)
    losers = np.unique(pairs[:, 1])
    if lengths[losers].sum() * _MOST_LOST <= lengths[rows[trains]].sum():
        return losers.tolist()
    held = np.unique(pairs[:, 0]).tolist()
    gone = set(held)
    left = {s for i, s in zip(indices, sides, strict=True) if s != "train" and i not in gone}
    return held if left == {"check", "test"} else []
