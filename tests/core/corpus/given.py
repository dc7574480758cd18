"""Text and bytes given to a reader as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from core.corpus.readers.base import Document, Edit, InputFile

Read = Callable[[InputFile], Iterator[Document]]


def read_data(
    read: Read, data: bytes | str, name: str, mapping: dict[str, str] | None = None
) -> tuple[list[Document], InputFile]:
    """What `read` makes of a file called `name`, and what it noticed."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        file = InputFile(path, mapping=mapping)
        return list(read(file)), file


def kept(text: str, edits: tuple[Edit, ...]) -> str:
    """`text` after its edits."""
    pieces, place = [""], 0
    for edit in edits:
        pieces += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join(pieces) + text[place:]
