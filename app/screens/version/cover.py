"""The cover of an edition in its colour, bound in the Japanese way, and the seal of graduation."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.theme.palette import color, font


class Cover(QWidget):
    """A book of 108 × 144 pixels; kana and kanji of the title stand in a column."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._colour, self._sealed = "", "gunjo", False
        self.setFixedSize(116, 152)

    def show_book(self, title: str, colour: str, sealed: bool) -> None:
        self._title, self._colour, self._sealed = title, colour, sealed
        self.setAccessibleName(title)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for shift in (5, 2.5):  # The pages behind.
            painter.setPen(QPen(color("line"), 1))
            painter.setBrush(color("raised"))
            painter.drawRoundedRect(QRectF(3 + shift, 3 + shift, 105, 141), 3, 3)
        book = QRectF(2, 2, 106, 142)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._colour))
        painter.drawRoundedRect(book, 3, 3)
        self._paint_binding(painter, book)
        slip = QRectF(14, 14, 32, 110)
        painter.setPen(QPen(color("line"), 1))
        painter.setBrush(color("raised"))
        painter.drawRect(slip)
        if self._sealed:
            slip.setBottom(slip.bottom() - 22)
            stamp = QRectF(slip.center().x() - 8, slip.bottom() + 2, 16, 16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("seal"))
            painter.drawRoundedRect(stamp, 2, 2)
            painter.setPen(color("onSeal"))
            painter.setFont(font("tick", True, "mincho"))
            painter.drawText(stamp, Qt.AlignmentFlag.AlignCenter, "卒")
        self._paint_title(painter, slip.adjusted(2, 6, -2, -4))

    def _paint_binding(self, painter: QPainter, book: QRectF) -> None:
        painter.setPen(QPen(color("raised", 0.8), 1.2))
        x = book.right() - 12
        painter.drawLine(QPointF(x, book.top()), QPointF(x, book.bottom()))
        for share in (0.12, 0.37, 0.63, 0.88):
            y = book.top() + share * book.height()
            painter.drawLine(QPointF(x, y), QPointF(book.right(), y))

    def _paint_title(self, painter: QPainter, area: QRectF) -> None:
        """Upright in a column where every sign is as wide as high, else turned on its side."""
        painter.setPen(color("ink"))
        title = self._title
        upright = all(c == " " or unicodedata.east_asian_width(c) in "WF" for c in title)
        if upright and len(title) <= 9:
            size = min(17, int(area.height() / max(1, len(title))) - 1)
            painter.setFont(font(size, True, "mincho"))
            step = min(size + 3.0, area.height() / max(1, len(title)))
            for index, sign in enumerate(title):
                place = QRectF(area.left(), area.top() + index * step, area.width(), step)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, sign)
            return
        painter.save()
        painter.translate(area.center())
        painter.rotate(90)
        painter.setFont(font("base", True, "mincho"))
        turned = QRectF(-area.height() / 2, -area.width() / 2, area.height(), area.width())
        shown = painter.fontMetrics().elidedText(
            title, Qt.TextElideMode.ElideRight, int(area.height())
        )
        painter.drawText(turned, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()


class Seal(QWidget):
    """卒業: pressed when a version was tested and talked to."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(88, 88)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(44, 44)
        painter.rotate(-4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("seal"))
        painter.drawRoundedRect(QRectF(-36, -36, 72, 72), 9, 9)
        painter.setPen(QPen(color("onSeal"), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(-31, -31, 62, 62), 6, 6)
        painter.setFont(font(24, True, "mincho"))
        painter.drawText(QRectF(-30, -31, 60, 32), Qt.AlignmentFlag.AlignCenter, "卒")
        painter.drawText(QRectF(-30, -2, 60, 32), Qt.AlignmentFlag.AlignCenter, "業")
