"""Which document is trained on, and which is kept unseen.

The side is a function of the normalised text alone, so it is stable when a corpus is reordered or
grows. Held-out text has two parts: "check" (the curve, the best version) and "test" (final figures).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

Side = Literal["train", "check", "test"]
FEW_DOCUMENTS = 30
_BLOCKS = 120
_SMALLEST_BLOCK = 1_000
_LARGEST_BLOCK = 64_000


def position(text_hash: bytes) -> float:
    """A uniform number in [0, 1) from a hash of the normalised text."""
    digest = hashlib.blake2b(text_hash, digest_size=8, person=b"terakoya-split").digest()
    return int.from_bytes(digest, "big") / 2**64


def sides(hashes: Sequence[bytes], share: float) -> list[Side]:
    """A side for each document; check and test are never empty where there are three documents."""
    places = [position(h) for h in hashes]
    result: list[Side] = [_side(place, share) for place in places]
    order = sorted(range(len(places)), key=lambda i: places[i])
    if len(order) >= 3:
        for part in ("check", "test"):
            if part not in result:
                result[next(i for i in order if result[i] == "train")] = part
        if "train" not in result:
            result[order[-1]] = "train"
    return result


def _side(place: float, share: float) -> Side:
    if place >= share:
        return "train"
    return "check" if place < share / 2 else "test"


def block_length(characters: int) -> int:
    """Characters of a block where documents are too few to split by document."""
    return min(_LARGEST_BLOCK, max(_SMALLEST_BLOCK, characters // _BLOCKS))


def blocks(text: str, length: int) -> list[str]:
    """Cut `text` into contiguous blocks of about `length`, at ends of paragraphs or lines."""
    found: list[str] = []
    start = 0
    while start < len(text):
        end = start + length
        if end + length // 2 >= len(text):
            found.append(text[start:])
            break
        cut = _cut_near(text, end, length // 3)
        found.append(text[start:cut])
        start = cut
    return found


def _cut_near(text: str, wanted: int, reach: int) -> int:
    for mark in ("\n\n", "\n", "。", ". ", " "):
        place = text.find(mark, wanted, wanted + reach)
        if place >= 0:
            return place + len(mark)
    return wanted
