"""Pieces of a data sheet: tables, lists, and what cleaning and the search for evaluation items say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.corpus.naming import last_name
from core.jobs.kinds import CleaningOptions

MOST_ROWS = 40
_LABELS = {
    "gutenberg": "Frames of Project Gutenberg", "aozora_ruby": "Readings (ruby) of Aozora Bunko",
    "aozora_notes": "Notes and colophons of Aozora Bunko", "html_boilerplate": "Menus and footers of pages",
    "pdf_furniture": "Page numbers, running heads and hyphens of PDFs",
    "control_characters": "Control characters", "mojibake": "Wrongly decoded text",
    "unicode": "Unicode normal form", "personal": "Personal data",
    "least_characters": "Shortest document", "languages": "Languages that are kept",
    "duplicates": "Exact copies", "near_duplicates": "Near copies", "paragraphs": "Repeated paragraphs",
}  # fmt: skip
_IN_DOCUMENTS = {"duplicates", "near_duplicates", "least_characters", "languages"}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; rows of two cells without a value are left out."""
    kept = [row for row in rows if len(row) != 2 or row[1]]
    lines = [_line(head), "|" + "---|" * len(head), *map(_line, kept)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def cell(text: str) -> str:
    """Text of the user's in a cell or a list: one line that ends neither."""
    flat = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        flat = flat.replace(sign, "\\" + sign)
    return flat


def bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def shares(languages: Mapping[str, float]) -> str:
    """ "ja 81 %, en 19 %"; what is less than a hundredth is left out."""
    known = [f"{code} {share:.0%}".replace("%", " %") for code, share in languages.items() if share >= 0.01]  # fmt: skip
    return ", ".join(known)


def amount_of(part: float, whole: float) -> str:
    return f"{part / whole:.1%}".replace("%", " %") if whole else "0 %"


def cleaning_rows(
    options: CleaningOptions, removed: Mapping[str, int]
) -> list[tuple[str, str, str]]:
    """(what, setting, count): every option, and counts under names of their own below."""
    values = options.model_dump()
    rows = [
        (_LABELS.get(name, name.replace("_", " ")), _setting(name, value), _count(name, removed))
        for name, value in values.items()
    ]
    rows += [
        (name.replace("_", " "), "", _count(name, removed))
        for name in removed
        if name not in values
    ]
    return rows


def _setting(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        nothing = "all" if name == "languages" else "off"
        return ", ".join(str(one).replace("_", " ") for one in value) or nothing
    if isinstance(value, int):
        return f"{value:,} characters" if value else "off"
    return str(value).upper() if name == "unicode" and value != "off" else str(value)


def _count(name: str, removed: Mapping[str, int]) -> str:
    count = removed.get(name)
    if not count:
        return ""
    return f"{count:,} {'documents' if name in _IN_DOCUMENTS else 'characters'}"


def contamination_lines(report: Mapping[str, Any] | None) -> str:
    """What was found of the user's evaluation sets in the text to train on."""
    if report is None:
        return ""
    rows: list[tuple[str, str, str]] = []
    for one in report.get("files") or []:
        if isinstance(one, dict):
            found = one.get("found", 0)
            found = len(found) if isinstance(found, list) else int(found)
            name = last_name(str(one.get("path") or one.get("name") or ""))
            rows.append((cell(name), f"{int(one.get('items', 0)):,}", f"{found:,}"))
    if not rows:
        return ""
    head = ["Evaluation set", "Items", "Found in the text to train on"]
    return "## Overlap with evaluation sets\n\n" + table(head, rows)
