"""How a table of text is written: what stands between its cells, and whether it has a header.

The standard library's Sniffer guesses from letters alone and fails on prose and on Japanese; here the
first rows are parsed with every usual delimiter, and the one under which they agree best is taken.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from core.corpus.columns import usual_name

NONE = "\x1f"
"""The delimiter of a table with one column: a sign that no text has."""
_DELIMITERS = (",", "\t", ";", "|")
_NUMBER = re.compile(r"[-+]?[\d.,]+%?")
_LONGEST_NAME = 40
_KNOWN = (
    "text", "content", "body", "sentence", "title", "question", "answer", "instruction", "input",
    "output", "prompt", "completion", "response", "context", "label", "chosen", "rejected", "messages",
    "conversation", "id", "source", "name",
)  # fmt: skip
_LETTERS = frozenset("ABCDE")
CHOICES = {6: 4, 7: 5}
"""Cells of a row → choices, in tables of questions as MMLU has them (no header; the last cell is the
letter of the answer)."""


def delimiter_of(lines: Sequence[str], usual: str) -> str:
    """Args:
    usual: Taken where nothing speaks against it (tabs, for files named so).
    """
    best, best_share = NONE, 0.0
    for delimiter in (usual, *(d for d in _DELIMITERS if d != usual)):
        rows = parsed(lines, delimiter)
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        share = count / widths.total()
        if width > 1 and len(rows[0]) > 1 and share > max(0.5, best_share):
            best, best_share = delimiter, share
    return usual if best == NONE and not any(usual in line for line in lines) else best


def parsed(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The rows of the first lines; none that a cell is open in at the end."""
    rows = list[list[str]]()
    try:
        rows.extend(csv.reader((line + "\n" for line in lines), delimiter=delimiter))
    except csv.Error:  # A cell that goes on and on.
        pass
    return rows


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns. In doubt it does not: then nothing is lost."""
    first, rest = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    names = [cell.strip() for cell in first]
    filled = [name for name in names if name]
    if not filled or len(set(filled)) < len(filled) or len(filled) < len(names) - 1:
        return False
    if any(len(n) > _LONGEST_NAME or _NUMBER.fullmatch(n) or "\n" in n for n in filled):
        return False
    if any(usual_name(name) in _KNOWN or name.casefold() in _KNOWN for name in filled):
        return True
    return bool(rest) and any(
        _differs(name, [row[column] for row in rest]) for column, name in enumerate(names) if name
    )


def _differs(name: str, values: list[str]) -> bool:
    """Whether a name is of another kind than what stands below it: a word above numbers, or a short
    one above sentences."""
    values = [value.strip() for value in values if value.strip()]
    if not values:
        return False
    if all(_NUMBER.fullmatch(unicodedata.normalize("NFKC", value)) for value in values):
        return True
    lengths = sorted(map(len, values))
    return len(values) > 2 and lengths[len(lengths) // 10] > 3 * len(name)


def is_choices(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows without a header are questions with choices and the letter of the answer."""
    width = len(rows[0])
    letters = {row[-1].strip() for row in rows if len(row) == width}
    return width in CHOICES and letters <= _LETTERS and all(len(row[0]) > 1 for row in rows if row)
