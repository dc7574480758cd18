"""What DOCX and ODT share: paragraphs, table rows and notes as lines of text, and the title."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from core.corpus import bombs
from core.corpus.readers import xml
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.package import Package
from core.sentences import N_, Sentence

Kind = Literal["body", "paragraph", "row", "cell", "note"]
_BLANK_LINES = re.compile(r"\n{3,}")
_TITLE_BYTES = 1 << 20
_LONGEST_TITLE = 300
_MOST_DEPTH = 100


@dataclass(slots=True)
class _Part:
    kind: Kind
    lines: list[str] = field(default_factory=list[str])
    """Of a paragraph: its pieces of text; of a row: its cells."""
    after: list[str] = field(default_factory=list[str])
    """Of a paragraph: lines that lie inside it (a text box) and are read after it."""


class Lines:
    """Collects text as a document's parts begin and end."""

    def __init__(self) -> None:
        self._open = [_Part("body")]
        self._notes: list[str] = []
        self._beyond, self._deep = 0, list[str]()
        self._carried = ""

    def begin(self, kind: Kind) -> None:
        """Parts that are nested deeper than any true ones belong to the one around them."""
        if len(self._open) >= _MOST_DEPTH:
            self._end_deep_line()
            self._beyond += 1
        else:
            self._open.append(_Part(kind))
            if kind == "paragraph" and self._carried:
                self._open[-1].lines.append(self._carried)
                self._carried = ""

    def add(self, text: str) -> None:
        """Text counts only inside a paragraph."""
        if self._beyond:
            self._deep.append(text)
        elif self._open[-1].kind == "paragraph":
            self._open[-1].lines.append(text)

    def end(self, goes_on: bool = False) -> None:
        """The part that began last ends. `goes_on`: it is a paragraph, of which the next is the rest."""
        if self._beyond:
            self._end_deep_line()
            self._beyond -= 1
            return
        part = self._open.pop()
        if part.kind == "note":
            self._notes += part.lines
            return
        parent = self._open[-1]
        if goes_on:
            self._carried = "".join(part.lines)
            part.lines.clear()
            if not part.after:
                return
        (parent.after if parent.kind == "paragraph" else parent.lines).extend(_finished(part))

    def _end_deep_line(self) -> None:
        line = "".join(self._deep)
        self._deep.clear()
        if line.strip():
            self._open[-1].lines.append(line)

    def text(self) -> str:
        """All of it, notes last."""
        self._end_deep_line()
        self._beyond = 0
        while len(self._open) > 1:  # The XML broke off inside.
            self.end()
        if self._carried:
            self._open[0].lines.append(self._carried)
            self._carried = ""
        notes = [note.strip() for note in self._notes]
        lines = (line.rstrip() for line in [*self._open[0].lines, "", *notes])
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _finished(part: _Part) -> list[str]:
    if part.kind == "paragraph":
        return ["".join(part.lines), *part.after]
    if part.kind == "cell":
        return ["\n".join(line for line in part.lines if line.strip())]
    if part.kind == "row":  # One line, unless a cell has several.
        several = any("\n" in cell for cell in part.lines)
        between = "\n" if several else "\t"
        return [between.join(cell for cell in part.lines if cell or not several).rstrip("\t")]
    return part.lines


def document(file: InputFile, lines: Lines, title: str, broken: bool) -> Document:
    """Raises NotReadable where there is no text."""
    text = lines.text()
    if not text.strip():
        nothing = Sentence("Verdicts", N_("Verdicts", "no text in the document"))
        raise NotReadable(bombs.damaged() if broken else file.warning or nothing)
    if broken:
        part = N_("Verdicts", "damaged: read up to character {count}")
        file.warn(Sentence("Verdicts", part, {"count": len(text)}))
    return Document(text + "\n", title or file.name)


def title(package: Package, member: str) -> str:
    """The title in a member of metadata; "" where it tells none."""
    if member not in package:
        return ""
    found = _Title()
    try:
        xml.walk(package.blocks(member, _TITLE_BYTES), found)
    except (NotReadable, xml.BROKEN):
        return ""
    return " ".join("".join(found.pieces).split())[:_LONGEST_TITLE]


class _Title:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = name == "title" and not self.pieces

    def end(self, name: str) -> None:
        self._inside = False

    def data(self, text: str) -> None:
        if self._inside:
            self.pieces.append(text)
