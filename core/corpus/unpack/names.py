"""Names in archives: which characters their bytes are, and whether they lead out of the archive."""

from __future__ import annotations

import re

_DRIVE = re.compile("[A-Za-z]:")
_LETTERS_ALONE = re.compile("(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
_JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠々〆]")
_HALF_KATAKANA = re.compile("[｡-ﾟ]")
_LONGEST = 1000


def decoded(raw: bytes, western: str = "cp437") -> str:
    """The name that `raw` stands for where nothing tells its encoding: UTF-8 where it is, Windows'
    Shift_JIS where that looks Japanese, else `western`."""
    for encoding in ("ascii", "utf-8"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    for encoding in ("cp932", "euc_jp"):
        try:
            name = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_japanese(name, raw.decode(western, "replace")):
            return name
    return raw.decode(western, "replace")


def _is_japanese(name: str, western: str) -> bool:
    """Signs between plain letters that are letters with accents in `western` are those: "Wörter" is
    no kanji amid a word."""
    if not _JAPANESE.search(name):
        return False
    if _HALF_KATAKANA.search(name) and not re.search("[ぁ-んァ-ヶ]", name):
        return False
    foreign = [character for character in name if character > "\x7f"]
    accents = [character for character in western if character > "\x7f"]
    alone = len(_LETTERS_ALONE.findall(name)) == len(foreign)
    return not (alone and all(character.isalpha() for character in accents))


def with_slashes(name: str) -> str:
    """As people read it: Windows' backslashes turned, no NUL, of a length that can be shown."""
    return name.replace("\\", "/").replace("\0", "").removeprefix("./")[:_LONGEST]


def leads_out(name: str) -> bool:
    """Whether a name with "/" between its parts is absolute or climbs."""
    return name.startswith("/") or _DRIVE.match(name) is not None or ".." in name.split("/")
