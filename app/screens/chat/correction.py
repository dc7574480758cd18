"""The teacher's red ink: what was struck out of an answer and what was written instead."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

_WORD = re.compile(r"[A-Za-z0-9'’]+|\s+|.", re.DOTALL)
_RUN = 8
_FEW = 400
"""Words beyond which the comparison is by lines: the difference of long texts takes long."""


def diff_cells(old: str, new: str) -> list[dict[str, Any]]:
    """Cells of `new`, with what was in `old` instead struck through before each change.

    Compared by words of Latin letters and by single characters of scripts without spaces.
    """
    one, two = _words(old), _words(new)
    if max(len(one), len(two)) > _FEW:
        one, two = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[dict[str, Any]] = []
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    for act, a, b, c, d in matcher.get_opcodes():
        if act == "equal":
            found += [{"text": run} for run in _runs(two[c:d])]
            continue
        if b > a:
            found.append({"text": "".join(one[a:b]), "removed": True})
        if d > c:
            found.append({"text": "".join(two[c:d]), "added": True})
    return found


def _runs(words: list[str]) -> list[str]:
    """Words joined to runs that a line can still be broken between: each cell has a little air."""
    runs: list[str] = []
    for word in words:
        if runs and len(runs[-1]) + len(word) <= _RUN:
            runs[-1] += word
        else:
            runs.append(word)
    return runs


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
