"""The big plot: training loss, unseen text, best point, baselines; bits or nats, linear or log."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Signal

from app.formatting import grouped
from app.screens.training.figures import objective_of
from app.theme.palette import hex_of
from app.widgets.controls import Card, Segmented
from app.widgets.layout import row
from app.widgets.legend import Legend
from app.widgets.plot import Baseline, LossPlot
from core.corpus.manifest import Baselines
from core.engine.record import JobRecord

_POINTS = 2400


class LossCard(Card):
    """`unit_chosen("bits" | "loss")`; `step_chosen` when a mark was clicked."""

    unit_chosen = Signal(str)
    step_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(titled=False, margins=(12, 8, 8, 4), spacing=4)
        self._legend = Legend(2)
        self._hovered, self._legend_parts = "", list[str]()
        self._unit, self._scale = Segmented(2), Segmented(2)
        self.plot = LossPlot()
        self.plot.setMinimumHeight(150)
        self.add(
            row((self._legend, 1), self._unit, self._scale, spacing=8),
            (self.plot, 1),
        )
        self._unit.chosen.connect(self._on_unit)
        self._scale.chosen.connect(lambda index: self.plot.set_log(index == 1) or self._again())
        self.plot.step_chosen.connect(self.step_chosen)
        self.plot.hovered.connect(self._on_hovered)
        self._record: JobRecord | None = None
        self._baselines = Baselines()
        self._parent: tuple[str, float] | None = None
        self._wants_bits, self._objective = True, ""
        self._shown_lines: list[Baseline] = []
        self._curve: tuple[np.ndarray, np.ndarray, np.ndarray] = (np.empty(0),) * 3

    def set_unit(self, unit: str) -> None:
        self._wants_bits = unit != "loss"
        self._unit.set_index(0 if self._wants_bits else 1)
        self._again()

    def show_baselines(self, baselines: Baselines, parent: tuple[str, float] | None) -> None:
        """`parent`: (title, bits per byte) of the version that this one goes on from."""
        self._baselines, self._parent = baselines, parent

    def show_record(self, record: JobRecord | None) -> None:
        objective = objective_of(record)
        if objective != self._objective:
            self._objective = objective
            self._name_units()
        self._record = record
        factor = self._factor()
        if record is None:
            empty = np.empty(0)
            self.plot.show_curves(empty, empty, empty, empty, empty)
            self.plot.show_best(None, 0, "")
            self.plot.show_future(0, 0, "")
            self._legend.set_parts([])
            return
        metrics = record.metrics
        steps, raw, smooth = thinned(*metrics.columns("step", "loss"))
        raw, smooth = raw * factor, smooth * factor
        self._curve = (steps, raw, smooth)
        tested = [e for e in record.evaluations if e.loss is not None]
        tests = np.array([e.step for e in tested], float)
        losses = np.array([self._value(e.loss, e.bits_per_byte, factor) for e in tested], float)
        self.plot.show_curves(steps, raw, smooth, tests, losses)
        total = float(record.plan.get("steps") or 0)
        if record.progress and record.progress.unit == "steps" and record.progress.total:
            total = record.progress.total
        now = float(steps[-1]) if len(steps) else 0.0
        left = max(0.0, total - now) if record.active or record.resumable else 0.0
        self.plot.show_future(
            now, now + left, self.tr("{count} steps to go").format(count=grouped(left))
        )
        best = record.best
        if best is not None and best.step > 0:
            value = self._value(best.loss, best.bits_per_byte, factor)
            self.plot.show_best(
                best.step, value, self.tr("best {value}").format(value=f"{value:.2f}")
            )
        else:
            self.plot.show_best(None, 0, "")
        lines = self._lines(factor)
        if lines != self._shown_lines:
            self._shown_lines = lines
            self.plot.show_baselines(lines)
        self._show_legend(smooth, losses)

    @property
    def _bits(self) -> bool:
        """Whether bits per byte are shown; a pair of answers has none."""
        return self._wants_bits and self._objective != "preference"

    def _name_units(self) -> None:
        bits = self.tr(
            "Bits for each byte of text: comparable between all models. Lower is better."
        )
        unit = self.tr("bits/byte")
        if self._objective == "masked":
            unit = self.tr("pseudo bits/byte")
            bits = self.tr("Bits for each byte when each token is hidden in turn: comparable between models that fill in blanks. Lower is better.")  # fmt: skip
        self._unit.set_texts(
            (unit, self.tr("loss")), (bits, self.tr("Nats for each token. Lower is better."))
        )
        self._unit.setVisible(self._objective != "preference")

    def retranslate(self) -> None:
        self._name_units()
        self._scale.set_texts((self.tr("linear"), self.tr("log")))
        self.plot.setAccessibleName(self.tr("Loss curve"))
        self._again()

    def restyle(self) -> None:
        self.plot.restyle()
        self._again()

    # ---- inside ------------------------------------------------------------------------------

    def _again(self) -> None:
        self.show_record(self._record)

    def _factor(self) -> float:
        """Nats per token to what is shown: bits per byte, or nats."""
        record = self._record
        if not self._bits or record is None:
            return 1.0
        for event in reversed(record.evaluations):
            if event.loss and event.bits_per_byte:
                return event.bits_per_byte / event.loss
        return 1 / math.log(2) / 3

    def _value(self, loss: float | None, bits: float | None, factor: float) -> float:
        if self._bits and bits is not None:
            return bits
        return (loss or 0.0) * factor

    def _lines(self, factor: float) -> list[Baseline]:
        """What simple predictors reach: they answer "is my loss good?"."""
        to_unit = 1.0 if self._bits else 1.0 / max(1e-9, self._bits_factor())
        found: list[Baseline] = []
        plain = self._objective in ("causal", "distil")  # Only these predict the whole text.
        known = self._baselines if plain else Baselines()
        for value, text in (
            (known.gzip, self.tr("gzip")),
            (known.unigram, self.tr("counting words only")),
        ):
            if value is not None:
                shown = value * to_unit
                found.append(Baseline(shown, f"{text} {shown:.2f}"))
        if self._parent is not None:
            shown = self._parent[1] * to_unit
            words = self.tr("{name}: {value}").format(name=self._parent[0], value=f"{shown:.2f}")
            found.append(Baseline(shown, words))
        return found

    def _bits_factor(self) -> float:
        record = self._record
        for event in reversed(record.evaluations if record else []):
            if event.loss and event.bits_per_byte:
                return event.bits_per_byte / event.loss
        return 1 / math.log(2) / 3

    def _show_legend(self, smooth: np.ndarray, losses: np.ndarray) -> None:
        train = f"{smooth[-1]:.2f}" if len(smooth) else "—"
        unseen = f"{losses[-1]:.2f}" if len(losses) else "—"
        blue, gold, red = hex_of("gunjo"), hex_of("yamabuki"), hex_of("best")
        words = self.tr("training (smoothed)"), self.tr("unseen text"), self.tr("best")
        tests = self._record.evaluations if self._record else []
        if tests and not tests[-1].held_out:
            words = words[0], self.tr("test on what it learns"), words[2]
        self._legend_parts = [
            f'<span style="color:{blue}">━</span> {words[0]} <b>{train}</b>',
            f'<span style="color:{gold}">◆</span> {words[1]} <b>{unseen}</b>',
            f'<span style="color:{red}">○</span> {words[2]}',
        ]
        self._tell_legend()
        self.plot.setAccessibleDescription(f"{words[0]} {train}, {words[1]} {unseen}")

    def _on_unit(self, index: int) -> None:
        self._wants_bits = index == 0
        self.unit_chosen.emit("bits" if self._wants_bits else "loss")
        self._again()

    def _on_hovered(self, step: float) -> None:
        steps, raw, smooth = self._curve
        self._hovered = ""
        if step >= 0 and len(steps):
            index = int(np.clip(np.searchsorted(steps, step), 0, len(steps) - 1))
            self._hovered = self.tr("Step {step}: training {smooth}, raw {raw}").format(
                step=f"<b>{grouped(steps[index])}</b>", smooth=f"<b>{smooth[index]:.3f}</b>",
                raw=f"{raw[index]:.3f}",
            )  # fmt: skip
        self._tell_legend()

    def _tell_legend(self) -> None:
        self._legend.set_parts([self._hovered] if self._hovered else self._legend_parts)


def thinned(steps: np.ndarray, loss: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(steps, raw, smoothed), at most about 2,400 points: extremes of raw, mean of smoothed.

    Smoothed: the mean of the last sixtieth of all points (at least ten).
    """
    keep = np.isfinite(loss)
    if not keep.all():
        steps, loss = steps[keep], loss[keep]
    count = len(loss)
    if not count:
        return np.empty(0), np.empty(0), np.empty(0)
    window = max(10, count // 60)
    sums = np.concatenate([[0.0], np.cumsum(loss)])
    ends = np.arange(1, count + 1)
    starts = np.maximum(0, ends - np.minimum(window, np.maximum(1, ends // 2)))
    smooth = (sums[ends] - sums[starts]) / (ends - starts)
    if count <= _POINTS:
        return steps, loss, smooth
    size = -(-count // (_POINTS // 2))
    whole = count // size * size
    groups = loss[:whole].reshape(-1, size)
    rows = np.stack([groups.argmin(1), groups.argmax(1)], 1)
    rows.sort(1)
    chosen = (rows + np.arange(len(groups))[:, None] * size).ravel()
    chosen = np.concatenate([chosen, [count - 1]])
    return steps[chosen], loss[chosen], smooth[chosen]
