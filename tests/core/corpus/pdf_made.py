"""Small PDF files for tests: text at places, in Helvetica or in a Japanese font that is not in the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

SIDE = 842
_TURNED = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}


class Text(NamedTuple):
    """`text` begins at (`x`, `y`) points from the lower left corner; vertical text at its top."""

    x: float
    y: float
    text: str
    size: float = 10
    vertical: bool = False


def pdf(
    pages: Sequence[Sequence[Text] | str],
    title: str = "",
    rotate: int = 0,
    broken: int | None = None,
) -> bytes:
    """A file of `pages`, each turned by `rotate` degrees and drawn so that it reads straight; one that is a string draws that picture instead ("" is blank); the page
    `broken` has no content that can be decoded."""
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: _japanese("90ms-RKSJ-H", 5),
        5: b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /FontDescriptor 8 0 R /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>",
        6: _japanese("90ms-RKSJ-V", 5),
        7: f"<< /Title <{title.encode('utf-16').hex()}> >>".encode() if title else b"<< >>",
        8: b"<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 /FontBBox [0 -120 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
    }
    for number, page in enumerate(pages):
        content = (
            page.encode()
            if isinstance(page, str)
            else b"\n".join(_drawn(text, rotate) for text in page)
        )
        page_object = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {SIDE} {SIDE}] /Rotate {rotate} /Contents {11 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 6 0 R >> >> >>"
        )
        objects[10 + 2 * number] = b"null" if broken == number else page_object.encode()
        objects[11 + 2 * number] = b"<< /Length %d >>\nstream\n%b\nendstream" % (
            len(content),
            content,
        )
    return _file(objects)


def _japanese(encoding: str, descendant: int) -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light-{encoding} /Encoding /{encoding}"
        f" /DescendantFonts [{descendant} 0 R] >>"
    ).encode()


def _drawn(text: Text, rotate: int) -> bytes:
    x, y = {
        0: (text.x, text.y), 90: (SIDE - text.y, text.x), 180: (SIDE - text.x, SIDE - text.y),
        270: (text.y, SIDE - text.x),
    }[rotate]  # fmt: skip
    font = "F1" if text.text.isascii() else "F3" if text.vertical else "F2"
    shown = f"<{text.text.encode('cp932').hex()}>" if font != "F1" else f"({_escaped(text.text)})"
    return f"BT /{font} {text.size} Tf {_TURNED[rotate]} {x} {y} Tm {shown} Tj ET".encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: dict[int, bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, objects[number])
    start, last = len(out), max(objects)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1)
    for number in range(1, last + 1):
        used = number in places
        out += b"%010d %05d %b \n" % (
            places.get(number, 0),
            0 if used else 65535,
            b"n" if used else b"f",
        )
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        last + 1,
        start,
    )
    return bytes(out)
