"""The licence before and after a book of Project Gutenberg."""

from __future__ import annotations

import re

from core.corpus.readers.base import Edit

REASON = "gutenberg"
_START = re.compile(
    r"\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*\*\*\*[^\n]*\n?"
    r"|\*END\*? ?THE SMALL PRINT![^\n]*\n?",
    re.IGNORECASE,
)
_END = re.compile(
    r"^(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:the )?Project Gutenberg)",
    re.IGNORECASE | re.MULTILINE,
)
_PRODUCED_BY = re.compile(
    r"\s*(?:Produced by|E-text prepared by|This etext was)[^\n]*(?:\n[^\n]+)*\n"
)


def edits(text: str) -> list[Edit]:
    """Takes out the header with its credits, and the footer."""
    ends = text[:20_000] + text[-30_000:]
    if "utenberg" not in ends and "UTENBERG" not in ends:
        return []
    found: list[Edit] = []
    start = 0
    for match in _START.finditer(text, 0, min(len(text), 60_000)):
        start = match.end()
    if start:
        produced = _PRODUCED_BY.match(text, start)
        if produced:
            start = produced.end()
        found.append(Edit(0, start, REASON))
    end = _END.search(text, start or len(text) // 2)
    if end:
        found.append(Edit(end.start(), len(text), REASON))
    return found
