"""A file's text with what cleaning would do to it, as spans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from core.corpus.cleaning import edits_of
from core.corpus.readers.base import Document, Edit, InputFile, NotReadable
from core.corpus.readers.registry import format_of
from core.errors import PathMissing, UsageError
from core.jobs.kinds import CleaningOptions

SHOWN = 4_000
"""Characters of a text that are shown."""
_HEAD, _TAIL = 200, 160


@dataclass(frozen=True, slots=True)
class Span:
    """`removed`: the option that takes `text` out, "" where it stays; `added`: what comes instead."""

    text: str
    removed: str = ""
    added: str = ""


@dataclass
class Preview:
    """The beginning of a file: `text` as readers see it, and `edits` of it."""

    file: InputFile
    text: str = ""
    edits: list[Edit] = field(default_factory=list[Edit])

    @property
    def truncated(self) -> bool:
        return len(self.text) > SHOWN

    def spans(self) -> list[Span]:
        """The first 4,000 characters; what stays is given whole, what goes is abridged."""
        shown = self.text[:SHOWN]
        result: list[Span] = []
        position = 0
        for edit in self.edits:
            if edit.start >= len(shown):
                break
            if edit.start > position:
                result.append(Span(shown[position : edit.start]))
            gone = shown[edit.start : edit.end]
            result.append(Span(_abridged(gone), edit.reason, _abridged(edit.text)))
            position = edit.end
        if position < len(shown):
            result.append(Span(shown[position:]))
        return result


def preview(path: Path, chosen: str | None, options: CleaningOptions) -> Preview:
    """`chosen`: the encoding that the user chose. Raises PathMissing, or UsageError with
    the reason why it cannot be read."""
    file = InputFile(path, chosen=chosen)
    found = Preview(file)
    try:
        form = format_of(path, file.head)
        _fill(found, form.read(file), options, form.kind)
    except OSError as error:
        raise PathMissing("path", path=str(path)) from error
    except NotReadable as error:
        raise UsageError("path", detail=error.sentence) from error
    return found


def _fill(
    found: Preview, documents: Iterable[Document], options: CleaningOptions, kind: str
) -> None:
    """Documents one below the other, each cleaned for itself, until there is enough to see."""
    for document in documents:
        start = len(found.text) + 1 if found.text else 0
        found.text += ("\n" if start else "") + document.text
        if not document.messages:
            for edit in edits_of(document.text, options, document.edits, kind):
                found.edits.append(
                    Edit(edit.start + start, edit.end + start, edit.reason, edit.text)
                )
        if found.truncated:
            break


def _abridged(text: str) -> str:
    """Long removed stretches (a licence) are shown by their ends."""
    return text if len(text) <= 2 * _HEAD else text[:_HEAD] + " … " + text[-_TAIL:]
