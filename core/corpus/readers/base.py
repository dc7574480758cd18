"""What a reader makes of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from core.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Document:
    """One text. `title` is for people. `messages`: what `core.corpus.conversations` makes of a
    conversation; its `text` is not cleaned."""

    text: str
    title: str = ""
    messages: str | None = None


@dataclass
class ReadFile:
    """Documents of a file, and what there is to say about them."""

    documents: Iterable[Document]
    warning: Sentence | None = None
    removed: dict[str, int] = field(default_factory=dict[str, int])


class Reader(Protocol):
    """Turns the decoded text of a file into documents. `first_line`: number of the text's first
    line, where it is a piece of a large file. May raise NotReadable."""

    def __call__(self, text: str, name: str, first_line: int = 1) -> ReadFile: ...


class NotReadable(Exception):
    """The file has no text for us; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.english())
        self.sentence = sentence
