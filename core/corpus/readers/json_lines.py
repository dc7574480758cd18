"""JSON Lines, and JSON files that hold rows: a list, an object with a list, objects in an object."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from core.corpus import trees
from core.corpus.conversations import Malformed, recognised
from core.corpus.readers import json_values
from core.corpus.readers.base import Document, InputFile
from core.corpus.readers.input import PIECE_CHARACTERS
from core.corpus.readers.json_values import Broken, Values
from core.corpus.readers.lines import lines
from core.corpus.readers.rows import Row, Table, documents, text_of
from core.sentences import N_, Sentence

WHOLE_CHARACTERS = 16 << 20
"""An object is looked at whole up to this size; of a larger one, the first list of objects is read."""
_ROW_LISTS = ("data", "rows", "examples", "train")
_FIRST_LINES = 20
_DEEPEST = 4
"""So many objects around a list of rows are looked into."""
_LINES = (".jsonl", ".ndjson")


def read(file: InputFile) -> Iterator[Document]:
    """Rows without text are counted and said; a file without any text is NotReadable."""
    yield from documents(file, table(file))


def table(file: InputFile) -> Table:
    """Rows of a file. Raises NotReadable for what is no text."""
    pieces = file.pieces("JSON")
    first = next(pieces, (1, ""))
    pieces = chain([first], pieces)
    named_so = file.name.casefold().endswith(_LINES)
    if _is_lines(first[1], named_so):
        return Table(_of_lines(pieces), "line")
    return Table(_of_values(Values(pieces)), "entry")


def _is_lines(text: str, named_so: bool) -> bool:
    """Whether rows stand in lines: a line of their own is a value, and another one follows. Of a
    line that is longer than a piece only the file's name tells."""
    head = text.lstrip()
    if head.startswith("["):
        first, _, rest = head.partition("\n")
        return rest.lstrip().startswith("[") and _is_value(first)
    if not head.startswith("{"):
        return True
    if "\n" not in head and len(head) >= PIECE_CHARACTERS // 2:
        return named_so
    found = (line for line in _first_lines(head) if line.startswith("{"))
    return any(map(_is_value, found)) and (named_so or "\n" in head.strip())


def _first_lines(text: str) -> Iterator[str]:
    start = 0
    for _ in range(_FIRST_LINES):
        end = text.find("\n", start)
        if end < 0:
            return
        yield text[start:end]
        start = end + 1


def _is_value(line: str) -> bool:
    try:
        json_values.of_line(line, 1)
    except Broken:
        return False
    return True


# ---- lines ---------------------------------------------------------------------------------------


def _of_lines(pieces: Iterator[tuple[int, str]]) -> Iterator[Row]:
    for number, line in lines(pieces):
        if line is None:
            yield Row(number, None, _too_long())
        elif line.strip():
            try:
                yield Row(number, json_values.of_line(line, number), size=len(line))
            except Broken as broken:
                yield Row(number, None, broken.sentence)


def _too_long() -> Sentence:
    text = N_("Verdicts", "the line is too long to be read")
    return Sentence("Verdicts", text)


# ---- values --------------------------------------------------------------------------------------


def _of_values(values: Values) -> Iterator[Row]:
    """Rows up to the first place that is broken, which is the last row."""
    number = 0
    try:
        while sign := values.peek():
            if sign == "[":
                found = _chat_or_members(_members(values))
            elif sign == "{" and number == 0 and not values.fits(WHOLE_CHARACTERS):
                found = _rows_inside(values)
            else:
                found = _rows_of(values.value())
            for value in found:
                number += 1
                yield Row(number, value, size=_size(value))
    except Broken as broken:
        yield Row(number + 1, None, broken.sentence)


def _members(values: Values) -> Iterator[Any]:
    """The members of a list whose “[” comes next. Raises Broken."""
    values.take()
    if values.peek() == "]":
        values.take()
        return
    while True:
        yield values.value()
        sign = values.peek()
        if sign not in ("]", ","):
            raise values.broken("Expecting ','")
        values.take()
        if sign == "]":
            return


