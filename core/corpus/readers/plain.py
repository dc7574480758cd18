"""Plain text and Markdown: the file is the document."""

from __future__ import annotations

from collections.abc import Iterator

from core.corpus.readers.base import Document, InputFile


def read(file: InputFile) -> Iterator[Document]:
    """A document, or one for each piece of a large file."""
    for number, (_, text) in enumerate(file.pieces("TXT")):
        yield Document(text, file.name if number == 0 else f"{file.name} ({number + 1})")
