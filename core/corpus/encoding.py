"""Finding the encoding of a text file, and saying whether it is beyond doubt."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from core.corpus import legacy

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPES = re.compile(rb"\x1b\$[@AB(]|\x1b\([BJI]")
_ISO_2022_JP = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_2")
_CONTROL = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
_C1 = re.compile(rb"[\x80-\x9f]")
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_KNOWN = re.compile(
    "[\x00-\u0250\u0370-\u06ff\u2010-\u203b\u2190-\u2193\u2460-\u2473\u2500-\u25ef\u3000-\u33ff"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff9f]"
)
_JAPANESE = re.compile("[\u3000-\u301fぁ-ヾ\u4e00-\u9fff！-～]")
_BLANKS = "\r\n\t\u3000\xa0"
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_SAMPLE, _WIDE_SAMPLE = 200_000, 16_000
CHOICES = {
    "utf-8": "UTF-8", "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "iso2022_jp": "ISO-2022-JP",
    "utf-16": "UTF-16", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE", "utf-32": "UTF-32",
    "utf-32-le": "UTF-32LE", "utf-32-be": "UTF-32BE", "shift_jis_2004": "Shift_JIS-2004",
    "euc_jis_2004": "EUC-JIS-2004", "iso2022_jp_2004": "ISO-2022-JP-2004",
    "cp1252": "Windows-1252", "latin-1": "Latin-1", "cp1250": "Windows-1250",
    "iso8859_2": "ISO-8859-2", "cp1251": "Windows-1251", "koi8_r": "KOI8-R", "cp866": "CP866",
    "iso8859_5": "ISO-8859-5", "cp1253": "Windows-1253", "iso8859_7": "ISO-8859-7",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256",
    "cp874": "Windows-874", "gb18030": "GB18030", "big5": "Big5", "big5hkscs": "Big5-HKSCS",
    "cp949": "EUC-KR", "johab": "Johab", "cp1257": "Windows-1257", "cp1258": "Windows-1258",
    "mac_roman": "Mac Roman", "cp850": "CP850", "cp437": "CP437", "iso8859_15": "ISO-8859-15",
    "ptcp154": "PTCP154",
}  # fmt: skip
"""What people may choose: Python's name and people's."""
_NAMES = CHOICES | {
    "utf-8-sig": "UTF-8", "ascii": "ASCII", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32", "utf-32-be": "UTF-32", "iso2022_jp_ext": "ISO-2022-JP",
    "iso2022_jp_2": "ISO-2022-JP-2",
}  # fmt: skip


class Guess(NamedTuple):
    """Python's names. `sure`: nothing else is likely; else people should look at `alternatives`,
    which are in the order of their likelihood."""

    name: str
    sure: bool = True
    alternatives: tuple[str, ...] = ()


def guess(data: bytes, whole: bool = True) -> Guess | None:
    """The encoding of `data`, or None when it is not text.

    Byte-order marks; UTF-8, UTF-16 and UTF-32 without a mark; ISO-2022-JP; the Japanese encodings
    and those of other languages by how usual the characters are that they give. A UTF-8 text in
    which some bytes are damaged is still UTF-8.

    Args:
        whole: False when `data` may end in the middle of a character.
    """
    if (special := _special(data, whole)) is not None:
        return special
    head = data[:_SAMPLE]
    if _is_binary(head):
        return None
    if data.isascii():
        return Guess("ascii")
    if _decodes(data, "utf-8", whole):
        return Guess("utf-8")
    return _damaged_utf_8(data) or _legacy(data, whole)


def read(data: bytes) -> tuple[Guess, str, int] | None:
    """`guess`, with the text and how many characters could not be read; UTF-8 is decoded once."""
    if _special(data, True) is None and not _is_binary(data[:_SAMPLE]) and not data.isascii():
        try:
            return Guess("utf-8"), data.decode("utf-8"), 0
        except UnicodeDecodeError:
            pass
    found = guess(data)
    return (found, *decode(data, found.name)) if found else None


def detect(data: bytes, whole: bool = True) -> str | None:
    """The name that `guess` gives."""
    found = guess(data, whole)
    return found.name if found else None


def decode(data: bytes, encoding: str, whole: bool = True) -> tuple[str, int]:
    """The text and how many characters could not be read (they become U+FFFD).

    Raises:
        LookupError, ValueError: There is no such encoding of text.
    """
    b"?".decode(encoding, "replace")  # Refuses codecs such as rot13, which are no encodings.
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, whole), 0
    except UnicodeDecodeError:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(data, whole)
        return text, text.count("\ufffd")


def public_name(encoding: str) -> str:
    """The name that people use, for any name that Python knows an encoding by."""
    if encoding in _NAMES:
        return _NAMES[encoding]
    try:
        codec = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return encoding
    return next(
        (shown for name, shown in _NAMES.items() if codecs.lookup(name).name == codec), encoding
    )


def _special(data: bytes, whole: bool) -> Guess | None:
    """What its first bytes, its NUL bytes or its escape sequences tell."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Guess(name)
    head = data[:_SAMPLE]
    if b"\0" in head and (wide := _wide_without_mark(head[:_WIDE_SAMPLE])):
        return wide
    if (pairs := _kana_in_pairs(head[:_WIDE_SAMPLE])) is not None:
        return pairs
    if _ESCAPES.search(head):
        for name in _ISO_2022_JP:
            if _decodes(data, name, whole):
                return Guess(name)
        if data.isascii() and b"\x1b$" in head:  # Damaged, or with characters of one maker.
            return Guess("iso2022_jp", False, _ISO_2022_JP[1:])
    return None


