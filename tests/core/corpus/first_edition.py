"""Snapshots as the first edition wrote them: Parquet files that are the documents themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.files import write_json

SCHEMA = pa.schema(
    [
        ("id", pa.string()), ("source", pa.string()), ("document", pa.int32()),
        ("part", pa.int32()), ("title", pa.string()), ("text", pa.large_string()),
        ("language", pa.string()), ("split", pa.string()), ("characters", pa.int64()),
        ("bytes", pa.int64()), ("hash", pa.binary(16)), ("messages", pa.large_string()),
    ]
)  # fmt: skip


def write_snapshot(
    folder: Path, name: str, rows: list[dict[str, Any]], columns: tuple[str, ...] = ()
) -> None:
    """`rows` under `name`; `columns`: only these, as the oldest files have fewer."""
    schema = pa.schema([f for f in SCHEMA if not columns or f.name in columns])
    file = f"documents-{name}-0001.parquet"
    folder.mkdir(parents=True, exist_ok=True)
    whole = [
        dict.fromkeys(schema.names) | {k: v for k, v in r.items() if k in schema.names}
        for r in rows
    ]
    pq.write_table(pa.Table.from_pylist(whole, schema=schema), folder / file, row_group_size=7)
    write_json(folder / "snapshots" / f"{name}.json", {"files": [file], "documents": len(rows)})
