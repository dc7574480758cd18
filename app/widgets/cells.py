"""Tokens as painted boxes that wrap: layout and painting, shared by preview, guesses and chat."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from app.theme.palette import color, probability_color, token_stripe

Mode = Literal["plain", "stripes", "probability"]
Cell = dict[str, Any]
"""{text, token?, probability?, rank?, removed?, added?, match?, masked?, alternatives?}"""
FAR_OFF_RANK = 10
_PAD = 1.5
_HANGING = "、。，．」』）！？,.!?)"


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
        width = self._advance(text)
        room = self._width - self._x
        hangs = len(text) == 1 and text in _HANGING
        fits_alone = width <= self._width or len(text) < 12
        if width > room and self._x > 0 and fits_alone and not hangs:
            self._new_line()
        while width > self._width - self._x and len(text) > 1:
            fitting = self._fitting(text, self._width - self._x)
            if fitting == 0:
                if self._x == 0:
                    fitting = 1
                else:
                    self._new_line()
                    continue
            if fitting >= len(text):
                break
            self._put(cell, text[:fitting])
            self._new_line()
            text = text[fitting:]
            width = self._advance(text)
        self._put(cell, text)

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
