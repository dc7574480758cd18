"""Learning rate, speed and gradient norm as small curves."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from app.formatting import compact
from app.widgets.controls import Card, Label
from app.widgets.layout import STRETCH, row
from app.widgets.plot import MiniPlot
from core.engine.record import JobRecord
from core.planning.decay import Decay

_POINTS = 600
_FALL = 24
"""Points of the curve that is still to come."""


class MiniCard(Card):
    """Title, newest value, curve."""

    def __init__(self) -> None:
        super().__init__(titled=False, margins=(12, 8, 8, 4), spacing=2)
        self.label, self.value, self.unit = Label("small"), Label("small"), Label("faint")
        self.plot = MiniPlot()
        self.plot.setMinimumHeight(52)
        self.plot.setMaximumHeight(110)
        self.add(row(self.label, STRETCH, self.value, self.unit, spacing=4), (self.plot, 1))


class MiniCards(QWidget):
    """The three side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.rate, self.speed, self.norm = MiniCard(), MiniCard(), MiniCard()
        self.setLayout(row((self.rate, 1), (self.speed, 1), (self.norm, 1), spacing=12))
        self._record: JobRecord | None = None

    def show_record(self, record: JobRecord | None) -> None:
        self._record = record
        if record is None:
            for card in (self.rate, self.speed, self.norm):
                card.plot.show_curve(np.empty(0), np.empty(0))
                card.value.setText("")
            return
        metrics, plan = record.metrics, record.plan
        columns = ("rate", "tokens_per_second", "gradient_norm")
        steps, *curves = metrics.columns("step", *columns)
        total = float(plan.get("steps") or 0)
        if record.progress and record.progress.unit == "steps" and record.progress.total:
            total = record.progress.total
        cards = (self.rate, self.speed, self.norm)
        for card, curve in zip(cards, curves, strict=True):
            x, y = spread(steps, curve)
            future = self._future(record, total) if card is self.rate else None
            card.plot.show_curve(x, y, total, future)
        self._set(
            self.rate, metrics.last("rate"), lambda v: f"{v:.1e}".replace("e-0", "e-") if v else "0"
        )
        self._set(self.speed, metrics.last("tokens_per_second"), compact)
        self._set(self.norm, metrics.last("gradient_norm"), lambda v: f"{v:.2f}")

    def retranslate(self) -> None:
        texts = (
            (self.rate, self.tr("Learning rate"), "",
             self.tr("Size of the change after each step. It rises, stays, and falls at the end.")),
            (self.speed, self.tr("Speed"), self.tr("tokens/s"),
             self.tr("Tokens read each second. Higher is better.")),
            (self.norm, self.tr("Gradient norm"), "",
             self.tr("How strongly the text pulls at the weights. Spikes are surprises; a rise that stays is trouble.")),
        )  # fmt: skip
        for card, label, unit, hint in texts:
            card.label.setText(label)
            card.plot.setAccessibleName(label)
            card.unit.setText(unit)
            card.setToolTip(hint)

    def restyle(self) -> None:
        for card in (self.rate, self.speed, self.norm):
            card.plot.restyle()
        self.show_record(self._record)

    def _set(self, card: MiniCard, value: float | None, writer) -> None:  # noqa: ANN001
        card.value.setText("" if value is None else f"<b>{writer(value)}</b>")

    def _future(self, record: JobRecord, total: float) -> tuple[np.ndarray, np.ndarray] | None:
        """The rest of the schedule, as it falls from where the decay begins."""
        if not record.active:
            return None
        steps, rates = record.metrics.columns("step", "rate")
        if not len(steps) or total <= steps[-1]:
            return None
        now, rate, peak = float(steps[-1]), float(rates[-1]), float(np.nanmax(rates))
        start = now
        falling = now > float(record.plan.get("warmup") or 0) and rate < 0.99 * peak
        if (
            not falling
        ):  # A run in minutes has another end than was planned; its decay moves with it.
            share = float(record.plan.get("decay_from") or 0) / float(
                record.plan.get("steps") or total
            )
            start = max(now, min(1.0, share) * total)
        decay = Decay(**(record.plan.get("decay") or {}))
        highest = peak if falling else rate
        line = np.linspace(decay.line(rate / highest) if highest > 0 else 1.0, 0.0, _FALL)
        fall = [highest * decay.share(float(value)) for value in line]
        return np.append(now, np.linspace(start, total, _FALL)), np.append(rate, fall)


def spread(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At most a few hundred finite points."""
    keep = np.isfinite(y)
    x, y = x[keep], y[keep]
    if len(x) <= _POINTS:
        return x, y
    chosen = np.unique(np.linspace(0, len(x) - 1, _POINTS).astype(int))
    return x[chosen], y[chosen]
