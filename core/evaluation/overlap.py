"""Whether a text was trained on, as a whole or in pieces: exact hashes, then long shared stretches."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.corpus import duplicates

WINDOW = 64
"""Characters of a stretch that counts as shared: longer than what texts share by chance."""
SHARE = 0.5
_SAMPLED = 32
_BATCH = 32_768
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def stretches(text: str) -> NDArray[np.uint64]:
    """Hashes of about every 32nd window of 64 characters of the normalised text.

    Which windows are taken depends on their hash, not on where they stand, so that the same
    stretch is taken wherever a text was cut (winnowing by value, Manber 1994). The hash is a
    polynomial modulo 2^64, built by doubling the window's length six times.
    """
    codes = np.frombuffer(duplicates.normalised(text).encode("utf-32-le", "replace"), np.uint32)
    if len(codes) < WINDOW:
        return np.empty(0, np.uint64)
    hashes = codes.astype(np.uint64) * _MULTIPLIER
    base = np.uint64(0xD6E8FEB86659FD93)
    length = 1
    with np.errstate(over="ignore"):
        while length < WINDOW:
            hashes = hashes[:-length] * base + hashes[length:]
            base = base * base
            length *= 2
        mixed = (hashes ^ (hashes >> np.uint64(29))) * _MULTIPLIER
    return mixed[(mixed >> np.uint64(40)) % np.uint64(_SAMPLED) == 0]


def shared(documents: Iterable[str], trained: Iterable[str]) -> float:
    """Share (0–1) of the stretches of `documents` that occur in `trained`; reads it once."""
    wanted = [s for s in map(stretches, documents) if len(s)]
    if not wanted:
        return 0.0
    left = np.unique(np.concatenate(wanted))
    whole = len(left)
    waiting: list[NDArray[np.uint64]] = []
    for text in trained:
        waiting.append(stretches(text))
        if sum(map(len, waiting)) > _BATCH:
            left = np.setdiff1d(left, np.concatenate(waiting))
            waiting.clear()
            if len(left) < whole * (1 - SHARE):
                break  # Enough is known.
    if waiting:
        left = np.setdiff1d(left, np.concatenate(waiting))
    return 1 - len(left) / whole
