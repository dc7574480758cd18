"""Articles with questions about their paragraphs, as SQuAD nests them (Rajpurkar et al., 2016): their
text is the paragraphs; by a mapping, each question is a row of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ASKED = ("question", "answer")
COLUMNS = ("context", *ASKED)
"""What a question's row has beside the columns of its article."""


def is_article(row: Any) -> bool:
    paragraphs = row.get("paragraphs") if isinstance(row, dict) else None
    return isinstance(paragraphs, list) and any(
        isinstance(p, dict) and isinstance(p.get("context"), str) for p in paragraphs
    )


def text_of(row: Mapping[str, Any]) -> str | None:
    """The paragraphs of a row, which may be texts themselves."""
    paragraphs = row.get("paragraphs")
    if not isinstance(paragraphs, list):
        return None
    texts = [p.get("context") if isinstance(p, dict) else p for p in paragraphs]
    return "\n\n".join(text for text in texts if isinstance(text, str)) or None


def questions(row: Any) -> int:
    """How many there are."""
    return sum(1 for paragraph in _paragraphs(row) for _ in _asked(paragraph))


def rows_of(row: Any, mapping: Mapping[str, str]) -> Iterator[Any]:
    """A row for each question where `mapping` names its columns, for each paragraph where it names
    the context alone; else, and of what is no article, the row itself."""
    wanted = set(mapping.values()) - (set(row) if isinstance(row, dict) else set())
    if not is_article(row) or wanted.isdisjoint(COLUMNS):
        yield row
        return
    for paragraph in _paragraphs(row):
        own = {**row, "context": paragraph.get("context")}
        if wanted.isdisjoint(ASKED):
            yield own
            continue
        for asked in _asked(paragraph):
            yield own | {"question": asked.get("question"), "answer": answer_of(asked)}


def with_columns(row: Any) -> Any:
    """An article with the columns of its first question; any other row as it is."""
    return next(rows_of(row, {name: name for name in COLUMNS}), row)


def answer_of(asked: Mapping[str, Any]) -> str:
    """The first answer; "" where the text has none (SQuAD 2.0)."""
    return first_answer(asked.get("answers")) or first_answer(asked.get("answer")) or ""


def first_answer(value: Any) -> str | None:
    """Of a text, a list of texts, {"text": texts}, or a list of those; None for anything else."""
    if isinstance(value, dict) and "text" in value:
        value = value["text"]
    if isinstance(value, list):
        return first_answer(value[0]) if value else ""
    return value if isinstance(value, str) else None


def _paragraphs(row: Any) -> Iterator[dict[str, Any]]:
    if is_article(row):
        yield from (p for p in row["paragraphs"] if isinstance(p, dict))


def _asked(paragraph: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found = paragraph.get("qas")
    yield from (q for q in found if isinstance(q, dict)) if isinstance(found, list) else ()
