"""Exact and near duplicates among documents.

Near duplicates by bottom-k sketches (Broder 1997; Cohen and Kaplan 2007): the k smallest hashes of
a document's byte 16-grams estimate the Jaccard similarity of two documents.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SKETCH = 64
SHINGLE = 16
_KEYS = 8
_MOST_BYTES = 1 << 20
NEAR = 0.7
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def normalised(text: str) -> str:
    """What counts as the same text: whitespace and letter case do not matter."""
    return " ".join(text.casefold().split())


def text_hash(normal: str) -> bytes:
    """16 bytes that name a normalised text."""
    return hashlib.blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def sketch(normal: str) -> NDArray[np.uint64]:
    """The up to `SKETCH` smallest hashes of the 16-byte shingles, ascending."""
    data = np.frombuffer(normal.encode("utf-8", "surrogatepass")[:_MOST_BYTES], dtype=np.uint8)
    if len(data) < SHINGLE:
        return np.empty(0, dtype=np.uint64)
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    words = np.lib.stride_tricks.as_strided(
        padded.view(np.uint8), (len(data) - 7, 8), (1, 1)
    ).copy().view(np.uint64).ravel()  # fmt: skip
    hashes = (words[:-8] * _MULTIPLIER) ^ (words[8:] * np.uint64(0xC2B2AE3D27D4EB4F))
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    if len(hashes) > 4 * SKETCH:
        hashes = np.partition(hashes, 4 * SKETCH)[: 4 * SKETCH]
    return np.unique(hashes)[:SKETCH]


def similarity(one: NDArray[np.uint64], two: NDArray[np.uint64]) -> float:
    """Estimate of the Jaccard similarity from two sketches."""
    if not len(one) or not len(two):
        return 0.0
    union = np.union1d(one, two)[:SKETCH]
    both = np.intersect1d(one, two, assume_unique=True)
    return float(np.isin(union, both, assume_unique=True).sum() / len(union))


def near_pairs(sketches: Sequence[NDArray[np.uint64]]) -> list[tuple[int, int]]:
    """Pairs (earlier, later) of near duplicates. Candidates share one of their smallest hashes."""
    buckets: dict[int, list[int]] = defaultdict(list)
    pairs: list[tuple[int, int]] = []
    for index, own in enumerate(sketches):
        candidates: set[int] = set()
        keys = own[:_KEYS].tolist()
        for key in keys:
            candidates.update(buckets[key][-32:])
        pairs += [(c, index) for c in sorted(candidates) if similarity(sketches[c], own) >= NEAR]
        for key in keys:
            buckets[key].append(index)
    return pairs
