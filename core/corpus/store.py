"""Texts on disk, and snapshots of them.

`texts/*.parquet` hold what was read of files, in batches, and never change. A snapshot is a list of
rows of them, or of parts of rows, with the side of each: the same text is kept once, however many
snapshots name it, and reading a changed file anew adds that file's text alone.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator, Sequence
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.corpus.manifest import READ_AGAIN
from core.corpus.split import SIDES
from core.errors import Damaged
from core.files import friendly_os_errors, read_json, write_json
from core.reasons import reason_of

TEXTS = "texts"
SNAPSHOTS = "snapshots"
BATCH_BYTES = 8 << 20
ROW = np.dtype(
    [
        ("file", "<i4"),  # Which file of texts, and which row of it.
        ("row", "<i4"),
        ("part", "<i4"),  # Counts the rows of one source in this snapshot.
        ("side", "u1"),
        ("characters", "<i8"),
        ("bytes", "<i8"),
        ("id", "V8"),
        ("hash", "V16"),
        ("cuts", "<i8"),  # Where its ranges begin in ranges.npy, and how many there are;
        ("count", "<i4"),  # none: the whole text.
    ]
)
"""A document of a snapshot."""
_STORED = {"source", "document", "title", "text", "language", "messages", "sketch"}
COLUMNS = [
    "id", "source", "document", "part", "title", "text", "language", "split", "characters", "bytes",
    "hash", "messages",
]  # fmt: skip
"""What a document has. `document`: which text of its source it is, or belongs to as a block.
`messages`: a conversation or pair (core.corpus.conversations), or None."""
_AT_ONCE = 512


class DocumentWriter:
    """Writes rows (dicts of a schema) in row groups of about 8 MB; memory stays at one group."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self._schema = schema
        self._rows: list[dict[str, Any]] = []
        self._held = 0
        self.written = 0
        self.closed = False
        with friendly_os_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(
                path, schema, compression="lz4", use_dictionary=False, write_page_checksum=True
            )

    @property
    def count(self) -> int:
        """Rows so far."""
        return self.written + len(self._rows)

    def add(self, row: dict[str, Any], size: int) -> None:
        self._rows.append(row)
        self._held += size
        if self._held >= BATCH_BYTES or len(self._rows) >= 4096:
            self.flush()

    def flush(self) -> None:
        if not self._rows:
            return
        columns = {name: [row[name] for row in self._rows] for name in self._schema.names}
        with friendly_os_errors(self.path):
            self._writer.write_table(pa.table(columns, schema=self._schema))
        self.written += len(self._rows)
        self._rows, self._held = [], 0

    def close(self) -> None:
        """Finish the file; it is on the disk when this returns."""
        self.flush()
        with friendly_os_errors(self.path):
            self._writer.close()
            with self.path.open("rb+") as file:
                os.fsync(file.fileno())
        self.closed = True

    def discard(self) -> None:
        """Close without caring what was written, and delete the file."""
        self._rows = []
        with contextlib.suppress(OSError, pa.ArrowException):
            self._writer.close()
        self.path.unlink(missing_ok=True)


@contextlib.contextmanager
def damage(path: Path) -> Generator[None]:
    """What Parquet or NumPy finds wrong with a file, as our sentence."""
    try:
        yield
    except (OSError, ValueError, EOFError, pa.ArrowException) as error:
        raise Damaged(path=str(path), reason=reason_of(error), hint=READ_AGAIN) from error


class TextFile:
    """One file of texts; a row group of it is in memory at a time. Raises Damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with damage(path):
            self._file = pq.ParquetFile(path, pre_buffer=False, page_checksum_verification=True)
            groups = self._file.metadata
            sizes = [groups.row_group(i).num_rows for i in range(groups.num_row_groups)]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        self._held: tuple[int, tuple[str, ...], pa.Table | None] = (-1, (), None)

    def __enter__(self) -> TextFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def take(self, rows: NDArray[np.int64], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The rows with these numbers, in this order; a row that is named several times in a row is
        made once."""
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        times = np.diff(np.append(first, len(rows)))
        rows = rows[first]
        groups = np.searchsorted(self._starts, rows, "right") - 1
        borders = np.flatnonzero(np.diff(groups)) + 1
        for part in np.split(np.arange(len(rows)), borders):
            group = int(groups[part[0]])
            table = self._group(group, tuple(columns))
            inside = rows[part] - self._starts[group]
            for start in range(0, len(inside), _AT_ONCE):
                found = table.take(inside[start : start + _AT_ONCE]).to_pylist()
                for place, row in enumerate(found, start):
                    yield from repeat(row, int(times[part[place]]))

    def _group(self, group: int, columns: tuple[str, ...]) -> pa.Table:
        if self._held[:2] != (group, columns):
            self._held = (-1, (), None)
            with damage(self._path):
                table = self._file.read_row_group(group, list(columns), use_threads=False)
            self._held = (group, columns, table)
        assert self._held[2] is not None
        return self._held[2]


