"""Which column of a file is what: proposed by the program, changed by the user.

A mapping goes from role to column: {"text"}, {"prompt", "answer"} with "system" and "context" where
there are such columns, {"messages"} with "role" and "content" (keys of a message), or {"prompt",
"chosen", "rejected"}. "title" may stand beside any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any

from core.corpus.columns import ANSWERS, LISTS, PAIR, QUESTIONS, TEXTS, usual_names
from core.corpus.conversations import (
    ROLE_FIELDS,
    WORDS_FIELDS,
    Conversation,
    Malformed,
    recognised,
)
from core.sentences import N_, Sentence

ROLES = (
    "text", "prompt", "answer", "system", "context", "messages", "role", "content", "chosen",
    "rejected", "title",
)  # fmt: skip
_INSIDE = ("role", "content")
"""Roles that name a key of a message, not a column."""
_FORMS = (
    ({"text"}, set[str]()),
    ({"prompt", "answer"}, {"system", "context"}),
    ({"messages"}, {"role", "content", "system"}),
    ({"prompt", "chosen", "rejected"}, {"system"}),
)
_MOST_SHOWN = 12
_ABOUT_AS_MUCH = 0.8
_MOST_SEEN = 4_000
_KANA, _HIRAGANA = re.compile("[ぁ-ヿ]"), re.compile("[ぁ-ん]")
_WIDE = re.compile("[぀-ヿ㐀-鿿가-힯豈-﫿]")
_LETTER = re.compile(r"[^\W\d_]")
_LEAST_PROSE = 16
"""Letters of the middle value of a column of text; a Chinese, Japanese or Korean one counts twice."""


def fault(mapping: Mapping[str, str]) -> Sentence | None:
    """Why `mapping` says nothing clear; None: it does."""
    unknown = next((role for role in mapping if role not in ROLES), None)
    if unknown is not None:
        text = N_("Verdicts", "“{role}” is no role of a column; expected one of {roles}")
        return Sentence("Verdicts", text, {"role": unknown, "roles": ", ".join(ROLES)})
    given = {role for role in mapping if role != "title"}
    if any(needed <= given <= needed | may for needed, may in _FORMS):
        return None
    text = N_("Verdicts", "the columns {roles} make no text; expected text, or prompt and answer, or messages, or prompt, chosen and rejected")  # fmt: skip
    return Sentence("Verdicts", text, {"roles": ", ".join(mapping)})


def missing(mapping: Mapping[str, str], columns: Sequence[str]) -> Sentence | None:
    """The sentence about a mapped column that is not among `columns`."""
    for role, column in mapping.items():
        if role not in _INSIDE and column not in columns:
            text = N_("Verdicts", "there is no column “{column}”; found {columns}")
            return Sentence("Verdicts", text, {"column": column, "columns": listed(columns)})
    return None


def listed(columns: Sequence[str]) -> str:
    """The first columns, for a sentence."""
    shown = ", ".join(columns[:_MOST_SHOWN])
    return shown + ", …" if len(columns) > _MOST_SHOWN else shown


# ---- what the program proposes -----------------------------------------------------------------


def proposed(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By the names of the columns, else the column whose values are most text; {} for none.

    Args:
        rows: The first rows; a column that they do not have is no column of text.
    """
    names = usual_names(tuple(columns)) or {name: name for name in columns}
    found = _by_name(names, rows)
    if not found and (column := content_column(rows)):
        found = {"text": column}
    if found and "title" in names:
        found["title"] = names["title"]
    return found


