"""The lines of a PDF page, with where they lie, in the order of its own content.

Places are told along the reading: `u` grows with the line's characters, `v` from line to line, both
in points (1/72 inch), whichever way the text runs.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Direction = Literal["right", "down", "up", "left"]
Box = tuple[float, float, float, float]
"""left, right, bottom, top."""

_HYPHEN = (0x2, 0xFFFE, 0xAD)
"""What PDFium gives for a hyphen at the end of a line."""
_AT_ONCE = 100_000
_SAMPLE = 2000
_GAP = 2.5
_NEW_LINE = 0.6
_STACK = 4


@dataclass(slots=True)
class Line:
    """`size`: height of its characters, in points; `depth`: how far down the page it lies, 0 to 1.
    `hyphen`: its last character is one that divides a word. `row`: wide gaps part it, as a table's."""

    text: str
    u0: float
    u1: float
    v0: float
    v1: float
    size: float
    depth: float
    hyphen: bool = False
    row: bool = False

    @property
    def v(self) -> float:
        return (self.v0 + self.v1) / 2

    def overlaps(self, other: Line) -> bool:
        """Whether the two lie on one line of text: sub- and superscripts do."""
        shared = min(self.v1, other.v1) - max(self.v0, other.v0)
        return shared > 0.5 * min(self.v1 - self.v0, other.v1 - other.v0)


def lines_of(page: Any, raw: Any, bounds: Box) -> tuple[list[Line], Direction]:
    """Pieces of lines, and which way they run: one ends where PDFium ends it, or at a wide gap.

    Args:
        page: A text page of pypdfium2.
        bounds: The page's own box, before it is turned.
        raw: Its module of plain functions.
    """
    found: list[Line] = []
    direction: Direction = "right"
    for begin in range(0, page.count_chars(), _AT_ONCE):
        codes, boxes = _characters(page, raw, begin)
        direction = direction if begin else _direction(codes, boxes)
        found += _pieces(codes, boxes, direction, bounds)
    return found, direction


def _characters(page: Any, raw: Any, begin: int) -> tuple[list[int], list[Box]]:
    codes: list[int] = []
    boxes: list[Box] = []
    rectangle = raw.FS_RECTF()
    reference = ctypes.byref(rectangle)
    unicode, box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    for index in range(begin, min(page.count_chars(), begin + _AT_ONCE)):
        codes.append(unicode(page.raw, index))
        if not box(page.raw, index, reference):
            rectangle.left = rectangle.right = rectangle.bottom = rectangle.top = 0.0
        boxes.append((rectangle.left, rectangle.right, rectangle.bottom, rectangle.top))
    return codes, boxes


def _direction(codes: Sequence[int], boxes: Sequence[Box]) -> Direction:
    """Which way most characters follow each other: vertical writing and turned pages are known by
    that, not by what the file says."""
    votes: dict[Direction, int] = {"right": 1, "down": 0, "up": 0, "left": 0}
    last: Box | None = None
    for code, box in zip(codes[:_SAMPLE], boxes[:_SAMPLE]):
        if code <= 0x20 or box[0] == box[1]:
            last = None if code in (10, 13) else last
            continue
        if last is not None:
            size = max(box[3] - box[2], box[1] - box[0], 0.1)
            across = (box[0] + box[1] - last[0] - last[1]) / 2 / size
            upward = (box[2] + box[3] - last[2] - last[3]) / 2 / size
            if abs(upward) < 0.3 and 0.15 < abs(across) < 2:
                votes["right" if across > 0 else "left"] += 1
            elif abs(across) < 0.3 and 0.15 < abs(upward) < 2:
                votes["up" if upward > 0 else "down"] += 1
        last = box
    return max(votes, key=lambda direction: votes[direction])


def _pieces(codes: list[int], boxes: list[Box], direction: Direction, bounds: Box) -> list[Line]:
    found: list[Line] = []
    line: Line | None = None
    characters: list[str] = []

    def finish() -> None:
        nonlocal line
        if line is not None and (text := _text(characters)).strip():
            line.text = text
            found.append(line)
        line = None
        characters.clear()

    for code, box in zip(codes, boxes):
        if code in (10, 13):
            finish()
            continue
        if code < 0x20 and code not in _HYPHEN:
            continue
        if box[0] == box[1] or code == 0x20:
            if line is not None:
                characters.append(" ")
            continue
        u0, u1, v0, v1 = _turned(box, direction)
        if line is not None and _is_apart(line, u0, v0, v1):
            finish()
        if line is None:
            line = Line("", u0, u1, v0, v1, 0.0, _depth(box, direction, bounds))
        line.u0, line.u1 = min(line.u0, u0), max(line.u1, u1)
        if v1 - v0 > 1.15 * line.size and code != 0x3000:  # A raised sign is smaller than its line.
            line.v0, line.v1, line.size = v0, v1, v1 - v0
        if code in _HYPHEN:
            characters.append("-")
            line.hyphen = True
            finish()
        else:
            characters.append(chr(code) if code < 0x110000 else "\ufffd")
    finish()
    return _stacked(found)


def _stacked(pieces: list[Line]) -> list[Line]:
    """Text that runs another way than its page's, as along an axis, comes sign by sign: one line."""
    found: list[Line] = []
    stack = 0
    for piece in pieces:
        last = found[-1] if found else None
        single = len(piece.text.strip()) == 1
        if last and single and stack and abs(piece.u0 - last.u0) < max(last.size, piece.size):
            stack += 1
            if stack > _STACK:
                last.text += piece.text
                continue
            if stack == _STACK:
                first = found[-_STACK + 1]
                first.text = "".join(each.text for each in found[-_STACK + 1 :]) + piece.text
                del found[-_STACK + 2 :]
                continue
        else:
            stack = int(single)
        found.append(piece)
    return found


def _turned(box: Box, direction: Direction) -> Box:
    left, right, bottom, top = box
    if direction == "right":
        return left, right, -top, -bottom
    if direction == "down":
        return -top, -bottom, -right, -left
    if direction == "up":
        return bottom, top, left, right
    return -right, -left, bottom, top


def _depth(box: Box, direction: Direction, bounds: Box) -> float:
    """How far down the page, as people hold it; columns of vertical writing lie in the middle."""
    across = (box[0] + box[1]) / 2 - bounds[0], bounds[1] - bounds[0]
    upward = (box[2] + box[3]) / 2 - bounds[2], bounds[3] - bounds[2]
    place, length = across if direction == "up" else upward
    share = min(max(place / max(length, 1.0), 0.0), 1.0)
    return share if direction in ("up", "left") else 1 - share


def _is_apart(line: Line, u0: float, v0: float, v1: float) -> bool:
    """Whether a character does not go on in `line`."""
    size = max(line.size, 1.0)
    if abs((v0 + v1) / 2 - line.v) > _NEW_LINE * size:
        return True
    return u0 - line.u1 > _GAP * size or line.u1 - u0 > 1.5 * size


def _text(characters: list[str]) -> str:
    """Halves of characters beyond the basic plane are put together; no half stays alone."""
    text = "".join(characters)
    if any("\ud800" <= character <= "\udfff" for character in characters):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
