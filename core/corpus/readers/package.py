"""Documents that are zip files with XML inside: DOCX, ODT, EPUB."""

from __future__ import annotations

import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.corpus import bombs
from core.corpus.readers.faults import NotReadable
from core.corpus.readers.input import WHOLE_BYTES
from core.corpus.unpack import zips
from core.corpus.unpack.entry import DAMAGE
from core.sentences import N_, Sentence

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLOCK = 1 << 16
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEARCHED = 64 << 20


class Package:
    """The members of a document, within limits of what they expand to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos = {zips.name_of(info): info for info in archive.infolist()}
        self._lower = {name.casefold(): name for name in self._infos}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._lower

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    def blocks(self, name: str, most: int = WHOLE_BYTES) -> Iterator[bytes]:
        """The bytes of a member, its name in any case; what the archive tells of its size is checked
        first and what comes is counted. Raises NotReadable, also where there is no such member."""
        info = self._infos.get(self._lower.get(name.casefold(), ""))
        if info is None:
            raise NotReadable(bombs.damaged())
        if info.flag_bits & 1:
            raise NotReadable(bombs.needs_password())
        bombs.check(info.compress_size, info.file_size, most)
        count = 0
        try:
            with self._archive.open(info) as stream:
                while block := stream.read(_BLOCK):
                    count += len(block)
                    bombs.check(info.compress_size, count, most)
                    yield block
        except DAMAGE as error:
            raise NotReadable(bombs.damaged()) from error

    def bytes(self, name: str, most: int = WHOLE_BYTES) -> bytes:
        """All of a member. Raises as `blocks`."""
        return b"".join(self.blocks(name, most))


@contextmanager
def opened(path: Path, kind: str) -> Generator[Package]:
    """Raises NotReadable for what is no zip file, with the reason where it is a known one."""
    with path.open("rb") as file:
        head = file.read(len(OLE))
        if head == OLE:
            raise NotReadable(_of_ole(head + file.read(_SEARCHED), kind))
    try:
        archive = zips.opened(path)
    except DAMAGE as error:
        raise NotReadable(bombs.damaged()) from error
    with archive:
        yield Package(archive)


def _of_ole(data: bytes, kind: str) -> Sentence:
    """Office writes documents with a password, and those of before 2007, into another container."""
    if _ENCRYPTED in data:
        return bombs.needs_password()
    text = N_("Verdicts", "an Office file from before 2007, not {kind}: save it as {kind}")
    return Sentence("Verdicts", text, {"kind": kind})
