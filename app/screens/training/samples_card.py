"""What it writes now: the same opening, continued again and again while it learns."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.formatting import grouped
from app.theme.palette import color, font, pixels
from app.widgets.controls import Badge, Card
from core.events import Sampled

_GUTTER = 70
_GAP = 8
_MAX = 240


class SamplesCard(Card):
    """A time line of samples, the newest at the bottom."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 10, 16, 10), spacing=8)
        self._prompt = Badge("line")
        self.add_right(self._prompt)
        self._line = SampleLine()
        self.add((self._line, 1))
        self._samples: list[Sampled] = []
        self._pinned: int | None = None
        self._fills = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_prompt()

    def show_samples(self, samples: list[Sampled], fills: bool = False) -> None:
        """`fills`: they are blanks that were filled in."""
        self._samples = samples
        if fills != self._fills:
            self._fills = fills
            self.retranslate()
        self._show()

    def pin(self, step: int) -> None:
        """Show the sample nearest to a step among the others."""
        self._pinned = step
        self._show()

    def retranslate(self) -> None:
        filled = self.tr("What it fills in now")
        self.title.setText(filled if self._fills else self.tr("What it writes now"))
        self._line.empty = self.tr("The first sample comes when training begins.")
        self._show()

    def _show(self) -> None:
        self._show_prompt()
        self._line.show_samples(chosen(self._samples, self._pinned), self._pinned)

    def _show_prompt(self) -> None:
        """The opening, as much of it as fits beside the title."""
        self._prompt.setVisible(bool(self._samples))
        if not self._samples:
            return
        prompt = self._samples[-1].prompt.replace("\n", " ")
        frame = self.tr("sheet “{text}”") if self._fills else self.tr("opening “{text}”")
        metrics = self._prompt.fontMetrics()
        room = self.width() - self.title.sizeHint().width() - 96
        room -= metrics.horizontalAdvance(frame.format(text=""))
        shown = metrics.elidedText(prompt, Qt.TextElideMode.ElideRight, max(24, room))
        self._prompt.setText(frame.format(text=shown))
        self._prompt.setToolTip(prompt)


class SampleLine(QWidget):
    """Painted: a dot, the step, the text in the book's voice; oldest first. Earlier samples get one
    line, the newest all the room that is left."""

    def __init__(self) -> None:
        super().__init__()
        self._samples: list[Sampled] = []
        self._pinned: int | None = None
        self.empty = ""
        self.setMinimumHeight(100)

    def show_samples(self, samples: list[Sampled], pinned: int | None) -> None:
        self._samples, self._pinned = samples, pinned
        if samples:
            self.setAccessibleName(self.tr("Step {step}").format(step=samples[-1].step))
            self.setAccessibleDescription(samples[-1].text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._samples:
            painter.setFont(font("small"))
            painter.setPen(color("ink3"))
            painter.drawText(self.rect(), int(Qt.TextFlag.TextWordWrap), self.empty)
            return
        self._paint_samples(painter)

    def _paint_samples(self, painter: QPainter) -> None:
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        face = font("reading", family="mincho")
        painter.setFont(face)
        line = round(pixels("reading") * 1.5)
        width = self.width() - _GUTTER
        metrics = painter.fontMetrics()
        newest = self._samples[-1]
        whole = max(1, int((self.height() + _GAP) // (line + _GAP)))
        earlier = self._samples[:-1][-max(0, whole - 2) :] if whole > 2 else []
        blocks: list[tuple[Sampled, str, int]] = []
        for sample in earlier:
            text = metrics.elidedText(one_line(sample.text), Qt.TextElideMode.ElideRight, width)
            blocks.append((sample, text, line))
        room = self.height() - len(earlier) * (line + _GAP)
        text = one_line(newest.text)
        while len(text) > 1 and (
            metrics.boundingRect(0, 0, width, 10_000, flags, text).height() > max(line, room)
        ):
            text = text[: int(len(text) * 0.94)].rstrip() + "…"
        blocks.append((newest, text, max(line, round(room))))
        y = 0.0
        dots: list[tuple[float, bool]] = []
        for sample, text, height in blocks:
            now = sample is newest
            marked = now or sample.step == self._pinned
            painter.setFont(font("small", now))
            painter.setPen(color("aiText" if marked else "ink3"))
            painter.drawText(
                QRectF(16, y, _GUTTER - 22, line),
                Qt.AlignmentFlag.AlignVCenter,
                grouped(sample.step),
            )
            painter.setFont(face)
            painter.setPen(color("ink" if now else "ink2"))
            painter.save()
            painter.setClipRect(QRectF(_GUTTER, y, width, height))
            painter.drawText(QRectF(_GUTTER, y, width, 10_000), flags, text)
            painter.restore()
            dots.append((y + line / 2, now))
            y += height + _GAP
        painter.setPen(QPen(color("line"), 2))
        if len(dots) > 1:
            painter.drawLine(QPointF(5, dots[0][0]), QPointF(5, dots[-1][0]))
        painter.setPen(Qt.PenStyle.NoPen)
        for middle, now in dots:
            painter.setBrush(color("ai" if now else "control"))
            radius = 4.5 if now else 3
            painter.drawEllipse(QPointF(5, middle), radius, radius)


def one_line(text: str) -> str:
    """The beginning of a sample, its line ends made visible."""
    return text.strip().replace("\n", " ⏎ ")[:_MAX] or "…"


def chosen(samples: list[Sampled], pinned: int | None, count: int = 5) -> list[Sampled]:
    """The first, the newest, and between them evenly in the logarithm of the step."""
    if len(samples) <= count:
        return samples
    last = len(samples) - 1
    wanted = {0, last} | {round(last ** (k / (count - 1))) for k in range(1, count - 1)}
    if pinned is not None:
        wanted.add(min(range(len(samples)), key=lambda i: abs(samples[i].step - pinned)))
    return [samples[i] for i in sorted(wanted)]
