"""What makes two texts the same text, or nearly: a hash and a sketch of what is written in them.

A sketch holds the k smallest hashes of a text's shingles (bottom-k, Broder 1997; Cohen and Kaplan
2007); it estimates the Jaccard similarity of two texts. A shingle is 12 bytes of UTF-8: 12 letters, or
4 characters of Japanese, which say about as much. So no words are needed to compare texts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

SKETCH = 64
SHINGLE = 12
NEAR = 0.6
"""Jaccard similarity from which two documents count as the same text: a copy of which every twentieth
character (Japanese) or word (English) was replaced has 0.67 or 0.79; chapters of one author ≤ 0.1."""
NEAR_BLOCK = 0.2
"""The same for blocks of a split text: a piece that two blocks share is enough."""
NOTHING = np.uint64(2**64 - 1)
"""Fills the sketch of a text with fewer than `SKETCH` shingles."""
_MOST_BYTES = 1 << 20
_SHORT = 512
_WIDTHS = (64, 96, 128, 192, 256, 384, _SHORT)
_AT_ONCE = 1 << 14
_BATCH_BYTES = 1 << 18
_TYPOGRAPHIC = (('"', "“”„«»"), ("'", "‘’"), ("-", "–—"))
_MULTIPLIERS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_FEW = 256
_SPACE = 32
_SPACES = re.compile(r"\s+")
_PLAIN = bytes(
    _SPACE if chr(i).isspace() and i < 128 else ord(chr(i).lower()) for i in range(128)
) + bytes(range(128, 256))


def normalised(text: str) -> str:
    """What counts as the same text: whitespace, letter case, and typographic quotes and dashes do
    not matter (editions of one book differ in them)."""
    return normal_bytes(text).decode("utf-8", "surrogatepass")


def normal_bytes(text: str) -> bytes:
    """`normalised(text)` in UTF-8."""
    data = text.encode("utf-8", "surrogatepass")
    if len(text) < _FEW or len(data) * 8 > len(text) * 9:
        return " ".join(plain_signs(text).split()).encode("utf-8", "surrogatepass")
    # Ten times as fast where most characters are ASCII.
    if len(data) > len(text):
        data = _plain_runs(data)
    codes = np.frombuffer(data.translate(_PLAIN), np.uint8)
    wanted = codes != _SPACE
    wanted[1:] |= wanted[:-1].copy()
    return codes[wanted].tobytes().strip(b" ")


def _plain_runs(data: bytes) -> bytes:
    """UTF-8 with everything that is not ASCII made plain."""
    places = np.flatnonzero(np.frombuffer(data, np.uint8) > 127)
    breaks = np.flatnonzero(np.diff(places) > 1)
    starts = places[np.concatenate([[0], breaks + 1])].tolist()
    ends = (places[np.append(breaks, -1)] + 1).tolist()
    pieces: list[bytes] = []
    known: dict[bytes, bytes] = {}
    position = 0
    for start, end in zip(starts, ends, strict=True):
        run = data[start:end]
        if run not in known:
            plain = plain_signs(run.decode("utf-8", "surrogatepass"))
            known[run] = _SPACES.sub(" ", plain).encode("utf-8", "surrogatepass")
        pieces += (data[position:start], known[run])
        position = end
    pieces.append(data[position:])
    return b"".join(pieces)


def plain_signs(text: str) -> str:
    """In small letters, with the quotes and dashes of a typewriter."""
    text = text.casefold()
    if not text.isascii():
        for plain, typographic in _TYPOGRAPHIC:
            for sign in typographic:
                text = text.replace(sign, plain)
    return text


def text_hash(normal: str | bytes) -> bytes:
    """16 bytes that name a normalised text."""
    data = normal if isinstance(normal, bytes) else normal.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).digest()


def summaries(texts: Sequence[str]) -> tuple[list[bytes], NDArray[np.uint64]]:
    """The hashes of texts (not normalised), and their sketches: uint64 [texts, SKETCH]. Many short
    texts at once take a fraction of the time that they take one by one."""
    normals = [normal_bytes(text) for text in texts]
    return [text_hash(normal) for normal in normals], sketches(normals)


def sketch(normal: str | bytes) -> NDArray[np.uint64]:
    """uint64 [SKETCH]: the smallest hashes of the shingles of a normalised text, ascending; then
    `NOTHING`."""
    data = normal if isinstance(normal, bytes) else normal.encode("utf-8", "surrogatepass")
    return sketches([data])[0]


def sketches(normals: Sequence[bytes]) -> NDArray[np.uint64]:
    """uint64 [texts, SKETCH]: as `sketch`, of many texts."""
    result = np.full((len(normals), SKETCH), NOTHING)
    for first, last in _batches(normals):
        lengths = np.array([min(len(n), _MOST_BYTES) for n in normals[first:last]])
        hashes = _shingles(b"".join(n[:_MOST_BYTES] for n in normals[first:last]))
        starts = np.cumsum(lengths) - lengths
        counts = np.maximum(lengths - SHINGLE + 1, 0)
        widths = np.searchsorted(_WIDTHS, counts)
        for row in np.flatnonzero(counts > _SHORT):
            least = _least(hashes[starts[row] : starts[row] + counts[row]])[:SKETCH]
            result[first + row, : len(least)] = least
        for number, width in enumerate(_WIDTHS):
            rows = np.flatnonzero((widths == number) & (counts > 0))
            if len(rows):
                result[first + rows] = _least_of_each(hashes, starts[rows], counts[rows], width)
    return result


def shingles(normal: bytes) -> Iterator[NDArray[np.uint64]]:
    """Hashes of all shingles of a normalised text, a piece of it at a time."""
    for start in range(0, len(normal), _MOST_BYTES):
        yield _shingles(normal[start : start + _MOST_BYTES + SHINGLE - 1])


def _batches(normals: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Ranges of texts that have about `_BATCH_BYTES` together, or are one text."""
    first, size = 0, 0
    for number, normal in enumerate(normals):
        if number > first and size + len(normal) > _BATCH_BYTES:
            yield first, number
            first, size = number, 0
        size += len(normal)
    if first < len(normals):
        yield first, len(normals)


