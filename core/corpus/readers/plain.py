"""Plain text and Markdown: the file is the document."""

from __future__ import annotations

from core.corpus.readers.base import Document, ReadFile


def read(text: str, name: str) -> ReadFile:
    return ReadFile([Document(text, name)])
