"""A quick guess of a text's language, by script and by small words."""

from __future__ import annotations

import re

_SAMPLE = 20_000
_WORDS = {
    "en": "the and of to in that was his with for it he is you as her not but she at",
    "de": "der die und das ist nicht ich sie mit den von zu ein eine auf dem auch",
    "fr": "le la les de et des un une est que qui dans pour il elle pas sur avec au",
    "es": "el la los las de que y en un una por con no se del su para como más",
    "it": "il la di che e un una per non con del della sono è le gli nel si",
    "pt": "o a os as de que e do da em um uma não para com por se na no",
    "nl": "de het een en van is dat niet in op te zijn met voor die hij",
    "la": "et in est non ad cum ut quod sed qui ex per esse aut nec",
}
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def detect(text: str) -> str:
    """ja, en, zh, ko, ru, de, fr, es, it, pt, nl, la, or "other"; "" for no letters."""
    sample = (
        text
        if len(text) <= _SAMPLE
        else text[: _SAMPLE // 2] + text[len(text) // 2 :][: _SAMPLE // 2]
    )
    if sample.isascii():
        return _by_words(sample)
    kana = sum("\u3040" <= c <= "\u30ff" for c in sample)
    han = sum("\u4e00" <= c <= "\u9fff" for c in sample)
    hangul = sum("\uac00" <= c <= "\ud7af" for c in sample)
    cyrillic = sum("\u0400" <= c <= "\u04ff" for c in sample)
    letters = sum(c.isalpha() for c in sample)
    if not letters:
        return ""
    # A Japanese or Chinese character says as much as two or three Latin letters.
    if (kana + han) * 2 > letters - kana - han and kana + han > hangul:
        return "ja" if kana * 20 > han else "zh"
    if hangul * 2 > letters:
        return "ko"
    if cyrillic * 2 > letters:
        return "ru"
    return _by_words(sample)


def _by_words(sample: str) -> str:
    words = [word.casefold() for word in _WORD.findall(sample)]
    if not words:
        return ""
    hits = {code: sum(word in known for word in words) for code, known in _SETS.items()}
    best = max(hits, key=lambda code: hits[code])
    return best if hits[best] * 25 > len(words) else "other"
