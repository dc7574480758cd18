"""Documents on disk: Parquet files written in batches, and snapshots that list them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.corpus.manifest import READ_AGAIN
from core.errors import Damaged
from core.files import friendly_os_errors, read_json, write_json
from core.reasons import reason_of

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("document", pa.int32()),  # Which text of its source it is, or belongs to as a block.
        ("part", pa.int32()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        ("language", pa.string()),
        ("split", pa.string()),
        ("characters", pa.int64()),
        ("bytes", pa.int64()),
        ("hash", pa.binary(16)),
        ("messages", pa.large_string()),  # A conversation or pair (core.corpus.conversations).
    ]
)
BATCH_BYTES = 8 << 20


class DocumentWriter:
    """Writes rows (dicts of SCHEMA) in row groups of about 8 MB; memory stays at one group."""

    def __init__(self, path: Path, schema: pa.Schema = SCHEMA) -> None:
        self.path = path
        self._schema = schema
        self._rows: list[dict[str, Any]] = []
        self._held = 0
        self.written = 0
        with friendly_os_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(path, schema, compression="lz4", use_dictionary=False)

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
        self.written += self._held
        self._rows, self._held = [], 0

    def close(self) -> None:
        """Finish the file; it is on the disk when this returns."""
        self.flush()
        with friendly_os_errors(self.path):
            self._writer.close()
            with self.path.open("rb+") as file:
                os.fsync(file.fileno())

    def discard(self) -> None:
        """Close without caring what was written, and delete the file."""
        self._rows = []
        with contextlib.suppress(OSError, pa.ArrowException):
            self._writer.close()
        self.path.unlink(missing_ok=True)


def read_rows(paths: list[Path], columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Rows of Parquet files one after the other, a row group in memory at a time. Files of earlier
    editions have no `messages`: they are None.

    Raises:
        Damaged: A file is missing or broken.
    """
    for path in paths:
        with _damage(path), pq.ParquetFile(path, pre_buffer=False) as file:
            lacking = dict.fromkeys({"messages"} - set(file.schema_arrow.names))
            if columns is not None:
                lacking = {name: None for name in lacking if name in columns}
            for group in range(file.num_row_groups):
                for batch in file.iter_batches(512, row_groups=[group], columns=columns):
                    rows = batch.to_pylist()
                    yield from rows if not lacking else ({**row, **lacking} for row in rows)


@contextlib.contextmanager
def _damage(path: Path) -> Generator[None]:
    """What Parquet finds wrong with a file, as our sentence."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise Damaged(path=str(path), reason=reason_of(error), hint=READ_AGAIN) from error


class Snapshot:
    """An immutable list of documents: `snapshots/<hash>.json` names its Parquet files."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        file = folder / "snapshots" / f"{name}.json"
        try:
            data = read_json(file)
            self.paths = [folder / entry for entry in data["files"]]
            self.documents = int(data["documents"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Damaged(path=str(file), reason=reason_of(error), hint=READ_AGAIN) from error

    def rows(self, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        return read_rows(self.paths, columns)

    def row(self, number: int, columns: list[str] | None = None) -> dict[str, Any]:
        """The `number`-th row: only its row group is read. Raises Damaged or IndexError."""
        left = number
        for path in self.paths:
            with _damage(path), pq.ParquetFile(path, pre_buffer=False) as file:
                for group in range(file.num_row_groups):
                    count = file.metadata.row_group(group).num_rows
                    if left < count:
                        table = file.read_row_group(group, columns)
                        return table.slice(left, 1).to_pylist()[0]
                    left -= count
        raise IndexError(number)

    @staticmethod
    def write(folder: Path, name: str, files: list[str], documents: int) -> None:
        write_json(folder / "snapshots" / f"{name}.json", {"files": files, "documents": documents})
