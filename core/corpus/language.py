"""A quick guess of a text's language, by script and by small words."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np

_SAMPLE, _PROSE = 20_000, 3_000
_WORDS = {
    "en": "the and of to in that was his with for it he is you as her not but she at this these those "
    "there some many most all can could would will did does do had have has been were are be by on "
    "from or if about after when which who what how they them their we my me our him himself herself "
    "isn't doesn't wasn't didn't weren't haven't hasn't aren't before while every no any lot might "
    "should where a an it's that's don't i",
    "de": "der die und das ist nicht ich sie mit den von zu ein eine auf dem auch es im für sich wir "
    "war haben hat wie aber oder wenn nach bei einen einer einem des als an er so noch nur sind",
    "fr": "le la les de et des du un une est que qui dans pour il elle pas sur avec au aux ne se ce cette "
    "son sa ses vous nous je a à où plus par mais ou ont été sont comme tout",
    "es": "el la los las de que y en un una por con no se del su sus para como más al lo es está pero "
    "muy ha son este esta cuando sin sobre también me ya yo hay",
    "it": "il la di che e un una per non con del della sono è le gli nel si lo da dei al come più ma "
    "anche ha questo questa alla i mi ci se era delle",
    "pt": "os as de que do da em um uma não para com por se na no mas mais ele ela dos das ao é foi seu "
    "sua como está muito já também eu são pelo isso",
    "nl": "de het een en van is dat niet in op te zijn met voor die hij aan er ook als maar om bij dan "
    "heeft ze wordt naar uit nog wel ik je deze",
    "la": "et in est non ad cum ut quod sed qui ex per esse aut nec quae ab quam hoc enim sunt atque",
}
_CHINESE = frozenset("的是了在不我他這这們们有")
"""Japanese without kana (a table, a heading) has few of these."""
_SMALL = frozenset[str]().union(*(words.split() for words in _WORDS.values()))
_CODE = "(){}[]=<>_;"
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_KANA, _HAN, _HANGUL, _CYRILLIC, _LETTER = range(1, 6)
_RANGES = (
    (0x3041, 0x3100, _KANA), (0x31F0, 0x3200, _KANA), (0xFF66, 0xFFA0, _KANA),
    (0x3400, 0x4DC0, _HAN), (0x4E00, 0xA000, _HAN),
    (0xD840, 0xD880, _HAN),  # The first halves of the rarer ones.
    (0xAC00, 0xD7B0, _HANGUL), (0x0400, 0x0500, _CYRILLIC),
)  # fmt: skip


def detect(text: str) -> str:
    """ja, en, zh, ko, ru, de, fr, es, it, pt, nl, la, or "other"; "" for no letters."""
    sample = _shortened(text, _SAMPLE)
    if sample.isascii():
        return _by_words(sample)
    codes = np.frombuffer(sample.encode("utf-16-le", "surrogatepass"), "<u2")
    counts = np.bincount(_classes()[codes], minlength=_LETTER + 1).tolist()
    kana, han, hangul, cyrillic = counts[_KANA:_LETTER]
    letters = sum(counts[_KANA:])
    if not letters:
        return ""
    # A Japanese or Chinese character says as much as two or three Latin letters, and the rest may
    # be code: prose in Latin letters has many small words, code has few.
    if (kana + han) * 2 > letters - kana - han and kana + han > hangul:
        return "ja" if kana * 20 > han or (not kana and _is_japanese(sample)) else "zh"
    if kana * 20 > letters and _by_words(sample) == "other":
        return "ja"
    if hangul * 2 > letters:
        return "ko"
    if cyrillic * 2 > letters:
        return "ru"
    return _by_words(sample)


def _shortened(text: str, most: int) -> str:
    """The beginning, and as much from the middle on: a book's first pages are often in English."""
    half = most // 2
    return text if len(text) <= most else text[:half] + text[len(text) // 2 :][:half]


def _is_japanese(sample: str) -> bool:
    """Whether Chinese characters alone can be Japanese: none is simplified, few make up sentences."""
    try:
        sample.encode("cp932")
    except UnicodeEncodeError:
        return False
    return sum(map(_CHINESE.__contains__, sample)) * 25 < len(sample)


def _by_words(sample: str) -> str:
    if not any(map(str.isalpha, sample)):
        return ""
    prose = _shortened(sample, _PROSE)
    if sum(map(prose.count, _CODE)) * 12 > len(prose):
        return "other"
    words = prose.casefold().split()
    total = len(words)
    counts = Counter(filter(_SMALL.__contains__, words))
    known = {code: counts.keys() & these for code, these in _SETS.items()}
    hits = {code: sum(map(counts.__getitem__, found)) for code, found in known.items()}
    best = max(hits, key=lambda code: hits[code])
    return best if hits[best] * 10 >= total and len(known[best]) >= min(3, total // 4) else "other"


@cache
def _classes() -> np.ndarray:
    """The kind of letter that each code below U+10000 is, 0 for none."""
    table = np.array([_LETTER * chr(code).isalpha() for code in range(0x10000)], np.uint8)
    for start, end, kind in _RANGES:
        table[start:end] = kind
    return table
