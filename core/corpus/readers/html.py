"""HTML and XHTML: the text of a page, in blocks, without scripts, styles and navigation."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from core.corpus.readers.base import Document, InputFile, NotReadable
from core.sentences import N_, Sentence

_SKIPPED = {"script", "style", "nav", "noscript", "template", "svg", "head", "iframe", "object"}
_RUBY_READING = {"rt", "rp"}
_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "aside", "main", "li", "ul", "ol", "dl",
    "dt", "dd", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure",
    "figcaption", "hr", "form", "address", "body",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article"}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9_\-]+)|<\?xml[^>]{0,80}encoding=["']([A-Za-z0-9_\-]+)""", re.I)  # fmt: skip
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,4000}?-->\s*){0,8}(?:<!doctype\s+html|<html)",
    re.IGNORECASE | re.DOTALL,
)
_BYTE_CHARSET = re.compile(
    "(?:iso8859|cp|koi8|mac|gb|big5|euc|shift_jis|johab|tis|viscii|hp|ptcp|kz)[a-z0-9_-]*"
)
"""Charsets that a page of bytes may truly have; it may also declare UTF-16 or worse."""


def declared_encoding(head: bytes) -> str | None:
    """The charset that the first bytes of a page declare, if Python knows it."""
    match = _CHARSET.search(head[:4096])
    if not match:
        return None
    name = (match.group(1) or match.group(2)).decode("ascii", "replace")
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    return known if _BYTE_CHARSET.fullmatch(known) else None


def looks(head: bytes) -> bool:
    """Whether a file begins as a page does."""
    return _BEGINNING.match(head) is not None


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for a page without text."""
    parser = _TextParser()
    parser.feed(_closed(file.text("HTML", declared_encoding(file.head))))
    parser.close()
    plain = parser.text()
    if not plain:
        raise NotReadable(Sentence("Verdicts", N_("Verdicts", "no text on the page")))
    yield Document(plain + "\n", parser.title or file.name)


def _closed(text: str) -> str:
    """`text` with the marks that nothing closes written as plain signs: the standard parser looks
    for the end of each of them through the whole rest of the page."""
    end = text.rfind(">") + 1
    text = text[:end] + text[end:].replace("<", "&lt;")
    for mark, closing in (("<!--", "-->"), ("<![", "]>")):
        end = text.rfind(closing) + 1
        text = text[:end] + text[end:].replace(mark, "&lt;" + mark[1:])
    return text


class _TextParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._skipping: list[str] = []
        self._pre = 0
        self._in_title = False
        self.title = ""

    def parse_html_declaration(self, i: int) -> int:
        """As the base class; it fails on marked sections that it does not know (`<![x[`)."""
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = True
        elif tag == "br":
            self._out.append("\n")
        elif tag in _SKIPPED or tag in _RUBY_READING:
            self._end_reading()
            self._skipping.append(tag)
        elif tag == "rb":
            self._end_reading()
        elif tag == "body":
            self._skipping.clear()  # A head that was never closed.
        elif tag == "pre":
            self._pre += 1
        if tag in _BLOCKS:
            self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._out.append("\n")
        elif tag in _BLOCKS:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "ruby":
            self._end_reading()
        elif tag in self._skipping:
            while self._skipping.pop() != tag:
                pass
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        if tag in _BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = _SPACES.sub(" ", self.title + data).strip()
        elif not self._skipping:
            self._out.append(data if self._pre else _SPACES.sub(" ", data))

    def _end_reading(self) -> None:
        """A ruby reading may be left open: the next part of the ruby closes it."""
        if self._skipping and self._skipping[-1] in _RUBY_READING:
            self._skipping.pop()

    def _break(self, tag: str) -> None:
        if not self._skipping:
            self._out.append("\n\n" if tag in _PARAGRAPHS else "\n")

    def text(self) -> str:
        joined = "".join(self._out)
        lines = (line.strip(" \t") for line in joined.split("\n"))
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
