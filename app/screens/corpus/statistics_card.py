"""Shares of languages and the lengths of documents, painted."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.formatting import compact, grouped, share
from app.theme.palette import PLOT_ORDER, color, font
from app.widgets.controls import Button, Card, Label
from app.widgets.layout import STRETCH, hairline, holder, row
from core.corpus.manifest import LENGTH_BINS_PER_DECADE

_HIGH, _LEAST_HIGH = 104, 70
"""Pixels of the lengths: as they should be, and where the page has little room."""
_SHOWN = 3
_LEAST_BINS = 14
_LEAST_SHARE = 0.0005
"""What is less reads as nothing."""


class StatisticsCard(Card):
    """`show_statistics` takes language names with shares, and documents by length (see
    CorpusManifest.lengths)."""

    evaluation_sets_wanted = Signal()
    """What was found of evaluation sets shall be shown."""

    def __init__(self) -> None:
        super().__init__(titled=False, margins=(16, 12, 14, 8), spacing=6)
        self._languages_title = Label("head")
        self._bar = SharesBar()
        self._legend = QGridLayout()
        self._legend.setContentsMargins(0, 0, 0, 0)
        self._legend.setHorizontalSpacing(8)
        self._legend.setVerticalSpacing(2)
        self._lengths_title, self._lengths_unit = Label("head"), Label("faint")
        self._histogram = LengthHistogram()
        self._found = 0
        self._evaluation_sets = Button("small", "ph.warning")
        self._evaluation_sets.setVisible(False)
        self._evaluation_sets.clicked.connect(self.evaluation_sets_wanted)
        self.add(
            self._languages_title, self._bar, self._legend, 2, hairline(), 2,
            row(self._lengths_title, STRETCH, self._lengths_unit), self._histogram,
            self._evaluation_sets,
        )  # fmt: skip

    def show_statistics(
        self, languages: list[tuple[str, float]], lengths: list[int], median: float
    ) -> None:
        other = self.tr("other")
        named = [(name, value) for name, value in languages if name != other]
        parts = [one for one in named[:_SHOWN] if one[1] >= _LEAST_SHARE]
        rest = sum(value for _, value in languages) - sum(value for _, value in parts)
        if rest >= _LEAST_SHARE:
            parts = [*parts, (other, rest)]
        self._bar.set_parts([value for _, value in parts])
        while (item := self._legend.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for index, (name, value) in enumerate(parts):
            cell = row(
                Swatch(PLOT_ORDER[index]), Label("small", text=name), STRETCH,
                Label("small", text=f"<b>{share(value)}</b>"), spacing=4,
            )  # fmt: skip
            self._legend.addWidget(holder(cell), index // 2, index % 2)
        spoken = ", ".join(f"{name} {share(value)}" for name, value in parts)
        self._bar.setAccessibleName(f"{self._languages_title.text()}: {spoken}")
        label = self.tr("median {count}").format(count=compact(median))
        self._histogram.set_lengths(lengths, median, label)
        self._histogram.setAccessibleName(f"{self._lengths_title.text()}: {label}")

    def show_evaluation_sets(self, found: int) -> None:
        """How many items of evaluation sets the last search found in the text; 0 tells nothing."""
        self._found = found
        self._evaluation_sets.setVisible(found > 0)
        self._retranslate_evaluation_sets()

    def _retranslate_evaluation_sets(self) -> None:
        text = self.tr("{count} test items are in here")
        text = self.tr("1 test item is in here") if self._found == 1 else text
        self._evaluation_sets.set_text(text.format(count=grouped(self._found)))
        self._evaluation_sets.setToolTip(
            self.tr("Items of evaluation sets stand in the text that is trained on. Click to see both places.")
        )  # fmt: skip

    def retranslate(self) -> None:
        self._retranslate_evaluation_sets()
        self._languages_title.setText(self.tr("Languages"))
        self._lengths_title.setText(self.tr("Document lengths"))
        self._lengths_unit.setText(self.tr("characters"))
        self._histogram.setToolTip(
            self.tr("How many documents have which length. Higher bars: more documents.")
        )


class Swatch(QWidget):
    """A square of a plot colour, for a legend."""

    def __init__(self, color_name: str) -> None:
        super().__init__()
        self._color = color_name
        self.setFixedSize(12, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._color))
        painter.drawRoundedRect(1, 2, 10, 10, 2, 2)


class SharesBar(QWidget):
    """A rounded bar in as many colours as there are shares."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[float] = []
        self.setFixedHeight(14)

    def set_parts(self, parts: list[float]) -> None:
        self._parts = parts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), color("track"))
        left = 0.0
        for index, part in enumerate(self._parts):
            wide = part * self.width()
            painter.fillRect(QRectF(left, 0, max(2.0, wide - 1.5), 14), color(PLOT_ORDER[index]))
            left += wide


