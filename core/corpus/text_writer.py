"""A file of texts as it is written: each with what names it and what it can be compared by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.corpus import duplicates, paragraphs
from core.corpus.collect import CleanDocument
from core.corpus.conversations import own_words
from core.corpus.store import DocumentWriter

TEXTS_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("document", pa.int32()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        ("language", pa.string()),
        ("characters", pa.int64()),
        ("bytes", pa.int64()),
        ("digest", pa.binary(16)),
        ("hash", pa.binary(16)),
        ("sketch", pa.binary(8 * duplicates.SKETCH)),
        ("paragraphs", pa.large_binary()),
        ("messages", pa.large_string()),
        ("shaped", pa.bool_()),
    ]
)
"""`digest` names the text exactly, with its title; `hash` as core.corpus.duplicates normalises it.
`shaped`: it is of a file of conversations, perhaps one that nobody answered.
`paragraphs`: uint64 hashes of the paragraphs that may be repeated elsewhere."""
_WAITING_CHARACTERS = 1 << 17
_WAITING = 256
_Waiting = tuple[CleanDocument, bool]


class TextWriter:
    """Writes documents to a file of TEXTS_SCHEMA, some at a time: many short texts are summed up
    together in a fraction of the time that they take one by one."""

    def __init__(self, path: Path) -> None:
        self._writer = DocumentWriter(path, TEXTS_SCHEMA)
        self._waiting: list[_Waiting] = []
        self._characters = 0

    @property
    def count(self) -> int:
        """Documents so far."""
        return self._writer.count + len(self._waiting)

    @property
    def closed(self) -> bool:
        return self._writer.closed

    def add(self, document: CleanDocument, shaped: bool) -> None:
        """Raises NoSpace or NoPermission."""
        self._waiting.append((document, shaped))
        self._characters += len(document.text)
        if self._characters >= _WAITING_CHARACTERS or len(self._waiting) >= _WAITING:
            self._hand_on()

    def close(self) -> None:
        """Finish the file; it is on the disk when this returns."""
        self._hand_on()
        self._writer.close()

    def discard(self) -> None:
        """Close without caring what was written, and delete the file."""
        self._waiting = []
        self._writer.discard()

    def _hand_on(self) -> None:
        for row in _rows(self._waiting):
            self._writer.add(row, len(row["text"]))
        self._waiting, self._characters = [], 0


def _rows(documents: Sequence[_Waiting]) -> list[dict[str, Any]]:
    normals = [duplicates.normal_bytes(document.text) for document, _ in documents]
    own = [
        duplicates.normal_bytes(own_words(document.text)) if shaped else normal
        for (document, shaped), normal in zip(documents, normals, strict=True)
    ]
    sketches = duplicates.sketches(own)
    return [
        _row(document, shaped, normals[number], sketches[number].tobytes())
        for number, (document, shaped) in enumerate(documents)
    ]


def _row(document: CleanDocument, shaped: bool, normal: bytes, sketch: bytes) -> dict[str, Any]:
    """A row of TEXTS_SCHEMA."""
    data = document.text.encode("utf-8")
    digest = hashlib.blake2b(
        data, digest_size=16, key=document.title.encode("utf-8", "replace")[:64]
    )
    digest.update((document.messages or "").encode("utf-8"))
    return {
        "source": document.source, "document": document.part, "title": document.title,
        "text": document.text, "language": document.language,
        "characters": len(document.text), "bytes": len(data), "digest": digest.digest(),
        "hash": duplicates.text_hash(normal), "sketch": sketch,
        "paragraphs": b"" if shaped else paragraphs.hashes(document.text).tobytes(),
        "messages": document.messages, "shaped": shaped,
    }  # fmt: skip