def _decodes(data: bytes, encoding: str, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(data, whole)
    except UnicodeDecodeError:
        return False
    return True


def _is_binary(head: bytes) -> bool:
    return len(head) - len(head.translate(None, _CONTROL)) > max(1, len(head) // 100)


def _wide_without_mark(head: bytes) -> Guess | None:
    """UTF-16 or UTF-32, by which decoding gives printable text; else it is binary."""
    even = head[: len(head) // 4 * 4] or head[: len(head) // 2 * 2]
    shares: list[tuple[float, str]] = []
    for name in _WIDE:
        text = even.decode(name, "replace")
        good = sum(c.isprintable() or c in _BLANKS for c in text)
        shares.append((min(good, len(_KNOWN.findall(text))) / max(1, len(text)), name))
    shares.sort(key=lambda share: -share[0])
    (best, name), (second, _) = shares[:2]
    if best <= 0.9 or _pairs_of_letters(head, even.decode(name, "replace")):
        return None
    return Guess(name, len(head) >= 16 and second < best, tuple(n for _, n in shares[1:]))


def _pairs_of_letters(head: bytes, text: str) -> bool:
    """Whether the signs of `text` are but pairs of ASCII letters, amid NUL bytes that part words:
    kanji in UTF-16 have other bytes too, kana need not."""
    signs = sum(c > "\x7f" and not "\u3000" <= c <= "\u30ff" for c in text)
    return head.isascii() and signs * 10 > len(text)


def _kana_in_pairs(head: bytes) -> Guess | None:
    """UTF-16 in which no space or line end has a NUL byte: every second byte is often that of kana,
    a digit 0. ASCII that looks so is more likely ASCII."""
    if len(head) % 2:
        return None
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if high.count(b"0") * 4 > len(high) + 4:
            text = head.decode(name, "replace")
            if len(_JAPANESE.findall(text)) * 20 > len(text) * 19:
                return Guess("ascii", False, (name,)) if head.isascii() else Guess(name)
    return None


def _damaged_utf_8(data: bytes) -> Guess | None:
    """Whether nearly all bytes beyond ASCII make up UTF-8 characters."""
    sample = legacy.sample(data)
    foreign = len(sample) - len(sample.translate(None, legacy.BEYOND_ASCII))
    found = _UTF_8.findall(sample)
    bad = foreign - sum(map(len, found))
    if len(found) < 3 or bad * 10 > len(found):
        return None
    return Guess("utf-8", bad * 50 <= len(found), ("cp932", "euc_jp", "cp1252"))


def _legacy(data: bytes, whole: bool) -> Guess:
    found = legacy.judge(data)
    if found.name == "cp1252" and whole and not _C1.search(data):
        return Guess("latin-1", found.sure, found.alternatives)
    if _decodes(data, found.name, whole):
        return Guess(found.name, found.sure, found.alternatives)
    if found.name == "cp1252":
        return Guess("latin-1", False, ("cp1252", *found.alternatives))
    name, faults = legacy.fitting(data, found.name)
    return Guess(name, found.sure and faults * 1000 < len(data), found.alternatives)
