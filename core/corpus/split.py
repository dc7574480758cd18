"""Which text is trained on, and which is kept unseen.

The side is a function of the normalised text alone, so it is stable when a corpus is reordered or
grows. Held-out text has two parts: "check" (the curve, the best version) and "test" (final figures).
Where documents are few, or a few of them hold most of the text, contiguous blocks take their place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.corpus.duplicates import plain_signs
from core.corpus.hashes import Hashes

Side = Literal["train", "check", "test"]
SIDES: tuple[Side, ...] = ("train", "check", "test")
TRAIN, CHECK, TEST, OUT = 0, 1, 2, -1
"""Places in `SIDES`, and what is on no side: left out, or not known yet."""
Codes = NDArray[np.int8]
FEW_DOCUMENTS = 30
_BLOCKS = 200
_SMALLEST_BLOCK = 200
GAP = 200
"""Most characters that are left out where trained and unseen blocks meet."""
_LEAST_BLOCK = 1_000
_LARGEST_BLOCK = 64_000
_CONTEXT = 24
_MIX = np.uint64(0xD6E8FEB86659FD93)
_WEIGHTS = np.cumprod(np.full(2 * _CONTEXT, 0x9E3779B97F4A7C15, np.uint64))
_PERSON = b"terakoya-split"
_AT_ONCE = 1 << 16
_SENTENCE = re.compile(r"\n+|[。．！？][」』）]?|[.!?][\"'”’]?\s+")
_ENDS = (re.compile(r"\n"), re.compile("[。．！？]|[.!?] "), re.compile(r"[ 　、]"))


def position(text_hash: bytes) -> float:
    """A uniform number in [0, 1) from a hash of the normalised text."""
    digest = hashlib.blake2b(text_hash, digest_size=8, person=_PERSON).digest()
    return int.from_bytes(digest, "big") / 2**64


def positions(hashes: Hashes) -> NDArray[np.float64]:
    """The same of many: float64 [texts]."""
    result = np.empty(len(hashes))
    for start in range(0, len(hashes), _AT_ONCE):
        data = hashes[start : start + _AT_ONCE].tobytes()
        digests = b"".join(
            [
                hashlib.blake2b(data[i : i + 16], digest_size=8, person=_PERSON).digest()
                for i in range(0, len(data), 16)
            ]
        )
        numbers = np.frombuffer(digests, ">u8").astype(np.uint64)
        result[start : start + _AT_ONCE] = numbers.astype(np.float64) / 2**64
    return result


def sides(
    hashes: Hashes,
    share: float,
    old: Codes | None = None,
    take: NDArray[np.bool_] | None = None,
) -> Codes:
    """The number of a side (`SIDES`) for each of these different texts: int8 [texts]. Check and test
    are never empty where there are three.

    Args:
        hashes: uint64 [texts, 2]
        share: Of the texts that is kept unseen; 0 keeps none.
        old: int8 [texts]: where it is a side, the text keeps it; elsewhere `OUT`.
        take: bool [texts]: which take part; the others are `OUT`.
    """
    codes = np.full(len(hashes), TRAIN, np.int8)
    if share > 0:
        for start in range(0, len(hashes), _AT_ONCE):
            places = positions(hashes[start : start + _AT_ONCE])
            part = codes[start : start + _AT_ONCE]
            part[places < share] = TEST
            part[places < share / 2] = CHECK
        if old is not None:
            codes = np.where(old == OUT, codes, old)
    if take is not None:
        codes[~take] = OUT
    if share > 0:
        _fill(codes, hashes, old)
    return codes


def _fill(codes: Codes, hashes: Hashes, old: Codes | None) -> None:
    """Leave no side empty: unseen parts share what they have, else training text is given, the
    nearest to the border first, so that growth gives it back before it takes anything else."""
    counts = [int((codes == side).sum()) for side in (TRAIN, CHECK, TEST)]
    if sum(counts) < 3 or all(counts):
        return

    def outermost(side: int, last: bool) -> int:
        rows = np.flatnonzero(codes == side)
        places = positions(hashes[rows])
        if old is not None:
            places[old[rows] == TRAIN] = 1.0  # The last to be taken from.
        most = np.flatnonzero(places == (places.max() if last else places.min()))
        rows = rows[most]
        return int(rows[np.lexsort((hashes[rows, 1], hashes[rows, 0]))][-1 if last else 0])

    def give(part: int, other: int, last: bool) -> None:
        counts[other] -= 1
        counts[part] += 1
        codes[outermost(other, last)] = part

    if not counts[TRAIN]:
        give(TRAIN, TEST if counts[TEST] > 1 else CHECK, last=True)
    for part, other in ((CHECK, TEST), (TEST, CHECK)):
        if not counts[part]:
            give(part, other if counts[other] > 1 else TRAIN, last=False)


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


def parted(
    text: str, ends: Sequence[int], sides: Sequence[Side | None]
) -> Iterator[tuple[Side, int, int]]:
    """The stretches [from, to) of `text` that are on one side, blocks side by side as one. Between a
    stretch that is trained on and one that is not lies a gap: a sentence, or GAP characters, that is
    on neither side, so that no sentence of unseen text goes on from one that was learnt.

    Args:
        ends: Where the blocks end.
        sides: The side of each block; None: left out.
    """
    runs: list[tuple[Side | None, int, int]] = []
    start = 0
    for end, side in zip(ends, sides, strict=True):
        if runs and runs[-1][0] == side:
            start = runs.pop()[1]
        runs.append((side, start, end))
        start = end
    for number, (side, start, end) in enumerate(runs):
        if side is None:
            continue
        if side == "train":
            before = runs[number - 1][0] if number else None
            after = runs[number + 1][0] if number + 1 < len(runs) else None
            middle = (start + end) // 2
            if before in ("check", "test"):
                start = min(_first_end(text, start), middle)
            if after in ("check", "test"):
                end = max(_last_start(text, end), middle)
        if text[start:end].strip():
            yield side, start, end


def _first_end(text: str, start: int) -> int:
    """Where the first sentence from `start` on ends."""
    window = text[start : start + GAP]
    found = next((m for m in _SENTENCE.finditer(window) if window[: m.end()].strip()), None)
    return start + (found.end() if found else len(window))


def _last_start(text: str, end: int) -> int:
    """Where the last sentence before `end` begins."""
    first = max(0, end - GAP)
    window = text[first:end].rstrip()
    places = [m.end() for m in _SENTENCE.finditer(window) if m.end() < len(window)]
    return first + (places[-1] if places else 0)


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
