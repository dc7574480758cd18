"""A quick guess of a text's language, by script and by small words."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 20_000
_WORDS = {
    "en": "the and of to in that was his with for it he is you as her not but she at",
    "de": "der die und das ist nicht ich sie mit den von zu ein eine auf dem auch",
    "fr": "le la les de et des un une est que qui dans pour il elle pas sur avec au",
    "es": "el la los las de que y en un una por con no se del su para como más",
    "it": "il la di che e un una per non con del della sono è le gli nel si",
    "pt": "os as de que do da em um uma não para com por se na no mas mais ele ela",
    "nl": "de het een en van is dat niet in op te zijn met voor die hij",
    "la": "et in est non ad cum ut quod sed qui ex per esse aut nec",
}
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_RANGES = ("\u3040-\u30ff", "\u4e00-\u9fff", "\uac00-\ud7af", "\u0400-\u04ff")
_SCRIPTS = (*(re.compile(f"[{characters}]+") for characters in _RANGES), _WORD)
"""Kana, Chinese characters, Hangul, Cyrillic, all letters."""


def detect(text: str) -> str:
    """ja, en, zh, ko, ru, de, fr, es, it, pt, nl, la, or "other"; "" for no letters."""
    sample = (
        text
        if len(text) <= _SAMPLE
        else text[: _SAMPLE // 2] + text[len(text) // 2 :][: _SAMPLE // 2]
    )
    if sample.isascii():
        return _by_words(sample)
    kana, han, hangul, cyrillic, letters = (_count(kind, sample) for kind in _SCRIPTS)
    if not letters:
        return ""
    # A Japanese or Chinese character says as much as two or three Latin letters, and the rest may
    # be code: prose in Latin letters has many small words, code has few.
    if (kana + han) * 2 > letters - kana - han and kana + han > hangul:
        return "ja" if kana * 20 > han else "zh"
    if kana * 20 > letters and _by_words(sample) == "other":
        return "ja"
    if hangul * 2 > letters:
        return "ko"
    if cyrillic * 2 > letters:
        return "ru"
    return _by_words(sample)


def _count(characters: re.Pattern[str], sample: str) -> int:
    return sum(map(len, characters.findall(sample)))


def _by_words(sample: str) -> str:
    words = Counter(_WORD.findall(sample.casefold()))
    total = words.total()
    if not total:
        return ""
    hits = {code: sum(words[word] for word in known) for code, known in _SETS.items()}
    best = max(hits, key=lambda code: hits[code])
    kinds = sum(word in words for word in _SETS[best])
    return best if hits[best] * 10 >= total and kinds >= min(3, total // 4) else "other"
