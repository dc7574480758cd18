"""Learned or memorised? For each version seen and unseen text on one scale; the gap tells."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.screens.evaluation.results import Line
from app.theme.palette import color, font

_LEARNED, _MEMORISING = 0.1, 0.25
"""Gap as a share of the unseen figure, from which it is called slight, and plain, memorising."""


class GapChart(QWidget):
    """A filled dot for seen text, an open diamond for unseen text."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self.setMinimumHeight(130)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(360, 46 * max(2, len(self._lines)) + 36)

    def show_lines(self, lines: list[Line]) -> None:
        self._lines = [line for line in lines if line.gap is not None]
        gap = self.tr("gap")
        self.setAccessibleDescription(
            ". ".join(
                f"{line.entry.manifest.title}: {gap} {line.gap:.2f}, {self.verdict(line)[0]}"
                for line in self._lines
            )
        )
        self.updateGeometry()
        self.update()

    def verdict(self, line: Line) -> tuple[str, str]:
        """(words, tone) of the gap."""
        if line.gap is None or line.pair is None:
            return "", "ink3"
        unseen = line.pair[1]
        share = line.gap / max(1e-9, unseen.bits)
        if share >= _MEMORISING:
            return self.tr("memorises"), "shu"
        if share >= _LEARNED:
            return self.tr("memorises a little"), "warn"
        if unseen.bits > 2.6:
            return self.tr("has not read enough yet"), "ink3"
        return self.tr("learns well"), "ok"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._lines:
            painter.setFont(font("small"))
            painter.setPen(color("ink3"))
            painter.drawText(
                self.rect(), int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter),
                self.tr("Measure a version to see whether it has learned or only memorised."),
            )  # fmt: skip
            return
        low, high, step = self._scale()
        names = self._names_width()
        area = QRectF(names + 10, 4, self.width() - names - 22, self.height() - 30)
        self._paint_axis(painter, area, low, high, step)
        tall = area.height() / len(self._lines)

        def x_of(value: float) -> float:
            return area.left() + (value - low) / (high - low) * area.width()

        for index, line in enumerate(self._lines):
            middle = area.top() + (index + 0.55) * tall
            self._paint_line(painter, line, middle, x_of, area)

    def _names_width(self) -> float:
        """Of the column of names: as wide as the longest, but a third of the chart at most."""
        metrics = QFontMetricsF(font("small", True))
        longest = max(metrics.horizontalAdvance(_name(line)) for line in self._lines)
        return min(longest + 2, self.width() / 3)

    def _scale(self) -> tuple[float, float, float]:
        values = [score.bits for line in self._lines if line.pair for score in line.pair]
        low, high = min(values), max(values)
        room = max(0.2, high - low)
        step = next(s for s in (0.05, 0.1, 0.2, 0.5, 1.0, 2.0) if room * 1.6 / s <= 7)
        low = max(0.0, math.floor((low - 0.15 * room) / step) * step)
        high = math.ceil((high + 0.45 * room) / step) * step
        return low, high, step

    def _paint_axis(
        self, painter: QPainter, area: QRectF, low: float, high: float, step: float
    ) -> None:
        painter.setFont(font("tick"))
        count = round((high - low) / step)
        for index in range(count + 1):
            value = low + index * step
            x = area.left() + index / count * area.width()
            painter.setPen(QPen(color("grid"), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(color("tick"))
            digits = 2 if step < 0.1 else 1
            painter.drawText(
                QRectF(x - 30, area.bottom() + 4, 60, 18), Qt.AlignmentFlag.AlignCenter,
                f"{value:.{digits}f}",
            )  # fmt: skip
        painter.setPen(QPen(color("axis"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _paint_line(self, painter: QPainter, line: Line, y: float, x_of, area: QRectF) -> None:  # noqa: ANN001
        manifest = line.entry.manifest
        painter.setFont(font("small", True))
        painter.setPen(color("ink"))
        name = painter.fontMetrics().elidedText(
            _name(line), Qt.TextElideMode.ElideRight, int(area.left()) - 9
        )
        place = QRectF(0, y - 10, area.left() - 8, 20)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
        assert line.pair is not None and line.gap is not None
        seen, unseen = line.pair
        a, b = x_of(seen.bits), x_of(unseen.bits)
        painter.setPen(QPen(color(manifest.colour, 0.5), 4))
        painter.drawLine(QPointF(a, y), QPointF(b, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(manifest.colour))
        painter.drawEllipse(QPointF(a, y), 5.5, 5.5)
        painter.setBrush(color("card"))
        painter.setPen(QPen(color(manifest.colour), 2))
        painter.drawPolygon(
            QPolygonF([QPointF(b - 7, y), QPointF(b, y - 7), QPointF(b + 7, y), QPointF(b, y + 7)])
        )
        painter.setFont(font("small", True))
        painter.setPen(color("ink"))
        gap = self.tr("gap {value}").format(value=f"{line.gap:.2f}")
        painter.drawText(
            QRectF((a + b) / 2 - 80, y - 30, 160, 20), Qt.AlignmentFlag.AlignCenter, gap
        )
        words, tone = self.verdict(line)
        painter.setFont(font("small"))
        painter.setPen(color(tone))
        right = max(a, b) + 16
        painter.drawText(
            QRectF(right, y - 10, max(40.0, area.right() - right + 10), 20),
            Qt.AlignmentFlag.AlignVCenter, words,
        )  # fmt: skip


def _name(line: Line) -> str:
    manifest = line.entry.manifest
    return f"v{manifest.edition} {manifest.title}"
