"""Text that was decoded wrongly before it was saved: UTF-8 taken for Windows-1252 or for Shift_JIS.

The first is found and put right by ftfy (R. Speer 2019, doi:10.5281/zenodo.2591652), in the words that
can be such text at all; the second by decoding again what has the marks of kana read as Shift_JIS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.corpus.cleaning.edits import merged
from core.corpus.cleaning.traits import FOLLOWING
from core.corpus.readers.base import Edit

REASON = "mojibake"
_FOLLOWING = f"\u0080-\u00bf{FOLLOWING}"
_LATIN = re.compile(
    f"[\u00c2-\u00df](?![‘’‚“”„–—…‹›])[{_FOLLOWING}]"  # A quotation may end in such a letter: “NÃ”.
    f"|[\u00e0-\u00ef][{_FOLLOWING}]{{2}}|[\u00f0-\u00f4][{_FOLLOWING}]{{3}}"
)
_WORD, _LONGEST = 40, 2_000
_SPACE = re.compile(r"[ \t\n]")
_FOREIGN = re.compile("[^\x00-\x7f]+")
_KANA_MARKS = re.compile("[縺繧繝縲]")
_LOST = re.compile(
    rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})?\xff+[\x80-\xbf]{0,2}"
)
"""A lost byte (FF) with what is left of its character."""
_JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


def edits(text: str) -> list[Edit]:
    """Replaces what is certain to be misread; text that cannot be put right whole stays."""
    found: list[Edit] = []
    for start, end in _latin_words(text):
        found += _difference(text[start:end], _latin(text[start:end]), start)
    for start, end in _kana_runs(text):
        found += _difference(text[start:end], _japanese(text[start:end]), start)
    return merged(found)


def _latin_words(text: str) -> Iterator[tuple[int, int]]:
    """Words that have a sequence that UTF-8 may have become; neighbours together, for they tell more."""
    start = end = 0
    for match in _LATIN.finditer(text):
        if match.start() < end:
            continue
        low, high = max(end, match.start() - _WORD), min(len(text), match.end() + _WORD)
        space = _SPACE.search(text, match.end(), high)
        word = max(text.rfind(mark, low, match.start()) + 1 for mark in " \t\n") or low
        if word > end + 1 or word - start > _LONGEST or text[end:word] == "\n":
            if end:
                yield start, end
            start = word
        end = space.start() if space else high
    if end:
        yield start, end


def _kana_runs(text: str) -> Iterator[tuple[int, int]]:
    """Runs beyond ASCII, in the lines that have the marks of misread kana."""
    end = 0
    for mark in _KANA_MARKS.finditer(text):
        if mark.start() < end:
            continue
        start = text.rfind("\n", end, mark.start()) + 1 or end
        end = text.find("\n", mark.end())
        end = len(text) if end < 0 else end
        for run in _FOREIGN.finditer(text, start, end):
            yield run.span()


def _difference(wrong: str, new: str, place: int) -> list[Edit]:
    """What differs, without what is equal at both ends."""
    if new == wrong:
        return []
    head = _alike(wrong, new)
    tail = _alike(wrong[head:][::-1], new[head:][::-1])
    return [Edit(place + head, place + len(wrong) - tail, REASON, new[head : len(new) - tail])]


def _alike(one: str, two: str) -> int:
    """How many characters they begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, two)) if a != b), min(len(one), len(two)))


def _latin(wrong: str) -> str:
    from ftfy import fix_encoding  # Takes its time to load, and few texts need it.

    new = fix_encoding(wrong)
    return new if "\ufffd" not in new or "\ufffd" in wrong else wrong


def _japanese(wrong: str) -> str:
    """Kana begin with the bytes E3 80 to E3 83, which Shift_JIS reads as 縲 縺 繧 繝. A character of
    which a byte was lost (U+FFFD) is lost."""
    if len(_KANA_MARKS.findall(wrong)) < 2:
        return wrong
    try:
        data = b"\xff".join(part.encode("cp932") for part in wrong.split("\ufffd"))
        new = _LOST.sub("\ufffd".encode(), data).decode("utf-8")
    except UnicodeError:
        return wrong
    foreign = sum(character > "\x7f" for character in new)
    return new if len(_JAPANESE.findall(new)) > foreign * 0.5 else wrong
