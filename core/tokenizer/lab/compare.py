"""The same sentences in several tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tokenizers import Tokenizer

from core.tokenizer.cells import group, token_bytes

MOST_CHARACTERS = 4_000


def splits(tokenizer: Tokenizer, texts: Sequence[str], codes: Sequence[str]) -> dict[str, Any]:
    """How `tokenizer` cuts each text, for a screen.

    Args:
        codes: The language of each text.

    Returns {texts: [{cells: [{text, token, count}], tokens, bytes, bytes_per_token, language}],
    tokens, bytes, bytes_per_token, languages: {code: bytes per token}}. A cell is whole characters;
    `token`: its number, `count`: of tokens in it.
    """
    pieces = token_bytes(tokenizer)
    rows: list[dict[str, Any]] = []
    for text, code in zip(texts, codes, strict=True):
        shown = text[:MOST_CHARACTERS]
        ids = tokenizer.encode(shown, add_special_tokens=False).ids
        cells = [
            {"text": cell.text, "token": number, "count": cell.end - cell.start}
            for number, cell in enumerate(group(ids, pieces))
        ]
        size = len(shown.encode("utf-8"))
        rows.append(
            {
                "cells": cells, "tokens": len(ids), "bytes": size, "language": code,
                "bytes_per_token": size / max(1, len(ids)),
            }
        )  # fmt: skip
    known = sorted({row["language"] for row in rows})
    by_language = {code: [row for row in rows if row["language"] == code] for code in known}
    return {
        "texts": rows,
        **_sums(rows),
        "languages": {code: _sums(some)["bytes_per_token"] for code, some in by_language.items()},
    }


def _sums(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    tokens, size = sum(row["tokens"] for row in rows), sum(row["bytes"] for row in rows)
    return {"tokens": tokens, "bytes": size, "bytes_per_token": size / max(1, tokens)}
