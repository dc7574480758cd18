"""The duplicates that were found, with both places: `duplicates-<snapshot>.parquet`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.corpus import near
from core.corpus.catalogue import Catalogue
from core.corpus.choosing import Choice
from core.corpus.repeats import Repeated
from core.corpus.store import DocumentWriter

MOST = 20_000
"""Of each kind so many are listed; all are counted."""
_EXCERPT = 400
SCHEMA = pa.schema(
    [
        ("kind", pa.string()), ("source", pa.string()), ("title", pa.string()),
        ("part", pa.int32()), ("of_source", pa.string()), ("of_title", pa.string()),
        ("of_part", pa.int32()), ("similarity", pa.float64()), ("characters", pa.int64()),
        ("excerpt", pa.string()), ("of_excerpt", pa.string()),
    ]
)  # fmt: skip
"""`kind`: exact, near or paragraphs. What was left out, and of what it is a copy."""


def copies_file(folder: Path, snapshot: str) -> Path:
    return folder / f"duplicates-{snapshot}.parquet"


def write_copies(
    folder: Path, snapshot: str, catalogue: Catalogue, choice: Choice,
    stands_for: NDArray[np.int32] | None, repeats: Repeated,
) -> None:  # fmt: skip
    """Write the list, also where it is empty. `stands_for`: see core.corpus.assign."""
    writer = DocumentWriter(folder / f".duplicates-{uuid.uuid4().hex[:8]}.parquet", SCHEMA)
    try:
        exact = [(one, other, 1.0) for one, other in choice.copies[:MOST].tolist()]
        alike = near.pairs(catalogue.table.sketches, stands_for) if stands_for is not None else []
        for kind, pairs in (("exact", exact), ("near", list(islice(alike, MOST)))):
            for row in _rows(catalogue, kind, pairs):
                writer.add(row, 2 * _EXCERPT)
        for row in _paragraphs(catalogue, repeats):
            writer.add(row, 2 * _EXCERPT)
        writer.close()
        writer.path.replace(copies_file(folder, snapshot))
    finally:
        if not writer.closed:
            writer.discard()


def _rows(
    catalogue: Catalogue, kind: str, pairs: list[tuple[int, int, float]]
) -> Iterator[dict[str, Any]]:
    numbers = {number for one, other, _ in pairs for number in (one, other)}
    told = _told(catalogue, np.array(sorted(numbers), np.int64))
    for one, other, similarity in pairs:
        yield {
            "kind": kind, **told[one], "similarity": similarity,
            "characters": int(catalogue.texts["characters"][one]),
            **{f"of_{name}": value for name, value in told[other].items()},
        }  # fmt: skip


def _paragraphs(catalogue: Catalogue, repeats: Repeated) -> Iterator[dict[str, Any]]:
    numbers = {n for one, other, _ in repeats.examples for n in (one, other)}
    told = _told(catalogue, np.array(sorted(numbers), np.int64))
    for one, other, text in repeats.examples:
        excerpt = {"excerpt": text[:_EXCERPT]}
        yield {
            "kind": "paragraphs", **told[one], **excerpt, "similarity": 1.0,
            "characters": len(text),
            **{f"of_{name}": value for name, value in (told[other] | excerpt).items()},
        }  # fmt: skip


def _told(catalogue: Catalogue, numbers: NDArray[np.int64]) -> dict[int, dict[str, Any]]:
    columns = ["source", "title", "document", "text"]
    return {
        number: {
            "source": row["source"], "title": row["title"], "part": row["document"],
            "excerpt": row["text"][:_EXCERPT],
        }
        for number, row in catalogue.read(numbers, columns)
    }  # fmt: skip
