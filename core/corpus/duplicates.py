"""Exact and near duplicates among texts.

Near duplicates by bottom-k sketches (Broder 1997; Cohen and Kaplan 2007): the k smallest hashes of
a text's byte 16-grams estimate the Jaccard similarity of two texts.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

SKETCH = 64
SHINGLE = 16
NEAR = 0.7
"""Jaccard similarity from which two documents count as the same text."""
NEAR_BLOCK = 0.2
"""The same for blocks of a split text: a piece that two blocks share is enough."""
NOTHING = np.uint64(2**64 - 1)
"""Fills the sketch of a text with fewer than `SKETCH` shingles."""
_KEYS = 16
_OWNERS = 16
_PAIRS_AT_ONCE = 4096
_ROWS_AT_ONCE = 1 << 16
_MOST_BYTES = 1 << 20
_TYPOGRAPHIC = (('"', "“”„«»"), ("'", "‘’"), ("-", "–—"))
_MULTIPLIERS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


def normalised(text: str) -> str:
    """What counts as the same text: whitespace, letter case, and typographic quotes and dashes do
    not matter (editions of one book differ in them)."""
    return " ".join(plain_signs(text).split())


def plain_signs(text: str) -> str:
    """In small letters, with the quotes and dashes of a typewriter."""
    text = text.casefold()
    if not text.isascii():
        for plain, typographic in _TYPOGRAPHIC:
            for sign in typographic:
                text = text.replace(sign, plain)
    return text


def text_hash(normal: str) -> bytes:
    """16 bytes that name a normalised text."""
    return hashlib.blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def sketch(normal: str) -> NDArray[np.uint64]:
    """uint64 [SKETCH]: the smallest hashes of the 16-byte shingles, ascending; then `NOTHING`."""
    result = np.full(SKETCH, NOTHING)
    data = np.frombuffer(normal.encode("utf-8", "surrogatepass")[:_MOST_BYTES], dtype=np.uint8)
    if len(data) < SHINGLE:
        return result
    # A shingle is two words of 8 bytes; those that begin at one of 8 offsets need no copy.
    least = _distinct(np.concatenate([_least(_shingles(data[i:])) for i in range(8)]))[:SKETCH]
    result[: len(least)] = least
    return result


def _shingles(data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Hashes of the shingles that begin at every eighth byte."""
    words = data[: len(data) // 8 * 8].view("<u8")
    hashes = words[:-1] * _MULTIPLIERS[0]
    hashes ^= words[1:] * _MULTIPLIERS[1]
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    return hashes


def _least(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The `SKETCH` smallest different values, and perhaps some more."""
    if len(hashes) > 8 * SKETCH:
        limit = np.uint64(2**64 // len(hashes) * 2 * SKETCH)
        few = _distinct(hashes[hashes < limit])
        if len(few) >= SKETCH:
            return few
    return _distinct(hashes)  # A text that repeats itself has many equal ones.


def _distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sorted, each once. (np.unique's hash table takes seconds for values as near as these.)"""
    values = np.sort(values)
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values


def similarities(one: NDArray[np.uint64], two: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Estimated Jaccard similarity of each pair of rows of two [n, SKETCH] tables of sketches."""
    both = np.sort(np.concatenate([one, two], axis=1), axis=1)
    real = both != NOTHING
    again = np.zeros(both.shape, dtype=bool)
    again[:, 1:] = both[:, 1:] == both[:, :-1]
    rank = np.cumsum(~again & real, axis=1)
    within = real & (rank <= SKETCH)
    union = (within & ~again).sum(axis=1)
    return (within & again).sum(axis=1) / np.maximum(union, 1)


def near_pairs(
    sketches: NDArray[np.uint64],
    unseen: NDArray[np.int64],
    trained: NDArray[np.int64],
    threshold: float,
) -> NDArray[np.int64]:
    """Pairs (row kept unseen, row trained on) that are near duplicates: int64 [pairs, 2].

    Args:
        sketches: [n, SKETCH], possibly memory mapped: a part of it is in memory at a time.
        unseen, trained: Rows of `sketches`.
    """
    found: list[NDArray[np.int64]] = []
    keys, owners = _index(sketches, unseen)
    for start in range(0, len(trained), _ROWS_AT_ONCE):
        pairs = _candidates(sketches, keys, owners, trained[start : start + _ROWS_AT_ONCE])
        for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
            part = pairs[begin : begin + _PAIRS_AT_ONCE]
            alike = similarities(sketches[part[:, 0]], sketches[part[:, 1]]) >= threshold
            found.append(part[alike])
    return np.concatenate(found) if found else np.empty((0, 2), np.int64)


def _index(
    sketches: NDArray[np.uint64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The smallest hashes of `rows`, sorted, and the row that each belongs to."""
    keys = np.asarray(sketches[rows, :_KEYS]).ravel()
    order = np.argsort(keys, kind="stable")
    order = order[: int((keys != NOTHING).sum())]
    return keys[order], np.repeat(rows, _KEYS)[order]


def _candidates(
    sketches: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    owners: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Pairs (owner, row) that share one of their smallest hashes, each once."""
    wanted = np.asarray(sketches[rows, :_KEYS]).ravel()
    low = np.searchsorted(keys, wanted, "left")
    count = np.minimum(np.searchsorted(keys, wanted, "right") - low, _OWNERS)
    hit = np.flatnonzero(count)
    low, count = low[hit], count[hit]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    ones = owners[np.repeat(low, count) + within]
    twos = np.repeat(np.repeat(rows, _KEYS)[hit], count)
    return np.unique(np.stack([ones, twos], axis=1).astype(np.int64), axis=0)
