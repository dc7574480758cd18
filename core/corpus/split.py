"""Which text is trained on, and which is kept unseen.

The side is a function of the normalised text alone, so it is stable when a corpus is reordered or
grows. Held-out text has two parts: "check" (the curve, the best version) and "test" (final figures).
Where documents are few, or a few of them hold most of the text, contiguous blocks take their place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.corpus.duplicates import plain_signs

Side = Literal["train", "check", "test"]
FEW_DOCUMENTS = 30
_BLOCKS = 200
_SMALLEST_BLOCK = 200
_LEAST_BLOCK = 1_000
_LARGEST_BLOCK = 64_000
_CONTEXT = 24
_MIX = np.uint64(0xD6E8FEB86659FD93)
_WEIGHTS = np.cumprod(np.full(2 * _CONTEXT, 0x9E3779B97F4A7C15, np.uint64))
_ENDS = (re.compile(r"\n"), re.compile("[。．！？]|[.!?] "), re.compile(r"[ 　、]"))


def position(text_hash: bytes) -> float:
    """A uniform number in [0, 1) from a hash of the normalised text."""
    digest = hashlib.blake2b(text_hash, digest_size=8, person=b"terakoya-split").digest()
    return int.from_bytes(digest, "big") / 2**64


def sides(hashes: Sequence[bytes], share: float, frequent: Collection[bytes] = ()) -> list[Side]:
    """A side for each text; equal texts share theirs. Check and test are never empty where there
    are three different texts.

    Args:
        share: Of the texts that is kept unseen; 0 keeps none.
        frequent: Texts that come so often that they would fill the unseen part: trained on.
    """
    if share == 0:
        return ["train"] * len(hashes)
    places = {h: position(h) for h in hashes}
    places.update(dict.fromkeys(frequent, 1.0))
    order = sorted(places, key=lambda h: (places[h], h))
    groups: dict[Side, list[bytes]] = {"train": [], "check": [], "test": []}
    for h in order:
        groups[_side(places[h], share)].append(h)
    if len(order) >= 3:
        _fill(groups)
    chosen: dict[bytes, Side] = {h: side for side, members in groups.items() for h in members}
    return [chosen[h] for h in hashes]


def _fill(groups: dict[Side, list[bytes]]) -> None:
    """Leave no side empty: unseen parts share what they have, else training text is given, the
    nearest to the border first, so that growth gives it back before it takes anything else."""
    train, check, test = groups["train"], groups["check"], groups["test"]
    if not train:
        train.append((test if len(test) > 1 else check).pop())
    for part, other in ((check, test), (test, check)):
        if not part:
            part.append((other if len(other) > 1 else train).pop(0))


def _side(place: float, share: float) -> Side:
    if place >= share:
        return "train"
    return "check" if place < share / 2 else "test"


def few(lengths: Sequence[int]) -> bool:
    """Whether a split by document would be a lottery: fewer than 30 documents, counted as
    (sum of lengths)² / sum of squared lengths, so that many tiny ones beside a novel do not count."""
    squares = sum(float(n) ** 2 for n in lengths)
    return squares == 0 or sum(lengths) ** 2 / squares < FEW_DOCUMENTS


def block_length(characters: int) -> int:
    """Mean characters of a block for a corpus of so many characters."""
    least = min(_LEAST_BLOCK, max(_SMALLEST_BLOCK, characters // 10))
    return min(_LARGEST_BLOCK, max(least, characters // _BLOCKS))


def blocks(text: str, length: int) -> Iterator[str]:
    """Cut `text` into contiguous blocks of about `length` characters (half to one and a half).

    The cut is the line end (or else sentence end, or space) whose surroundings have the smallest
    hash. So it depends on the words around it, not on the distance from the beginning: text that is
    added, even in the middle, changes only the blocks beside it.
    """
    return pieces(text, cuts(text, length))


def cuts(text: str, length: int) -> list[int]:
    """Where the blocks of `text` end, its own end included; empty for an empty text."""
    start, found = 0, list[int]()
    while len(text) - start > length + length // 2:
        start = _cut(text, start + length // 2, start + length + length // 2)
        found.append(start)
    return [*found, len(text)] if start < len(text) else found


def pieces(text: str, ends: Sequence[int]) -> Iterator[str]:
    """`text` cut at `ends`."""
    start = 0
    for end in ends:
        yield text[start:end]
        start = end


def _cut(text: str, low: int, high: int) -> int:
    begin = max(0, low - _CONTEXT)
    window = text[begin : high + _CONTEXT]
    for pattern in _ENDS:
        ends = [m.end() for m in pattern.finditer(window, low - begin, high - begin)]
        if ends:
            words = plain_signs(window)
            if len(words) != len(window):
                words = window
            return begin + ends[int(np.argmin(_local_hashes(words, ends)))]
    return (low + high) // 2


def _local_hashes(text: str, places: Sequence[int]) -> NDArray[np.uint64]:
    """A hash of the 24 characters before and after each place (zeros beyond the text's ends)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    padded = np.zeros(len(codes) + 2 * _CONTEXT, np.uint64)
    padded[_CONTEXT : _CONTEXT + len(codes)] = codes
    rows = np.asarray(places, np.int64)[:, None] + np.arange(2 * _CONTEXT)
    hashes = (padded[rows] * _WEIGHTS).sum(1)  # Modulo 2^64.
    return (hashes ^ (hashes >> np.uint64(31))) * _MIX
