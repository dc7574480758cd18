"""A dashed area that takes files and folders."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from app.formatting import is_japanese
from app.theme.palette import color


class DropZone(QFrame):
    """Emits the dropped local paths."""

    paths_dropped = Signal(list)

    def __init__(self, layout: QLayout, radius: int = 12) -> None:
        super().__init__()
        self._radius = radius
        self._hot = False
        self.setLayout(layout)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_hot(False)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.paths_dropped.emit(paths)

    def _set_hot(self, hot: bool) -> None:
        self._hot = hot
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        pen = QPen(color("aiText" if self._hot else "control"), 1.4)
        pen.setDashPattern([5, 5])
        painter.setPen(pen)
        painter.setBrush(color("aiTint" if self._hot else "card"))
        painter.drawRoundedRect(area, self._radius, self._radius)


class BookDrawing(QWidget):
    """Sheets of text that slide into an open book; decoration."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(168, 104)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for x, y, angle in ((40, 34, -14), (128, 32, 13), (84, 26, -2)):
            self._sheet(painter, x, y, angle)
        painter.setPen(QPen(color("ai"), 1))
        painter.setBrush(color("ai"))
        painter.drawPath(_page(-1))
        painter.drawPath(_page(1))
        painter.setPen(QPen(color("onAi"), 1.6))
        painter.drawLine(QPointF(84, 68), QPointF(84, 98))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("seal")))
        painter.drawRoundedRect(QRectF(112, 68, 13, 13), 2.5, 2.5)

    def _sheet(self, painter: QPainter, x: float, y: float, angle: float) -> None:
        painter.save()
        painter.translate(x, y)
        painter.rotate(angle)
        painter.setPen(QPen(color("line"), 1.2))
        painter.setBrush(color("raised"))
        painter.drawRoundedRect(QRectF(-17, -22, 34, 44), 3, 3)
        painter.setPen(QPen(color("control"), 1.4))
        for index in range(4):
            if is_japanese():  # Lines run from top to bottom, from the right.
                left = 10 - index * 6.5
                painter.drawLine(QPointF(left, -14), QPointF(left, 14 if index % 3 else 6))
            else:
                top = -12 + index * 8
                painter.drawLine(QPointF(-10, top), QPointF(10 if index % 3 != 2 else 3, top))
        painter.restore()


def _page(side: int) -> QPainterPath:
    path = QPainterPath(QPointF(84, 66))
    path.cubicTo(84 + side * 14, 56, 84 + side * 40, 55, 84 + side * 62, 62)
    path.lineTo(84 + side * 62, 96)
    path.cubicTo(84 + side * 40, 89, 84 + side * 14, 90, 84, 100)
    path.closeSubpath()
    return path