def _shingles(data: bytes) -> NDArray[np.uint64]:
    """Hashes of the shingles that begin at each byte: uint64 [bytes - SHINGLE + 1]."""
    count = max(0, len(data) - SHINGLE + 1)
    result = np.empty(count, np.uint64)
    for start in range(0, count, _AT_ONCE):  # What is worked on stays in the processor's cache.
        hashes = result[start : start + _AT_ONCE]
        # A shingle is two words of 8 bytes that overlap.
        np.multiply(_words(data, start, len(hashes)), _MULTIPLIERS[0], out=hashes)
        hashes ^= _words(data, start + SHINGLE - 8, len(hashes)) * _MULTIPLIERS[1]
        hashes ^= hashes >> np.uint64(29)
        hashes *= np.uint64(0xBF58476D1CE4E5B9)
        hashes ^= hashes >> np.uint64(32)
    return result


def _words(data: bytes, start: int, count: int) -> NDArray[np.uint64]:
    """The 8 bytes from each byte on as one number."""
    return np.ndarray((count,), "<u8", data, start, (1,))


def _least(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The `SKETCH` smallest different values, and perhaps some more."""
    limit = 2**64 // max(1, len(hashes)) * 2 * SKETCH
    while limit < 2**63:
        few = _distinct(hashes[hashes < np.uint64(limit)])
        if len(few) >= SKETCH:
            return few
        limit *= 4  # A text that repeats itself has many equal ones.
    return _distinct(hashes)


def _distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sorted, each once. (np.unique's hash table takes seconds for values as near as these.)"""
    values = np.sort(values)
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values


def _least_of_each(
    hashes: NDArray[np.uint64], starts: NDArray[np.int64], counts: NDArray[np.int64], width: int
) -> NDArray[np.uint64]:
    """The sketches of texts that have at most `width` shingles each."""
    places = np.arange(width)
    table = hashes.take(starts[:, None] + places, mode="clip")
    table[places >= counts[:, None]] = NOTHING
    table.sort(axis=1)
    again = (table[:, 1:] == table[:, :-1]) & (table[:, 1:] != NOTHING)
    repeating = np.flatnonzero(again.any(axis=1))
    if len(repeating):
        part = table[repeating]
        part[:, 1:][again[repeating]] = NOTHING
        part.sort(axis=1)
        table[repeating] = part
    return table[:, :SKETCH]
