"""Giving every text of a corpus its side, so that no unseen text is also trained on."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.corpus import duplicates, near, split
from core.corpus.hashes import Hashes, as_table, exact_of
from core.corpus.sketches import SketchFile

_MOST_LOST = 3
"""At most a third of the training text may go because it is near unseen text."""
_PATTERN = 30
_LEAST_LEFT = 10_000
"""So many near texts that hold a third of a corpus are a pattern (a log) where merging them would
leave fewer characters than this."""


class TextTable:
    """What is remembered of many texts: hash and length in memory (20 bytes), sketches in a file."""

    def __init__(self, file: Path) -> None:
        self._hashes = bytearray()
        self.lengths = array("I")
        self._sketches = SketchFile(file)

    def extend(self, hashes: bytes, sketches: bytes, characters: NDArray[np.int64]) -> None:
        """Many texts that were summed up before; `hashes`: 16 bytes each."""
        self._hashes += hashes
        self.lengths.extend(np.minimum(characters, 2**32 - 1).tolist())
        self._sketches.add(sketches)

    def add_texts(self, texts: list[str]) -> None:
        """Many at once are faster than one by one."""
        hashes, sketches = duplicates.summaries(texts)
        self._hashes += b"".join(hashes)
        self.lengths.extend(map(len, texts))
        self._sketches.add(sketches.tobytes())

    def add_text(self, text: str) -> None:
        self.add_texts([text])

    def __len__(self) -> int:
        return len(self.lengths)

    def __enter__(self) -> TextTable:
        return self

    def __exit__(self, *_: object) -> None:
        self._sketches.close()

    @property
    def hashes(self) -> Hashes:
        """uint64 [texts, 2]; nothing can be added any more."""
        return as_table(self._hashes)

    @property
    def characters(self) -> NDArray[np.uint32]:
        """[texts]; nothing can be added any more."""
        return np.frombuffer(self.lengths, np.uint32)

    @property
    def sketches(self) -> SketchFile:
        """Nothing can be added any more."""
        self._sketches.close()
        return self._sketches


@dataclass
class Assignment:
    """The side of every text.

    `codes`: int8 [texts], places in split.SIDES, or split.OUT. `exact`: texts that did not take part.
    `near`: texts left out because others are nearly the same. `stands_for`: int32 [texts], where near
    texts were merged, the one that stands for each (near.pairs tells how alike they are).
    """

    codes: split.Codes
    exact: int = 0
    near: int = 0
    stands_for: NDArray[np.int32] | None = None

    def __iter__(self) -> Iterator[split.Side | None]:
        """Each text's side; None where it is left out."""
        names: tuple[split.Side | None, ...] = (*split.SIDES, None)
        for code in self.codes:
            yield names[code]


def assign(
    table: TextTable,
    share: float,
    threshold: float,
    keep: NDArray[np.bool_] | list[bool] | None = None,
    old: split.Codes | None = None,
    merge: bool = False,
    apart: NDArray[np.bool_] | None = None,
    keys: Hashes | None = None,
) -> Assignment:
    """Sides by hash, then whatever is trained on and near to unseen text is left out.

    Nothing depends on the order of the texts. What has a side keeps it, whatever is added: of two
    near texts the one that has none goes.

    Args:
        threshold: Similarity from which two texts are near duplicates.
        keep: bool [texts]: which take part; the others are left out.
        old: int8 [texts]: the side that a text has from before, or split.OUT.
        merge: Of near texts only one takes part: an old one, or else the first by hash.
        apart: bool [texts]: those that stay all the same, such as conversations, which are alike
            because they ask in the same words.
        keys: uint64 [texts, 2]: texts with the same one come to the same side; else those that are
            equal.
    """
    take = np.ones(len(table), bool) if keep is None else np.array(keep, bool)
    old = np.full(len(table), split.OUT, np.int8) if old is None else old
    result = Assignment(np.full(len(table), split.OUT, np.int8), exact=int((~take).sum()))
    if merge:
        fixed = (old != split.OUT) & take
        fixed |= take & apart if apart is not None else fixed
        result.stands_for = _merged(table, take, fixed, threshold)
        stays = result.stands_for == np.arange(len(table), dtype=np.int32)
        result.near = int((take & ~stays).sum())
        take &= stays
    result.codes = _by_key(table, table.hashes if keys is None else keys, take, old, share)
    if ((result.codes == split.CHECK) | (result.codes == split.TEST)).any():
        loses = _too_near(table, result.codes, old, threshold)
        result.codes[loses] = split.OUT
        result.near += len(loses)
    return result


