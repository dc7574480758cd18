"""Words of RTF (Microsoft's specification 1.9.1): signs, destinations, characters sets."""

from __future__ import annotations

SIGNS = {
    "par": "\n", "sect": "\n", "page": "\n", "column": "\n", "line": "\n", "row": "\n",
    "nestrow": "\n", "tab": "\t", "cell": "\t", "nestcell": "\t", "emdash": "—", "endash": "–",
    "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "_": "\u2011", "\n": "\n", "\r": "\n"}
LEFT_OUT = {
    "colortbl", "stylesheet", "pict", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
    "listtext", "pntext", "pntxta", "pntxtb", "nonesttables", "upr", "fldinst", "objdata", "xe",
    "tc", "rxe", "txe", "template", "revtbl", "info", "author", "operator", "doccomm", "subject",
    "keywords", "company", "manager", "category", "comment", "hlinkbase", "private1", "themedata",
    "datastore", "generator", "sp", "annotation", "atnid", "atnauthor",
}  # fmt: skip
"""Groups whose text is not the document's."""
STARRED = {"shpinst", "ud", "shptxt", "footnote"}
"""Groups that may be ignored by programs that do not know them, and hold text."""
_CODE_PAGES = {
    77: "mac_roman", 78: "cp932", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_DOUBLE_BYTES = {"cp932", "cp949", "johab", "gbk", "cp950"}
_PYTHON_NAMES = {932: "cp932", 936: "gbk", 949: "cp949", 950: "cp950", 1361: "johab", 65001: "utf-8", 10000: "mac_roman", 10001: "cp932"}  # fmt: skip
_SINGLE_BYTES = {437, 850, 852, 855, 857, 860, 861, 862, 863, 864, 865, 866, 869, 874, *range(1250, 1259)}  # fmt: skip


def code_page(number: int) -> str:
    """Python's name for a Windows code page; the Western one for what is unknown."""
    if number in _SINGLE_BYTES:
        return f"cp{number}"
    return _PYTHON_NAMES.get(number, "cp1252")


def of_character_set(number: int) -> str | None:
    """The code page of a font's character set; None for those that leave it to the document."""
    return _CODE_PAGES.get(number)


def decoded(data: bytes, font: str | None, document: str) -> str:
    """Text in the font's code page; where the font tells none, in the document's if it is one of
    double bytes and `data` fits it. Some programs give Japanese text a Western font."""
    if data.isascii():
        return data.decode("ascii")
    if font is None and document in _DOUBLE_BYTES:
        try:
            return data.decode(document)
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")
    return data.decode(font or document, "replace")
