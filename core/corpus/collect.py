"""One file: decoded, read, cleaned, judged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from core.corpus import cleaning, encoding, language
from core.corpus.manifest import FileVerdict
from core.corpus.readers import html
from core.corpus.readers.base import Document, NotReadable
from core.corpus.readers.registry import Format, format_of
from core.corpus.scan import Found, os_problem
from core.jobs.kinds import CleaningOptions
from core.sentences import N_, Sentence

WHOLE_BYTES = 256 << 20
"""Files of a kind that must be seen whole are read up to this size."""
PIECE_BYTES = 64 << 20
"""Larger files of lines are read piece by piece, so that memory does not grow with them."""
PIECE_CHARACTERS = 8 << 20
_MOST_BAD = 0.02
_BLANK_LINES = re.compile(r"(?:[ \t\u3000]*\n)+")
_CUTS = ("\n", "。", ". ", " ")


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """A text as the model will read it. `part` counts within its file."""

    source: str
    part: int
    title: str
    text: str
    language: str
    messages: str | None = None


@dataclass
class Collected:
    """A file's verdict with its documents; `removed` counts characters by cleaning option."""

    verdict: FileVerdict
    documents: list[CleanDocument] = field(default_factory=list[CleanDocument])
    removed: dict[str, int] = field(default_factory=dict[str, int])
    raw_characters: int = 0


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    bad: int


def decode_file(
    data: bytes, form: Format, chosen: str | None, whole: bool = True
) -> Decoded | None:
    """The text of a file, with "\\n" line ends; None when it is not text.

    Args:
        whole: False when `data` is only the beginning of the file.
    """
    name = _encoding_of(data, form, chosen, whole)
    if name is None:
        return None
    try:
        text, bad = encoding.decode(data, name, whole)
    except (LookupError, ValueError):
        return None
    return Decoded(cleaning.normalise_newlines(text), encoding.public_name(name), bad)


def _encoding_of(data: bytes, form: Format, chosen: str | None, whole: bool) -> str | None:
    name = chosen or encoding.detect(data, whole)
    if not chosen and form.kind == "HTML" and name in ("cp1252", "latin-1", None):
        name = html.declared_encoding(data) or name
    return name


def collect(found: Found, options: CleaningOptions, chosen_encoding: str | None) -> Collected:
    """Read one file. Never raises for a bad file: its verdict says what is wrong."""
    reading = FileReading(found, options, chosen_encoding)
    documents = list(reading)
    if reading.verdict.verdict == "skipped":
        documents = []
    return Collected(reading.verdict, documents, dict(reading.removed), reading.raw_characters)


