"""gzip, bzip2 and xz: a tar archive in one of them, or a single file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path, PurePath
from typing import IO, cast

from core.corpus import bombs
from core.corpus.readers.faults import NotReadable
from core.corpus.unpack import names
from core.corpus.unpack.entry import DAMAGE, Entry, cut_off
from core.corpus.unpack.raw import Unpacked
from core.sentences import N_, Sentence

MAGIC = {
    b"\x1f\x8b\x08": (".gz", ".gzip"),
    b"BZh": (".bz2", ".bz"),
    b"\xfd7zXZ\x00": (".xz",),
}
_TAR_SUFFIXES = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}
_XZ_MEMORY = 256 << 20
_HEADERS = 2
"""So many folders and files together an archive may have for each file that is read of it."""
_TOO_MUCH = "Memory usage limit"
_PACKED = 8 << 10
"""Bytes read at a time; what a stream leaves of them is copied, and a file may have a million streams."""
_HEADER_BYTES = 16 << 20
"""Headers of one member (long names, attributes) are read up to this size."""


def is_tar(head: bytes) -> bool:
    """By the check sum of the first header, which tar has had since its first edition."""
    if len(head) < 512 or not head[0]:
        return False
    try:
        told = int(head[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return told == sum(head[:148]) + 8 * 32 + sum(head[156:512])


def opened(path: Path, head: bytes) -> io.BufferedReader:
    """The unpacked bytes, or the file's own where nothing packed them."""
    if head.startswith(b"\x1f\x8b\x08"):
        return cast(io.BufferedReader, gzip.open(path))
    if head.startswith(b"BZh"):
        return cast(io.BufferedReader, bz2.open(path))
    if head.startswith(b"\xfd7zXZ\x00"):
        return io.BufferedReader(_Xz(path), 1 << 18)
    return path.open("rb")


def entries(path: Path, head: bytes, called: str = "") -> Iterator[Entry]:
    """The members of a tar archive, or the one file, named after what people call the archive."""
    try:
        with opened(path, head) as stream:
            start = stream.read(512)
    except NotReadable as refused:
        yield Entry("", refused.sentence)
        return
    except DAMAGE:
        yield Entry("", cut_off())
        return
    if not is_tar(start):
        yield Entry(_inner_name(PurePath(called or path.name)), None, partial(opened, path, head))
        return
    with opened(path, head) as stream:
        yield from _tar(_Watched(stream))


def _inner_name(path: PurePath) -> str:
    """A name without the ending that says how it is packed."""
    suffix = path.suffix.casefold()
    if suffix in _TAR_SUFFIXES:
        return path.stem + _TAR_SUFFIXES[suffix]
    known = suffix in {ending for endings in MAGIC.values() for ending in endings}
    return path.stem if known else path.name


def _tar(stream: _Watched) -> Iterator[Entry]:
    try:
        with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|", errorlevel=1) as archive:
            previous = 0
            for number in count():
                stream.allow(previous + _HEADER_BYTES)
                info = archive.next()
                archive.members.clear()  # pyright: ignore[reportAttributeAccessIssue] — it keeps them all.
                if info is None:
                    if not stream.ended_well:
                        yield Entry("", cut_off())
                    return
                if number >= _HEADERS * bombs.MEMBERS:
                    yield Entry("", bombs.too_many())
                    return
                previous = min(max(info.size, 0), bombs.MEMBER_BYTES)
                stream.allow(None)
                if not info.isdir():
                    yield _tar_entry(archive, info)
    except DAMAGE:
        yield Entry("", cut_off())


def _tar_entry(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Entry:
    raw = info.name.encode("utf-8", "surrogateescape")
    name = names.with_slashes(names.decoded(raw, "latin-1"))
    if info.islnk() or info.issym():
        text = N_("Verdicts", "a link inside the archive: not followed")
        return Entry(name, Sentence("Verdicts", text))
    if info.issparse():
        text = N_("Verdicts", "a file with gaps (sparse): pack it anew without them")
        return Entry(name, Sentence("Verdicts", text))
    file = archive.extractfile(info) if info.isfile() else None
    if file is None:
        text = N_("Verdicts", "a device, a pipe or the like: no file")
        return Entry(name, Sentence("Verdicts", text))
    return Entry(name, None, lambda: file)


class _Watched:
    """A stream for tarfile that ends where headers are longer than any true header."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._left: int | None = None
        self._read, self._tail = 0, b""

    @property
    def ended_well(self) -> bool:
        """Whether the blocks of zeros were there that end an archive."""
        return self._read % 512 == 0 and not self._tail.strip(b"\0")

    def allow(self, most: int | None) -> None:
        """How many bytes may be read from here on; None: any number."""
        self._left = most

    def read(self, most: int = -1) -> bytes:
        if self._left is not None:
            self._left -= max(most, 0)
            if self._left < 0:
                raise EOFError("a header without an end")
        block = self._stream.read1(most)  # What came before a damaged place is not lost.
        self._read += len(block)
        self._tail = block[-512:] or self._tail
        return block


class _Xz(Unpacked):
    """An .xz file whose dictionary may not take all memory, as lzma.open lets it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._unpack = _unxz()

    def next_piece(self, most: int) -> bytes:
        while True:
            block = b""
            if self._unpack.eof:
                block = (self._unpack.unused_data or self._file.read(_PACKED)).lstrip(b"\0")
                while not block:
                    if not (more := self._file.read(_PACKED)):
                        return b""
                    block = more.lstrip(b"\0")
                self._unpack = _unxz()
            elif self._unpack.needs_input and not (block := self._file.read(_PACKED)):
                raise EOFError("cut off")
            if piece := self._unpacked(block, most):
                return piece

    def _unpacked(self, block: bytes, most: int) -> bytes:
        try:
            return self._unpack.decompress(block, most)
        except lzma.LZMAError as error:
            if _TOO_MUCH not in str(error):
                raise
            text = N_(
                "Verdicts", "needs more than {megabytes} MB of memory to unpack: pack it anew"
            )
            values = {"megabytes": _XZ_MEMORY >> 20}
            raise NotReadable(Sentence("Verdicts", text, values)) from error


def _unxz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
