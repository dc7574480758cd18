"""One way to write each character: Unicode's normal form C, and on wish usual widths."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

from core.corpus.cleaning.traits import Trait, compatible, with_trait
from core.corpus.readers.base import Edit

REASON = "unicode"


def edits(text: str, form: Literal["nfc", "nfkc"]) -> list[Edit]:
    """Normal form C (Unicode Annex 15), by replacing the runs that are not in it.

    "nfkc" takes besides the compatible character of what differs in width or style alone: full-width
    letters and digits, half-width kana, ligatures, mathematical alphabets, Arabic presentation forms,
    no-break spaces. The rest of form KC would damage text, so it stays: full-width punctuation and the
    full-width space, which Japanese is written and indented with; "…"; ① ㈱ ½ ², whose meaning
    "1", "(株)", "1⁄2" and "2" do not keep.
    """
    if form == "nfc" and unicodedata.is_normalized("NFC", text):
        return []
    found: list[Edit] = []
    table = _compatible() if form == "nfkc" else {}
    for match in _runs(form).finditer(text):
        run = match.group()
        new = unicodedata.normalize("NFC", run.translate(table) if table else run)
        if new != run:
            same = run[0] == new[0]
            found.append(Edit(match.start() + same, match.end(), REASON, new[same:]))
    return found


@cache
def _runs(form: str) -> re.Pattern[str]:
    """A character with those behind it that may join it: no other stands in a run (Annex 15, 9.1)."""
    trait = Trait.COMBINING | (Trait.COMPATIBLE if form == "nfkc" else Trait(0))
    return re.compile(f".?[{_ranges(list(with_trait(trait)))}\U00010000-\U0010ffff]+", re.DOTALL)


def _ranges(codes: list[int]) -> str:
    parts: list[str] = []
    start = 0
    for place, code in enumerate(codes):
        if place + 1 == len(codes) or codes[place + 1] != code + 1:
            parts.append(f"\\u{codes[start]:04x}-\\u{code:04x}")
            start = place + 1
    return "".join(parts)


@cache
def _compatible() -> dict[int, str]:
    """Styled letters beyond U+FFFF are in the block from U+1D400, and U+1EE00 for Arabic."""
    codes = [*with_trait(Trait.COMPATIBLE), *range(0x1D400, 0x1D800), *range(0x1EE00, 0x1EF00)]
    return {c: unicodedata.normalize("NFKC", chr(c)) for c in codes if compatible(c)}
