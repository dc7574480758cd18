"""Parquet: a document for each row, read in small batches of the columns that can have text.

A file may promise little and hold much: one long text in a dictionary, and a million rows that point
to it. So batches have few rows where a value may be large, and a file that unpacks as only bombs do
(core.corpus.bombs) is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.corpus import bombs
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.rows import Row, Table, documents, no_column
from core.sentences import N_, Sentence

_LOCKED = b"PARE"
"""Begins a file whose list of columns is encrypted."""
_BATCH_BYTES = 64 << 20
_MOST_ROWS, _LEAST_ROWS = 512, 4
_MOST_LEAVES = 64 << 20
"""Members of all lists of a group of rows."""
_LEAF = 8
"""Bytes of memory that even an empty one takes."""
_ROW = 100
"""Bytes of memory that even an empty row takes."""
_BLOCKS = 1 << 20
"""Bytes of a page that are unpacked at a time."""


def looks(head: bytes) -> bool:
    return head.startswith((b"PAR1", _LOCKED))


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for a file that is broken, too large unpacked, or has no column of text."""
    yield from documents(file, table(file))


def table(file: InputFile) -> Table:
    """Rows with the columns that can have text. Raises NotReadable."""
    if file.head.startswith(_LOCKED):
        raise NotReadable(bombs.needs_password())
    try:
        with pq.ParquetFile(file.path) as source:
            schema, metadata = source.schema_arrow, source.metadata
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _broken() from error
    file.encoding = "UTF-8"  # As the format has it.
    columns = [field.name for field in schema if _can_have_text(field.type)]
    if not columns:
        raise NotReadable(no_column(schema.names))
    if file.mapping:
        columns = [name for name in schema.names if name in file.mapping.values()] or columns
    _check(metadata, columns, file.size)
    rows = _rows(file, columns, _batch_rows(metadata, columns))
    return Table(rows, "row", columns if not file.mapping else list(schema.names))


def _can_have_text(kind: pa.DataType, depth: int = 0) -> bool:
    """Texts, and lists of messages. Numbers may be labels of choices and are read with them."""
    if pa.types.is_dictionary(kind):
        return _can_have_text(kind.value_type, depth)
    if _is_list(kind) and depth < 2:
        return not _is_list(kind.value_type) and _can_have_text(kind.value_type, depth + 1)
    if pa.types.is_struct(kind):
        return depth > 0 and any(_can_have_text(field.type, depth + 1) for field in kind)
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _is_list(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) or pa.types.is_large_list(kind)


# ---- bounds --------------------------------------------------------------------------------------


def _chunks(metadata: pq.FileMetaData, columns: list[str]) -> Iterator[tuple[int, Any]]:
    """(rows of its group, what is known of the chunk) of every leaf below `columns`."""
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for place in range(group.num_columns):
            chunk = group.column(place)
            if chunk.path_in_schema.split(".", 1)[0] in columns:
                yield group.num_rows, chunk


def _check(metadata: pq.FileMetaData, columns: list[str], size: int) -> None:
    """Raises NotReadable for columns that unpack to more than a file of that size can mean."""
    bombs.check(size, metadata.num_rows * _ROW, most=metadata.num_rows * _ROW)
    for rows, chunk in _chunks(metadata, columns):
        packed, whole = chunk.total_compressed_size, chunk.total_uncompressed_size
        bombs.check(packed, whole, most=whole)
        bombs.check(packed, (chunk.num_values - rows) * _LEAF, most=_MOST_LEAVES * _LEAF)


def _batch_rows(metadata: pq.FileMetaData, columns: list[str]) -> int:
    """As many rows as fit in memory even if each had the longest value that its chunk can have."""
    longest = max(
        (chunk.total_uncompressed_size for _, chunk in _chunks(metadata, columns)), default=1
    )
    return max(_LEAST_ROWS, min(_MOST_ROWS, _BATCH_BYTES // max(1, longest)))


# ---- rows ----------------------------------------------------------------------------------------


def _rows(file: InputFile, columns: list[str], batch_rows: int) -> Iterator[Row]:
    """A row that cannot be read is the last. Raises NotReadable."""
    number, characters = 0, 0
    try:
        with pq.ParquetFile(file.path, buffer_size=_BLOCKS, pre_buffer=False) as source:
            for batch in source.iter_batches(batch_rows, columns=columns, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    size = sum(len(v) for v in row.values() if isinstance(v, str))
                    characters += size
                    bombs.check(file.size, characters, most=characters)
                    given = {name: value for name, value in row.items() if value is not None}
                    yield Row(number, given, size=size)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        if number == 0:
            raise _broken() from error
        yield Row(number + 1, None, _broken().sentence)


def _broken() -> NotReadable:
    return NotReadable(Sentence("Verdicts", N_("Verdicts", "the Parquet file is broken")))
