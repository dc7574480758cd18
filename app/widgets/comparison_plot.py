"""Curves of several editions in one plot, each in its own colour with its name at its end."""
# pyright: reportOptionalMemberAccess=false, reportCallIssue=false
# pyright: reportArgumentType=false
# (pyqtgraph tells no types.)

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from app.theme.palette import PLOT_MARKERS, color, font, hex_of
from app.widgets.plot import Curve, ThemedPlot, pen

_MARKERS = ("o", "s", "t", "d")


@dataclass(frozen=True)
class EditionCurve:
    """`x`, `y` of equal length; `final` with its interval (low, high) stands at the end.

    `dashed` keeps two curves apart without their colours.
    """

    name: str
    colour: str
    x: Curve
    y: Curve
    final: float | None = None
    low: float | None = None
    high: float | None = None
    dashed: bool = False


class ComparisonPlot(ThemedPlot):
    """`show_curves` draws anew; `mark` sets a vertical line with a remark."""

    def __init__(self) -> None:
        super().__init__()
        self._curves: Sequence[EditionCurve] = ()
        self._drawn: list[Any] = []
        self._mark: tuple[float, str] | None = None

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_drawn"):
            self._draw()

    def write_x(self, writer: Callable[[float], str] | None) -> None:
        """How values of the lower axis are written; None: as numbers."""
        self.axis("bottom").writer = writer

    def show_curves(
        self, curves: Sequence[EditionCurve], mark: tuple[float, str] | None = None
    ) -> None:
        self._curves, self._mark = curves, mark
        self._draw()

    def _draw(self) -> None:
        for item in self._drawn:
            self.removeItem(item)
        self._drawn.clear()
        ends = [float(c.x[-1]) for c in self._curves if len(c.x)]
        values = [v for c in self._curves for v in self._values(c)]
        if not ends or not values:
            return
        end, low, high = max(ends), min(values), max(values)
        room = max(0.05, high - low)
        view = self.getPlotItem().getViewBox()
        view.setRange(
            xRange=(0, max(end, 1e-9) * 1.04),
            yRange=(low - 0.16 * room, high + 0.1 * room),
            padding=0,
        )
        ends_at = [
            c.final if c.final is not None else float(c.y[-1]) for c in self._curves if len(c.x)
        ]
        for index, curve in enumerate(self._curves):
            if len(curve.x):
                last = curve.final if curve.final is not None else float(curve.y[-1])
                self._draw_curve(curve, index, end, above=last >= max(ends_at))
        if self._mark is not None:
            self._draw_mark(*self._mark, low=low - 0.16 * room)

    def _values(self, curve: EditionCurve) -> list[float]:
        known = (curve.low, curve.high, curve.final)
        finite = curve.y[np.isfinite(curve.y)]
        # The first checks of a new model lie so high that they would flatten the rest.
        usual = [float(np.quantile(finite, 0.9)), float(finite.min())] if len(finite) else []
        return usual + [v for v in known if v is not None]

    def _draw_curve(self, curve: EditionCurve, index: int, end: float, above: bool) -> None:
        marker = PLOT_MARKERS.get(curve.colour, _MARKERS[index % len(_MARKERS)])
        line = self.plot(
            curve.x, curve.y, pen=pen(curve.colour, 2, dash=curve.dashed), symbol=marker,
            symbolSize=7, symbolBrush=color(curve.colour), symbolPen=pen("card", 1),
        )  # fmt: skip
        self._drawn.append(line)
        last = curve.final if curve.final is not None else float(curve.y[-1])
        x = float(curve.x[-1])
        if curve.low is not None and curve.high is not None:
            bar = pg.ErrorBarItem(
                x=np.array([x]), y=np.array([last]), top=np.array([curve.high - last]),
                bottom=np.array([last - curve.low]), beam=end * 0.012, pen=pen(curve.colour, 1.6),
            )  # fmt: skip
            self.addItem(bar, ignoreBounds=True)
            self._drawn.append(bar)
        name = pg.TextItem(
            shortened(f"{curve.name}", f" {last:.2f}"), color=QColor(hex_of(curve.colour))
        )
        name.setAnchor((1, 1.1 if above else -0.1))  # Away from the other's end.
        name.setFont(font("small", True))
        self.addItem(name, ignoreBounds=True)
        name.setPos(x, last)
        self._drawn.append(name)

    def _draw_mark(self, x: float, words: str, low: float) -> None:
        line = pg.InfiniteLine(x, angle=90, pen=pen("control", 1.2, dash=True))
        text = pg.TextItem(words, color=QColor(hex_of("ink2")), anchor=(-0.03, 1.1))
        text.setFont(font("tick"))
        for item in (line, text):
            self.addItem(item, ignoreBounds=True)
            self._drawn.append(item)
        text.setPos(x, low)


def shortened(name: str, figure: str, most: int = 28) -> str:
    """A name with its figure, cut where it is long: the legend has the whole."""
    return (name if len(name) <= most else name[: most - 1].rstrip() + "…") + figure
