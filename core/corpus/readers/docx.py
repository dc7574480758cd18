"""DOCX (ECMA-376): paragraphs, tables, text boxes and notes, as the author last saw them,
without page headers, remarks and the table of contents.

The XML is walked without a tree: python-docx builds one in memory, and leaves text boxes and notes out.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.corpus.readers import office, xml
from core.corpus.readers.base import Document, InputFile
from core.corpus.readers.package import Package, opened
from core.corpus.unpack import zips
from core.sentences import N_, Sentence

_MAIN = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_LEFT_OUT = {"del", "moveFrom", "Fallback", "rt", "instrText", "delText"}
"""Deleted or moved text, the second copy of a text box, readings, field codes."""
_SIGNS = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011",
}  # fmt: skip
_FORMULA = {"num": ("(", ")"), "den": ("/(", ")"), "sup": ("^", ""), "sub": ("_", "")}
"""What stands around the parts of a formula (ECMA-376, part 1, 22.1): a fraction is not its two
numbers in a row."""
_CONTENTS = "Table of Contents"
_LAST_CODE = 0x10FFFF
_PARTS: dict[str, office.Kind] = {"p": "paragraph", "tr": "row", "tc": "cell"}
_OFF = {"0", "false", "off"}


def looks(head: bytes) -> bool:
    return head.startswith(zips.LOCAL) and any(
        name.startswith("word/") for name in zips.head_names(head)
    )


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for what is damaged, locked, a bomb or without text."""
    lines = office.Lines()
    with opened(file.path, "DOCX") as package:
        main = _main_part(package)
        body = _Reader(lines)
        broken = _walk(package, main, body)
        for name in _NOTES:
            if name in package:
                lines.begin("note")
                _walk(package, name, _Reader(lines))
                lines.end()
        title = office.title(package, "docProps/core.xml")
    if body.chunks:
        text = N_("Verdicts", "parts in other formats that Word takes in when it opens the file: {count}; save it anew with Word")  # fmt: skip
        file.warn(Sentence("Verdicts", text, {"count": body.chunks}))
    yield office.document(file, lines, title, broken)


def _main_part(package: Package) -> str:
    """Some programs call it word/document2.xml."""
    if _MAIN in package:
        return _MAIN
    others = (name for name in package.names if name.casefold().startswith("word/document"))
    return next((name for name in others if name.endswith(".xml")), _MAIN)


def _walk(package: Package, name: str, reader: _Reader) -> bool:
    """Whether the part is damaged."""
    try:
        xml.walk(package.blocks(name), reader)
    except xml.BROKEN:
        return True
    return False


class _Reader:
    """`chunks`: whole files inside, of other formats, whose text the document takes in."""

    def __init__(self, lines: office.Lines) -> None:
        self.chunks = 0
        self._lines = lines
        self._left_out = 0
        self._in_text = self._hidden = self._in_contents = False
        self._in_properties = self._goes_on = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._left_out or name in _LEFT_OUT:
            self._left_out += 1
            self._goes_on = self._goes_on or self._in_properties  # The end of a paragraph is gone.
        elif name == "pPr":
            self._in_properties = True
        elif part := _PARTS.get(name):
            self._lines.begin(part)
        elif name == "r":
            self._hidden = False
        elif name == "vanish":
            self._hidden = attributes.get("val", "").casefold() not in _OFF
        elif name == "t":
            self._in_text = True
        elif name == "altChunk":
            self.chunks += 1
        elif name == "symEx":  # An emoji.
            self._lines.add(_character(attributes.get("char", "")))
        elif name == "docPartGallery":
            self._in_contents = attributes.get("val") == _CONTENTS
        elif name == "sdtContent" and self._in_contents:
            self._in_contents, self._left_out = False, 1
        elif name in _FORMULA:
            self._lines.add(_FORMULA[name][0])
        elif name in _SIGNS and not (name == "tab" and attributes):  # Such a tab is only a stop.
            self._lines.add(_SIGNS[name])

    def end(self, name: str) -> None:
        if self._left_out:
            self._left_out -= 1
        elif name == "p":
            self._lines.end(self._goes_on)
            self._goes_on = False
        elif name in _PARTS:
            self._lines.end()
        elif name == "t":
            self._in_text = False
        elif name in _FORMULA:
            self._lines.add(_FORMULA[name][1])
        elif name in ("r", "pPr"):
            self._hidden = self._in_properties = False

    def data(self, text: str) -> None:
        if self._in_text and not self._left_out and not self._hidden:
            self._lines.add(text)


def _character(code: str) -> str:
    """That of a hexadecimal number; "" for none."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return chr(number) if 0 < number <= _LAST_CODE and not 0xD800 <= number < 0xE000 else ""
