"""The lines of a page as people see them, each with what tells whether it is part of the text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

from core.corpus.readers import html_names

_SKIPPED = {
    "script", "style", "noscript", "template", "svg", "head", "iframe", "object", "annotation",
    "datalist", "canvas", "audio", "video",
}  # fmt: skip
_RUBY_READING = {"rt", "rp"}
_SIGNS_IN = {"a", "sup"}
_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "aside", "main", "nav", "li", "ul", "ol",
    "dl", "dt", "dd", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
    "figure", "figcaption", "hr", "form", "address", "body", "caption", "details", "summary",
    "fieldset", "legend", "option",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article", "nav"}  # fmt: skip
_CONTAINERS = {
    "div", "section", "article", "header", "footer", "aside", "main", "nav", "ul", "ol", "dl",
    "table", "form", "button", "select", "h1", "span",
}  # fmt: skip
_CELLS = {"td", "th"}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_WHITE = " \t\r\n\f"


@dataclass(slots=True)
class Line:
    """`gap`: line ends before it, 0 to 2. `mark`: how sure it is no part of the text, one of
    html_names' strengths. `linked`: characters of it in links; `links`: how many links begin in it."""

    text: str
    gap: int
    mark: int
    linked: int
    links: int
    space: bool = False
    """Whether white space comes before it where there is no line end."""


class LineParser(HTMLParser):
    """Feed it a page, close it, and read `lines` and `title`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.title = ""
        self._pieces: list[str] = []
        self._gap = 0
        self._linked = self._links = 0
        self._in_link = self._in_title = False
        self._skipping: list[str] = []
        self._pre = 0
        self._open: list[tuple[str, int, bool]] = []
        self._opened: Counter[str] = Counter()
        self._mark, self._in_content = 0, False

    def parse_html_declaration(self, i: int) -> int:
        """As the base class; it fails on marked sections that it does not know (`<![x[`)."""
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            return self.parse_bogus_comment(i)

    # ---- tags --------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._line_end()
            return
        if tag == "title":
            self._in_title = True
        elif tag in _SIGNS_IN and html_names.is_sign_of_note(attrs):
            self._skipping.append(tag)
        elif tag == "a":
            self._in_link = True
            self._links += 1
        elif tag in _SKIPPED or tag in _RUBY_READING:
            self._end_reading()
            self._skipping.append(tag)
        elif tag == "rb":
            self._end_reading()
        elif tag == "body":
            self._skipping.clear()  # A head that was never closed.
        elif tag in _CELLS and self._pieces:
            self._pieces.append("\t")
        if tag in _BLOCKS:
            self._end_sign()
            self._break(tag)
        if tag == "pre":
            self._pre += 1
        if tag in _CONTAINERS:
            self._enter(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._line_end()
        elif tag in _BLOCKS:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "a" and tag not in self._skipping[-1:]:
            self._in_link = False
        elif tag == "ruby":
            self._end_reading()
        elif tag in self._skipping[-50:]:
            while self._skipping.pop() != tag:
                pass
        if tag in _BLOCKS:
            self._end_sign()
            self._break(tag)
        if tag == "pre":
            self._pre = max(0, self._pre - 1)
        if tag in _CONTAINERS and self._opened[tag]:
            self._leave(tag)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = _SPACES.sub(" ", self.title + data).strip()[:1000]
        elif not self._skipping:
            self._pieces.append(data)
            if self._in_link:
                self._linked += len(data)

    def close(self) -> None:
        super().close()
        self._flush()

    # ---- what is open ------------------------------------------------------------------------

    def _enter(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`span` matters only where its class tells something."""
        mark = html_names.mark_of(tag, attrs, self._in_content)
        if tag == "h1" and self._mark == html_names.HEADER:
            mark = html_names.HEADING
        self._open.append((tag, self._mark, self._in_content))
        self._opened[tag] += 1
        self._in_content = self._in_content or tag in html_names.CONTENT
        self._become(0 if mark == html_names.HEADING else max(mark, self._mark))

    def _leave(self, tag: str) -> None:
        while self._open:
            name, mark, in_content = self._open.pop()
            self._opened[name] -= 1
            self._become(mark)
            self._in_content = in_content
            if name == tag:
                return

    def _become(self, mark: int) -> None:
        if mark != self._mark:
            self._flush()
            self._mark = mark

    def _end_reading(self) -> None:
        """A ruby reading may be left open: the next part of the ruby closes it."""
        if self._skipping and self._skipping[-1] in _RUBY_READING:
            self._skipping.pop()

    def _end_sign(self) -> None:
        """A note's sign that was left open ends with its block."""
        if self._skipping and self._skipping[-1] in _SIGNS_IN:
            self._skipping.pop()

    # ---- lines -------------------------------------------------------------------------------

    def _break(self, tag: str) -> None:
        if not self._skipping:
            self._flush()
            self._gap = max(self._gap, 2 if tag in _PARAGRAPHS else 1)

    def _line_end(self) -> None:
        if not self._skipping:
            self._flush()
            self._gap = min(2, self._gap + 1)

    def _flush(self) -> None:
        if not self._pieces:
            self._linked = self._links = 0
            return
        raw = "".join(self._pieces)
        self._pieces.clear()
        if self._pre:
            self._flush_pre(raw)
        else:
            text = _SPACES.sub(" ", raw).strip(" ") if "\t" not in raw else _cells(raw)
            if text and not text.isspace():
                space = raw[0] in _WHITE
                self.lines.append(
                    Line(text, self._gap, self._mark, self._linked, self._links, space)
                )
                self._gap = 0
                if raw[-1] in _WHITE:
                    self._pieces.append(" ")
        self._linked = self._links = 0

    def _flush_pre(self, raw: str) -> None:
        for number, line in enumerate(raw.split("\n")):
            if number:
                self._gap = min(2, self._gap + 1)
            if line := line.rstrip():
                self.lines.append(Line(line, self._gap, self._mark, 0, 0))
                self._gap = 0


def _cells(raw: str) -> str:
    """A table's row: its cells are kept apart by tabs."""
    cells = (_SPACES.sub(" ", cell).strip(" ") for cell in raw.split("\t"))
    return "\t".join(cell for cell in cells if cell)
