"""A difference and its interval around "as before": painted, with words at both ends."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.palette import color, font, pixels

_BAR = 22
_ROOM = 1.25


class IntervalBar(QWidget):
    """`show_difference(low, middle, high)`: left of the line is less. `set_words`: what stands at the
    left end, under the line and at the right end."""

    def __init__(self) -> None:
        super().__init__()
        self._values: tuple[float, float, float] | None = None
        self._words = ("", "", "")
        self._tone = "ink2"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(160, _BAR + pixels("tick") + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def set_words(self, left: str, middle: str, right: str) -> None:
        self._words = (left, middle, right)
        self.update()

    def show_difference(self, low: float, middle: float, high: float, tone: str) -> None:
        """`tone`: the colour token of the interval."""
        known = all(map(math.isfinite, (low, middle, high)))
        self._values = (low, middle, high) if known else None
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, centre, y = self.width(), self.width() / 2, _BAR / 2
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(QPointF(0, y), QPointF(width, y))
        painter.setPen(QPen(color("control"), 1.5))
        painter.drawLine(QPointF(centre, 2), QPointF(centre, _BAR - 2))
        if self._values is not None:
            self._paint_interval(painter, centre, y)
        painter.setFont(font("tick"))
        painter.setPen(color("ink3"))
        below = QRectF(0, _BAR, width, self.height() - _BAR)
        sides = (
            Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight,
        )  # fmt: skip
        for text, side in zip(self._words, sides, strict=True):
            painter.drawText(below, side | Qt.AlignmentFlag.AlignTop, text)

    def _paint_interval(self, painter: QPainter, centre: float, y: float) -> None:
        assert self._values is not None
        low, middle, high = self._values
        reach = max(abs(low), abs(high), abs(middle), 1e-9) * _ROOM
        left, dot, right = (centre + value / reach * centre for value in (low, middle, high))
        thick = QPen(color(self._tone), 3)
        thick.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(thick)
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        painter.setPen(QPen(color("card"), 1.5))
        painter.setBrush(color(self._tone))
        painter.drawEllipse(QPointF(dot, y), 5, 5)
