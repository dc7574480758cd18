"""Figures of a corpus: languages, lengths, and what simple predictors reach on unseen text."""

from __future__ import annotations

import math
import zlib
from array import array
from collections import Counter

import numpy as np

from core.corpus.manifest import LENGTH_BINS_PER_DECADE, Baselines
from core.corpus.tokens import TokenStore

_PER_DECADE = LENGTH_BINS_PER_DECADE
_BINS = 10 * _PER_DECADE
_WINDOW = 32_768


class Statistics:
    """Add documents one by one; memory does not grow with the corpus (but for a length each)."""

    def __init__(self) -> None:
        self.documents = 0
        self.characters = 0
        self.bytes = 0
        self.by_side: Counter[str] = Counter()
        self.bytes_by_side: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._lengths = array("q")
        self._tail = bytearray()
        self._unseen = bytearray()

    def add(self, text: str, data: bytes, language: str, side: str) -> None:
        """`data`: the text as UTF-8."""
        size = len(data)
        self.documents += 1
        self.characters += len(text)
        self.bytes += size
        self.by_side[side] += 1
        self.bytes_by_side[side] += size
        self._languages[language or "other"] += len(text)
        self._lengths.append(len(text))
        if side == "train":
            self._tail = (self._tail + data[-_WINDOW:])[-_WINDOW:]
        elif len(self._unseen) < 4_000_000:
            self._unseen += data[:4_000_000]

    def languages(self) -> dict[str, float]:
        total = max(1, sum(self._languages.values()))
        return {code: count / total for code, count in self._languages.most_common()}

    def lengths(self) -> list[int]:
        """Documents per sixth of a decade of characters: bin i holds [10^(i/6), 10^((i+1)/6))."""
        counts = [0] * _BINS
        for length in self._lengths:
            counts[min(_BINS - 1, int(_PER_DECADE * math.log10(max(1, length)) + 1e-9))] += 1
        return counts

    def median_length(self) -> float:
        return float(np.median(self._lengths)) if self._lengths else 0.0

    def gzip_bits_per_byte(self) -> float | None:
        """Bits per byte of DEFLATE level 9 (gzip's method) on the unseen text, its window filled
        with the last 32 kB of training text first."""
        if not self._unseen:
            return None
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=bytes(self._tail))
        packed = packer.compress(bytes(self._unseen)) + packer.flush()
        return 8 * len(packed) / len(self._unseen)


def baselines(store: TokenStore, vocabulary: int, gzip: float | None) -> Baselines:
    """Bits per byte on unseen text of a unigram model (add-one smoothed token frequencies of the
    training text) and of gzip."""
    train = store.split("train").tokens
    counts = np.ones(vocabulary)
    counts += np.bincount(train, minlength=vocabulary)[:vocabulary]
    surprise = -np.log2(counts / counts.sum())
    bits, size = 0.0, 0
    for side in ("check", "test"):
        split = store.split(side)
        bits += float(surprise[split.tokens].sum())
        size += int(split.bytes.sum())
    return Baselines(unigram=bits / size if size else None, gzip=gzip)
