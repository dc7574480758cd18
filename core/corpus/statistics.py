"""Figures of a corpus: languages, lengths, and what simple predictors reach on unseen text."""

from __future__ import annotations

import zlib
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from core.corpus.catalogue import Catalogue
from core.corpus.listing import Listing
from core.corpus.manifest import LENGTH_BINS_PER_DECADE, Baselines
from core.corpus.store import SIDES, Snapshot
from core.corpus.tokens import TokenStore

_PER_DECADE = LENGTH_BINS_PER_DECADE
_BINS = 10 * _PER_DECADE
_WINDOW = 32_768
_UNSEEN_BYTES = 4_000_000


class Statistics:
    """Of the documents that `listing` lists; only a little of the text is looked at."""

    def __init__(self, snapshot: Snapshot, listing: Listing, catalogue: Catalogue) -> None:
        rows, texts = listing.rows, catalogue.texts[listing.text]
        self.documents = len(np.unique(listing.text))
        self.characters = int(rows["characters"].sum())
        self.bytes = int(rows["bytes"].sum())
        self.by_side: Counter[str] = Counter()
        self.bytes_by_side: Counter[str] = Counter()
        for number, side in enumerate(SIDES):
            here = rows["side"] == number
            self.by_side[side] = int(here.sum())
            self.bytes_by_side[side] = int(rows["bytes"][here].sum())
        self.pairs = int(texts["pair"].sum())
        self.conversations = int(texts["talk"].sum()) - self.pairs
        self._snapshot, self._sides = snapshot, rows["side"]
        self._lengths = _whole(listing)
        languages = np.bincount(texts["language"], rows["characters"], len(catalogue.languages))
        self._languages = Counter[str]()
        for code, characters in zip(catalogue.languages, languages.tolist(), strict=True):
            self._languages[code or "other"] += int(characters)

    def languages(self) -> dict[str, float]:
        """Code → share of the characters."""
        total = max(1, self._languages.total())
        return {code: count / total for code, count in self._languages.most_common() if count}

    def lengths(self) -> list[int]:
        """Documents per sixth of a decade of characters: bin i holds [10^(i/6), 10^((i+1)/6))."""
        bins = (_PER_DECADE * np.log10(np.maximum(1, self._lengths)) + 1e-9).astype(np.int64)
        return np.bincount(np.minimum(_BINS - 1, bins), minlength=_BINS).tolist()

    def median_length(self) -> float:
        return float(np.median(self._lengths)) if len(self._lengths) else 0.0

    def gzip_bits_per_byte(self) -> float | None:
        """Bits per byte of DEFLATE level 9 (gzip's method) on the unseen text, its window filled
        with the last 32 kB of training text first."""
        unseen = self._text(np.flatnonzero(self._sides != SIDES.index("train")), _UNSEEN_BYTES)
        if not unseen:
            return None
        train = np.flatnonzero(self._sides == SIDES.index("train"))
        tail = b"".join(self._tail(train))[-_WINDOW:]
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=tail)
        packed = packer.compress(unseen) + packer.flush()
        return 8 * len(packed) / len(unseen)

    def _text(self, numbers: NDArray[np.int64], most: int) -> bytes:
        """The beginning of these rows' text, in whole rows while there is room."""
        found = bytearray()
        for row in self._snapshot.rows(["text"], numbers):
            if len(found) >= most:
                break
            found += row["text"].encode("utf-8")[:most]
        return bytes(found)

    def _tail(self, numbers: NDArray[np.int64]) -> list[bytes]:
        """The last rows' text, as many as fill the window."""
        found: list[bytes] = []
        held = 0
        for number in numbers[::-1].tolist():
            if held >= _WINDOW:
                break
            data = self._snapshot.row(number, ["text"])["text"].encode("utf-8")
            found.insert(0, data[-_WINDOW:])
            held += len(data)
        return found


def _whole(listing: Listing) -> NDArray[np.int64]:
    """Characters of each document; blocks of one count together."""
    _, which = np.unique(listing.text, return_inverse=True)
    return np.bincount(which, listing.rows["characters"]).astype(np.int64)


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
