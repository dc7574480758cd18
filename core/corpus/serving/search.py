"""Looking for words inside the documents of a corpus, a stretch of time for each answer."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.corpus.library import CorpusLibrary
from core.corpus.store import Snapshot
from core.resident import Operation, Request

SECONDS = 0.25
"""An answer comes after this time with what was found, so that no other request waits long."""
AROUND = 600
"""Characters of text shown on either side of a place."""
_MOST_IN_ONE = 20
_COLUMNS = ["source", "title", "text"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the `index`-th document of a snapshot. `matches`: [start, end) in `excerpt`, which
    begins at character `start` of the document."""

    source: str
    title: str
    index: int
    start: int
    excerpt: str
    matches: list[tuple[int, int]]


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    def answer(request: Request) -> dict[str, Any]:
        """{corpus, text, offset, count} → {hits, next, searched, total}: `next` is the offset to go
        on from, None at the end; `searched` of `total` documents have been looked at."""
        params = request.params
        name = str(params["corpus"])
        snapshot = Snapshot(library.folder(name), library.get(name).snapshot)
        return search(
            snapshot, str(params["text"]), int(params.get("offset", 0)),
            int(params.get("count", 50)), lambda: request.cancelled() or request.others_wait(),
        )  # fmt: skip

    return {"search": answer}


def search(
    snapshot: Snapshot, text: str, offset: int, count: int, stop: Callable[[], bool]
) -> dict[str, Any]:
    """Documents from `offset` on that have `text`, without regard to case. At most about `count`
    places, and a quarter of a second (or until `stop` says so): then `next` says where to go on.

    Raises:
        Damaged: A file of the snapshot is missing or broken.
    """
    wanted = unicodedata.normalize("NFC", text)
    total = snapshot.documents
    hits: list[Hit] = []
    if not wanted.strip():
        return {"hits": [], "next": None, "searched": total, "total": total}
    pattern = re.compile(re.escape(wanted), re.IGNORECASE)
    end = time.monotonic() + SECONDS
    position = offset
    numbers = np.arange(min(offset, total), total)
    for position, row in enumerate(snapshot.rows(_COLUMNS, numbers), offset):
        hits += _places(row, position, pattern)
        if len(hits) >= count or time.monotonic() > end or stop():
            return _answer(hits, position + 1, total)
    return _answer(hits, total, total)


def _answer(hits: list[Hit], position: int, total: int) -> dict[str, Any]:
    following = position if position < total else None
    return {
        "hits": [asdict(hit) for hit in hits], "next": following, "searched": position,
        "total": total,
    }  # fmt: skip


def _places(row: dict[str, Any], index: int, pattern: re.Pattern[str]) -> Iterator[Hit]:
    """The places of a document, those near each other in one excerpt."""
    text = str(row["text"])
    found = 0
    position = 0
    while found < _MOST_IN_ONE and (match := pattern.search(text, position)):
        start = max(0, match.start() - AROUND)
        end = min(len(text), match.end() + AROUND)
        excerpt = text[start:end]
        matches = [
            (m.start() - start, m.end() - start) for m in pattern.finditer(text, match.start(), end)
        ]
        yield Hit(row["source"], row["title"], index, start, excerpt, matches)
        found, position = found + 1, end
