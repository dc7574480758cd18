"""The sentences and questions of evaluation sets, from files of any usual form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from core.corpus.readers.base import InputFile, NotReadable
from core.corpus.readers.registry import format_of
from core.corpus.scan import os_problem, scan
from core.errors import NoItems, PathMissing
from core.sentences import N_, Sentence

MOST_BYTES = 64 << 20
MOST_ITEMS = 1_000_000
_DEEPEST = 6


class Item(NamedTuple):
    """A text of the `row`-th row (from 1) of a file; a row may have several."""

    row: int
    text: str


def items_of(path: str) -> dict[str, list[Item]]:
    """The items of a file, or of each file of a folder that has any, by path.

    Rows of tables and of JSON give each of their texts; other files each of their lines.

    Raises:
        PathMissing
        NoItems: Nothing can be read there.
    """
    if not Path(path).exists():
        raise PathMissing("against", path=path)
    found: dict[str, list[Item]] = {}
    reason: Sentence | None = None
    for file in scan([path]):
        try:
            items = [] if file.problem else _read(file.path)
        except NotReadable as error:
            reason = reason or error.sentence
            continue
        except OSError as error:
            reason = reason or os_problem(error)
            continue
        reason = reason or file.problem
        if items:
            found[str(file.path)] = items
    if not found:
        nothing = Sentence("Errors", N_("Errors", "it has no text"))
        raise NoItems("against", path=path, reason=reason or nothing)
    return found


def _read(path: Path) -> list[Item]:
    """Raises NotReadable or OSError."""
    if path.stat().st_size > MOST_BYTES:
        text = N_("Errors", "it is larger than {size} MB")
        raise NotReadable(Sentence("Errors", text, {"size": MOST_BYTES >> 20}))
    kind = path.suffix.lower()
    rows = {
        ".csv": _csv, ".tsv": _csv, ".json": _json, ".jsonl": _json_lines, ".ndjson": _json_lines,
    }.get(kind, _lines)  # fmt: skip
    items: list[Item] = []
    try:
        for number, texts in enumerate(rows(InputFile(path)), 1):
            items += (Item(number, text) for text in texts if text.strip())
            if len(items) > MOST_ITEMS:
                text = N_("Errors", "it has more than {count} texts")
                raise NotReadable(Sentence("Errors", text, {"count": MOST_ITEMS}))
    except (ValueError, csv.Error, RecursionError) as error:
        text = N_("Errors", "it is not what its name says")
        raise NotReadable(Sentence("Errors", text)) from error
    return items


def _csv(file: InputFile) -> Iterator[list[str]]:
    tabs = file.path.suffix.lower() == ".tsv"
    text = io.StringIO(file.text("CSV"), newline="")
    yield from csv.reader(text, delimiter="\t" if tabs else ",")


def _json_lines(file: InputFile) -> Iterator[list[str]]:
    for line in file.text("JSON Lines").split("\n"):
        if line.strip():
            yield list(_texts(json.loads(line)))


def _json(file: InputFile) -> Iterator[list[str]]:
    """A list of rows, or the longest list that an object holds."""
    data: Any = json.loads(file.text("JSON"))
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = max(lists, key=len) if lists else [data]
    for row in data if isinstance(data, list) else [data]:
        yield list(_texts(row))


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Every string in a row."""
    if isinstance(value, str):
        yield value
    elif depth < _DEEPEST and isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part, depth + 1)


def _lines(file: InputFile) -> Iterator[list[str]]:
    for document in format_of(file.path, file.head).read(file):
        for line in document.text.split("\n"):
            if line.strip():
                yield [line]
