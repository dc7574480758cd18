"""JSON Lines with a text field, or with conversations; also a JSON file that holds a list or one row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from core.corpus.conversations import LISTS, Malformed, recognised
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.sentences import N_, Sentence, Value

TEXT_FIELDS = ("text", "content", "body", "document", "article", "story", "sentence", "context")
_ROW_LISTS = ("data", "rows", "examples", "train")
_MOST_FIELDS = 6


def read(file: InputFile) -> Iterator[Document]:
    """Rows without text are counted and said; a file without any text is NotReadable."""
    skipped, any_text = 0, False
    first: tuple[Sentence, Sentence] | None = None
    for first_line, text in file.pieces("JSON"):
        for place, row in _rows(text, first_line):
            try:
                found = _documents(row, file.name)
                fault = None if found else _without_text(row)
            except Malformed as malformed:
                found, fault = [], malformed.sentence
            any_text = any_text or bool(found)
            yield from found
            if fault is not None:
                skipped += 1
                first = first or (place, fault)
    if not any_text:
        raise NotReadable(_nothing(first))
    if first:
        file.warn(_left_out(skipped, first))


def _rows(text: str, first_line: int) -> Iterator[tuple[Sentence, Any]]:
    """(where, row): rows of JSON Lines (None for a broken one), or the members of one JSON list."""
    whole = _whole(text)
    if isinstance(whole, dict):
        for field in _ROW_LISTS:
            if isinstance(whole.get(field), list) and _documents_or_none(whole) is None:
                whole = whole[field]
                break
        else:
            whole = [whole]
    if isinstance(whole, list):
        for number, row in enumerate(whole, 1):
            yield Sentence("Verdicts", N_("Verdicts", "entry {number}"), {"number": number}), row
        return
    for number, line in enumerate(text.split("\n"), first_line):
        if line.strip():
            place = Sentence("Verdicts", N_("Verdicts", "line {number}"), {"number": number})
            try:
                yield place, json.loads(line)
            except (ValueError, RecursionError):
                yield place, None


def _whole(text: str) -> Any:
    """The value that the whole file is, where it is a list, or one object over several lines."""
    stripped = text.lstrip()
    if not stripped.startswith(("[", "{")):
        return None
    if stripped.startswith("{"):
        try:
            json.loads(stripped.split("\n", 1)[0])
        except (ValueError, RecursionError):
            pass
        else:
            return None  # JSON Lines.
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list | dict) else None


def _documents_or_none(row: Any) -> list[Document] | None:
    try:
        return _documents(row, "") or None
    except Malformed:
        return None


def _documents(row: Any, name: str) -> list[Document]:
    """Raises Malformed."""
    title = row.get("title") if isinstance(row, dict) else None
    title = str(title) if title else name
    found = recognised(row)
    if found:
        return [Document(c.text, title, c.data) for c in found]
    text = _text_of(row)
    return [Document(text, title)] if text and text.strip() else []


def _text_of(row: Any) -> str | None:
    if isinstance(row, str):
        return row
    if isinstance(row, dict):
        for field in TEXT_FIELDS:
            if isinstance(row.get(field), str):
                return row[field]
    return None


# ---- what is said of rows that have no text -----------------------------------------------------


def _without_text(row: Any) -> Sentence:
    if not isinstance(row, dict):
        return Sentence("Verdicts", N_("Verdicts", "no JSON object with a text"))
    if any(isinstance(row.get(field), str) for field in TEXT_FIELDS):
        return Sentence("Verdicts", N_("Verdicts", "its text is empty"))
    empty = next((name for name in LISTS if row.get(name) == []), None)
    if empty:
        return Sentence("Verdicts", N_("Verdicts", "“{field}” is empty"), {"field": empty})
    fields = ", ".join(str(field) for field in list(row)[:_MOST_FIELDS]) or "{}"
    text = N_("Verdicts", "found {fields}; expected text, messages, instruction and output, prompt and completion, question and answer, or chosen and rejected")  # fmt: skip
    return Sentence("Verdicts", text, {"fields": fields})


def _nothing(first: tuple[Sentence, Sentence] | None) -> Sentence:
    if first is None:
        return Sentence("Verdicts", N_("Verdicts", "no field with text (such as “text”) in its rows"))  # fmt: skip
    text = N_("Verdicts", "no field with text (such as “text”) in its rows; {place}: {reason}")
    return Sentence("Verdicts", text, {"place": first[0], "reason": first[1]})


def _left_out(count: int, first: tuple[Sentence, Sentence]) -> Sentence:
    text = N_("Verdicts", "{count} rows had no text; the first, {place}: {reason}")
    values: dict[str, Value] = {"count": count, "place": first[0], "reason": first[1]}
    return Sentence("Verdicts", text, values)
