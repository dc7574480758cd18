"""Tokens as painted boxes that wrap: layout and painting, shared by preview, guesses and chat."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from app.theme.palette import color, probability_color, token_stripe

Mode = Literal["plain", "stripes", "probability"]
Cell = dict[str, Any]
"""{text, token?, probability?, rank?, removed?, added?, match?, masked?, alternatives?}"""
FAR_OFF_RANK = 10
_PAD = 1.5
_HANGING = "、。，．」』）！？,.!?)"
_NEVER_FIRST = frozenset(
    _HANGING + "・：；］｝〉》】〕”’…‥々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ;:]}%'"
)
_NEVER_LAST = frozenset("「『（［｛〈《【〔“‘([{")
_FIRST_IDEOGRAPH = "\u2e80"
"""Scripts from here on are written without spaces, and may be parted after nearly every sign."""


def glued(before: str, after: str) -> bool:
    """Whether no line may end between two characters: inside a word, before what closes, behind
    what opens (JIS X 4051, in short)."""
    if before.isspace():
        return False
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return True
    return _of_word(before) and _of_word(after)


def _of_word(sign: str) -> bool:
    return sign < _FIRST_IDEOGRAPH and (sign.isalnum() or sign in "'’_")


def line_end(text: str, most: int) -> int:
    """How many of the first `most` characters a line takes, so that it ends well; 0 where it cannot.
    A space behind them stays with them."""
    for place in range(min(most, len(text) - 1), 0, -1):
        if not glued(text[place - 1], text[place]):
            return place + 1 if text[place].isspace() else place
    return 0


@dataclass(slots=True)
class Piece:
    """A part of a cell on one line."""

    cell: int
    text: str
    area: QRectF


class CellLayout:
    """Breaks cells into lines of a width. `gap` is the room between boxes, `line_end` the mark
    that shows a line feed."""

    def __init__(
        self, face: QFont, line_height: float, gap: float = 1.0, line_end: str = "⏎"
    ) -> None:
        self._line_end = line_end
        self._metrics = QFontMetricsF(face)
        self.face = face
        self.line_height = line_height
        self._gap = gap
        self._widths: dict[str, float] = {}
        self.cells: list[Cell] = []
        self.pieces: list[Piece] = []
        self._lines: list[int] = []
        self._tops: list[float] = []
        self.height = 0.0
        self._width = 0.0

    def set_cells(self, cells: list[Cell], width: float) -> None:
        self.cells = cells
        self._width = width
        self.pieces.clear()
        self._lines, self._tops = [], []
        self._x = self._y = 0.0
        self._add_from(0)

    def append(self, cells: list[Cell]) -> None:
        """More cells at the end: only they are laid out."""
        first = len(self.cells)
        self.cells.extend(cells)
        self._add_from(first)

    def set_width(self, width: float) -> None:
        if width != self._width:
            self.set_cells(self.cells, width)

    def _add_from(self, first: int) -> None:
        for index in range(first, len(self.cells)):
            text = str(self.cells[index].get("text", ""))
            parts = text.split("\n")
            for number, part in enumerate(parts):
                last = number == len(parts) - 1
                shown = part if last else (part + self._line_end or " ")
                if shown:
                    self._place(index, shown)
                if not last:
                    self._new_line()
        self.height = self._y + (self.line_height if self._x > 0 or not self._lines else 0)
        if not self.pieces:
            self.height = self.line_height

    def _place(self, cell: int, text: str) -> None:
        """Put `text` behind what is there, on as many lines as it takes."""
        whole = self._is_whole(cell) and self._advance(text) <= self._width
        while not self._hangs(text) and self._advance(text) > (room := self._width - self._x):
            most = self._fitting(text, room)
            fitting = 0 if whole else line_end(text, most)
            if not fitting and self._x > 0:
                self._wrap_before(text)
                continue
            fitting = fitting or max(1, most)
            if fitting >= len(text):
                break
            self._put(cell, text[:fitting])
            self._new_line()
            text = text[fitting:]
        self._put(cell, text)

    def _is_whole(self, cell: int) -> bool:
        """A token stays in one box where a line has room for it."""
        return not {"token", "probability"}.isdisjoint(self.cells[cell])

    def _hangs(self, text: str) -> bool:
        return self._x > 0 and (text == self._line_end or (len(text) == 1 and text in _HANGING))

    def _wrap_before(self, text: str) -> None:
        """Begin a line for `text`, and take along what may not be parted from it."""
        on_line = bool(self._tops) and self._tops[-1] == self._y
        first = self._lines[-1] if on_line else len(self.pieces)
        start, after = len(self.pieces), text[0]
        while start > first and glued((before := self.pieces[start - 1]).text[-1], after):
            start -= 1
            after = before.text[0]
            place = (
                0 if self._is_whole(before.cell) else line_end(before.text, len(before.text) - 1)
            )
            if place:
                self.pieces[start : start + 1] = self._parted(before, place)
                start += 1
                break
        self._new_line()
        if first < start < len(self.pieces):
            self._tops.append(self._y)
            self._lines.append(start)
            for piece in self.pieces[start:]:
                piece.area.moveTo(self._x, self._y)
                self._x += piece.area.width() + self._gap

    def _parted(self, piece: Piece, place: int) -> list[Piece]:
        """A piece in two; the second has its width, and gets its place later."""
        parts = [piece.text[:place], piece.text[place:]]
        return [
            Piece(piece.cell, text, QRectF(piece.area.topLeft(), QSizeF(self._advance(text), self.line_height)))
            for text in parts
        ]  # fmt: skip

    def _fitting(self, text: str, room: float) -> int:
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self._metrics.horizontalAdvance(text[:middle]) + 2 * _PAD <= room:
                low = middle
            else:
                high = middle - 1
        return low

    def _put(self, cell: int, text: str) -> None:
        width = self._advance(text)
        if not self._tops or self._tops[-1] != self._y:
            self._tops.append(self._y)
            self._lines.append(len(self.pieces))
        self.pieces.append(Piece(cell, text, QRectF(self._x, self._y, width, self.line_height)))
        self._x += width + self._gap

    def _new_line(self) -> None:
        self._x = 0.0
        self._y += self.line_height

    def _advance(self, text: str) -> float:
        width = self._widths.get(text)
        if width is None:
            width = self._metrics.horizontalAdvance(text) + 2 * _PAD
            self._widths[text] = width
        return width

    # ---- asking ------------------------------------------------------------------------------

    def cell_at(self, place: QPointF) -> int:
        """The index of the cell under a point, or -1."""
        line = bisect_right(self._tops, place.y()) - 1
        if line < 0:
            return -1
        end = self._lines[line + 1] if line + 1 < len(self._lines) else len(self.pieces)
        for piece in self.pieces[self._lines[line] : end]:
            if piece.area.contains(place):
                return piece.cell
        return -1

    def area_of(self, cell: int) -> QRectF:
        """The first piece of a cell."""
        for piece in self.pieces:
            if piece.cell == cell:
                return piece.area
        return QRectF()

    def neighbour(self, cell: int, lines: int) -> int:
        """The cell above (-1) or below (+1)."""
        area = self.area_of(cell)
        if area.isNull():
            return 0 if self.cells else -1
        x, y = area.center().x(), area.center().y() + lines * self.line_height
        near = [p for p in self.pieces if p.area.top() <= y < p.area.bottom()]
        if not near:
            return cell
        return min(near, key=lambda p: abs(p.area.center().x() - x)).cell

    # ---- painting ----------------------------------------------------------------------------

    def paint(
        self,
        painter: QPainter,
        origin: QPointF,
        clip: QRectF,
        mode: Mode,
        chosen: int = -1,
    ) -> None:
        """Paint the lines that touch `clip` (in the painter's coordinates) at `origin`."""
        painter.setFont(self.face)
        top = bisect_right(self._tops, clip.top() - origin.y() - self.line_height)
        end = bisect_right(self._tops, clip.bottom() - origin.y())
        first = self._lines[top] if top < len(self._lines) else len(self.pieces)
        last = self._lines[end] if end < len(self._lines) else len(self.pieces)
        ink, faint, shu = color("ink"), color("ink3"), color("shu")
        for piece in self.pieces[first:last]:
            cell = self.cells[piece.cell]
            area = piece.area.translated(origin)
            box = area.adjusted(0, 2, 0, -2)
            removed, added = bool(cell.get("removed")), bool(cell.get("added"))
            painter.setPen(Qt.PenStyle.NoPen)
            if mode == "stripes" and not removed and "token" in cell:
                painter.setBrush(token_stripe(int(cell["token"])))
                painter.drawRoundedRect(box, 3, 3)
            elif mode == "probability" and cell.get("probability") is not None:
                painter.setBrush(probability_color(float(cell["probability"])))
                painter.drawRoundedRect(box, 3, 3)
            if added:
                painter.setBrush(color("shuTint"))
                painter.drawRoundedRect(box, 3, 3)
            if cell.get("match"):
                painter.setBrush(color("aiTint2"))
                painter.drawRoundedRect(box, 3, 3)
                painter.fillRect(
                    QRectF(box.left(), box.bottom() - 2, box.width(), 2), color("aiText")
                )
            painter.setPen(shu if removed or added else faint if cell.get("masked") else ink)
            painter.drawText(
                area.adjusted(_PAD, 0, 4, 0), Qt.AlignmentFlag.AlignVCenter, piece.text
            )
            if removed:
                y = area.center().y() + 1
                painter.setPen(QPen(shu, 1.4))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if mode == "probability" and int(cell.get("rank") or 0) > FAR_OFF_RANK:
                painter.setPen(QPen(shu, 2))
                y = box.bottom() + 0.5
                painter.drawLine(QPointF(box.left() + 2, y), QPointF(box.right() - 2, y))
            if piece.cell == chosen:
                painter.setPen(QPen(color("aiText"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(-0.5, -0.5, 0.5, 0.5), 4, 4)
