"""Finding the encoding of a text file."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\([BJI]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_KANA = re.compile("[ぁ-んァ-ヶー]")
_HIRAGANA = re.compile("[ぁ-ん]")
_JAPANESE = re.compile("[ぁ-んァ-ヶー一-龠々、。「」・（）！？　]")
_HALF_KATAKANA = re.compile("[｡-ﾟ]")
_SAMPLE = 200_000
_NAMES = {"utf-8-sig": "utf-8", "utf-32": "utf-32", "utf-16": "utf-16"}


def detect(data: bytes, whole: bool = True) -> str | None:
    """Python's name of the encoding of `data`, or None when it is not text.

    Byte-order marks, UTF-8, UTF-16 and UTF-32 without a mark, ISO-2022-JP, Shift_JIS (CP932),
    EUC-JP; what is left and looks like text is Windows-1252 or Latin-1.

    Args:
        whole: False when `data` may end in the middle of a character.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:_SAMPLE]
    if b"\0" in head and ((wide := _wide_without_mark(head)) or _is_binary(head)):
        return wide
    if _ISO_2022_JP.search(head) and _decodes(data, "iso2022_jp", whole):
        return "iso2022_jp"
    if data.isascii():
        return None if _is_binary(head) else "ascii"
    if _decodes(data, "utf-8", whole):
        return None if _is_binary(head) else "utf-8"
    if _is_binary(head):
        return None
    return _legacy(data, whole)


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
    """The name that people use."""
    names = {
        "utf-8-sig": "UTF-8", "utf-8": "UTF-8", "ascii": "ASCII", "cp932": "Shift_JIS",
        "euc_jp": "EUC-JP", "iso2022_jp": "ISO-2022-JP", "latin-1": "Latin-1",
        "cp1252": "Latin-1", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
        "utf-32": "UTF-32", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32",
    }  # fmt: skip
    return names.get(encoding, encoding)


def _decodes(data: bytes, encoding: str, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(data, whole)
    except UnicodeDecodeError:
        return False
    return True


def _is_binary(head: bytes) -> bool:
    return len(_CONTROL.findall(head)) > max(1, len(head) // 100)


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 or UTF-32, by which decoding gives printable text; else it is binary."""
    even = head[: len(head) // 4 * 4] or head[: len(head) // 2 * 2]
    best: tuple[float, str] | None = None
    for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        text = even.decode(name, "replace")
        good = sum(c.isprintable() or c in "\r\n\t" for c in text)
        known = sum(
            c < "\u0250" or "\u3000" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in text
        )
        share = min(good, known) / max(1, len(text))
        if best is None or share > best[0]:
            best = (share, name)
    return best[1] if best and best[0] > 0.9 else None


def _legacy(data: bytes, whole: bool) -> str:
    """Shift_JIS, EUC-JP or a Western encoding, by how Japanese the result looks."""
    scores = {name: _japanese_score(data, name) for name in ("cp932", "euc_jp")}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0.5:
        return best
    return "cp1252" if _decodes(data, "cp1252", whole) else "latin-1"


def _japanese_score(data: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that are ordinary Japanese, errors counted against."""
    head = data[:_SAMPLE]
    text = head.decode(encoding, "replace")
    foreign = sum(c > "\x7f" for c in text)
    if not foreign:
        return 0.0
    japanese = len(_JAPANESE.findall(text))
    bad = text.count("\ufffd") + len(_HALF_KATAKANA.findall(text))
    kana = 0.15 if _KANA.search(text) and _HIRAGANA.search(text) else -0.4
    return (japanese - 3 * bad) / foreign + kana
