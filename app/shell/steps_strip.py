"""The seven steps of the selected version, painted from what was really done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame

from app.formatting import is_japanese
from app.theme.icons import pixmap
from app.theme.palette import SIZE, color, font
from core.sentences import N_
from core.versions.lineage import StepState

_NAMES = (
    N_("Tour", "Collect"), N_("Tour", "Read"), N_("Tour", "Check"), N_("Tour", "Repeat"),
    N_("Tour", "Test"), N_("Tour", "Specialise"), N_("Tour", "Graduate"),
)  # fmt: skip
_CIRCLE = 20.0
_LOOP = (1, 2, 3)


@dataclass(frozen=True)
class _Place:
    """Where a step stands: left edge, width."""

    left: float
    width: float


class StepsStrip(QFrame):
    """`chosen(index)`: a step was clicked."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("steps")
        self.setFixedHeight(SIZE["steps"])
        self._states: list[StepState] = ["now"] + ["todo"] * 6
        self._label = ""
        self._loop = ""
        self._places: list[_Place] = []
        self.setMouseTracking(True)

    def show_steps(self, states: Sequence[StepState], label: str, loop: str = "") -> None:
        """`loop`: how often "repeat" has been done, while a training runs."""
        if (list(states), label, loop) == (self._states, self._label, self._loop):
            return
        self._states, self._label, self._loop = list(states), label, loop
        self._speak()
        self.update()

    def _speak(self) -> None:
        words = {
            "done": self.tr("done"), "now": self.tr("now"), "todo": self.tr("to do"),
            "skip": self.tr("left out"),
        }  # fmt: skip
        steps = (f"{n}: {words[s]}" for n, s in zip(_names(), self._states, strict=True))
        self.setAccessibleName(f"{self._label}. " + ", ".join(steps))

    # ---- mouse -------------------------------------------------------------------------------

    def _step_at(self, x: float) -> int:
        for index, place in enumerate(self._places):
            if place.left - 6 <= x <= place.left + place.width + 6:
                return index
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._step_at(event.position().x()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        step = self._step_at(event.position().x())
        if step >= 0:
            self.chosen.emit(step)

    # ---- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label, names = self._label, _names()
        loop_width = self._measure(self._loop, True) + 32 if self._loop else 0.0
        widths = [
            _CIRCLE + 6 + self._measure(n, s == "now")
            for n, s in zip(names, self._states, strict=True)
        ]
        left = 20 + (self._measure(label) + 20 if label else 0)
        gap = (self.width() - 20 - left - sum(widths) - loop_width) / 6
        if gap < 12:  # Narrow: the label goes first, then the names of steps that are not now.
            label, left = "", 20.0
            gap = (self.width() - 20 - left - sum(widths) - loop_width) / 6
        if gap < 12:
            names = [n if s == "now" else "" for n, s in zip(names, self._states, strict=True)]
            widths = [_CIRCLE + (6 + self._measure(n, True) if n else 0) for n in names]
            gap = (self.width() - 20 - left - sum(widths) - loop_width) / 6
        self._places = []
        x = left
        for index, width in enumerate(widths):
            self._places.append(_Place(x, width))
            x += width + gap + (loop_width if index == 3 else 0)
        self._paint_label(painter, label)
        if self._loop:
            self._paint_loop(painter, loop_width)
        for index, name in enumerate(names):
            self._paint_connector(painter, index, loop_width)
            self._paint_step(painter, index, name)

    def _measure(self, text: str, bold: bool = False) -> float:
        return QFontMetricsF(font("small", bold)).horizontalAdvance(text)

    @property
    def _middle(self) -> float:
        return (self.height() - 1) / 2

    def _text(self, painter: QPainter, x: float, text: str) -> None:
        area = QRectF(x, 0, 400, self.height() - 1)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_label(self, painter: QPainter, label: str) -> None:
        painter.setFont(font("small"))
        painter.setPen(color("ink3"))
        self._text(painter, 20, label)

    def _paint_loop(self, painter: QPainter, loop_width: float) -> None:
        first, last = self._places[1], self._places[3]
        width = last.left + last.width + loop_width - first.left + 16
        pill = QRectF(first.left - 8, self._middle - 14, width, 28)
        painter.setPen(QPen(color("aiTint2"), 1))
        painter.setBrush(color("aiTint"))
        painter.drawRoundedRect(pill, 14, 14)
        x = last.left + last.width + 10
        image = pixmap("ph.arrows-clockwise", 14, "aiText")
        painter.drawPixmap(QPointF(x, self._middle - 7), image)
        painter.setFont(font("small", True))
        painter.setPen(color("aiText"))
        self._text(painter, x + 18, self._loop)

    def _paint_connector(self, painter: QPainter, index: int, loop_width: float) -> None:
        if index == 6:
            return
        place, following = self._places[index], self._states[index + 1]
        start, end = place.left + place.width + 8, self._places[index + 1].left - 8
        if self._loop and index == 3:
            start += loop_width + 8
        if self._loop and index == 0:
            end -= 8
        state = self._states[index]
        done = state in ("done", "now") and following in ("done", "now", "skip")
        pen = QPen(color("aiText" if done else "line"), 1.4)
        if "skip" in (state, following):
            pen.setDashPattern([2, 3])
            pen.setColor(color("control"))
        painter.setPen(pen)
        if end > start:
            painter.drawLine(QPointF(start, self._middle), QPointF(end, self._middle))

    def _paint_step(self, painter: QPainter, index: int, name: str) -> None:
        state, x, y = self._states[index], self._places[index].left, self._middle
        circle = QRectF(x, y - _CIRCLE / 2, _CIRCLE, _CIRCLE)
        if state == "done":
            self._paint_done(painter, index, circle)
        elif state == "now":
            self._paint_now(painter, index, circle)
        else:
            pen = QPen(color("control"), 1)
            if state == "skip":
                pen.setDashPattern([2, 2])
            painter.setPen(pen)
            painter.setBrush(color("card"))
            self._shape(painter, index, circle.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.setPen(color("ink3"))
            painter.setFont(font("tick"))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, _numbers()[index])
        painter.setFont(font("small", state == "now"))
        tones = {"now": "ink", "done": "ink2"}
        painter.setPen(color(tones.get(state, "ink3")))
        self._text(painter, x + _CIRCLE + 6, name)

    def _shape(self, painter: QPainter, index: int, area: QRectF) -> None:
        if index == 6:
            painter.drawRoundedRect(area, 4, 4)
        else:
            painter.drawEllipse(area)

    def _paint_done(self, painter: QPainter, index: int, circle: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("seal" if index == 6 else "ai"))
        self._shape(painter, index, circle)
        if index == 6:
            painter.setPen(color("onSeal"))
            painter.setFont(font("small", True, "mincho"))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, "卒")
            return
        pen = QPen(color("onAi"), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x, y = circle.left(), circle.center().y()
        tick = QPainterPath(QPointF(x + 6, y + 0.3))
        tick.lineTo(x + 9, y + 3.2)
        tick.lineTo(x + 14.2, y - 3)
        painter.drawPath(tick)

    def _paint_now(self, painter: QPainter, index: int, circle: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if not self._loop or index not in _LOOP:
            painter.setBrush(color("aiTint2"))
            self._shape(painter, index, circle.adjusted(-3, -3, 3, 3))
        painter.setBrush(color("ai"))
        self._shape(painter, index, circle)
        painter.setPen(color("onAi"))
        painter.setFont(font("tick", True))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, _numbers()[index])


def _names() -> list[str]:
    return [QCoreApplication.translate("Tour", name) for name in _NAMES]


def _numbers() -> str:
    return "一二三四五六七" if is_japanese() else "1234567"
