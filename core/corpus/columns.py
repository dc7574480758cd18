"""What columns are called: the same thing has many names, in English and Japanese."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

LISTS = ("messages", "conversations", "conversation", "turns", "utterances", "dialogue", "dialog")
QUESTIONS = ("prompt", "instruction", "question", "input", "query")
ANSWERS = ("output", "response", "completion", "answer", "answers", "target")
TEXTS = ("text", "content", "body", "document", "article", "story", "sentence", "context")
PAIR = ("chosen", "rejected")
_OTHERS = ("title", "system", "system_prompt", "label", "choices", "instances")
_ALIASES = {
    "text": ("本文", "文章", "テキスト", "文", "内容"),
    "title": ("題名", "題", "タイトル", "件名", "見出し"),
    "question": ("質問", "質問文", "問題", "問題文", "問い", "設問"),
    "answer": ("回答", "回答文", "答え", "解答", "正解", "best_answer"),
    "instruction": ("指示", "指示文", "命令"),
    "input": ("入力",),
    "output": ("出力",),
    "prompt": ("プロンプト",),
    "response": ("応答", "返答", "返信"),
    "context": ("文脈", "背景", "コンテキスト"),
    "system": ("システム", "システムプロンプト"),
    "messages": ("メッセージ",),
    "conversation": ("会話", "対話"),
    "chosen": ("良い回答", "好ましい回答", "採用", "chosen_response", "response_chosen"),
    "rejected": ("悪い回答", "好ましくない回答", "不採用", "rejected_response", "response_rejected"),
}  # fmt: skip
_KNOWN = {*LISTS, *QUESTIONS, *ANSWERS, *TEXTS, *PAIR, *_OTHERS}
_USUAL = {alias: name for name, aliases in _ALIASES.items() for alias in aliases} | {
    name: name for name in _KNOWN
}
_BETWEEN = re.compile(r"[\s\-]+")
_LONGEST = 64


@lru_cache(1024)
def usual_name(name: str) -> str:
    """The name that the program knows a column by; its own where it is none of these."""
    if len(name) > _LONGEST:
        return name
    folded = _BETWEEN.sub("_", unicodedata.normalize("NFKC", name).strip().casefold())
    return _USUAL.get(folded, name)


@lru_cache(1024)
def usual_names(names: tuple[str, ...]) -> dict[str, str] | None:
    """Usual name → name in the file; the first of two that mean the same counts, and one that is
    called so itself counts before those. None where all are called so already."""
    found: dict[str, str] = {name: name for name in names if name in _KNOWN}
    for name in names:
        usual = usual_name(name)
        if usual not in found:
            found[usual] = name
        elif found[usual] != name:
            found.setdefault(name, name)
    return None if all(usual == name for usual, name in found.items()) else found


def with_usual_names(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """(the row by usual names, what these are called in the file)."""
    names = usual_names(tuple(row))
    if names is None:
        return row, {}
    return {usual: row[name] for usual, name in names.items()}, names
