"""Looking for words inside the documents of a corpus, a stretch of time for each answer."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import READ_AGAIN
from core.corpus.store import Snapshot
from core.errors import Damaged
from core.reasons import reason_of
from core.resident import Operation, Request

SECONDS = 0.25
"""An answer comes after this time with what was found, so that no other request waits long."""
AROUND = 600
"""Characters of text shown on either side of a place."""
_MOST_IN_ONE = 20
_BATCH = 256
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
    for position, batch in _batches(snapshot.paths, offset):
        mask: Any = pc.match_substring(batch.column("text"), wanted, ignore_case=True)  # pyright: ignore
        for row in pc.indices_nonzero(mask).to_pylist():  # pyright: ignore
            hits += _places(batch.slice(row, 1).to_pylist()[0], position + row, pattern)
            if len(hits) >= count:
                return _answer(hits, position + row + 1, total)
        position += batch.num_rows
        if time.monotonic() > end or stop():
            break
    else:
        position = total
    return _answer(hits, position, total)


def _answer(hits: list[Hit], position: int, total: int) -> dict[str, Any]:
    following = position if position < total else None
    return {
        "hits": [asdict(hit) for hit in hits], "next": following, "searched": position,
        "total": total,
    }  # fmt: skip


def _batches(paths: list[Path], offset: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """(number of its first row, batch) from row `offset` on; row groups before it are not read."""
    first = 0
    for path in paths:
        try:
            with pq.ParquetFile(path, pre_buffer=False) as file:
                for group in range(file.num_row_groups):
                    rows = file.metadata.row_group(group).num_rows
                    if first + rows <= offset:
                        first += rows
                        continue
                    for batch in file.iter_batches(_BATCH, row_groups=[group], columns=_COLUMNS):
                        skipped = max(0, offset - first)
                        if skipped < batch.num_rows:
                            yield first + skipped, batch.slice(skipped)
                        first += batch.num_rows
        except (OSError, pa.ArrowException) as error:
            raise Damaged(path=str(path), reason=reason_of(error), hint=READ_AGAIN) from error


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
