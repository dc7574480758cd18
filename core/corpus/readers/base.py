"""What a reader makes of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from core.corpus.readers.faults import NotReadable
from core.corpus.readers.input import InputFile

__all__ = ["Document", "Edit", "InputFile", "NotReadable", "Reader"]


class Edit(NamedTuple):
    """Characters [start, end) that cleaning takes out, or replaces by `text`; `reason`: the option
    that does it. Edits of one text do not overlap and are in order."""

    start: int
    end: int
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One text. `title` is for people. `messages`: what `core.corpus.conversations` makes of a
    conversation; its `text` is not cleaned. `edits`: what only the reader can know to be no part of
    the text (a page number, a menu); they are made where their option is chosen."""

    text: str
    title: str = ""
    messages: str | None = None
    edits: tuple[Edit, ...] = ()


class Reader(Protocol):
    """Yields the documents of a file, as it reads them: neither time nor memory may grow beyond the
    file's size by much. Says what it noticed with `file.warn`.

    Raises:
        NotReadable: The file has no text for us. What came before it is void.
        OSError
    """

    def __call__(self, file: InputFile) -> Iterator[Document]: ...
