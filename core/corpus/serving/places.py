"""Which documents of a corpus are of which file: by the numbers that reading noted, not by their texts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.corpus.library import FILES
from core.corpus.store import Snapshot


class Places:
    """`paths`: of files. `owner`: int32 [documents], the place in `paths` of each document's file; so
    it takes 4 bytes for each document, and the paths."""

    def __init__(self, paths: list[str], owner: NDArray[np.int32]) -> None:
        self.paths, self.owner = paths, owner

    def inside(self, source: str) -> NDArray[np.int64]:
        """The documents of a file, or of all files in a folder or archive."""
        below = tuple(source.rstrip(sign) + sign for sign in ("/", "\\"))
        wanted = [path == source or path.startswith(below) for path in self.paths]
        return np.flatnonzero(np.array(wanted or [False])[self.owner])

    def alone(self, document: int) -> bool:
        """Whether it is the only one of its file."""
        return bool((self.owner == self.owner[document]).sum() == 1)


def places_of(folder: Path, snapshot: Snapshot) -> Places:
    """For the present snapshot of the corpus in `folder`. Where its notes do not fit (it is of the first
    edition, or is read again at this moment), the documents themselves are asked.

    Raises:
        Damaged
    """
    try:
        found = _by_notes(folder, snapshot) if snapshot.indexed else None
    except (OSError, ValueError, KeyError):
        found = None
    return found or _by_texts(snapshot)


def _by_notes(folder: Path, snapshot: Snapshot) -> Places | None:
    """None where a document is in no file's rows."""
    paths: list[str] = []
    spans: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for verdict in _verdicts(folder):
        if verdict.get("rows"):
            spans[verdict["store"]].append((verdict["first"], verdict["rows"], len(paths)))
            paths.append(verdict["path"])
    index = snapshot.index
    owner = np.full(len(index), -1, np.int32)
    for number, path in enumerate(snapshot.paths):
        own = np.array(sorted(spans[path.name]), np.int64).reshape(-1, 3)
        here = np.flatnonzero(index["file"] == number)
        rows = index["row"][here].astype(np.int64)
        place = np.searchsorted(own[:, 0], rows, "right") - 1
        if not len(own) or (place < 0).any() or (rows >= own[place, :2].sum(axis=1)).any():
            return None
        owner[here] = own[place, 2]
    return Places(paths, owner)


def _verdicts(folder: Path) -> Iterator[dict[str, Any]]:
    with (folder / FILES).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _by_texts(snapshot: Snapshot) -> Places:
    numbers: dict[str, int] = {}
    sources = (row["source"] for row in snapshot.rows(["source"]))
    owner = [numbers.setdefault(source, len(numbers)) for source in sources]
    return Places(list(numbers), np.array(owner, np.int32))
