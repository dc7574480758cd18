"""XML of any kind: its sentences, if it has some. Of a MediaWiki dump, a document for each article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from core.corpus.mapping import weight
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.html import declared_encoding
from core.sentences import N_, Sentence

WHOLE_CHARACTERS = 16 << 20
"""In a larger file, every child of the root is a document."""
_BLOCK = 1 << 20
_PROSE = 40
_PROSE_SHARE, _LEAST_PROSE = 0.5, 200
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ROOT = re.compile("<[A-Za-z_]")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ARTICLES = "0"
"""MediaWiki's number of the space in which articles are."""


def looks(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for XML without sentences, or that is broken before any came."""
    reading = _Reading(file)
    try:
        yield from reading.documents()
    except ParseError as error:
        line, column = error.position
        text = N_("Verdicts", "broken XML in line {line}, column {column}")
        broken = Sentence("Verdicts", text, {"line": line, "column": column + 1})
        if not reading.any:
            raise NotReadable(broken) from error
        file.warn(broken)
    except RecursionError as error:
        text = N_("Verdicts", "its elements are nested too deeply")
        raise NotReadable(Sentence("Verdicts", text)) from error
    if not reading.any:
        raise NotReadable(Sentence("Verdicts", N_("Verdicts", "no sentences in the XML")))


class _Reading:
    def __init__(self, file: InputFile) -> None:
        self._file = file
        self._large = file.size > WHOLE_CHARACTERS
        self.any = False

    def documents(self) -> Iterator[Document]:
        """Raises ParseError."""
        parser, depth, number = XMLPullParser(("start", "end")), 0, 0
        root: Element | None = None
        for block in _blocks(self._file):
            parser.feed(block)
            for found in parser.read_events():
                event, element = found[0], found[-1]
                if not isinstance(element, Element):
                    continue
                if event == "start":
                    depth += 1
                    root = element if root is None else root
                    continue
                depth -= 1
                ends_article = _name(element) == "page"
                if ends_article or depth == 0 or (self._large and depth == 1):
                    number += 1
                    yield from self._of(element, number)
                    element.clear()
                    if root is not None and depth == 1:
                        root.clear()
        parser.close()

    def _of(self, element: Element, number: int) -> Iterator[Document]:
        title, text = _article(element) if _name(element) == "page" else ("", None)
        if text is None:
            blocks = list(_blocks_of(element))
            text = "\n".join(blocks) if _is_prose(blocks) else ""
        if text.strip():
            self.any = True
            named = self._file.name if number == 1 else f"{self._file.name} ({number})"
            yield Document(text + "\n", title or named)


def _blocks(file: InputFile) -> Iterator[str]:
    """The text in blocks, without the declaration, which tells an encoding that it has no more.
    Raises NotReadable for entities of its own, with which a few lines can stand for gigabytes."""
    for number, (_, text) in enumerate(_pieces(file)):
        if number == 0:
            text = _DECLARATION.sub("", text, count=1).lstrip()
            root = _ROOT.search(text)
            if _ENTITY.search(text, 0, root.start() if root else len(text)):
                words = N_("Verdicts", "declares entities of its own, as bombs do: not read")
                raise NotReadable(Sentence("Verdicts", words))
        for start in range(0, len(text), _BLOCK):
            yield text[start : start + _BLOCK].encode("utf-8", "replace").decode()


def _pieces(file: InputFile) -> Iterator[tuple[int, str]]:
    if file.size <= WHOLE_CHARACTERS:
        yield 1, file.text("XML", declared_encoding(file.head))
    else:
        yield from file.pieces("XML")


def _article(page: Element) -> tuple[str, str | None]:
    """(title, the wiki's text) of a MediaWiki page; None for no page of it, "" for no article."""
    found = {_name(element): element.text or "" for element in page.iter()}
    if "text" not in found or "title" not in found:
        return "", None
    redirects = "redirect" in found or found.get("ns", _ARTICLES) != _ARTICLES
    return found["title"], "" if redirects else found["text"]


def _blocks_of(element: Element) -> Iterator[str]:
    """Elements with words among their children are one block; others give those of their children."""
    waiting = [element]
    while waiting:
        one = waiting.pop()
        mixed = (one.text or "").strip() or any((child.tail or "").strip() for child in one)
        if mixed or not len(one):
            text = " ".join("".join(one.itertext()).split())
            if text:
                yield text
        else:
            waiting.extend(reversed(one))


def _is_prose(blocks: list[str]) -> bool:
    long = sum(len(block) for block in blocks if weight(block) >= _PROSE and _spoken(block))
    enough = sum(weight(block) for block in blocks if weight(block) >= _PROSE) >= _LEAST_PROSE
    return enough and long > _PROSE_SHARE * sum(map(len, blocks))


def _spoken(block: str) -> bool:
    """Mostly letters: no paths of a drawing, no numbers."""
    letters = sum(c.isalpha() for c in block[:2000])
    return letters > 0.6 * len("".join(block[:2000].split()))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
