"""One line of the sources table, and which lines a filter keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from sys import intern
from typing import Any, Literal

from core.corpus.manifest import FileVerdict, Source
from core.sentences import Sentence

Tone = Literal["ok", "warn", "shu", "read", "wait"]
"""Read well; with a warning; skipped; being read; not read yet."""
Which = Literal["all", "noticed", "read", "warned", "skipped", "unsure"]
_ARCHIVE = re.compile(r"\.(?:zip|tar|gz|tgz|t?bz2|t?xz|zst)(?:[/\\]|$)", re.IGNORECASE)
_LAST = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class Row:
    """From a source or a file. `empty`: a folder without any file. `weight`: how often a source
    counts; `licence`: what the user noted of it."""

    path: str
    is_folder: bool
    kind: str
    encoding: str
    language: str
    characters: int
    documents: int
    tone: Tone
    status: Sentence | None
    sure: bool = True
    empty: bool = False
    weight: float = 1.0
    licence: str = ""
    is_source: bool = False

    @property
    def name(self) -> str:
        """The last part of the path; behind it the archive that the file is a member of."""
        last = self.path.replace("\\", "/").rpartition("/")[2] or self.path
        end = _archive_end(self.path)
        return f"{last} · {_LAST.split(self.path[:end])[-1]}" if end < len(self.path) else last

    @property
    def is_archive(self) -> bool:
        """Whether it is a file that holds files."""
        found = _ARCHIVE.search(self.path)
        return not self.is_folder and found is not None and found.end() == len(self.path)

    @property
    def shown_tone(self) -> Tone:
        """A doubtful encoding is a warning by itself."""
        return "warn" if self.tone == "ok" and not self.sure else self.tone

    @property
    def noticed(self) -> bool:
        """Whether somebody should look at it."""
        return self.tone in ("warn", "shu") or (self.tone == "ok" and not self.sure)


def _archive_end(path: str) -> int:
    """Where the name of the archive ends whose member `path` is; its length where it is none."""
    found = _ARCHIVE.search(path)
    return found.end() - 1 if found and found.end() < len(path) else len(path)


def row_of_source(source: Source, begun: bool, reading: bool = False) -> Row:
    """`begun`: the corpus has been read once, so that a source without files has none; `reading`:
    it is read for the first time now."""
    tone, status = _judge(source.reason, source.warning, source.read > 0)
    empty = begun and source.is_folder and not source.files
    if not begun:
        tone, status = "read" if reading else "wait", None
    elif empty:
        tone = "warn"
    return Row(
        source.path, source.is_folder, source.kind, source.encoding, source.language,
        source.characters, source.documents, tone, status,
        sure=source.sure or not source.encoding, empty=empty,
        weight=source.weight, licence=source.licence, is_source=True,
    )  # fmt: skip


def row_of_file(file: FileVerdict) -> Row:
    tone, status = _judge(file.reason, file.warning, file.verdict == "read")
    return Row(
        file.path, False, intern(file.kind), intern(file.encoding), intern(file.language), file.characters,
        file.documents, tone, status, sure=file.sure or not file.encoding,
    )  # fmt: skip


def _judge(
    reason: dict[str, Any] | None, warning: dict[str, Any] | None, read: bool
) -> tuple[Tone, Sentence | None]:
    if not read:
        return "shu", Sentence.from_json(reason) if reason else None
    if warning or reason:
        return "warn", Sentence.from_json(warning or reason or {})
    return "ok", None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are shown: by verdict, kind, language ("": any), and a part of their name."""

    which: Which = "all"
    kind: str = ""
    language: str = ""
    name: str = ""

    @property
    def narrows(self) -> bool:
        return self != Filter()

    def keeps(self, row: Row) -> bool:
        return (
            self._keeps_verdict(row)
            and self.kind in ("", row.kind)
            and self.language in ("", row.language)
            and (not self.name or self.name.casefold() in row.path.casefold())
        )

    def _keeps_verdict(self, row: Row) -> bool:
        match self.which:
            case "all":
                return True
            case "noticed":
                return row.noticed
            case "read":
                return row.tone in ("ok", "warn") and not row.empty
            case "warned":
                return row.shown_tone == "warn"
            case "skipped":
                return row.tone == "shu"
            case "unsure":
                return not row.sure
