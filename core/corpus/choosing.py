"""Which texts take part: those that cleaning leaves out, and copies of others, do not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.corpus import split
from core.corpus.catalogue import Catalogue
from core.corpus.hashes import exact_of
from core.jobs.kinds import CleaningOptions


@dataclass
class Choice:
    """`keep`: bool [texts], which take part. `removed`: how many texts each option left out.
    `copies`: pairs (left out, kept) of equal texts, int64 [n, 2]."""

    keep: NDArray[np.bool_]
    removed: dict[str, int] = field(default_factory=dict[str, int])
    copies: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))


def choose(catalogue: Catalogue, options: CleaningOptions, old: split.Codes) -> Choice:
    """`old`: int8 [texts], the side of those that the corpus has already: of several copies they stay,
    so that growing never moves a document."""
    texts = catalogue.texts
    keep = np.ones(len(texts), bool)
    removed: dict[str, int] = {}
    if options.languages:
        wanted = [code in options.languages for code in catalogue.languages]
        spoken = np.array(wanted or [False])[texts["language"]]
        removed["languages"] = int((~spoken).sum())
        keep &= spoken
    if options.least_characters:
        long = texts["characters"] >= options.least_characters
        removed["least_characters"] = int((keep & ~long).sum())
        keep &= long
    choice = Choice(keep, removed)
    if options.duplicates:
        numbers = np.flatnonzero(keep)
        first = exact_of(catalogue.names()[numbers], old[numbers] != split.OUT)
        copy = first != np.arange(len(first))
        choice.copies = np.stack([numbers[copy], numbers[first[copy]]], axis=1)
        keep[numbers[copy]] = False
    return choice