class Snapshot:
    """An immutable list of documents: `snapshots/<hash>.json` names its files of texts, the folder
    `snapshots/<hash>/` has `rows.npy` (ROW) and `ranges.npy` (int64 [2 · ranges]: from, to).
    `indexed`: not of the first edition, which had no such folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        file = folder / SNAPSHOTS / f"{name}.json"
        try:
            data = read_json(file)
            self.paths = [folder / entry for entry in data["files"]]
            self.documents = int(data["documents"])
            self.indexed = bool(data.get("indexed", False))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Damaged(path=str(file), reason=reason_of(error), hint=READ_AGAIN) from error

    @cached_property
    def index(self) -> NDArray[Any]:
        """ROW [documents], memory mapped. Raises Damaged."""
        return self._array("rows.npy")

    @cached_property
    def _ranges(self) -> NDArray[np.int64]:
        return self._array("ranges.npy")

    def _array(self, name: str) -> NDArray[Any]:
        path = self.folder / SNAPSHOTS / self.name / name
        with damage(path):
            return np.load(path, mmap_mode="r", allow_pickle=False)

    def rows(
        self, columns: Sequence[str] | None = None, numbers: NDArray[np.int64] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Documents with these columns of COLUMNS (None: all); `numbers`: only these, ascending. Also
        "sketch" (core.corpus.duplicates) of the whole text, except of the first edition's. Raises
        Damaged."""
        wanted = list(columns) if columns is not None else COLUMNS
        if not self.indexed:
            yield from _first_edition(self.paths, wanted, numbers)
            return
        chosen = np.arange(self.documents) if numbers is None else numbers
        stored = [name for name in wanted if name in _STORED]
        for start in range(0, len(chosen), 1 << 14):
            yield from self._some(chosen[start : start + (1 << 14)], wanted, stored)

    def _some(
        self, numbers: NDArray[np.int64], wanted: list[str], stored: list[str]
    ) -> Iterator[dict[str, Any]]:
        entries = self.index[numbers]
        if not stored:
            yield from (self._row(entry, {}, wanted) for entry in entries)
            return
        for part in np.split(entries, np.flatnonzero(np.diff(entries["file"])) + 1):
            with self._open(int(part["file"][0])) as file:
                texts = file.take(part["row"].astype(np.int64), stored)
                for entry, text in zip(part, texts, strict=True):
                    yield self._row(entry, text, wanted)

    def _open(self, file: int) -> TextFile:
        return TextFile(self.paths[file])

    def _row(self, entry: Any, stored: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in wanted:
            if name in stored:
                found[name] = stored[name]
            elif name == "split":
                found[name] = SIDES[entry["side"]]
            elif name == "id":
                found[name] = entry["id"].tobytes().hex()
            elif name == "hash":
                found[name] = entry["hash"].tobytes()
            else:
                found[name] = int(entry[name])
        if "text" in found and entry["count"]:
            first = int(entry["cuts"])
            ranges = self._ranges[2 * first : 2 * (first + int(entry["count"]))].tolist()
            found["text"] = pieces_of(found["text"], ranges)
        return found

    def row(self, number: int, columns: Sequence[str] | None = None) -> dict[str, Any]:
        """The `number`-th row: only its row group is read. Raises Damaged or IndexError."""
        if not 0 <= number < self.documents:
            raise IndexError(number)
        return next(self.rows(columns, np.array([number])))


def pieces_of(text: str, ranges: Sequence[int]) -> str:
    """What stands between the limits (from, to, from, to, …)."""
    return "".join(text[start:end] for start, end in zip(ranges[::2], ranges[1::2], strict=True))


class SnapshotWriter:
    """Lists documents, then publishes them under the hash of what they are.

    Memory: 73 bytes a document, and 16 a range.
    """

    def __init__(self, folder: Path, files: Sequence[str]) -> None:
        """`files`: of texts, relative to the corpus's folder."""
        self._folder, self._files = folder, list(files)
        self._blocks: list[NDArray[Any]] = []
        self._ranges: list[NDArray[np.int64]] = []
        self._count = 0

    def add(self, rows: NDArray[Any], ranges: Sequence[Sequence[int]] | None = None) -> None:
        """`rows`: ROW [n], whose `cuts` and `count` are set here from `ranges`, one for each row
        (empty: the whole text); None: all are whole."""
        if ranges is not None:
            counts = np.array([len(r) // 2 for r in ranges], np.int64)
            rows["count"] = counts
            rows["cuts"] = self._count + np.cumsum(counts) - counts
            self._count += int(counts.sum())
            self._ranges.append(np.array([n for r in ranges for n in r], np.int64))
        self._blocks.append(rows)

    def rows(self) -> NDArray[Any]:
        """All rows so far."""
        if len(self._blocks) != 1:
            self._blocks = [np.concatenate(self._blocks or [np.empty(0, ROW)])]
        return self._blocks[0]

    def publish(self, name: str) -> None:
        """Write it; it is on the disk when this returns."""
        rows, ranges = self.rows(), np.concatenate(self._ranges or [np.empty(0, np.int64)])
        folder = self._folder / SNAPSHOTS / name
        with friendly_os_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for file, array in (("rows.npy", rows), ("ranges.npy", ranges)):
                temporary = folder / f".{file}"
                with temporary.open("wb") as out:
                    np.save(out, array, allow_pickle=False)
                    out.flush()
                    os.fsync(out.fileno())
                temporary.replace(folder / file)
        data = {"files": self._files, "documents": len(rows), "indexed": True}
        write_json(self._folder / SNAPSHOTS / f"{name}.json", data)


def _first_edition(
    paths: list[Path], columns: list[str], numbers: NDArray[np.int64] | None
) -> Iterator[dict[str, Any]]:
    """Documents of a snapshot whose Parquet files are the documents themselves. The oldest have no
    `messages`: they are None."""
    wanted = None if numbers is None else set(numbers.tolist())
    number = 0
    for path in paths:
        with damage(path), pq.ParquetFile(path, pre_buffer=False) as file:
            known = set(file.schema_arrow.names)
            lacking = dict.fromkeys(name for name in columns if name not in known)
            present = [name for name in columns if name in known]
            for group in range(file.num_row_groups):
                size = file.metadata.row_group(group).num_rows
                if wanted is not None and wanted.isdisjoint(range(number, number + size)):
                    number += size
                    continue
                for batch in file.iter_batches(_AT_ONCE, row_groups=[group], columns=present):
                    for row in batch.to_pylist():
                        if wanted is None or number in wanted:
                            yield {**row, **lacking}
                        number += 1