class LengthHistogram(QWidget):
    """Documents by sixths of a decade of characters, with the median."""

    def __init__(self) -> None:
        super().__init__()
        self._lengths: list[int] = []
        self._median = 0.0
        self._label = ""
        self.setMinimumHeight(_LEAST_HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return QSize(240, _HIGH)

    def set_lengths(self, lengths: list[int], median: float, label: str) -> None:
        self._lengths, self._median, self._label = lengths, median, label
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        filled = [i for i, count in enumerate(self._lengths) if count]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("tick"))
        if not filled:
            painter.setPen(color("tick"))
            words = self.tr("comes when the texts are read")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
            return
        first, last = filled[0] - 1, filled[-1] + 2
        spare = _LEAST_BINS - (last - first)
        if spare > 0:  # A few bins alone would look like walls.
            first, last = first - spare // 2, last + spare - spare // 2
        first, last = max(0, first), min(len(self._lengths), last)
        top = max(self._lengths)
        area = QRectF(34, 18, self.width() - 40, self.height() - 38)
        self._paint_grid(painter, area, top)
        self._paint_bars(painter, area, first, last, top)
        self._paint_ticks(painter, area, first, last)
        self._paint_median(painter, area, first, last)

    def _paint_grid(self, painter: QPainter, area: QRectF, top: int) -> None:
        for value in (0, top / 2, top):
            if 0 < value != int(value):
                continue
            y = area.bottom() - area.height() * value / top
            painter.setPen(QPen(color("axis" if value == 0 else "grid"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(color("tick"))
            place = QRectF(0, y - 8, area.left() - 6, 16)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, compact(value)
            )

    def _paint_bars(self, painter: QPainter, area: QRectF, first: int, last: int, top: int) -> None:
        wide = area.width() / (last - first)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("gunjo", 0.75))
        for index in range(first, last):
            high = area.height() * self._lengths[index] / top
            left = area.left() + (index - first) * wide
            painter.drawRect(QRectF(left + wide * 0.1, area.bottom() - high, wide * 0.8, high))

    def _paint_ticks(self, painter: QPainter, area: QRectF, first: int, last: int) -> None:
        wide = area.width() / (last - first)
        painter.setPen(color("tick"))
        for index in range(first, last + 1):
            if index % LENGTH_BINS_PER_DECADE == 0:
                x = area.left() + (index - first) * wide
                text = compact(10 ** (index // LENGTH_BINS_PER_DECADE)).replace(".0", "")
                half = painter.fontMetrics().horizontalAdvance(text) / 2 + 1
                middle = min(x, self.width() - half)
                place = QRectF(middle - 24, area.bottom() + 3, 48, 16)
                painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, text)

    def _paint_median(self, painter: QPainter, area: QRectF, first: int, last: int) -> None:
        if self._median <= 0:
            return
        place = LENGTH_BINS_PER_DECADE * math.log10(self._median)
        x = area.left() + (place - first) / (last - first) * area.width()
        pen = QPen(color("ink"), 1.2)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, 14), QPointF(x, area.bottom()))
        painter.setPen(color("ink2"))
        wide = painter.fontMetrics().horizontalAdvance(self._label)
        left = x + 5 if x + 5 + wide < self.width() else x - 5 - wide
        painter.drawText(QPointF(left, 14), self._label)
