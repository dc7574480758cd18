"""Zip archives by their central directory; one that lost it by its local headers."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

from core.corpus import bombs
from core.corpus.readers.faults import NotReadable
from core.corpus.unpack import names
from core.corpus.unpack.entry import DAMAGE, Entry, cut_off
from core.corpus.unpack.raw import Unpacked
from core.sentences import N_, Sentence

LOCAL = b"PK\x03\x04"
EMPTY = b"PK\x05\x06"
_UTF8, _ENCRYPTED, _SIZES_FOLLOW = 0x800, 0x1, 0x8
_UNICODE_PATH = 0x7075
_DIRECTORY_BYTES = 48 << 20
_BLOCK = 1 << 18
_DESCRIPTOR = b"PK\x07\x08"


def entries(path: Path) -> Iterator[Entry]:
    """Every file in the archive; folders are no entries."""
    try:
        archive = opened(path)
    except NotReadable as refused:
        yield Entry("", refused.sentence)
        return
    except DAMAGE:
        yield from _by_local_headers(path)
        return
    with archive:
        for info in archive.infolist():
            name = name_of(info)
            if name.endswith("/"):
                continue
            packed = info.compress_size
            if info.flag_bits & _ENCRYPTED:
                yield Entry(name, bombs.needs_password(), packed=packed)
            elif (info.external_attr >> 28) == 0xA:
                yield Entry(name, _link(), packed=packed)
            else:
                yield Entry(name, None, partial(archive.open, info), packed)


def opened(path: Path) -> zipfile.ZipFile:
    """Raises NotReadable for a directory of members that is too large, BadZipFile and its like."""
    with path.open("rb") as file:
        count, size = _directory(file)
    if count > bombs.MEMBERS or size > _DIRECTORY_BYTES:
        text = N_("Verdicts", "holds more than {count} files: not opened")
        raise NotReadable(Sentence("Verdicts", text, {"count": bombs.MEMBERS}))
    return zipfile.ZipFile(path)


def _directory(file: IO[bytes]) -> tuple[int, int]:
    """(number of members, bytes of the directory), as the end of the file tells them (PKWARE
    APPNOTE 4.3.14 to 4.3.16); (0, 0) where it does not: zipfile then refuses the file."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 22 - 20))
    tail = file.read()
    place = tail.rfind(EMPTY)
    if place < 0 or len(tail) < place + 22:
        return 0, 0
    count, length = struct.unpack_from("<HI", tail, place + 10)
    if (count == 0xFFFF or length == 0xFFFFFFFF) and tail[place - 20 : place - 16] == b"PK\x06\x07":
        (offset,) = struct.unpack_from("<Q", tail, place - 12)
        file.seek(min(offset, size))
        record = file.read(56)
        if len(record) == 56 and record.startswith(b"PK\x06\x06"):
            count, length = struct.unpack_from("<QQ", record, 32)
    return count, length


def name_of(info: zipfile.ZipInfo) -> str:
    """Its name in the right characters; `zipfile` takes what has no UTF-8 flag for code page 437."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        name = _unicode_path(info.extra) or names.decoded(name.encode("cp437", "replace"))
    return names.with_slashes(name)


def _unicode_path(extra: bytes) -> str:
    """The name that Info-ZIP writes beside the old one."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and 5 < size <= len(extra) - 4:
            return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    return ""


def _link() -> Sentence:
    return Sentence("Verdicts", N_("Verdicts", "a link inside the archive: not followed"))


def head_names(head: bytes) -> list[str]:
    """Names of the first members, from the first bytes of a file alone."""
    found: list[str] = []
    place = head.find(LOCAL)
    while place >= 0 and len(head) >= place + 30:
        (length,) = struct.unpack_from("<H", head, place + 26)
        found.append(head[place + 30 : place + 30 + length].decode("utf-8", "replace"))
        place = head.find(LOCAL, place + 30)
    return found


# ---- without a directory ---------------------------------------------------------------------


def _by_local_headers(path: Path) -> Iterator[Entry]:
    """What is whole in an archive that was cut off, then that it was."""
    with path.open("rb") as file:
        while True:
            header = file.read(30)
            if len(header) < 30 or not header.startswith(LOCAL):
                break
            flags, method = struct.unpack_from("<HH", header, 6)
            packed, name_length, extra_length = struct.unpack_from("<I4xHH", header, 18)
            raw = file.read(name_length)
            file.seek(extra_length, io.SEEK_CUR)
            name = raw.decode("utf-8", "replace") if flags & _UTF8 else names.decoded(raw)
            name, start = names.with_slashes(name), file.tell()
            open_ended = bool(flags & _SIZES_FOLLOW)
            if flags & _ENCRYPTED or method not in (0, 8) or (open_ended and method == 0):
                break
            end = _end(file, start, None if open_ended else packed, method)
            if end is None:
                break
            if not name.endswith("/"):
                opener = partial(_member, path, start, end, method)
                yield Entry(name, None, opener, end - start)
            file.seek(end)
            if open_ended:
                file.seek(end + _descriptor_bytes(file.read(24)))
    yield Entry("", cut_off())


def _end(file: IO[bytes], start: int, packed: int | None, method: int) -> int | None:
    """Where the member's bytes end; None when the file ends before."""
    if packed is not None and method == 0:
        size = file.seek(0, io.SEEK_END)
        return start + packed if start + packed <= size else None
    inflate = zlib.decompressobj(-15)
    read = 0
    while not inflate.eof:
        block = inflate.unconsumed_tail
        if not block:
            block = file.read(_BLOCK)
            read += len(block)
        if not block:
            return None
        try:
            inflate.decompress(block, 1 << 20)
        except zlib.error:
            return None
    return start + read - len(inflate.unused_data)


def _descriptor_bytes(block: bytes) -> int:
    """How long the sizes after a member are: with a mark or without, of 4 or 8 bytes."""
    for length in (12, 16, 20, 24):
        marked = length in (16, 24)
        if marked == block.startswith(_DESCRIPTOR) and block[length : length + 4] in (b"", LOCAL, b"PK\x01\x02"):  # fmt: skip
            return length
    return 16 if block.startswith(_DESCRIPTOR) else 12


def _member(path: Path, start: int, end: int, method: int) -> IO[bytes]:
    return io.BufferedReader(_Slice(path, start, end, method), _BLOCK)


class _Slice(Unpacked):
    """Bytes [start, end) of a file, inflated for method 8."""

    def __init__(self, path: Path, start: int, end: int, method: int) -> None:
        super().__init__(path)
        self._file.seek(start)
        self._left = end - start
        self._inflate = zlib.decompressobj(-15) if method == 8 else None

    def next_piece(self, most: int) -> bytes:
        if self._inflate is None:
            return self._raw(most)
        while not self._inflate.eof:
            block = self._inflate.unconsumed_tail or self._raw(_BLOCK)
            piece = self._inflate.decompress(block, most)
            if piece or not block:
                return piece
        return b""

    def _raw(self, most: int) -> bytes:
        block = self._file.read(min(most, self._left))
        self._left -= len(block)
        return block
