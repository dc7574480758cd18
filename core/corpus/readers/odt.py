"""ODT (OpenDocument 1.3): headings, paragraphs, tables, text boxes and notes.

The XML is walked without a tree: the libraries for it build one, or have not been kept up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.corpus import bombs
from core.corpus.readers import office, xml
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.package import Package, opened
from core.corpus.unpack import zips

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_TYPES = (b"application/vnd.oasis.opendocument.text", b"application/vnd.sun.xml.writer")
_LEFT_OUT = {
    "tracked-changes", "ruby-text", "annotation", "note-citation", "hidden-text", "automatic-styles",
    "font-face-decls", "scripts", "forms", "desc", "title", "binary-data", "hidden-paragraph",
    "table-of-content",
}  # fmt: skip
"""Deleted text, readings of characters, remarks, signs of notes, what is no text, the headings
once more."""
_PARTS: dict[str, office.Kind] = {
    "p": "paragraph", "h": "paragraph", "table-row": "row", "table-cell": "cell", "note-body": "note",
}  # fmt: skip
_MOST_SPACES = 100
_WHITE = re.compile(r"[ \t\r\n]+")


def looks(head: bytes) -> bool:
    return head.startswith(zips.LOCAL) and any(kind in head[:300] for kind in _TYPES)


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for what is damaged, locked, a bomb or without text."""
    lines = office.Lines()
    broken = False
    with opened(file.path, "ODT") as package:
        if _is_locked(package):
            raise NotReadable(bombs.needs_password())
        try:
            xml.walk(package.blocks(_CONTENT), _Reader(lines))
        except xml.BROKEN:
            broken = True
        title = office.title(package, "meta.xml")
    yield office.document(file, lines, title, broken)


def _is_locked(package: Package) -> bool:
    if _MANIFEST not in package:
        return False
    return b"encryption-data" in package.bytes(_MANIFEST, 16 << 20)


class _Reader:
    def __init__(self, lines: office.Lines) -> None:
        self._lines = lines
        self._left_out = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._left_out or name in _LEFT_OUT:
            self._left_out += 1
        elif part := _PARTS.get(name):
            self._lines.begin(part)
        elif name == "s":
            self._lines.add(" " * _count(attributes.get("c", "1")))
        elif name == "tab":
            self._lines.add("\t")
        elif name == "line-break":
            self._lines.add("\n")

    def end(self, name: str) -> None:
        if self._left_out:
            self._left_out -= 1
        elif name in _PARTS:
            self._lines.end()

    def data(self, text: str) -> None:
        if not self._left_out:
            self._lines.add(_folded(text))


def _folded(text: str) -> str:
    """Line ends and runs of white space in the XML are one space (ODF 1.3, part 3, 6.1.2)."""
    return _WHITE.sub(" ", text)


def _count(told: str) -> int:
    return (
        min(int(told), _MOST_SPACES) if told.isascii() and told.isdigit() and len(told) < 9 else 1
    )
