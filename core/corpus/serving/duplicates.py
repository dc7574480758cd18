"""The copies that were found while reading, with both places, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import READ_AGAIN
from core.errors import Damaged
from core.reasons import reason_of
from core.resident import Operation, Request

KINDS = ("exact", "near", "paragraphs")
COLUMNS = (
    "kind", "source", "title", "part", "of_source", "of_title", "of_part", "similarity",
    "characters", "excerpt", "of_excerpt",
)  # fmt: skip
_MOST = 500


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    found = FoundDuplicates(library)
    return {"duplicates": found.page}


def place_of(folder: Path, snapshot: str) -> Path:
    """The file beside a snapshot that lists what was left out as a copy."""
    return folder / f"duplicates-{snapshot}.parquet"


class FoundDuplicates:
    """Remembers of which kind every row of one file is: a byte each."""

    def __init__(self, library: CorpusLibrary) -> None:
        self._library = library
        self._known: tuple[Path | None, NDArray[np.int8]] = (None, np.empty(0, np.int8))

    def page(self, request: Request) -> dict[str, Any]:
        """{corpus, offset?, count?, kind?} → {listed, counts, total, duplicates}.

        `listed`: whether there is a list (a corpus of an earlier edition has none). `counts`: rows of
        each kind; `total`: of the wanted one, or all. `duplicates`: rows with the names of COLUMNS:
        what was left out, and which text it is a copy of; similarity 0–1.

        Raises:
            NotFound: There is no such corpus.
            Damaged: The list is broken.
        """
        params = request.params
        name = str(params["corpus"])
        path = place_of(self._library.folder(name), self._library.get(name).snapshot)
        if not path.is_file():
            return {
                "listed": False,
                "counts": dict.fromkeys(KINDS, 0),
                "total": 0,
                "duplicates": [],
            }
        try:
            return {"listed": True, **self._page(path, params)}
        except (OSError, pa.ArrowException, KeyError) as error:
            raise Damaged(path=str(path), reason=reason_of(error), hint=READ_AGAIN) from error

    def _page(self, path: Path, params: dict[str, Any]) -> dict[str, Any]:
        kinds = self._kinds(path)
        counts = {kind: int((kinds == code).sum()) for code, kind in enumerate(KINDS)}
        wanted = params.get("kind")
        rows = np.arange(len(kinds))
        if wanted in KINDS:
            rows = np.flatnonzero(kinds == KINDS.index(wanted))
        offset = max(0, int(params.get("offset", 0)))
        count = min(_MOST, max(0, int(params.get("count", 50))))
        found = list(_rows(path, rows[offset : offset + count]))
        return {"counts": counts, "total": len(rows), "duplicates": found}

    def _kinds(self, path: Path) -> NDArray[np.int8]:
        """The number of every row's kind in KINDS; -1 for one that is not known."""
        if self._known[0] != path:
            codes: list[NDArray[np.int8]] = [np.empty(0, np.int8)]
            with pq.ParquetFile(path, pre_buffer=False) as file:
                if missing := set(COLUMNS) - set(file.schema_arrow.names):
                    raise KeyError(min(missing))
                for batch in file.iter_batches(65_536, columns=["kind"]):
                    words = batch.column("kind").to_pylist()
                    numbers = [KINDS.index(w) if w in KINDS else -1 for w in words]
                    codes.append(np.asarray(numbers, np.int8))
            self._known = (path, np.concatenate(codes))
        return self._known[1]


def _rows(path: Path, wanted: NDArray[np.int64]) -> Iterator[dict[str, Any]]:
    """Rows by number, in order; only their row groups are read."""
    if not len(wanted):
        return
    first = 0
    with pq.ParquetFile(path, pre_buffer=False) as file:
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            here = wanted[(wanted >= first) & (wanted < first + size)] - first
            if len(here):
                table = file.read_row_group(group, columns=list(COLUMNS))
                yield from table.take(here).to_pylist()
            first += size