def _chat_or_members(members: Iterator[Any]) -> Iterator[Any]:
    """A list that is one conversation as one row; of any other, its members. Raises Broken."""
    turns: list[Any] = []
    size = 0
    for member in members:
        size += _size(member)
        if not _is_turn(member) or size > WHOLE_CHARACTERS:
            yield from turns
            yield member
            yield from members
            return
        turns.append(member)
    if turns:
        yield turns


def _is_turn(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("role"), str)
        and isinstance(value.get("content"), str)
        and not trees.is_message(value)
    )


def _rows_inside(values: Values) -> Iterator[Any]:
    """Members of the lists of objects in an object that is too large to be looked at whole; without
    such a list, its objects. Raises Broken."""
    values.take()
    while values.peek() not in ("}", ""):
        if not isinstance(values.value(), str):
            raise values.broken("Expecting property name")
        if values.take() != ":":
            raise values.broken("Expecting ':'")
        if values.peek() == "[":
            yield from _members(values)
        else:
            value = values.value()
            if isinstance(value, dict):
                yield value
        if values.peek() == ",":
            values.take()
        elif values.peek() != "}":
            raise values.broken("Expecting ','")
    values.take()


def _rows_of(value: Any) -> list[Any]:
    """The rows that one value is or holds."""
    if not isinstance(value, dict) or _is_row(value):
        return [value]
    if (rows := _of_frame(value)) is not None:
        return rows
    lists = {n: v for n, v in value.items() if isinstance(v, list) and _holds_objects(v)}
    named = next((lists[name] for name in _ROW_LISTS if name in lists), None)
    if named or lists:
        return named or max(lists.values(), key=len)
    if len(value) > 1 and all(isinstance(member, dict) for member in value.values()):
        return list(value.values())
    texts = next((value[n] for n in _ROW_LISTS if isinstance(value.get(n), list)), None)
    return texts or _of_columns(value) or _deeper(value) or [value]


def _deeper(value: dict[str, Any]) -> list[Any] | None:
    """The longest list of objects within objects, the least deep first."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [child for one in level for child in one.values() if isinstance(child, dict)]
        lists = [
            v for one in level for v in one.values() if isinstance(v, list) and _holds_objects(v)
        ]
        if lists:
            return max(lists, key=len)
    return None


def _holds_objects(members: list[Any]) -> bool:
    return any(isinstance(member, dict) for member in islice(members, 10))


def _of_frame(value: dict[str, Any]) -> list[Any] | None:
    """Rows of a table as pandas writes it: columns of numbered cells (its usual way), or the names
    apart from the rows ("split")."""
    names, data = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(data, list) and all(type(r) is list for r in data):
        return [dict(zip(map(str, names), row, strict=False)) for row in data]
    columns = list(value.values())
    if not columns or not all(isinstance(column, dict) and column for column in columns):
        return None
    numbers = list(columns[0])
    if not all(map(str.isdecimal, numbers)) or any(list(c) != numbers for c in columns):
        return None
    return [{name: column[number] for name, column in value.items()} for number in numbers]


def _of_columns(value: dict[str, Any]) -> list[Any] | None:
    """Rows of an object that has a list for each column."""
    columns = list(value.values())
    if len(columns) < 2 or not all(isinstance(column, list) and column for column in columns):
        return None
    if len({len(column) for column in columns}) > 1:
        return None
    return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]


def _is_row(value: dict[str, Any]) -> bool:
    try:
        return bool(recognised(value)) or text_of(value) is not None
    except Malformed:
        return not any(isinstance(value.get(name), list) for name in _ROW_LISTS)


def _size(value: Any) -> int:
    """About how many characters a row has; only the texts at its surface are counted."""
    members = value.values() if isinstance(value, dict) else [value]
    return sum(len(m) if isinstance(m, str) else 50 for m in members)
