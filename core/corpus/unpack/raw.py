"""A file whose bytes come piece by piece from something that unpacks them."""

from __future__ import annotations

import io
from pathlib import Path


class Unpacked(io.RawIOBase):
    """`next_piece` gives at most so many bytes, none at the end; `_file` holds the packed ones."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")

    def next_piece(self, most: int) -> bytes:
        raise NotImplementedError

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        piece = self.next_piece(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()
