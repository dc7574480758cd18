"""PDF: its text layer, page after page, with PDFium.

pypdfium2 is kept up, freely licensed and reads what browsers read; nothing is drawn or executed.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from core.corpus import bombs
from core.corpus.readers import (
    pdf_columns,
    pdf_furniture,
    pdf_lines,
    pdf_paragraphs,
    pdf_streams,
)
from core.corpus.readers.base import Document, Edit, InputFile, NotReadable
from core.corpus.readers.pdf_lines import Line
from core.sentences import N_, Sentence

REASON = "pdf_furniture"
_PASSWORD = 4
_MOST_PAGES = 50_000
_MOST_CHARACTERS = 64 << 20
_MOST_FAILURES = 200
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_MOST_UNKNOWN = 0.3
_NO_TITLE = re.compile(r"untitled|\(anonymous\)|無題|microsoft (?:word|powerpoint) - .*|.*\.[a-z]{2,5}|[\W\d_]*", re.IGNORECASE)  # fmt: skip
_TAIL_BYTES = 2048
_START = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_TABLE = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)")


def looks(head: bytes) -> bool:
    return b"%PDF-" in head[:1024]


def read(file: InputFile) -> Iterator[Document]:
    """One document; page numbers, running heads, line ends inside paragraphs and divided words are
    edits of it. Raises NotReadable for what is damaged, locked, or without a text layer."""
    with _opened(file) as pdf:
        pages = _Pages()
        pages.take_all(pdf)
        title = _title(pdf)
    pages.judge(file)
    text, edits = _joined(pages.lines)
    _judge_characters(file, text)
    yield Document(text + "\n", title or file.name, edits=tuple(edits))


# ---- opening -----------------------------------------------------------------------------------


@contextmanager
def _opened(file: InputFile) -> Generator[Any]:
    import pypdfium2  # Loads PDFium, which a start without PDFs need not wait for.
    from pypdfium2 import raw

    pdf_streams.check(file.path)
    raw.FPDF_LoadMemDocument64(b"x", 1, None)
    # No PDF: PDFium keeps its last error, and pypdfium2 tells it of a file without pages.
    try:
        pdf = pypdfium2.PdfDocument(file.path)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == _PASSWORD
        raise NotReadable(bombs.needs_password() if locked else bombs.damaged()) from error
    try:
        if not _is_whole(file):
            text = N_("Verdicts", "damaged: what could be repaired was read")
            file.warn(Sentence("Verdicts", text))
        yield pdf
    finally:
        pdf.close()


def _is_whole(file: InputFile) -> bool:
    """Whether the file ends as a PDF does, pointing at its table of objects; PDFium repairs others in
    silence."""
    with file.path.open("rb") as stream:
        stream.seek(max(0, file.size - _TAIL_BYTES))
        found = _START.findall(stream.read())
        if not found:
            return False
        begin = max(0, file.head.find(b"%PDF-"))
        for offset in (int(found[-1]), int(found[-1]) + begin):
            stream.seek(min(offset, file.size))
            if _TABLE.match(stream.read(40)):
                return True
    return False


def _title(pdf: Any) -> str:
    """The title in the metadata, if it is one: many programs put a file's name there."""
    title = " ".join(pdf.get_metadata_value("Title").replace("\0", "").split())
    return "" if _NO_TITLE.fullmatch(title) or "\ufffd" in title else title[:300]


# ---- pages -------------------------------------------------------------------------------------


