"""PDF files that break the rules of their own structure."""

from __future__ import annotations

import hashlib
import struct
import zlib

_SENTENCE = b"BT /F1 12 Tf 50 700 Td (%b) Tj ET"
_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>/Contents 4 0 R>>"
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def file(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """`objects` with the table of where they are."""
    out = bytearray(b"%PDF-1.5\n")
    places: dict[int, int] = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        used = number in places
        out += b"%010d 00000 %b \n" % (places.get(number, 0), b"n" if used else b"f")
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(data: bytes, more: bytes = b"", flate: bool = True) -> bytes:
    if flate:
        data, more = zlib.compress(data), more + b"/Filter/FlateDecode"
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(data), more, data)


def page(content: bytes, **more: bytes) -> bytes:
    """A file of one page; `more` takes the place of its objects: tree, trailer."""
    tree = more.get("tree", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    objects = {1: _CATALOG, 2: tree, 3: _PAGE, 4: stream(content), 5: _FONT}
    return file(objects, more.get("trailer", b""))


def saying(text: bytes, **more: bytes) -> bytes:
    return page(_SENTENCE % text, **more)


def looped_tree() -> bytes:
    inner = b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 1000>>"
    return file({1: _CATALOG, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1000>>", 3: inner})


def looped_table(text: bytes) -> bytes:
    """The older table of objects that it names is itself."""
    data = saying(text)
    start = data.rsplit(b"startxref\n", 1)[1].split()[0]
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev " + start)


def of_same_pages(count: int, text: bytes) -> bytes:
    kids = b"3 0 R " * count
    return saying(text, tree=b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count))


def no_numbers(text: bytes) -> bytes:
    """Places that are no numbers, or beyond all pages; and a sentence in its place."""
    odd = (
        b"BT /F1 12 Tf 1e300 0 0 1e300 NaN 1e300 Tm (wide) Tj -1e38 0 0 0 -1e38 inf Tm (far) Tj ET "
    )
    return page(odd + _SENTENCE % text)


def expanding() -> bytes:
    return page(b" " * (80 << 20))


def picture() -> bytes:
    drawn = b"/Type/XObject/Subtype/Image/Width 60/Height 80/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode"
    objects = {
        1: _CATALOG, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: _PAGE, 4: stream(b"/X Do"),
        6: stream(bytes(400), drawn, flate=False),
    }  # fmt: skip
    return file(objects)


# ---- locked with a key (PDF 1.7, 7.6.3, revision 2) ----------------------------------------------


def locked(user: bytes, text: bytes) -> bytes:
    number = b"0123456789abcdef"
    permissions = struct.pack("<i", -4)
    owner = _rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], (user + _PAD)[:32])
    key = hashlib.md5((user + _PAD)[:32] + owner + permissions + number).digest()[:5]
    own = hashlib.md5(key + struct.pack("<I", 4)[:3] + b"\0\0").digest()[:10]
    told = b"<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>"
    objects = {
        1: _CATALOG, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: _PAGE,
        4: stream(_rc4(own, _SENTENCE % text), flate=False), 5: _FONT,
        7: told % (owner.hex().encode(), _rc4(key, _PAD).hex().encode()),
    }  # fmt: skip
    named = number.hex().encode()
    return file(objects, b"/Encrypt 7 0 R/ID[<%b><%b>]" % (named, named))


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
