"""EPUB 2 and 3 (W3C EPUB 3.3): the chapters in their reading order, as one book.

A book is a zip file of pages and a list of them, for which the readers of both are enough; the
library for it is under the AGPL.
"""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote

from core.corpus import bombs
from core.corpus.readers import html, xml
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.input import normalise_newlines
from core.corpus.readers.package import Package, opened
from core.corpus.unpack import zips
from core.sentences import N_, Sentence

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OBFUSCATION = {
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
}
"""What hides fonts only (EPUB 3.3, 4.3); anything else is copy protection."""
_PAGES = (".xhtml", ".html", ".htm", ".xml")
_PAGE_TYPES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}  # fmt: skip
_CONTENTS_TYPES = {"toc", "table of contents", "other.toc"}
_CONTENTS = re.compile(r"(?:[a-z0-9]{1,8}[-_])?(?:toc|nav)|table-?of-?contents", re.IGNORECASE)
_LIST_BYTES = 16 << 20
_MOST_BYTES = 64 << 20
"""Of all pages together; the longest books have a third of it."""


def looks(head: bytes) -> bool:
    if not head.startswith(zips.LOCAL):
        return False
    return b"application/epub+zip" in head[:300] or _CONTAINER in zips.head_names(head)


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for what is damaged, protected, a bomb or without text."""
    with opened(file.path, "EPUB") as package:
        if _is_protected(package):
            text = N_("Verdicts", "protected against copying (DRM): it cannot be read")
            raise NotReadable(Sentence("Verdicts", text))
        book = _book(package)
        text = _text(file, package, book.chapters or _all_pages(package))
    yield Document(text, book.title or file.name)


# ---- what is in the book -----------------------------------------------------------------------


@dataclass
class _Book:
    title: str = ""
    chapters: list[str] = field(default_factory=list[str])


def _is_protected(package: Package) -> bool:
    if _ENCRYPTION not in package:
        return False
    found = _Attributes("EncryptionMethod", "Algorithm")
    try:
        xml.walk(package.blocks(_ENCRYPTION, _LIST_BYTES), found)
    except xml.BROKEN:
        pass
    in_data = [value for value in found.values if not value.endswith(("rsa-1_5", "rsa-oaep-mgf1p"))]
    return any(value not in _OBFUSCATION for value in in_data)


def _book(package: Package) -> _Book:
    """The reading order; without chapters where the book's own list is damaged or missing."""
    found = _Attributes("rootfile", "full-path")
    if _CONTAINER in package:
        try:
            xml.walk(package.blocks(_CONTAINER, _LIST_BYTES), found)
        except xml.BROKEN:
            pass
    lists = [name for name in found.values if name in package]
    lists += [name for name in package.names if name.casefold().endswith(".opf")]
    if not lists:
        return _Book()
    listing = _Listing()
    try:
        xml.walk(package.blocks(lists[0], _LIST_BYTES), listing)
    except (xml.BROKEN, NotReadable):
        pass
    return _Book(" ".join("".join(listing.title).split())[:300], listing.chapters(lists[0]))


class _Attributes:
    """Values of one attribute of one kind of element."""

    def __init__(self, element: str, attribute: str) -> None:
        self.values: list[str] = []
        self._element, self._attribute = element, attribute

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._element and (value := attributes.get(self._attribute)):
            self.values.append(value)

    def end(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...


class _Listing:
    """The package document: its first title, its manifest, its spine."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self._in_title = self._has_title = False
        self._items: dict[str, dict[str, str]] = {}
        self._spine: list[str] = []
        self._contents: set[str] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "title":
            self._in_title = not self._has_title
        elif name == "item":
            self._items[attributes.get("id", "")] = attributes
        elif name == "itemref":
            self._spine.append(attributes.get("idref", ""))
        elif name == "reference" and attributes.get("type", "").casefold() in _CONTENTS_TYPES:
            self._contents.add(attributes.get("href", "").partition("#")[0])

    def end(self, name: str) -> None:
        if name == "title":
            self._has_title, self._in_title = True, False

    def data(self, text: str) -> None:
        if self._in_title:
            self.title.append(text)

    def chapters(self, listing: str) -> list[str]:
        """Names of the pages to read in the archive, each once; `listing`: that of this document."""
        folder = posixpath.dirname(listing)
        found: dict[str, None] = {}
        for identity in self._spine:
            item = self._items.get(identity, {})
            href = item.get("href", "").partition("#")[0]
            is_page = item.get("media-type") in _PAGE_TYPES or href.casefold().endswith(_PAGES)
            is_contents = (
                "nav" in item.get("properties", "").split()
                or href in self._contents
                or _CONTENTS.fullmatch(PurePosixPath(href).stem) is not None
            )
            if href and is_page and not is_contents:
                found[posixpath.normpath(posixpath.join(folder, unquote(href)))] = None
        return list(found)


def _all_pages(package: Package) -> list[str]:
    """Where nothing tells the order: that of their names."""
    return sorted(name for name in package.names if name.casefold().endswith(_PAGES[:3]))


# ---- their text --------------------------------------------------------------------------------


def _text(file: InputFile, package: Package, chapters: list[str]) -> str:
    """All chapters that can be read; says how many cannot. Raises NotReadable where none can."""
    texts: list[str] = []
    total = lost = 0
    for name in chapters:
        try:
            data = package.bytes(name)
        except NotReadable:
            lost += 1
            continue
        total += len(data)
        bombs.check(file.size, total, _MOST_BYTES)
        if text := html.parsed(_decoded(file, data)).text:
            texts.append(text)
    if not texts:
        nothing = Sentence("Verdicts", N_("Verdicts", "no text in the book"))
        raise NotReadable(bombs.damaged() if lost or not chapters else nothing)
    if lost:
        text = N_("Verdicts", "chapters that are damaged or missing: {count} of {total}")
        file.warn(Sentence("Verdicts", text, {"count": lost, "total": len(chapters)}))
    return "\n\n".join(texts) + "\n"


def _decoded(file: InputFile, data: bytes) -> str:
    """UTF-8 as the standard has it, UTF-16 by its mark, or what an older page declares."""
    name = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    try:
        return normalise_newlines(data.decode(name))
    except UnicodeDecodeError:
        text = data.decode(html.declared_encoding(data) or name, "replace")
        file.bad += text.count("\ufffd")
    return normalise_newlines(text)
