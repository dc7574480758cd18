"""What kinds of characters a text has, found at the speed of memory: most texts need few passes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from enum import IntFlag
from functools import cache

import numpy as np

_PIECE = 1 << 15  # What the processor holds near.
_BASIC = 0x10000
FOLLOWING = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""Windows-1252 has these among the bytes from 80 to 9F."""


class Trait(IntFlag):
    CONTROL = 1
    """Control and format characters (see `controls`)."""
    MISREAD = 2
    """Two neighbours that UTF-8 taken for Windows-1252 has."""
    COMBINING = 4
    """May be no normal form C, alone or behind another character."""
    COMPATIBLE = 8
    """Full-width letters, half-width kana and the like (see `normal_form`)."""
    PERSONAL = 16
    """Digits, @ and colons, full-width ones too."""
    LEADING = 32
    """What the first byte of a character in UTF-8 is in Latin-1."""
    FOLLOWING = 64
    """What the others are in Latin-1 or Windows-1252."""
    MISREAD_KANA = 128
    """What kana begin with that were taken for Shift_JIS."""


CONTROLS = frozenset(
    (
        *range(0x20), *range(0x7F, 0xA0), 0xAD, 0x061C, 0x180E, *range(0x200B, 0x2010),
        *range(0x2028, 0x202F), *range(0x2060, 0x2070), *range(0xFDD0, 0xFDF0), 0xFEFF,
        *range(0xFFF9, 0xFFFC), 0xFFFE, 0xFFFF,
    )
) - {0x09, 0x0A}  # fmt: skip
_LEADING = range(0xC2, 0xF5)
_FOLLOWING = (*range(0x80, 0xC0), *map(ord, FOLLOWING))
_MISREAD_KANA = tuple(map(ord, "縺繧繝縲"))
_PERSONAL = (*range(0x30, 0x3A), *range(0xFF10, 0xFF1A), 0x40, 0xFF20, 0x3A)
_LIGATURES = range(0xFB00, 0xFB07)
_WIDTHS = ("<narrow>", "<font>", "<noBreak>", "<initial>", "<medial>", "<final>", "<isolated>")
"""Kinds of compatible characters (Unicode Annex 44) that differ in nothing but how they look."""


def traits(text: str) -> Trait:
    """All the traits that characters of `text` have. Characters beyond U+FFFF count as both halves of
    their surrogate pair, which may be anything."""
    if text.isascii():
        data = text.encode("ascii").translate(_table().tobytes()[:256])
        return _of(np.frombuffer(data, np.uint8))
    found = Trait(0)
    for start in range(0, len(text), _PIECE):
        data = text[start : start + _PIECE + 1].encode("utf-16-le", "surrogatepass")
        found |= _of(_table()[np.frombuffer(data, "<u2")])
    return found


def places(text: str, trait: Trait) -> Iterator[int]:
    """Where characters below U+10000 stand that have it."""
    for start in range(0, len(text), _PIECE):
        data = text[start : start + _PIECE].encode("utf-32-le", "surrogatepass")
        codes = np.frombuffer(data, "<u4")
        has = (_table().take(codes, mode="clip") & int(trait)) != 0
        for place in np.flatnonzero(has & (codes < _BASIC)).tolist():
            yield start + int(place)


def compatible(code: int) -> bool:
    """Whether the character is another's variant in width or style alone."""
    form = unicodedata.decomposition(chr(code)).partition(" ")[0]
    if form == "<wide>":  # Full-width punctuation is what Japanese is written with.
        return unicodedata.normalize("NFKC", chr(code)).isalnum()
    return form in _WIDTHS or code in _LIGATURES


def with_trait(trait: Trait) -> Iterator[int]:
    """The code points below U+10000 that have it, without surrogates."""
    for code in np.flatnonzero(_table() & int(trait)).tolist():
        if not 0xD800 <= code < 0xE000:
            yield int(code)


def _of(each: np.ndarray) -> Trait:
    """The traits of the whole by those of each character."""
    found = Trait(int(np.bitwise_or.reduce(each))) if len(each) else Trait(0)
    if Trait.LEADING in found and Trait.FOLLOWING in found:
        pairs = (each[:-1] & int(Trait.LEADING)) & (each[1:] >> 1)
        if pairs.any():
            found |= Trait.MISREAD
    return found


@cache
def _table() -> np.ndarray:
    """Traits by code point."""
    table = [0] * _BASIC
    for codes, trait in (
        (CONTROLS, Trait.CONTROL),
        (_MISREAD_KANA, Trait.MISREAD_KANA),
        (_LEADING, Trait.LEADING),
        (_FOLLOWING, Trait.FOLLOWING),
        (_PERSONAL, Trait.PERSONAL),
        (range(0xD800, 0xE000), Trait.COMBINING | Trait.COMPATIBLE),
        ((*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)), Trait.COMBINING),  # Hangul that joins.
    ):
        for code in codes:
            table[code] |= int(trait)
    for code in range(0xA0, _BASIC):
        character = chr(code)
        form = unicodedata.decomposition(character)
        if form.startswith("<") and compatible(code):
            table[code] |= int(Trait.COMPATIBLE)
        if unicodedata.combining(character) or unicodedata.normalize("NFC", character) != character:
            table[code] |= int(Trait.COMBINING)
        if form and form[0] != "<" and " " in form:  # The second of two that compose.
            second = int(form.split()[1], 16)
            if second < _BASIC:
                table[second] |= int(Trait.COMBINING)
    return np.array(table, np.uint8)
