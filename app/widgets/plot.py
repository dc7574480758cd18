"""Plots that follow theme and text size; pyqtgraph is imported when the first one is made."""
# pyright: reportOptionalMemberAccess=false, reportCallIssue=false
# pyright: reportArgumentType=false, reportOperatorIssue=false
# (pyqtgraph tells no types.)

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from app.theme.palette import active, color, font, hex_of

pg.setConfigOptions(antialias=True)
Curve = NDArray[np.float64]
_NAME = 0.2
"""Of the height below a line: the room that its name needs above it."""


def pen(name: str, width: float = 1.0, alpha: float | None = None, dash: bool = False) -> QPen:
    """A cosmetic pen of a colour token."""
    made = QPen(color(name, alpha), width)
    made.setCosmetic(True)
    if dash:
        made.setDashPattern([5, 4])
    return made


class Axis(pg.AxisItem):
    """Ticks as people read them; `writer` turns a value into text."""

    writer: Callable[[float], str] | None = None

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.writer is not None:
            return [self.writer(value) for value in values]
        return super().tickStrings(values, scale, spacing)


class ThemedPlot(pg.PlotWidget):
    """Axes left and bottom without frame, hairline grid, no menu, no dragging."""

    def __init__(self, small: bool = False) -> None:
        self._small = small
        self._axes = {side: Axis(side) for side in ("left", "bottom")}
        # pyqtgraph's menus take longer to make than the plot.
        super().__init__(background=None, axisItems=self._axes, enableMenu=False)
        self.setFrameShape(self.Shape.NoFrame)
        item = self.getPlotItem()
        item.hideButtons()
        item.setMouseEnabled(False, False)
        item.getViewBox().setDefaultPadding(0.0)
        item.layout.setContentsMargins(0, 4, 4, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.setCacheMode(self.CacheModeFlag.CacheNone)  # The cache would be filled with paper.
        self.restyle()

    def sizeHint(self) -> QSize:
        """Small: the layout gives what room there is."""
        return QSize(120, 56) if self._small else QSize(300, 150)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()  # Scrolling the page must not zoom.

    def axis(self, side: str) -> Axis:
        return self._axes[side]

    def restyle(self) -> None:
        """Take the colours and fonts of the theme."""
        for side, axis in self._axes.items():
            axis.setPen(pen("axis" if side == "bottom" else "grid", 1))
            axis.setTextPen(QColor(hex_of("tick")))
            axis.setTickFont(font("tick"))
            axis.setStyle(tickLength=0, tickTextOffset=5, autoExpandTextSpace=True,
                          maxTickLevel=0)  # fmt: skip
            axis.setGrid(46 if side == "left" else False)
        if self._small:
            self._axes["bottom"].setStyle(showValues=False)
            self._axes["bottom"].setHeight(6)


@dataclass(frozen=True)
class Baseline:
    """A horizontal line with its name."""

    value: float
    text: str
    colour: str = "nezumi"


class LossPlot(ThemedPlot):
    """Training loss raw and smoothed, unseen text with markers, best point, baselines, the rest of
    the run as an empty area.

    `step_chosen`: a mark of unseen text was clicked. `hovered`: (step, text) under the pointer.
    """

    step_chosen = Signal(int)
    hovered = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._raw = self.plot(skipFiniteCheck=True)
        self._smooth = self.plot(skipFiniteCheck=True)
        for curve in (self._raw, self._smooth):
            curve.setDownsampling(auto=True, method="peak")
            curve.setClipToView(True)
        self._heldout = self.plot()
        self._best = pg.ScatterPlotItem(size=19, symbol="o", brush=None)
        self._best_text = pg.TextItem(anchor=(0, 0.5))
        self._future = pg.LinearRegionItem(movable=False)
        self._future_text = pg.TextItem(anchor=(0.5, 0.5))
        self._cross = pg.InfiniteLine(angle=90)
        self._lines: list[tuple[Any, Any]] = []
        self._baselines: list[Baseline] = []
        for item in (self._best, self._best_text, self._future, self._future_text, self._cross):
            self.addItem(item, ignoreBounds=True)
        self._cross.setVisible(False)
        self._future.setZValue(-20)
        self._heldout.sigPointsClicked.connect(self._on_points_clicked)
        self.scene().sigMouseMoved.connect(self._on_moved)
        self._log = False
        self._end = 0.0
        self._shown: tuple[Curve, Curve] = (np.empty(0), np.empty(0))
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        if not hasattr(self, "_lines"):
            return
        raw_alpha = 0.26 if active.mode == "light" else 0.32
        self._raw.setPen(pen("gunjo", 1.0, raw_alpha))
        self._smooth.setPen(pen("gunjo", 2.2))
        self._heldout.setPen(pen("yamabuki", 1.4, dash=True))
        self._heldout.setSymbol("d")
        self._heldout.setSymbolSize(9)
        self._heldout.setSymbolBrush(color("yamabuki"))
        self._heldout.setSymbolPen(pen("card", 1))
        self._best.setPen(pen("best", 2))
        self._best_text.setColor(QColor(hex_of("best")))
        self._best_text.setFont(font("small", True))
        self._future.setBrush(color("sunk"))
        for line in self._future.lines:
            line.setPen(pen("line", 1))
            line.setHoverPen(pen("line", 1))
        self._future_text.setColor(QColor(hex_of("ink2")))
        self._future_text.setFont(font("small"))
        self._cross.setPen(pen("control", 1))
        self.show_baselines(self._baselines)

    def set_log(self, log: bool) -> None:
        self._log = log
        self.getPlotItem().setLogMode(log, False)
        self._cross.setVisible(False)
        self._update_range()

    def show_curves(
        self, steps: Curve, raw: Curve, smooth: Curve, tests: Curve, losses: Curve
    ) -> None:
        """Arrays of equal lengths: steps, raw, smooth; tests (steps of the tests), losses."""
        self._shown = (steps, smooth)
        keep = slice(1 if self._log and len(steps) and steps[0] <= 0 else 0, None)
        self._raw.setData(steps[keep], raw[keep])
        self._smooth.setData(steps[keep], smooth[keep])
        keep = tests > 0 if self._log else np.ones(len(tests), bool)
        self._heldout.setData(tests[keep], losses[keep])
        self._range_of(raw, smooth, losses)

    def show_best(self, step: float | None, value: float, text: str) -> None:
        shown = step is not None and not (self._log and step <= 0)
        self._best.setVisible(shown)
        self._best_text.setVisible(shown)
        if shown and step is not None:
            x = float(np.log10(step)) if self._log else step
            self._best.setData([x], [value])
            late = self._end > 0 and step > 0.86 * self._end
            self._best_text.setAnchor((0.9, 1.7) if late else (-0.12, 0.9))
            self._best_text.setText(text)
            self._best_text.setPos(x, value)

    def show_future(self, now: float, end: float, text: str) -> None:
        """Shade what is still to come; end 0 hides it."""
        self._end = end
        shown = end > now and not self._log
        self._future.setVisible(shown)
        self._future_text.setVisible(shown and (end - now) > 0.18 * end)
        if shown:
            self._future.setRegion((now, end))
            self._future_text.setText(text)
        self._update_range()

    def show_baselines(self, baselines: list[Baseline]) -> None:
        for line, text in self._lines:
            self.removeItem(line)
            self.removeItem(text)
        self._lines.clear()
        self._baselines = list(baselines)
        for baseline in baselines:
            line = pg.InfiniteLine(
                baseline.value, angle=0, pen=pen(baseline.colour, 1.2, dash=True)
            )
            text = pg.TextItem(baseline.text, color=QColor(hex_of("ink2")), anchor=(1, 1))
            text.setFont(font("tick"))
            self.addItem(line, ignoreBounds=True)
            self.addItem(text, ignoreBounds=True)
            self._lines.append((line, text))
        self._update_range()

    # ---- inside ------------------------------------------------------------------------------

    _low, _high = 0.0, 1.0

    def _range_of(self, raw: Curve, smooth: Curve, losses: Curve) -> None:
        values = [a[np.isfinite(a)] for a in (smooth, losses) if len(a)]
        values = [a for a in values if len(a)]
        if not values:
            return
        both = np.concatenate(values)
        low, high = float(both.min()), float(both.max())
        finite = raw[np.isfinite(raw)]
        if len(finite) > 20:  # Some raw points may be cut: they are noise.
            low = min(low, float(np.quantile(finite, 0.02)))
        room = max(0.05, high - low)
        self._low, self._high = low - 0.08 * room, high + 0.06 * room
        self._update_range()

    def _update_range(self) -> None:
        steps = self._shown[0] if hasattr(self, "_shown") else np.empty(0)
        end = max(self._end, float(steps[-1]) if len(steps) else 1.0, 1.0)
        low, high = self._low, self._high
        tall = high - low  # Near lines are shown; far ones do not flatten the curve.
        values = [b.value for b in self._baselines if low - tall < b.value < high + 0.6 * tall]
        if values:
            low = min(low, *[value - 0.03 for value in values])
            high = max(high, max(values) + _NAME * (max(values) - low))
        x0, x1 = (0.0, float(np.log10(end))) if self._log else (0.0, end)
        view = self.getPlotItem().getViewBox()
        view.setRange(xRange=(x0, x1 * 1.03), yRange=(low, high), padding=0, update=True)
        self._place_names(x0, x1, low, high)
        if self._future_text.isVisible():
            start = self._future.getRegion()[0]
            self._future_text.setPos((start + end) / 2, self._free_height(low, high))

    def _place_names(self, x0: float, x1: float, low: float, high: float) -> None:
        """At the right end; beside each other only where lines lie close together."""
        place, above = x1, float("inf")
        order = sorted(
            zip(self._lines, self._baselines, strict=True), key=lambda pair: -pair[1].value
        )
        for (line, text), baseline in order:
            top = baseline.value + _NAME * (baseline.value - low)
            shown = low <= baseline.value and top <= high + 1e-9
            line.setVisible(shown)
            text.setVisible(shown)
            if not shown:
                continue
            near = above - baseline.value < 0.09 * (high - low)
            place = place - 0.26 * (x1 - x0) if near else x1
            text.setPos(place, baseline.value)
            above = baseline.value

    def _free_height(self, low: float, high: float) -> float:
        """The middle of the tallest band that no baseline and no curve crosses."""
        smooth = self._shown[1]
        marks = [low, high, *(b.value for b in self._baselines if low <= b.value <= high)]
        if len(smooth) and np.isfinite(smooth[-1]):
            marks.append(float(smooth[-1]))
        marks.sort()
        below, above = max(itertools.pairwise(marks), key=lambda pair: pair[1] - pair[0])
        return (below + above) / 2

    def _on_points_clicked(self, item: Any, points: Any, event: Any) -> None:
        if len(points):
            x = float(points[0].pos().x())
            self.step_chosen.emit(round(10**x) if self._log else round(x))

    def _on_moved(self, place: QPointF) -> None:
        view = self.getPlotItem().getViewBox()
        inside = view.sceneBoundingRect().contains(place) and len(self._shown[0]) > 0
        self._cross.setVisible(inside)
        if not inside:
            self.hovered.emit(-1.0)
            return
        x = view.mapSceneToView(place).x()
        self._cross.setPos(x)
        self.hovered.emit(float(10**x) if self._log else float(x))

    def leaveEvent(self, event: Any) -> None:
        self._cross.setVisible(False)
        self.hovered.emit(-1.0)
        super().leaveEvent(event)


class MiniPlot(ThemedPlot):
    """A small curve with its last point; `future` continues it dashed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(small=True)
        if parent is not None:
            self.setParent(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._curve = self.plot(skipFiniteCheck=True)
        self._curve.setDownsampling(auto=True, method="peak")
        self._future = self.plot()
        self._point = pg.ScatterPlotItem(size=6, symbol="o")
        self.addItem(self._point)
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        if not hasattr(self, "_point"):
            return
        self._curve.setPen(pen("gunjo", 1.4))
        self._future.setPen(pen("nezumi", 1.2, dash=True))
        self._point.setBrush(color("gunjo"))
        self._point.setPen(pen("gunjo", 1))

    def show_curve(
        self, x: Curve, y: Curve, end: float = 0.0, future: tuple[Curve, Curve] | None = None
    ) -> None:
        keep = np.isfinite(y)
        x, y = x[keep], y[keep]
        self._curve.setData(x, y)
        if future is None:
            self._future.clear()
        else:
            self._future.setData(*future)
        if len(x):
            self._point.setData([x[-1]], [y[-1]])
            top = float(np.quantile(y, 0.995)) if len(y) > 50 else float(y.max())
            top = max(top, float(y[-1]))
            if future is not None and len(future[1]):
                top = max(top, float(future[1].max()))
            view = self.getPlotItem().getViewBox()
            whole = self._set_ticks(top)
            view.setRange(
                xRange=(0, max(end, float(x[-1]), 1.0) * 1.02),
                yRange=(-0.12 * whole, max(1.2 * whole, 1.05 * top)), padding=0,
            )  # fmt: skip
        else:
            self._point.clear()
            self.axis("left").setTicks([[]])

    def _set_ticks(self, top: float) -> float:
        """Three ticks: nothing, half, whole, at round values; returns the whole."""
        if top <= 0:
            return 1.0
        size = 10.0 ** np.floor(np.log10(top))
        whole = next((k * size for k in (1, 2, 4, 5, 8, 10) if k * size >= top * 0.85), top)
        self.axis("left").setTicks([[(v, tick_text(v)) for v in (0.0, whole / 2, whole)]])
        return float(whole)


def tick_text(value: float) -> str:
    """0, 0.4, 12k, 6e-4."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value / 1000:g}k"
    if abs(value) < 0.01:
        mantissa, exponent = f"{value:.0e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{value:.3g}"
