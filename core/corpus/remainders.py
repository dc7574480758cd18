"""What is left of texts without their repeated paragraphs can be the same in two of them, although the
whole texts are not: two mails of the same words under long, different footers."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.corpus import duplicates, near, split
from core.corpus.catalogue import Catalogue
from core.corpus.hashes import Hashes, places_of, table_of
from core.corpus.listing import Check, Ranges
from core.corpus.sketches import SketchFile
from core.corpus.store import pieces_of

_AT_ONCE, _PARTS = 1 << 13, 1 << 8
_MOST_LOST = 3
"""At most a third of the training text may go because what is left of it is near unseen text: else
the corpus is of one pattern, and only the same words count."""


def trained_and_unseen(
    catalogue: Catalogue, ranges: Ranges, codes: split.Codes, scratch: Path, check: Check
) -> NDArray[np.int64]:
    """Texts that are trained on though, of what is left of them, some unseen text has the same or
    nearly the same: their numbers, ascending.

    Args:
        codes: int8 [texts], see split.SIDES.
        scratch: An existing folder, for a file of 512 bytes a text.
    """
    trains, unseen = codes == split.TRAIN, (codes == split.CHECK) | (codes == split.TEST)
    rows = np.array(sorted(n for n in ranges if codes[n] != split.OUT), np.int64)
    if not len(rows) or not unseen.any():
        return np.empty(0, np.int64)
    hashes = catalogue.table.hashes.copy()
    file = SketchFile(scratch / "left.sketches")
    try:
        _fill(file, hashes, catalogue, rows, ranges, check)
        same = np.flatnonzero(trains)
        same = same[places_of(hashes[same], hashes[unseen]) >= 0]
        pairs = near.across(file, unseen, trains, duplicates.NEAR)
    finally:
        file.close()
        file.path.unlink(missing_ok=True)
    is_part = np.zeros(len(codes), bool)
    is_part[rows] = True
    alike = np.unique(pairs[is_part[pairs].any(axis=1), 1])
    lengths = catalogue.texts["characters"]
    if lengths[alike].sum() * _MOST_LOST > lengths[trains].sum():
        return same
    return np.union1d(alike, same)


def _fill(
    file: SketchFile, hashes: Hashes, catalogue: Catalogue, rows: NDArray[np.int64],
    ranges: Ranges, check: Check,
) -> None:  # fmt: skip
    """Write the sketches of all texts to `file`, of those in `rows` what is left of them; `hashes` of
    these are changed likewise."""
    texts = (pieces_of(row["text"], ranges[number]) for number, row in catalogue.read(rows))
    for start in range(0, len(hashes), _AT_ONCE):
        check()
        some = np.arange(start, min(start + _AT_ONCE, len(hashes)))
        table = catalogue.table.sketches.take(some)
        low, high = np.searchsorted(rows, [some[0], some[-1] + 1]).tolist()
        for first in range(low, high, _PARTS):
            own = rows[first : min(first + _PARTS, high)]
            names, sketches = duplicates.summaries(list(islice(texts, len(own))))
            table[own - start], hashes[own] = sketches, table_of(names)
        file.add(table.tobytes())
    file.close()
