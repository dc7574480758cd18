"""Archives whose tables lie, whose members overlap, and whose names lead elsewhere."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from tests.core.corpus.hostile import zipped

TEXT = b"A good text with some words in it. " * 5
_LOCAL, _CENTRAL, _END = "<4s5H3I2H", "<4s6H3I5H2I", "<4s4H2IH"


def overlapping(count: int) -> bytes:
    """`count` members that all are the same bytes."""
    raw = b"A sentence. " * 400_000
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = pack.compress(raw) + pack.flush()
    told = (0, 33, zlib.crc32(raw), len(packed), len(raw))
    local = struct.pack(_LOCAL, b"PK\3\4", 20, 0, 8, *told, 5, 0) + b"k.txt" + packed
    table = b"".join(
        struct.pack(_CENTRAL, b"PK\1\2", 20, 20, 0, 8, *told, 9, 0, 0, 0, 0, 0, 0) + b"%05d.txt" % i
        for i in range(count)
    )
    end = struct.pack(_END, b"PK\5\6", 0, 0, count, count, len(table), len(local), 0)
    return local + table + end


def holding_itself() -> bytes:
    """Its one member begins with its own header and is as long as the archive."""
    name = b"r.zip"
    total = 30 + 46 + 22 + 2 * len(name)
    told = (0, 33, 0, total, total)
    local = struct.pack(_LOCAL, b"PK\3\4", 20, 0, 0, *told, len(name), 0) + name
    head = struct.pack(_CENTRAL, b"PK\1\2", 20, 20, 0, 0, *told, len(name), 0, 0, 0, 0, 0, 0)
    return local + head + name + struct.pack(_END, b"PK\5\6", 0, 0, 1, 1, 51, len(local), 0)


def lying_zip64() -> bytes:
    """A table that is told to have more members than there are atoms."""
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, *(1 << 60,) * 4)
    place = struct.pack("<4sIQI", b"PK\6\7", 0, 30, 1)
    end = struct.pack(_END, b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return b"PK\3\4" + bytes(26) + record + place + end


def changed(place: int, value: int) -> bytes:
    """Two members; two bytes at `place` of the first one's headers (local, counted from its
    beginning) are `value`."""
    data = bytearray(zipped({"first.txt": TEXT, "second.txt": b"Another one. " * 9}))
    central = data.find(b"PK\1\2")
    struct.pack_into("<H", data, place, value)
    struct.pack_into("<H", data, central + place + 2, value)
    return bytes(data)


def named(*names: str) -> bytes:
    return zipped(dict.fromkeys(names, TEXT))


def odd_tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, kind, link in (
            ("../up.txt", tarfile.REGTYPE, ""), ("/etc/root.txt", tarfile.REGTYPE, ""),
            ("soft.txt", tarfile.SYMTYPE, "/etc/passwd"), ("hard.txt", tarfile.LNKTYPE, "/etc/passwd"),
            ("device", tarfile.CHRTYPE, ""), ("pipe", tarfile.FIFOTYPE, ""),
            ("gaps.txt", tarfile.GNUTYPE_SPARSE, ""),
            ("l" * 10_000 + ".txt", tarfile.REGTYPE, ""), ("two\nlines.txt", tarfile.REGTYPE, ""),
            ("last.txt", tarfile.REGTYPE, ""),
        ):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            info.size = len(TEXT) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(TEXT))
    return out.getvalue()


def negative_tar() -> bytes:
    """A good member, then one of a size below nothing."""
    good = tarfile.TarInfo("good.txt")
    good.size = len(TEXT)
    header = bytearray(tarfile.TarInfo("bad.txt").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 12
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return good.tobuf() + TEXT + bytes(512 - len(TEXT)) + bytes(header) + bytes(10240)


def gzipped(times: int) -> bytes:
    data = TEXT
    for _ in range(times):
        data = gzip.compress(data)
    return data


def expanding_gz() -> bytes:
    return gzip.compress(b"word " * (16 << 20), 9)


def wide_xz() -> bytes:
    """Told to need a dictionary of 3 GB."""
    data = bytearray(lzma.compress(TEXT, format=lzma.FORMAT_XZ))
    size = (data[12] + 1) * 4
    data[16] = 39
    check = zlib.crc32(bytes(data[12 : 12 + size - 4]))
    data[12 + size - 4 : 12 + size] = struct.pack("<I", check)
    return bytes(data)


def many_xz(count: int) -> bytes:
    """So many files of one byte behind each other."""
    return lzma.compress(b"a ") * count


def nested_zip(times: int) -> bytes:
    data, name = TEXT, "a.txt"
    for _ in range(times):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        data, name = out.getvalue(), "inner.zip"
    return data


def branching_zip(layers: int, members: int) -> bytes:
    """Each layer holds the one below `members` times."""
    data, name = bytes(40_000), ".txt"
    for _ in range(layers):
        data = zipped({f"{number}{name}": data for number in range(members)})
        name = ".zip"
    return data
