"""JSON Lines with a text field, or with conversations; also a JSON file that holds a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from core.corpus.readers.base import Document, NotReadable, ReadFile
from core.sentences import N_, Sentence

TEXT_FIELDS = ("text", "content", "body", "document", "article", "story", "sentence", "context")
_TURN_FIELDS = ("messages", "conversations", "turns")


def read(text: str, name: str) -> ReadFile:
    """Rows without text are counted and said; a file without any text is NotReadable."""
    documents: list[Document] = []
    skipped = 0
    for row in _rows(text):
        found = _text_of(row)
        if found and found.strip():
            title = row.get("title") if isinstance(row, dict) else None
            documents.append(Document(found, str(title) if title else name))
        else:
            skipped += 1
    if not documents:
        raise NotReadable(
            Sentence("Verdicts", N_("Verdicts", "no field with text (such as “text”) in its rows"))
        )
    warning = None
    if skipped:
        warning = Sentence(
            "Verdicts", N_("Verdicts", "{count} rows had no text"), {"count": skipped}
        )
    return ReadFile(documents, warning)


def _rows(text: str) -> Iterator[Any]:
    """Rows of JSON Lines (None for a broken one), or the members of one JSON list."""
    stripped = text.lstrip()
    if stripped.startswith("["):
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError):
            whole = None
        if isinstance(whole, list):
            yield from whole
            return
    for line in text.split("\n"):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield None


def _text_of(row: Any) -> str | None:
    if isinstance(row, str):
        return row
    if not isinstance(row, dict):
        return None
    for field in TEXT_FIELDS:
        if isinstance(row.get(field), str):
            return row[field]
    for field in _TURN_FIELDS:
        if isinstance(row.get(field), list):
            return _conversation(row[field])
    return None


def _conversation(turns: list[Any]) -> str:
    """Turns as lines "role: text", for reading as plain text."""
    lines: list[str] = []
    for turn in turns:
        if isinstance(turn, dict):
            said = turn.get("content") or turn.get("value") or turn.get("text")
            role = turn.get("role") or turn.get("from") or ""
            if isinstance(said, str):
                lines.append(f"{role}: {said}" if role else said)
    return "\n".join(lines)
