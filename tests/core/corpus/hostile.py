"""Input that was made to do harm, or that broke on its way."""

from __future__ import annotations

import io
import time
import zipfile

from core.corpus.readers.base import Document, NotReadable
from tests.core.corpus.given import Read, read_data

ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi")
) + "]>"  # fmt: skip


def attempt(read: Read, data: bytes, name: str, seconds: float = 2.0) -> list[Document]:
    """What is read, nothing where it is refused; anything but a refusal fails."""
    begun = time.monotonic()
    try:
        found = read_data(read, data, name)[0]
    except NotReadable:
        found = []
    assert time.monotonic() - begun < seconds
    return found


def cuts(data: bytes) -> list[bytes]:
    """`data` cut at every tenth."""
    return [data[: len(data) * tenth // 10] for tenth in range(1, 10)]


def zipped(files: dict[str, bytes | str]) -> bytes:
    """The first file is stored as it is, as the type of a book must be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items()):
            method = zipfile.ZIP_STORED if number == 0 else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, method)
    return out.getvalue()


def lying_zip(name: str, size: int) -> bytes:
    """A member that is told to be small and unpacks to `size` bytes."""
    data = bytearray(zipped({"mimetype": "x", name: bytes(size)}))
    told = size.to_bytes(4, "little")
    while (place := data.find(told)) >= 0:
        data[place : place + 4] = (1000).to_bytes(4, "little")
    return bytes(data)
