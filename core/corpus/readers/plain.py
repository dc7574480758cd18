"""Plain text and Markdown: the file is the document."""

from __future__ import annotations

from core.corpus.readers.base import Document, ReadFile


def read(text: str, name: str, first_line: int = 1) -> ReadFile:
    return ReadFile([Document(text, name)])
