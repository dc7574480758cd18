"""Streams of a PDF that unpack to far more than any page holds.

PDFium unpacks a page's content in one piece, whatever its size; so every stream is unpacked here
first, block by block, and only counted. Pictures are left out: reading text does not unpack them.
"""

from __future__ import annotations

import mmap
import re
import zlib
from pathlib import Path

from core.corpus import bombs

_BEGIN = re.compile(rb"stream\r?\n")
_DICTIONARY_BYTES = 600
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b|/DCTDecode\b|/JPXDecode\b|/JBIG2Decode\b")
_BLOCK = 1 << 16
_PIECE = 1 << 20
_MOST_BYTES = 512 << 20
_MOST_PASSES = 4


def check(path: Path) -> None:
    """Raises NotReadable for a bomb, OSError."""
    with path.open("rb") as file:
        if not file.read(1):
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            for found in _BEGIN.finditer(data):
                before = data[max(0, found.start() - _DICTIONARY_BYTES) : found.start()]
                told = before[before.rfind(b"obj") :]
                passes = min(len(_FLATE.findall(told)), _MOST_PASSES)
                if passes and not _PICTURE.search(told):
                    _Counter(passes).take(data, found.end())


class _Counter:
    """Counts what comes out of each of the filters that follow each other."""

    def __init__(self, passes: int) -> None:
        self._inflate = [zlib.decompressobj() for _ in range(passes)]
        self._count = [0] * passes
        self._packed = 0

    def take(self, data: mmap.mmap, place: int) -> None:
        while not self._inflate[0].eof and (block := data[place : place + _BLOCK]):
            place += len(block)
            self._packed += len(block)
            try:
                self._unpack(block, 0)
            except zlib.error:  # Locked with a key, or damaged.
                return

    def _unpack(self, block: bytes, number: int) -> None:
        if number == len(self._inflate):
            return
        inflate = self._inflate[number]
        while block and not inflate.eof:
            piece = inflate.decompress(block, _PIECE)
            self._count[number] += len(piece)
            bombs.check(self._packed, self._count[number], _MOST_BYTES)
            self._unpack(piece, number + 1)
            block = inflate.unconsumed_tail