class _Pages:
    """The lines of every page, and how many pages have none and why."""

    def __init__(self) -> None:
        self.lines: list[list[Line]] = []
        self._failed = self._pictures = self._of = 0

    def take_all(self, pdf: Any) -> None:
        characters, self._of = 0, len(pdf)
        for index in range(min(self._of, _MOST_PAGES)):
            lines = self._take(pdf, index)
            self.lines.append(lines)
            characters += sum(len(line.text) for line in lines)
            if characters > _MOST_CHARACTERS:
                raise NotReadable(_too_much())
            if self._failed >= _MOST_FAILURES and not characters:
                return

    def _take(self, pdf: Any, index: int) -> list[Line]:
        import pypdfium2
        from pypdfium2 import raw

        try:
            page = pdf[index]
        except pypdfium2.PdfiumError:
            self._failed += 1
            return []
        try:
            text = page.get_textpage()
            try:
                left, bottom, right, top = page.get_mediabox()
                bounds = (left, right, bottom, top)
                pieces, direction = pdf_lines.lines_of(text, raw, bounds)
            finally:
                text.close()
            if not pieces and raw.FPDFPage_CountObjects(page.raw) > 0:
                self._pictures += 1
            return pdf_columns.ordered(pieces, direction == "down")
        except pypdfium2.PdfiumError:
            self._failed += 1
            return []
        finally:
            page.close()

    def judge(self, file: InputFile) -> None:
        """Raises NotReadable where no page has text."""
        values = {"total": len(self.lines)}
        if not any(self.lines):
            if self._pictures:
                text = N_("Verdicts", "its pages are pictures, without a text layer: run text recognition (OCR) on it first")  # fmt: skip
                raise NotReadable(Sentence("Verdicts", text))
            if self._failed or not self.lines:
                raise NotReadable(bombs.damaged())
            raise NotReadable(Sentence("Verdicts", N_("Verdicts", "no text in the document")))
        if self._of > len(self.lines):
            text = N_("Verdicts", "only the first {count} of {total} pages were read: split it")
            most = {"count": len(self.lines), "total": self._of}
            file.warn(Sentence("Verdicts", text, most))
        if self._failed:
            text = N_("Verdicts", "damaged pages: {count} of {total}")
            file.warn(Sentence("Verdicts", text, {"count": self._failed, **values}))
        if self._pictures:
            text = N_("Verdicts", "pages that are pictures without text: {count} of {total}")
            file.warn(Sentence("Verdicts", text, {"count": self._pictures, **values}))


def _too_much() -> Sentence:
    text = N_("Verdicts", "more than {millions} million characters in one document: split it")
    return Sentence("Verdicts", text, {"millions": _MOST_CHARACTERS >> 20})


def _judge_characters(file: InputFile, text: str) -> None:
    """Fonts may not tell which characters they draw. Raises NotReadable where most are unknown."""
    unknown = len(_UNKNOWN.findall(text))
    if unknown > _MOST_UNKNOWN * len(text):
        reason = N_("Verdicts", "its fonts do not tell which characters they draw")
        raise NotReadable(Sentence("Verdicts", reason))
    if unknown:
        some = N_("Verdicts", "characters that could not be read: {count}")
        file.warn(Sentence("Verdicts", some, {"count": unknown}))


# ---- one text ----------------------------------------------------------------------------------


def _joined(pages: list[list[Line]]) -> tuple[str, list[Edit]]:
    """All lines, each on its own; and the edits that leave furniture out and make paragraphs."""
    furniture = pdf_furniture.found(pages)
    lines = [line for page in pages for line in page]
    left_out = [index in own for page, own in zip(pages, furniture) for index in range(len(page))]
    ends = [end for page in pages for end in pdf_paragraphs.ends(page)]
    text = "\n".join(line.text for line in lines)
    compounds = pdf_paragraphs.compounds(text)
    edits: list[Edit] = []
    place, last, last_end = 0, -1, 0
    for index, line in enumerate(lines):
        if not left_out[index]:
            joiner = _joiner(lines, ends, last, index)
            if last >= 0 and joiner == "-":
                former = lines[last].text
                keep = pdf_paragraphs.is_compound(former, line.text, compounds)
                edits.append(Edit(last_end - (not keep), place, REASON))
            elif text[last_end:place] != joiner:
                edits.append(Edit(last_end, place, REASON, joiner))
            last, last_end = index, place + len(line.text)
        place += len(line.text) + 1
    if last_end < len(text):
        edits.append(Edit(last_end, len(text), REASON))
    return text, edits


def _joiner(lines: list[Line], ends: list[pdf_paragraphs.Ends], last: int, index: int) -> str:
    """Between a line that is kept and the next one; at the end of a page both lie far apart."""
    if last < 0:
        return ""
    former, later = lines[last], lines[index]
    if index == last + 1 and former.depth <= later.depth:
        return ends[last].joiner
    return pdf_paragraphs.across(former, later, ends[last].full)
