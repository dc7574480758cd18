"""Which of the encodings before UTF-8 a text is in, by how usual the characters are that it gives."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import numpy as np
from charset_normalizer import from_bytes
from numpy.typing import NDArray

from core.corpus import language
from core.corpus.scripts import SCRIPTS, Kind, Script

BEYOND_ASCII = bytes(range(0x80, 0x100))
_FOREIGN = re.compile(rb"[\x80-\xff]")
_RUN = re.compile("[^\x00-\x7f]+")
_ODD = {
    "alphabet": re.compile("(?<=[A-Za-z])[^\x00-\x7f]+|(?<![^\x00-\x7f])[^\x00-\x7f]+(?=[A-Za-z])"),
    "latin": re.compile("[^\x00-\x7f]{3,}"),
}
"""What speaks against a kind of script."""
_PIECE, _PIECES, _LEAD = 2_500, 8, 200
_ORDINARY = (("\u3000", "〿"), ("ぁ", "ヾ"), ("一", "龠"), ("！", "～"))
"""Signs, kana, Chinese characters, full-width letters."""
_MUCH, _SHARE, _NEARLY_ALL = 60, 0.2, 0.98
_GOOD, _CLEAR = 0.55, 0.25
_ENOUGH: dict[Kind, int] = {"wide": 4, "alphabet": 6, "latin": 3}
"""Different characters that a judgement beyond doubt needs."""
_SHORT = 500
_LATIN = frozenset({"en", "de", "fr", "es", "it", "pt", "nl"})
_NOT_THEIRS = re.compile("[æøåðþÆØÅ]|[a-z][¿¡]")
"""Letters that none of these languages has."""
_WIDER = {"cp932": "shift_jis_2004", "euc_jp": "euc_jis_2004", "big5": "big5hkscs"}
"""What decodes characters that the usual encoding does not have."""
_RARE = ("cp1257", "cp1258", "mac_roman", "cp850", "cp437", "iso8859_15", "ptcp154", "johab")
_KNOWN = tuple(name for script in SCRIPTS for name in script.encodings) + _RARE
_PAGE = 4_000
_USUAL = ("cp932", "euc_jp", "cp1252")
_SIGNS = re.compile("[–—―‘’“”•…]+")
_WITH_SIGNS = ("cp1252", "big5", "gb18030", "cp949", "euc_jp", "cp932")
"""Encodings that programs write quotation marks and dashes in, also amid English."""


class Judgement(NamedTuple):
    name: str
    sure: bool
    alternatives: tuple[str, ...]


class _Score(NamedTuple):
    value: float
    name: str
    distinct: int
    kind: Kind
    text: str


def judge(data: bytes) -> Judgement:
    """The likeliest encoding of `data`, which has bytes beyond ASCII and is no UTF-8. Looks at
    20 kB around such bytes at most; `sure` when the text is well explained and nothing else comes
    near."""
    part = sample(data)
    if (name := _japanese(part)) is not None:
        return Judgement(_named(name, part), True, ())
    scores = sorted(
        (_score(part, name, script) for script in SCRIPTS for name in script.encodings),
        key=lambda score: -score.value,
    )
    best, second = scores[0], scores[1]
    near = [score.name for score in scores[1:] if score.value > best.value - 2 * _CLEAR]
    if best.value < _GOOD:
        return _unclear(part, best, near)
    sure = best.value - second.value > _CLEAR and best.distinct >= _ENOUGH[best.kind]
    if best.name == "cp1252":
        known = language.detect(best.text) in _LATIN
        if len(part) < _SHORT and _NOT_THEIRS.search(best.text):
            known = False  # Rather one of the East, whose letters have these places.
        sure = known and (sure or best.value > 0.9)
    others = [name for name in (*near, *_USUAL) if name != best.name]
    return Judgement(_named(best.name, part), sure, tuple(dict.fromkeys(others))[:5])


def _japanese(part: bytes) -> str | None:
    """The encoding in which this is ordinary Japanese beyond doubt: without a fault, and with as much
    hiragana as no other text has by chance. (Weighing all encodings takes twenty times as long.)"""
    for name in ("cp932", "euc_jp"):
        text = part.decode(name, "replace")
        codes = np.frombuffer(text.encode("utf-32-le"), "<u4")
        codes = codes[codes > 0x7F]
        hiragana = int(_within(codes, "ぁ", "ん").sum())
        usual = sum(int(_within(codes, first, last).sum()) for first, last in _ORDINARY)
        if (
            hiragana >= max(_MUCH, len(codes) * _SHARE)
            and usual >= len(codes) * _NEARLY_ALL
            and "\ufffd" not in text[:-_LEAD]
        ):
            return name
    return None


def _within(codes: NDArray[np.uint32], first: str, last: str) -> NDArray[np.bool_]:
    return (codes >= ord(first)) & (codes <= ord(last))


def fitting(data: bytes, name: str) -> tuple[str, int]:
    """`name`, or where its wider sister (JIS X 0213, HKSCS) reads characters that it cannot, that; and
    how many faults are left."""
    fits = _named(name, data)
    return fits, _faults(data, fits)


def _unclear(part: bytes, best: _Score, near: list[str]) -> Judgement:
    """Nothing explains the text well: where bytes beyond ASCII are quotation marks and dashes in some
    encoding, that comes first, else what charset-normalizer says, if people use it."""
    named = _with_signs(part)
    if named is None and len(part) > 20:
        found = from_bytes(part[:_PAGE], cp_isolation=list(_KNOWN)).best()
        named = found.encoding if found is not None else best.name
    names = [named if named in _KNOWN else best.name, best.name, *near, *_USUAL]
    first, *others = dict.fromkeys(names)
    return Judgement(_named(first, part), False, tuple(others)[:6])


def _with_signs(part: bytes) -> str | None:
    texts = ((name, part.decode(name, "replace")) for name in _WITH_SIGNS)
    return next((n for n, text in texts if all(map(_SIGNS.fullmatch, _RUN.findall(text)))), None)


def _named(name: str, data: bytes) -> str:
    wider = _WIDER.get(name)
    if wider is None:
        return name
    return wider if _faults(data, wider) < _faults(data, name) else name


def _faults(data: bytes, name: str) -> int:
    text = data.decode(name, "replace")
    return text.count("\ufffd")


def sample(data: bytes) -> bytes:
    """Pieces from all over the file, each from where bytes beyond ASCII begin; they are cut at line
    ends, since a byte in the middle of a line may be the second half of a character."""
    if len(data) <= _PIECE * _PIECES:
        return data
    pieces: list[bytes] = []
    position = 0
    for number in range(_PIECES):
        found = _FOREIGN.search(data, max(position, len(data) * number // _PIECES))
        if found is None:
            break
        start = data.rfind(b"\n", position, found.start()) + 1
        if number and not start:
            continue  # One endless line: only its beginning is safe to cut.
        start = (
            max(start, found.start() - _LEAD) if data[start : found.start()].isascii() else start
        )
        position = start + _PIECE
        end = data.rfind(b"\n", found.start(), position)
        pieces.append(data[start : end + 1 if end >= 0 else position])
    return b"".join(pieces)


def _score(part: bytes, name: str, script: Script) -> _Score:
    """How usual the characters beyond ASCII are: 1 where all are common, 0 where they are as random
    bytes would give them; each fault counts three times."""
    name = _named(name, part)
    text = part.decode(name, "replace")
    counts = Counter("".join(_RUN.findall(text)))
    total = counts.total()
    if not total:
        return _Score(-1.0, name, 0, script.kind, text)
    # A piece may end in the middle of a character.
    bad = max(0, counts.pop("\ufffd", 0) - len(part) // _PIECE - 1)
    odd = _ODD.get(script.kind)
    if odd is not None:
        counts -= Counter("".join(odd.findall(text)))
    good = sum(_weight(character, script) * count for character, count in counts.items()) / total
    if script.words is not None:
        good += 0.35 * sum(map(len, script.words.findall(text))) / total
    chance = _chance(name, script)
    return _Score(
        (good - chance) / (1 - chance) - 3 * bad / total, name, len(counts), script.kind, text
    )


def _weight(character: str, script: Script) -> float:
    if character in script.common:
        return 1.0
    return 0.3 if script.others.match(character) else 0.0


@cache
def _chance(name: str, script: Script) -> float:
    """The mean weight of the characters that single bytes beyond ASCII are."""
    if script.kind == "wide":
        return 0.0
    table = BEYOND_ASCII.decode(name, "ignore")
    return sum(_weight(character, script) for character in table) / 128
