"""Paragraphs that many texts repeat: what is kept of each text without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.corpus.catalogue import Catalogue
from core.corpus.listing import Check, Ranges
from core.corpus.paragraphs import ParagraphCounter, Repeats, hashes

_MOST_EXAMPLES = 300


@dataclass
class Repeated:
    """`ranges`: what is kept of the texts that lose something. `characters`: how many go.
    `examples`: (text, text that has it first, the paragraph), a few hundred at most."""

    ranges: Ranges = field(default_factory=dict[int, list[int]])
    characters: int = 0
    examples: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])


def find(catalogue: Catalogue, chosen: NDArray[np.int64], scratch: Path, check: Check) -> Repeated:
    """The hashes of all texts first; then only texts that have a repeated one are looked at."""
    counter = ParagraphCounter(scratch)
    try:
        for _, own in _hashes(catalogue, chosen):
            check()
            counter.add_hashes(own)
        repeated = counter.repeated()
    finally:
        counter.close()
    found = Repeated()
    if not len(repeated):
        return found
    hit = [number for number, own in _hashes(catalogue, chosen) if np.isin(own, repeated).any()]
    repeats, first = Repeats(repeated), dict[int, int]()
    for number, row in catalogue.read(np.array(hit, np.int64), ["text", "paragraphs"]):
        check()
        text, own = row["text"], np.frombuffer(row["paragraphs"], "<u8")
        for name in own[np.isin(own, repeated)].tolist():
            first.setdefault(name, number)
        edits = repeats.edits(text, own)
        if edits:
            found.ranges[number] = _between(text, [(e.start, e.end) for e in edits])
            found.characters += sum(e.end - e.start for e in edits)
        for edit in edits[: max(0, _MOST_EXAMPLES - len(found.examples))]:
            piece = text[edit.start : edit.end]
            other = next((first[n] for n in _names(piece) if n in first), number)
            found.examples.append((number, other, piece.strip()))
    return found


def _names(piece: str) -> list[int]:
    """The hash of one paragraph; a second one makes the piece a text of several."""
    return hashes(f"{piece.strip()}\n\n.").tolist()


def _between(text: str, gone: list[tuple[int, int]]) -> list[int]:
    """What is kept: from, to, from, to, …"""
    kept: list[int] = []
    place = 0
    for start, end in [*gone, (len(text), len(text))]:
        if start > place:
            kept += [place, start]
        place = end
    return kept


def _hashes(
    catalogue: Catalogue, chosen: NDArray[np.int64]
) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Of each text, its paragraphs' hashes."""
    for number, row in catalogue.read(chosen, ["paragraphs"]):
        yield number, np.frombuffer(row["paragraphs"], "<u8")
