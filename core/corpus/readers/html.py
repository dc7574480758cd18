"""HTML and XHTML: the text of a page in lines; menus, notices and the like are marked, not dropped.

Python's own parser: it takes any markup, in time that grows with the page, and needs no tree.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from core.corpus.readers import html_boilerplate
from core.corpus.readers.base import Document, Edit, InputFile, NotReadable
from core.corpus.readers.html_lines import Line, LineParser
from core.sentences import N_, Sentence

REASON = "html_boilerplate"
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9_\-]+)|<\?xml[^>]{0,80}encoding=["']([A-Za-z0-9_\-]+)""", re.I)  # fmt: skip
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,4000}?-->\s*){0,8}(?:<!doctype\s+html|<html)",
    re.IGNORECASE | re.DOTALL,
)
_BYTE_CHARSET = re.compile(
    "(?:iso8859|cp|koi8|mac|gb|big5|euc|shift_jis|johab|tis|viscii|hp|ptcp|kz)[a-z0-9_-]*"
)
"""Charsets that a page of bytes may truly have; it may also declare UTF-16 or worse."""


class Page(NamedTuple):
    """`edits`: what is no part of the text."""

    text: str
    title: str
    edits: tuple[Edit, ...]


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
    page = parsed(file.text("HTML", declared_encoding(file.head)))
    if not page.text:
        raise NotReadable(Sentence("Verdicts", N_("Verdicts", "no text on the page")))
    yield Document(page.text + "\n", page.title or file.name, edits=page.edits)


def parsed(source: str) -> Page:
    """The text of a page; "" where it has none."""
    parser = LineParser()
    parser.feed(_closed(source))
    parser.close()
    html_boilerplate.mark(parser.lines)
    text, edits = _joined(parser.lines)
    return Page(text, parser.title, tuple(edits))


def _closed(text: str) -> str:
    """`text` with the marks that nothing closes written as plain signs: the standard parser looks
    for the end of each of them through the whole rest of the page."""
    end = text.rfind(">") + 1
    text = text[:end] + text[end:].replace("<", "&lt;")
    for mark, closing in (("<!--", "-->"), ("<![", "]>")):
        end = text.rfind(closing) + 1
        text = text[:end] + text[end:].replace(mark, "&lt;" + mark[1:])
    return text


def _joined(lines: list[Line]) -> tuple[str, list[Edit]]:
    """The text of all lines, and an edit for each run of marked ones with the line ends before it
    (at the beginning: those after it)."""
    out: list[str] = []
    edits: list[Edit] = []
    length, begun, widest = 0, -1, 0
    for line in lines:
        if line.mark:
            begun = length if begun < 0 else begun
            widest = max(widest, line.gap)
        gap = line.gap if line.mark or begun < 0 else max(line.gap, widest)
        between = "" if not out else "\n" * gap or " " * line.space
        if not line.mark and begun >= 0:
            edits.append(Edit(begun, length + (len(between) if begun == 0 else 0), REASON))
            begun, widest = -1, 0
        out.append(between + line.text)
        length += len(out[-1])
    if begun >= 0:
        edits.append(Edit(begun, length, REASON))
    return "".join(out), edits
