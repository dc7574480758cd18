"""Control and format characters that say nothing: they come from terminals, printers and copying."""

from __future__ import annotations

import re
from functools import cache

from core.corpus.cleaning.traits import CONTROLS, Trait, places
from core.corpus.readers.base import Edit

REASON = "control_characters"
_LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"


def edits(text: str) -> list[Edit]:
    """Takes out control characters with the sequences of terminals (ECMA-48), soft hyphens, marks of
    direction, noncharacters and what has no width. Form feeds and other line ends become line feeds.
    Joiners stay where Indic, Arabic and emoji need them; U+FFFD stays: something is missing there."""
    found: list[Edit] = []
    end = 0
    for place in places(text, Trait.CONTROL):
        match = _pattern().match(text, place) if place >= end else None
        if match is None:
            continue
        run, end = match.group(), match.end()
        if run not in _JOINERS or not _joins(text, place):
            found.append(Edit(place, end, REASON, "\n" if run[0] in _LINE_ENDS else ""))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    others = "".join(
        f"\\u{code:04x}" for code in sorted(CONTROLS) if chr(code) not in _LINE_ENDS + _JOINERS
    )
    return re.compile(
        rf"\x1b\[[0-?]{{0,40}}[ -/]{{0,4}}[@-~]|\r\n|[{_LINE_ENDS}]|[{_JOINERS}]|[{others}]+"
    )


def _joins(text: str, place: int) -> bool:
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return _is_joined(before) and _is_joined(after)


def _is_joined(character: str) -> bool:
    """Whether joiners change how it looks: Arabic and Indic letters, and emoji."""
    return (
        "\u0590" <= character < "\u1100"
        or "\u2190" <= character < "\u2c00"
        or character == "\ufe0f"
        or character >= "\U0001f000"
    )
