"""A text as a row of words that can be compared: numbers, made for all of it at once.

A word is what stands between spaces and punctuation; in scripts that write without spaces (Japanese,
Chinese, Thai) it is a character. Letter case, width (Unicode NFKC), punctuation and space do not count.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_NONE, _LETTER, _SINGLE = 0, 1, 2
_PLANE = 1 << 16
_IDEOGRAPHS = 2 * _PLANE
_WITHOUT_SPACES = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF),
    (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F),
)  # fmt: skip
_BASE, _STEP = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xC2B2AE3D27D4EB4F)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
PIECE = 1 << 17
"""Characters that are looked at at once."""


class Words(NamedTuple):
    """`values`: uint64 [words]; `starts`: where each begins in the text; `single`: whether each is a
    character of a script without spaces."""

    values: NDArray[np.uint64]
    starts: NDArray[np.int64]
    single: NDArray[np.bool_]


def words_of(text: str) -> Words:
    """The words of at most PIECE characters."""
    codes = np.frombuffer(text[:PIECE].encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds, values = _looked_up(codes)
    before = np.concatenate([np.zeros(1, np.uint8), kinds[:-1]])
    begins = (kinds == _SINGLE) | ((kinds == _LETTER) & (before != _LETTER))
    starts = np.flatnonzero(begins[: len(kinds)])
    if not len(starts):
        return Words(np.empty(0, np.uint64), starts, np.empty(0, bool))
    # Σ value · base^place, then divided by the base^start: where a word stands does not matter.
    powers, inverses = _powers(int(_BASE))
    sums = np.add.reduceat(values * powers[: len(values)], starts)
    return Words(_mixed(sums * inverses[starts]), starts, kinds[starts] == _SINGLE)


class Grams:
    """Hashes of the runs of words in a text: uint64."""

    def __init__(self, values: NDArray[np.uint64]) -> None:
        powers, self._inverses = _powers(int(_STEP))
        self._sums = np.concatenate(
            [np.zeros(1, np.uint64), np.cumsum(values * powers[: len(values)])]
        )

    def of(self, length: int) -> NDArray[np.uint64]:
        """Of every run of `length` words, in order."""
        sums = self._sums[length:] - self._sums[:-length]
        return _mixed(sums * self._inverses[: len(sums)])

    def at(self, place: int, length: int) -> int:
        """Of one run; 0 where it would go beyond the end."""
        if place + length >= len(self._sums):
            return 0
        one = self._sums[place + length : place + length + 1] - self._sums[place : place + 1]
        return int(_mixed(one * self._inverses[place : place + 1])[0])


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """With every bit depending on every other (as SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX
    return values ^ (values >> np.uint64(29))


@cache
def _powers(base: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers of an odd number and their inverses, modulo 2^64."""
    inverse = pow(base, -1, 2**64)
    return tuple(
        np.cumprod(np.concatenate([[np.uint64(1)], np.full(PIECE, one, np.uint64)]))
        for one in (base, inverse)
    )  # type: ignore[return-value]


def _looked_up(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
    kinds, values = _tables()
    if not len(codes) or codes.max() < _PLANE:
        return kinds[codes], values[codes]
    high = codes >= _PLANE
    low = np.where(high, 0, codes)
    ideographs = np.where(codes >= _IDEOGRAPHS, _SINGLE, _NONE).astype(np.uint8)
    own = np.where(ideographs == _SINGLE, _mixed(codes.astype(np.uint64) * _BASE), np.uint64(0))
    return np.where(high, ideographs, kinds[low]), np.where(high, own, values[low])


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
    """For each character below 2^16 its kind, and a number for its plain form."""
    kinds, values = np.zeros(_PLANE, np.uint8), np.zeros(_PLANE, np.uint64)
    for code in range(_PLANE):
        sign = chr(code)
        if unicodedata.category(sign)[0] in "LNM":
            plain = unicodedata.normalize("NFKC", sign).casefold()
            kinds[code] = _LETTER
            values[code] = sum(ord(c) << (21 * i) for i, c in enumerate(plain[:3]))
    for first, last in _WITHOUT_SPACES:
        part = kinds[first : last + 1]
        part[part == _LETTER] = _SINGLE
    return kinds, np.where(kinds == _NONE, np.uint64(0), _mixed(values * _BASE))