class FileReading:
    """Iterate over the documents of a file, then look at `verdict`.

    When the verdict says skipped, documents that came before are void: a large file may turn out to
    be no text after some pieces. Never raises for a bad file. `removed` and `raw_characters` count
    what cleaning did.
    """

    def __init__(self, found: Found, options: CleaningOptions, chosen: str | None) -> None:
        self._found, self._options, self._chosen = found, options, chosen
        self._form = format_of(found.path)
        self._encoding = ""
        self._bad = 0
        self._warning: Sentence | None = None
        self._documents = 0
        self._characters = 0
        self._languages: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()
        self.raw_characters = 0
        self.verdict = self._skipped(Sentence("Verdicts", N_("Verdicts", "not a text file")))

    @property
    def in_pieces(self) -> bool:
        """Whether the file is too large to be held in memory."""
        return self._form.lines and self._found.bytes > PIECE_BYTES

    def __iter__(self) -> Iterator[CleanDocument]:
        found = self._found
        if found.problem is not None:
            self.verdict = self._skipped(found.problem, found.kind)
            return
        if not self._form.lines and found.bytes > WHOLE_BYTES:
            self.verdict = self._skipped(_too_large(self._form.kind))
            return
        try:
            yield from self._read()
        except OSError as error:
            self.verdict = self._skipped(os_problem(error))
        except NotReadable as error:
            self.verdict = self._skipped(error.sentence)

    def _read(self) -> Iterator[CleanDocument]:
        problem: Sentence | None = None
        line = 1
        for number, text in enumerate(self._pieces()):
            if self._bad > max(10, (self._characters + len(text)) * _MOST_BAD):
                raise NotReadable(
                    Sentence(
                        "Verdicts",
                        N_("Verdicts", "{count} characters cannot be read as {encoding}"),
                        {"count": self._bad, "encoding": self._encoding},
                    )
                )
            name = self._found.path.name
            try:
                title = name if number == 0 else f"{name} ({number + 1})"
                read = self._form.read(text, title, line)
            except NotReadable as error:
                problem = problem or error.sentence
                continue
            finally:
                line += text.count("\n")
            self._warning = self._warning or read.warning
            for document in read.documents:
                clean = self._clean(document)
                if clean is not None:
                    yield clean
        if not self._documents:
            left = Sentence("Verdicts", N_("Verdicts", "no text is left after cleaning"))
            raise NotReadable(problem or left)
        self.verdict = self._done()

    # ---- text --------------------------------------------------------------------------------

    def _pieces(self) -> Iterator[str]:
        """The decoded text, whole or in pieces that end with a line where there are lines."""
        if self.in_pieces:
            yield from self._large()
            return
        decoded = decode_file(self._found.path.read_bytes(), self._form, self._chosen)
        if decoded is None:
            raise _not_text()
        self._encoding, self._bad = decoded.encoding, decoded.bad
        yield decoded.text

    def _large(self) -> Iterator[str]:
        path = self._found.path
        with path.open("rb") as file:
            head = _sample(file, self._found.bytes)
        name = _encoding_of(head, self._form, self._chosen, False)
        if name is None:
            raise _not_text()
        name = "utf-8" if name == "ascii" else name
        self._encoding = encoding.public_name(name)
        try:
            stream = path.open(encoding=name, errors="replace", newline=None)
        except LookupError as error:
            raise _not_text() from error
        with stream:
            rest = ""
            while block := stream.read(PIECE_CHARACTERS - len(rest)):
                self._bad += block.count("\ufffd")
                text = rest + block
                cut = _last_cut(text)
                rest = text[cut:]
                yield text[:cut]
            if rest:
                yield rest

    def _clean(self, document: Document) -> CleanDocument | None:
        """None when nothing is left. A conversation is as people wrote it: nothing is removed."""
        text = document.text
        self.raw_characters += len(text)
        spans = [] if document.messages else cleaning.removals(text, self._options)
        for span in spans:
            self.removed[span.reason] += span.end - span.start
        kept = _trimmed(cleaning.cleaned(text, spans))
        if not kept:
            return None
        try:
            kept.encode("utf-8")
        except UnicodeEncodeError:  # Lone surrogates, as JSON can spell them.
            kept = kept.encode("utf-8", "replace").decode("utf-8")
        found = language.detect(kept)
        self._languages[found] += len(kept)
        part, self._documents = self._documents, self._documents + 1
        self._characters += len(kept)
        return CleanDocument(
            str(self._found.path), part, document.title, kept, found, document.messages
        )

    # ---- verdicts ----------------------------------------------------------------------------

    def _done(self) -> FileVerdict:
        warning = self._warning
        if warning is None and self._bad:
            warning = Sentence(
                "Verdicts",
                N_("Verdicts", "{count} characters could not be read"),
                {"count": self._bad},
            )
        known = Counter({code: n for code, n in self._languages.items() if code})
        return FileVerdict(
            path=str(self._found.path), source=self._found.source, verdict="read",
            kind=self._form.kind, encoding=self._encoding, bytes=self._found.bytes,
            language=known.most_common(1)[0][0] if known else "",
            characters=self._characters, documents=self._documents,
            warning=warning.to_json() if warning else None,
        )  # fmt: skip

    def _skipped(self, reason: Sentence, kind: str = "") -> FileVerdict:
        return FileVerdict(
            path=str(self._found.path), source=self._found.source, verdict="skipped",
            kind=kind or self._form.kind, encoding=self._encoding, bytes=self._found.bytes,
            reason=reason.to_json(),
        )  # fmt: skip


def _too_large(kind: str) -> Sentence:
    return Sentence(
        "Verdicts",
        N_("Verdicts", "{kind} files larger than {megabytes} MB cannot be read: split it"),
        {"kind": kind, "megabytes": WHOLE_BYTES >> 20},
    )


def _not_text() -> NotReadable:
    return NotReadable(Sentence("Verdicts", N_("Verdicts", "not a text file")))


def _trimmed(text: str) -> str:
    """Without blank lines at both ends, with one line end; indentation stays. "" for no text."""
    blank = _BLANK_LINES.match(text)
    kept = text[blank.end() if blank else 0 :].rstrip()
    return kept + "\n" if kept else ""


def _last_cut(text: str) -> int:
    """Where a piece may end: after its last line, sentence or word, if there is one at all."""
    for mark in _CUTS:
        place = text.rfind(mark, len(text) // 2)
        if place >= 0:
            return place + len(mark)
    return len(text)


def _sample(file: IO[bytes], size: int) -> bytes:
    """The beginning of a large file, and lines from seven later places where lines are bytes."""
    pieces = [file.read(1 << 20)]
    if b"\0" in pieces[0]:
        return pieces[0]
    for number in range(1, 8):
        file.seek(size * number // 8)
        block = file.read(1 << 18)
        first, last = block.find(b"\n"), block.rfind(b"\n")
        if 0 <= first < last:
            pieces.append(block[first + 1 : last + 1])
    return pieces[0][: pieces[0].rfind(b"\n") + 1 or None] + b"".join(pieces[1:])
