"""The hashes of very many texts as a table of numbers: uint64 [texts, 2]."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
_PART = 1 << 20
"""Texts that are sorted at once; hashes are spread evenly, so ranges of them are about equal."""
_CHUNK = 1 << 16


def table_of(hashes: Sequence[bytes]) -> Hashes:
    """uint64 [texts, 2] of hashes of 16 bytes."""
    return as_table(b"".join(hashes))


def as_table(data: bytes | bytearray) -> Hashes:
    """The same of hashes one behind the other, without a copy."""
    return np.frombuffer(data, "<u8").reshape(-1, 2)


def exact_of(hashes: Hashes, first: NDArray[np.bool_] | None = None) -> NDArray[np.int32]:
    """For each text the first with its hash: int32 [texts]. Those of `first` come before others."""
    result = np.arange(len(hashes), dtype=np.int32)
    later = np.zeros(len(hashes), bool) if first is None else ~first
    for rows in _ranges(hashes):
        part = hashes[rows]
        order = np.lexsort((later[rows], part[:, 1], part[:, 0]))  # Stable: the order stays else.
        part, rows = part[order], rows[order]
        begins = np.ones(len(rows), bool)
        begins[1:] = (part[1:] != part[:-1]).any(axis=1)
        result[rows] = rows[begins][np.cumsum(begins) - 1]
    return result


def places_of(hashes: Hashes, known: Hashes) -> NDArray[np.int32]:
    """For each text the row of `known` (of different hashes) that it equals, or -1: int32 [texts]."""
    result = np.full(len(hashes), -1, np.int32)
    if not len(known):
        return result
    order = np.argsort(known[:, 0], kind="stable")
    keys = known[order, 0]
    for start in range(0, len(hashes), _CHUNK):
        part = hashes[start : start + _CHUNK]
        found = order[np.minimum(np.searchsorted(keys, part[:, 0]), len(keys) - 1)]
        equal = (known[found] == part).all(axis=1)
        result[start : start + _CHUNK][equal] = found[equal]
    return result


def _ranges(hashes: Hashes) -> Iterator[NDArray[np.int64]]:
    """Rows in order, those of one range of hashes at a time."""
    parts = min(1 << 16, 1 + len(hashes) // _PART)
    if parts == 1:
        yield np.arange(len(hashes))
        return
    top = hashes.view("<u2")[:, 3]  # The highest bits of the first number, without a copy.
    bounds = [part * (1 << 16) // parts for part in range(parts + 1)]
    for low, high in itertools.pairwise(bounds):
        yield np.flatnonzero((top >= low) & (top < high))
