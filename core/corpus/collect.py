"""One file: decoded, read, cleaned, judged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from core.corpus import language
from core.corpus.cleaning import cleaned
from core.corpus.manifest import FileVerdict
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.registry import PLAIN, format_of, kind_by_name
from core.corpus.scan import Found, os_problem
from core.jobs.kinds import CleaningOptions
from core.sentences import N_, Sentence

_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"(?:[ \t\u3000]*\n)+")


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
    """A file's verdict with its documents; `removed` counts characters (documents for those that are left
    out) by cleaning option."""

    verdict: FileVerdict
    documents: list[CleanDocument] = field(default_factory=list[CleanDocument])
    removed: dict[str, int] = field(default_factory=dict[str, int])
    raw_characters: int = 0


def collect(found: Found, options: CleaningOptions, chosen_encoding: str | None) -> Collected:
    """Read one file. Never raises for a bad file: its verdict says what is wrong."""
    reading = FileReading(found, options, InputFile(found.path, chosen=chosen_encoding))
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

    def __init__(
        self, found: Found, options: CleaningOptions, file: InputFile, member: str = ""
    ) -> None:
        """`file`: where its bytes lie, which for a `member` (its name) of the archive `found` is
        another place."""
        self._found, self._options, self._file = found, options, file
        self._path = f"{found.path}/{member}" if member else str(found.path)
        self._within = str(found.path) if member else ""
        self._form = format_of(PurePath(file.name))
        self._documents = 0
        self._characters = 0
        self._languages: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()
        self.raw_characters = 0
        self._found_out: FileVerdict | None = None

    @property
    def verdict(self) -> FileVerdict:
        return self._found_out or self._skipped(
            Sentence("Verdicts", N_("Verdicts", "not a text file"))
        )

    def __iter__(self) -> Iterator[CleanDocument]:
        found = self._found
        if found.problem is not None:
            self._found_out = self._skipped(found.problem, found.kind)
            return
        try:
            yield from self._read()
        except OSError as error:
            self._found_out = self._skipped(os_problem(error))
        except NotReadable as error:
            self._found_out = self._skipped(error.sentence)

    def _read(self) -> Iterator[CleanDocument]:
        self._form = format_of(PurePath(self._file.name), self._file.head)
        for document in self._form.read(self._file):
            clean = self._clean(document)
            if clean is not None:
                yield clean
        if not self._documents:
            raise NotReadable(
                Sentence("Verdicts", N_("Verdicts", "no text is left after cleaning"))
            )
        self._found_out = self._done()

    @property
    def shaped(self) -> bool:
        """Whether what was read last is of a file of conversations."""
        return bool(self._file.shape)

    # ---- text --------------------------------------------------------------------------------

    def _clean(self, document: Document) -> CleanDocument | None:
        """None when nothing is left. A conversation is as people wrote it: nothing is removed."""
        text = document.text
        self.raw_characters += len(text)
        if not document.messages:
            text, removed = cleaned(text, self._options, document.edits, self._form.kind)
            self.removed.update(removed)
        kept = _trimmed(text)
        if not kept:
            return None
        try:
            kept.encode("utf-8")
        except UnicodeEncodeError:  # Lone surrogates, as JSON can spell them.
            kept, count = _SURROGATES.subn("\ufffd", kept)
            self._file.warn_of_unread(count)
        found = language.detect(kept)
        self._languages[found] += len(kept)
        part, self._documents = self._documents, self._documents + 1
        self._characters += len(kept)
        return CleanDocument(self._path, part, document.title, kept, found, document.messages)

    # ---- verdicts ----------------------------------------------------------------------------

    def _done(self) -> FileVerdict:
        file = self._file
        known = Counter({code: n for code, n in self._languages.items() if code})
        return self._verdict(
            verdict="read", kind=self._form.kind, sure=file.sure, shape=file.shape,
            language=known.most_common(1)[0][0] if known else "",
            characters=self._characters, documents=self._documents,
            warning=file.warning.to_json() if file.warning else None,
        )  # fmt: skip

    def skip(self, reason: Sentence, kind: str = "") -> FileVerdict:
        """Its verdict is that it is not read."""
        self._found_out = self._skipped(reason, kind)
        return self._found_out

    def _skipped(self, reason: Sentence, kind: str = "") -> FileVerdict:
        form = (
            self._form.kind if self._form is not PLAIN else kind_by_name(PurePath(self._file.name))
        )
        return self._verdict(verdict="skipped", kind=kind or form, reason=reason.to_json())

    def _verdict(self, **values: Any) -> FileVerdict:
        size = self._found.bytes
        if self._within:
            size = self._file.path.stat().st_size if self._file.path.exists() else 0
        return FileVerdict(
            path=self._path, source=self._found.source, within=self._within, bytes=size,
            encoding=self._file.encoding, modified=self._found.modified,
            stamp=self._found.stamp, raw=self.raw_characters, removed=dict(self.removed), **values,
        )  # fmt: skip


def _trimmed(text: str) -> str:
    """Without blank lines at both ends, with one line end; indentation stays. "" for no text."""
    blank = _BLANK_LINES.match(text)
    kept = text[blank.end() if blank else 0 :].rstrip()
    return kept + "\n" if kept else ""