def _by_name(names: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    def with_words(usual: Sequence[str], kinds: type[Any] | UnionType) -> str | None:
        """The first of these columns that has values of this kind."""
        for name in usual:
            column = names.get(name)
            if column and any(isinstance(row.get(column), kinds) for row in rows):
                return column
        return None

    system = with_words(("system", "system_prompt"), str)
    extra = {"system": system} if system else {}
    if set(PAIR) <= set(names):
        prompt = with_words(QUESTIONS, str | list)
        found = {role: names[role] for role in PAIR}
        return {"prompt": prompt, **found, **extra} if prompt else {}
    turns = with_words((*LISTS, "prompt"), list)
    if turns:
        return {"messages": turns, **_keys(turns, rows), **extra}
    question, answer = with_words(QUESTIONS, str), with_words(ANSWERS, str | int | float)
    if question and answer and question != answer:
        found = {"prompt": question, "answer": answer}
        context = with_words([n for n in ("input", "context") if names.get(n) != question], str)
        return {**found, **({"context": context} if context else {}), **extra}
    text = with_words(TEXTS, str)
    return {"text": text} if text else {}


def _keys(column: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The keys of the first message that say who speaks and what."""
    for row in rows:
        turns = row.get(column)
        turn = turns[0] if isinstance(turns, list) and turns else None
        if isinstance(turn, dict):
            role = next((key for key in ROLE_FIELDS if key in turn), None)
            content = next((key for key in WORDS_FIELDS if key in turn and key != role), None)
            return {"role": role, "content": content} if role and content else {}
    return {}


def content_columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns whose values look like sentences, first the one that is the text: that which has
    most, or the first where they have about as much. The others stay in their order."""
    values: dict[str, list[str]] = {}
    for row in rows:
        for column, value in row.items():
            if isinstance(value, str) and value.strip():
                values.setdefault(column, []).append(value)
    sizes = {column: sum(map(weight, texts)) for column, texts in values.items()}
    prose = [column for column, texts in values.items() if _is_prose(texts)]
    most = max((sizes[column] for column in prose), default=0)
    found = [column for column in prose if sizes[column] >= _ABOUT_AS_MUCH * most][:1]
    return found + [column for column in prose if column not in found]


def content_column(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The first of `content_columns`; None for none."""
    return next(iter(content_columns(rows)), None)


def weight(text: str) -> int:
    return len(text) + len(_WIDE.findall(text[:_MOST_SEEN]))


def _is_prose(texts: list[str]) -> bool:
    """Words with spaces between them, or of a writing without; Japanese with hiragana, which names
    and addresses lack; mostly different from each other."""
    ordered = sorted(texts, key=weight)
    middle = ordered[len(ordered) * 2 // 5 : len(ordered) * 3 // 5 + 1]
    if weight(middle[len(middle) // 2]) < _LEAST_PROSE or len(set(texts)) * 2 <= len(texts):
        return False
    text = " ".join(part[:_MOST_SEEN] for part in middle)
    letters, wide, kana = (len(p.findall(text)) for p in (_LETTER, _WIDE, _KANA))
    if wide * 2 > letters:
        written = letters > 0.5 * len("".join(text.split()))
        return written and (not kana or len(_HIRAGANA.findall(text)) > 0.25 * letters)
    words = text.split()
    return letters > 0.7 * len("".join(words)) and len(words) >= 2 * len(middle)


# ---- rows by a mapping ---------------------------------------------------------------------------


def apply(row: Mapping[str, Any], mapping: Mapping[str, str]) -> Conversation | str:
    """The conversation or text of a row. Raises Malformed, which names the user's column."""
    if "text" in mapping:
        return _words(row, mapping, "text")
    usual: dict[str, Any] = {}
    if "messages" in mapping:
        usual["messages"] = _turns(row.get(mapping["messages"]), mapping)
    elif "chosen" in mapping:
        usual = {role: row.get(mapping[role]) for role in ("prompt", "chosen", "rejected")}
    else:
        usual = {"prompt": _words(row, mapping, "prompt"), "output": _words(row, mapping, "answer")}
        if "context" in mapping:
            usual["context"] = row.get(mapping["context"])
    if "system" in mapping:
        usual["system"] = row.get(mapping["system"])
    try:
        found = recognised(usual)
    except Malformed as malformed:
        field = malformed.sentence.values.get("field")
        if field not in mapping:
            raise
        raise Malformed(malformed.sentence.text, field=mapping[str(field)]) from malformed
    if not found:
        raise _empty(mapping.get("messages") or mapping["prompt"])
    return found[0]


def title_of(row: Mapping[str, Any], mapping: Mapping[str, str]) -> str:
    value = row.get(mapping["title"]) if "title" in mapping else None
    return str(value).strip() if isinstance(value, str | int) else ""


def _words(row: Mapping[str, Any], mapping: Mapping[str, str], role: str) -> str:
    value = row.get(mapping[role])
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and value.strip():
        return value
    if value is None or isinstance(value, str):
        raise _empty(mapping[role])
    text = N_("Verdicts", "“{field}” is no text but {kind}")
    kinds = {"list": N_("Verdicts", "a list"), "dict": N_("Verdicts", "an object")}
    kind = kinds.get(type(value).__name__, N_("Verdicts", "another value"))
    raise Malformed(text, field=mapping[role], kind=Sentence("Verdicts", kind))


def _turns(value: Any, mapping: Mapping[str, str]) -> Any:
    """Messages with their usual keys. Raises Malformed."""
    role, content = mapping.get("role", "role"), mapping.get("content", "content")
    if not isinstance(value, list) or not {"role", "content"} & set(mapping):
        return value
    turns: list[Any] = []
    for number, turn in enumerate(value, 1):
        if not isinstance(turn, dict) or content not in turn:
            text = N_("Verdicts", "message {number} has no text in “{key}”")
            raise Malformed(text, number=number, key=content)
        turns.append({"role": turn.get(role), "content": turn[content]})
    return turns


def _empty(column: str) -> Malformed:
    return Malformed(N_("Verdicts", "“{field}” is empty"), field=column)
