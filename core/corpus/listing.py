"""From chosen texts to the rows of a snapshot: whole documents, or contiguous blocks of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.corpus import duplicates, split
from core.corpus.assign import TextTable, assign
from core.corpus.catalogue import Catalogue
from core.corpus.conversations import own_words
from core.corpus.store import ROW, SIDES, pieces_of

Ranges = dict[int, list[int]]
"""Text (number in the catalogue) → what is kept of it: from, to, from, to, …"""
Check = Callable[[], None]
"""Raises when the user asks for a stop."""


@dataclass
class Listing:
    """`rows` (ROW) with `ranges`, one for each (empty: the whole text). `text`: which text of the
    catalogue each is (a part of). `near`: texts left out because they are near unseen text."""

    rows: NDArray[Any]
    ranges: list[Sequence[int]]
    text: NDArray[np.int64]
    near: int = 0


def by_document(catalogue: Catalogue, codes: split.Codes, ranges: Ranges) -> Listing:
    """Each text on its side; `codes`: int8 [texts], split.OUT for those that are left out."""
    numbers = np.flatnonzero(codes != split.OUT)
    texts = catalogue.texts[numbers]
    rows = np.zeros(len(numbers), ROW)
    for name in ("file", "row", "characters", "bytes", "hash"):
        rows[name] = texts[name]
    rows["side"] = codes[numbers]
    places = {number: place for place, number in enumerate(numbers.tolist()) if number in ranges}
    for number, row in catalogue.read(np.array(list(places), np.int64)):
        text = pieces_of(row["text"], ranges[number])
        rows["characters"][places[number]] = len(text)
        rows["bytes"][places[number]] = len(text.encode("utf-8"))
    _name(rows, texts["source"], catalogue.sources)
    return Listing(rows, [ranges.get(n, ()) for n in numbers.tolist()], numbers)


def by_block(
    catalogue: Catalogue, chosen: NDArray[np.int64], ranges: Ranges, share: float, length: int,
    scratch: Path, check: Check,
) -> Listing:  # fmt: skip
    """Each block of about `length` characters on one side; neighbours of one side are one row. A
    conversation is never cut."""
    cuts: list[list[int]] = []
    shaped, talk = catalogue.texts["shaped"], catalogue.texts["talk"]
    talks: dict[int, int] = {}
    with TextTable(scratch / "blocks.sketches") as blocks:
        for number, text in _texts(catalogue, chosen, ranges):
            check()
            cuts.append([len(text)] if shaped[number] else split.cuts(text, length))
            if talk[number]:
                talks[len(blocks)] = number
            for block in split.pieces(text, cuts[-1]):
                blocks.add_text(own_words(block) if shaped[number] else block)
        alike = duplicates.NEAR if shaped[chosen].all() else duplicates.NEAR_BLOCK
        keys = blocks.hashes
        if talks:
            keys = keys.copy()
            keys[list(talks)] = catalogue.side_keys()[list(talks.values())]
        found = assign(blocks, share, alike, keys=keys)
    sides = iter(found)
    parts: list[NDArray[Any]] = []
    kept: list[Sequence[int]] = []
    numbers: list[int] = []
    for (number, text), ends in zip(_texts(catalogue, chosen, ranges), cuts, strict=True):
        check()
        entry = catalogue.texts[number]
        own: list[split.Side | None] = [*islice(sides, len(ends))]
        for side, start, end in split.parted(text, ends, own):
            piece = text[start:end]
            row = np.zeros(1, ROW)
            row["file"], row["row"], row["side"] = entry["file"], entry["row"], SIDES.index(side)
            row["characters"], row["bytes"] = len(piece), len(piece.encode("utf-8"))
            name = duplicates.text_hash(duplicates.normalised(piece))
            row["hash"] = np.frombuffer(name, "V16")
            parts.append(row)
            numbers.append(number)
            whole = number not in ranges and (start, end) == (0, len(text))
            kept.append(() if whole else within(ranges.get(number, [0, len(text)]), start, end))
    rows = np.concatenate(parts) if parts else np.zeros(0, ROW)
    text_of = np.array(numbers, np.int64)
    _name(rows, catalogue.texts["source"][text_of], catalogue.sources)
    return Listing(rows, kept, text_of, found.near)


def within(ranges: Sequence[int], start: int, end: int) -> list[int]:
    """Which part of the original is [start, end) of what `ranges` keep of it."""
    found: list[int] = []
    seen = 0
    for low, high in zip(ranges[::2], ranges[1::2], strict=True):
        first, last = max(start - seen, 0), min(end - seen, high - low)
        if first < last:
            found += [low + first, low + last]
        seen += high - low
    return found


def _texts(
    catalogue: Catalogue, chosen: NDArray[np.int64], ranges: Ranges
) -> Iterator[tuple[int, str]]:
    for number, row in catalogue.read(chosen):
        kept = ranges.get(number)
        yield number, row["text"] if kept is None else pieces_of(row["text"], kept)


def _name(rows: NDArray[Any], source: NDArray[np.int32], sources: Sequence[str]) -> None:
    """Count the rows of each file, and give each an id."""
    part, last = 0, -1
    for place, number in enumerate(source.tolist()):
        part, last = (part + 1 if number == last else 0), number
        key = f"{sources[number]}#{part}".encode("utf-8", "surrogateescape")
        rows["part"][place] = part
        rows["id"][place] = np.void(hashlib.blake2b(key, digest_size=8).digest())
