"""Bytes per token against the size of the vocabulary, Japanese and English."""
# pyright: reportOptionalMemberAccess=false, reportCallIssue=false
# pyright: reportArgumentType=false
# (pyqtgraph tells no types.)

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor

from app.formatting import grouped
from app.theme.palette import PLOT_MARKERS, color, font, hex_of
from app.widgets.plot import ThemedPlot, pen

_COLOURS = ("gunjo", "yamabuki")
_APART = 0.07
"""Of the height: ends of curves nearer than that have their names above and below."""


class VocabularyCurve(ThemedPlot):
    """`size_chosen` when a point was clicked."""

    size_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._curves: list[tuple[str, list[float]]] = []
        self._sizes: list[int] = []
        self._mark = 0
        self._drawn: list[Any] = []
        self.setMinimumHeight(180)

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_drawn"):
            self._draw()

    def show_curves(
        self, sizes: Sequence[int], curves: Sequence[tuple[str, Sequence[float]]], mark: int
    ) -> None:
        """`curves`: (name, bytes per token for each size), at most two. `mark`: the size in use."""
        self._sizes, self._mark = list(sizes), mark
        self._curves = [(name, list(values)) for name, values in curves]
        told = (
            f"{name}: " + ", ".join(f"{size} {value:.2f}" for size, value in zip(sizes, values, strict=True))
            for name, values in self._curves
        )  # fmt: skip
        self.setAccessibleDescription(". ".join(told))
        self._draw()

    def _draw(self) -> None:
        for item in self._drawn:
            self.removeItem(item)
        self._drawn.clear()
        values = [value for _, curve in self._curves for value in curve]
        if not values or len(self._sizes) < 2:
            return
        x = np.log2(np.asarray(self._sizes, float))
        low, high = min(0.0, *values), max(values)
        view = self.getPlotItem().getViewBox()
        view.setRange(xRange=(x[0] - 0.2, x[-1] + 1.4), yRange=(low, high * 1.12), padding=0)
        ticks = [(float(place), _short(size)) for place, size in zip(x, self._sizes, strict=True)]
        self.axis("bottom").setTicks([ticks])
        for (name, curve), colour in zip(self._curves, _COLOURS, strict=False):
            others = [other[-1] for _, other in self._curves if other is not curve]
            near = any(abs(curve[-1] - other) < _APART * high for other in others)
            above = all(curve[-1] >= other for other in others)
            self._draw_curve(name, x, curve, colour, (1.0 if above else 0.0) if near else 0.5)
        if self._mark > 0:
            line = pg.InfiniteLine(
                math.log2(self._mark), angle=90, pen=pen("control", 1.2, dash=True)
            )
            self.addItem(line, ignoreBounds=True)
            self._drawn.append(line)

    def _draw_curve(
        self, name: str, x: Any, curve: list[float], colour: str, anchor: float
    ) -> None:  # fmt: skip
        line = self.plot(
            x, curve, pen=pen(colour, 2, dash=colour != _COLOURS[0]), symbolSize=9,
            symbol=PLOT_MARKERS[colour], symbolBrush=color(colour), symbolPen=pen("card", 1),
        )  # fmt: skip
        line.sigPointsClicked.connect(self._on_points)
        text = pg.TextItem(
            f"{name} {curve[-1]:.2f}", color=QColor(hex_of(colour)), anchor=(0, anchor)
        )
        text.setFont(font("small", True))
        self.addItem(text, ignoreBounds=True)
        text.setPos(float(x[-1]) + 0.08, curve[-1])
        self._drawn += [line, text]

    def _on_points(self, _: object, points: Sequence[Any], *__: object) -> None:
        if len(points):
            place = float(points[0].pos().x())
            self.size_chosen.emit(min(self._sizes, key=lambda size: abs(math.log2(size) - place)))


def _short(size: int) -> str:
    """512, 1k, 8k: sizes are powers of two."""
    return f"{size // 1024}k" if size % 1024 == 0 else grouped(size)
