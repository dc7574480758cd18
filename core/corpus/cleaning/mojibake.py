"""Text that was decoded wrongly before it was saved: UTF-8 taken for Windows-1252 or for Shift_JIS.

The first is found and put right by ftfy (R. Speer 2019, doi:10.5281/zenodo.2591652), in the words that
can be such text at all; the second by decoding again what has the marks of kana read as Shift_JIS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

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
_NO_BREAK = re.compile("\u00a0*")
_FOREIGN = re.compile("[^\x00-\x7f]+")
_KANA_MARKS = re.compile("[縺繧繝縲]")
_SEQUENCE = (
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
    # A lost byte (FF) with what is left of its character.
    rb"|(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})?\xff+[\x80-\xbf]{0,2}"
)
_ONE, _SEVERAL = re.compile(_SEQUENCE), re.compile(rb"(?:" + _SEQUENCE + rb")+")
_JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


def western(text: str) -> list[Edit]:
    """Replaces what was taken for Windows-1252 or Latin-1, where that is certain."""
    found: list[Edit] = []
    for word, end in _latin_words(text):
        space = _NO_BREAK.match(text, word, end)  # In the middle it may be the half of a letter.
        start = space.end() if space else word
        found += _difference(text[start:end], _latin(text[start:end]), start)
    return found


def japanese(text: str) -> list[Edit]:
    """Replaces what was taken for Shift_JIS, where that is certain."""
    found: list[Edit] = []
    for start, end in _kana_runs(text):
        found += _japanese(text[start:end], start)
    return found


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
            if len(_KANA_MARKS.findall(run.group())) > 1:
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


def _japanese(run: str, place: int) -> Iterator[Edit]:
    """Kana begin with the bytes E3 80 to E3 83, which Shift_JIS reads as 縲 縺 繧 繝: what has two of
    them and is UTF-8 throughout is replaced. A character of which a byte was lost is lost (U+FFFD)."""
    bytes_of = [_byte_pair(character) for character in run]
    begins = {at: i for i, at in enumerate(accumulate(map(len, bytes_of), initial=0))}
    data = b"".join(bytes_of)
    for part in _SEVERAL.finditer(data):
        ends = [match.end() for match in _ONE.finditer(data, *part.span())]
        whole = [at for at in (part.start(), *ends) if at in begins]
        if len(whole) < 2:
            continue
        start, end = begins[whole[0]], begins[whole[-1]]
        sequences = _ONE.findall(data, whole[0], whole[-1])
        new = "".join(
            "\ufffd" if b"\xff" in one else one.decode("utf-8", "replace") for one in sequences
        )
        right = len(_JAPANESE.findall(new)) * 2 > len(new)
        if right and len(_KANA_MARKS.findall(run, start, end)) > 1:
            yield Edit(place + start, place + end, REASON, new)


def _byte_pair(character: str) -> bytes:
    """As Shift_JIS has it; a lost character is FF, and one that it does not have is FE."""
    if character == "\ufffd":
        return b"\xff"
    try:
        return character.encode("cp932")
    except UnicodeEncodeError:
        return b"\xfe"