def _merged(
    table: TextTable, take: NDArray[np.bool_], fixed: NDArray[np.bool_], threshold: float
) -> NDArray[np.int32]:
    """For each text the one that stands for it; a corpus that is all one pattern is not merged."""
    found = near.clusters(table.sketches, take, table.hashes, threshold, fixed)
    lengths = table.characters
    rows = np.flatnonzero(take)
    whole = lengths[rows].sum(dtype=np.int64)
    left = lengths[rows[found[rows] == rows]].sum(dtype=np.int64)
    gone = np.flatnonzero(found != np.arange(len(found), dtype=np.int32))
    if left < _LEAST_LEFT and len(gone):
        stays, group, counts = np.unique(found[gone], return_inverse=True, return_counts=True)
        sizes = np.bincount(group, lengths[gone]) + lengths[stays]
        pattern = (counts + 1 >= _PATTERN) & (sizes * 3 > whole)
        found[gone[pattern[group]]] = gone[pattern[group]]
    return found


def _by_key(
    table: TextTable, keys: Hashes, take: NDArray[np.bool_], old: split.Codes, share: float
) -> split.Codes:
    """Texts with one key share their side, that of an old one where there is any; what comes so often
    that it would fill half of the unseen part, or more, is trained on."""
    first = exact_of(keys, take)
    each = take & (first == np.arange(len(table), dtype=np.int32))
    if each.sum() == take.sum():
        return split.sides(keys, share, old, each)
    was = old.copy()
    rows = np.flatnonzero(take & (old != split.OUT))[::-1]
    was[first[rows]] = old[rows]
    lengths = np.where(take, table.characters, 0)
    sums = np.bincount(first, lengths, len(table))
    times = np.bincount(first, take, len(table))
    frequent = (times > 1) & (sums > share / 2 * sums.sum()) & (was == split.OUT)
    codes = split.sides(keys, share, np.where(frequent, split.TRAIN, was), each)[first]
    stays = ~each & (old != split.OUT)
    codes[stays] = old[stays]
    codes[~take] = split.OUT
    return codes


def _too_near(
    table: TextTable, codes: split.Codes, old: split.Codes, threshold: float
) -> NDArray[np.int64]:
    """Texts to leave out: of a near pair the one that is trained on, unless it alone is old. Where
    that would cost more than a third of the training text, the unseen ones, if some unseen text
    stays; else none, since then the whole corpus is made of one pattern and "near" tells nothing."""
    trains = codes == split.TRAIN
    unseen = (codes == split.CHECK) | (codes == split.TEST)
    pairs = near.across(table.sketches, unseen, trains, threshold)
    was = old[pairs] != split.OUT
    pairs = pairs[~was.all(axis=1)]
    was = old[pairs] != split.OUT
    loses = np.unique(np.where(was[:, 1], pairs[:, 0], pairs[:, 1]))
    lengths = table.characters
    lost = lengths[loses[trains[loses]]].sum(dtype=np.int64)
    if lost * _MOST_LOST <= lengths[trains].sum(dtype=np.int64):
        return loses
    held = np.unique(pairs[~was[:, 0], 0])
    left = codes.copy()
    left[held] = split.OUT
    return held if np.isin((split.CHECK, split.TEST), left).all() else np.empty(0, np.int64)
