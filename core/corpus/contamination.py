"""Whether what a model will be measured with is in the text that it is trained on.

A sentence counts as found when half of its runs of 13 words are in the training text (Brown et al.
2020, appendix C, look for one such run; shares as in Touvron et al. 2023, appendix A.6), of Japanese
its runs of 24 characters; shorter ones when they are there as a whole. A run that is found shows that
the text is there, not that a model learnt it; what was reworded or translated is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.corpus.wordstream import PIECE, Grams, words_of

WORDS, CHARACTERS = 13, 24
LEAST_WORDS, LEAST_CHARACTERS = 8, 12
"""What is shorter is not looked for: it is found everywhere."""
SHARE = 0.5
_OVERLAP = 4_096
_BEFORE, EXCERPT = 40, 400
_FILTER_BITS = 22


@dataclass(frozen=True)
class Place:
    """Where most of an item's runs are: of the document `source` and `title`, and what is there."""

    source: str
    title: str
    excerpt: str


@dataclass(frozen=True)
class Found:
    """`share` of the runs of an item that are in the text (1 for a whole short item)."""

    share: float
    place: Place | None


def search(
    items: Sequence[str],
    documents: Iterator[tuple[str, str, str]],
    stop: Callable[[], bool] = lambda: False,
) -> list[Found | None] | None:
    """What of `items` is in the documents (source, title, text): for each item, None where it is too
    short to be looked for. None for all when `stop` said so.

    The documents are read once; memory grows with the items, not with the documents.
    """
    index = _Index(items)
    for source, title, text in documents:
        if stop():
            return None
        for start in range(0, max(1, len(text)), PIECE - _OVERLAP):
            piece = text[start : start + PIECE]
            index.look_into(piece, source, title)
            if start + PIECE >= len(text):
                break
    return index.results()


class _Table:
    """Runs of one length that are looked for, and which of `owners` wants each."""

    def __init__(self, runs: list[NDArray[np.uint64]], owners: list[int]) -> None:
        keys = np.concatenate(runs)
        whose = np.repeat(np.array(owners), [len(one) for one in runs])
        order = np.argsort(keys, kind="stable")
        self.keys, self.owners = keys[order], whose[order]
        self.seen = np.zeros(len(keys), bool)
        self._filter = np.zeros(1 << _FILTER_BITS, bool)
        self._filter[self.keys >> np.uint64(64 - _FILTER_BITS)] = True

    def hits(self, runs: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(place in `runs`, place in `keys`) of each that is wanted."""
        maybe = np.flatnonzero(self._filter[runs >> np.uint64(64 - _FILTER_BITS)])
        if not len(maybe):
            return maybe, maybe
        low = np.searchsorted(self.keys, runs[maybe], "left")
        count = np.searchsorted(self.keys, runs[maybe], "right") - low
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.repeat(maybe, count), np.repeat(low, count) + within


class _Index:
    """All items: long ones by their runs, short ones by their first run and the hash of the whole."""

    def __init__(self, items: Sequence[str]) -> None:
        self._runs = [0] * len(items)
        self._whole: dict[int, tuple[int, int]] = {}
        self._best = [0] * len(items)
        self._places: list[Place | None] = [None] * len(items)
        by_length: dict[int, tuple[list[NDArray[np.uint64]], list[int]]] = {}
        for number, item in enumerate(items):
            words = words_of(item)
            count = len(words.values)
            japanese = words.single.sum() * 2 >= max(1, count)
            length, least = (CHARACTERS, LEAST_CHARACTERS) if japanese else (WORDS, LEAST_WORDS)
            if count < least:
                continue
            grams = Grams(words.values)
            if count < length:
                self._whole[number] = count, int(grams.of(count)[0])
                length, runs = least, grams.of(least)[:1]
            else:
                runs = np.unique(grams.of(length))
            self._runs[number] = len(runs)
            lists = by_length.setdefault(length, ([], []))
            lists[0].append(runs)
            lists[1].append(number)
        self._tables = {length: _Table(*lists) for length, lists in by_length.items()}

    def look_into(self, text: str, source: str, title: str) -> None:
        words = words_of(text)
        if not self._tables or not len(words.values):
            return
        grams = Grams(words.values)
        for length, table in self._tables.items():
            if len(words.values) < length:
                continue
            places, keys = table.hits(grams.of(length))
            if len(places):
                self._note(table, places, keys, grams, words.starts, text, (source, title))

    def _note(
        self,
        table: _Table,
        places: NDArray[np.int64],
        keys: NDArray[np.int64],
        grams: Grams,
        starts: NDArray[np.int64],
        text: str,
        document: tuple[str, str],
    ) -> None:
        if self._whole:
            pairs = zip(places.tolist(), table.owners[keys].tolist(), strict=True)
            real = np.array([self._is_whole(grams, place, owner) for place, owner in pairs])
            places, keys = places[real], keys[real]
        table.seen[keys] = True
        keys, first = np.unique(keys, return_index=True)
        owners, where, counts = np.unique(table.owners[keys], return_index=True, return_counts=True)
        for owner, key, count in zip(owners.tolist(), where.tolist(), counts.tolist(), strict=True):
            if count > self._best[owner]:
                self._best[owner] = count
                start = int(starts[places[first[key]]])
                excerpt = text[max(0, start - _BEFORE) : start + EXCERPT]
                self._places[owner] = Place(*document, excerpt)

    def _is_whole(self, grams: Grams, place: int, owner: int) -> bool:
        whole = self._whole.get(owner)
        return whole is None or grams.at(place, whole[0]) == whole[1]

    def results(self) -> list[Found | None]:
        seen = np.zeros(len(self._runs), np.int64)
        for table in self._tables.values():
            seen += np.bincount(table.owners[table.seen], minlength=len(self._runs))
        return [
            Found(float(seen[number]) / runs, self._places[number]) if runs else None
            for number, runs in enumerate(self._runs)
        ]
