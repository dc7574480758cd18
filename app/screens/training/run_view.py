"""Everything that is seen of one run: figures, curves, samples, guesses."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.formatting import compact, grouped, perplexity_text
from app.screens.training.guess_card import GuessCard
from app.screens.training.health_card import HealthCard
from app.screens.training.loss_card import LossCard
from app.screens.training.mini_cards import MiniCards
from app.screens.training.reality_card import RealityCard
from app.screens.training.samples_card import SamplesCard
from app.widgets.controls import StatCard
from app.widgets.layout import column, row
from core.corpus.manifest import Baselines
from core.engine.record import JobRecord

_REDRAW_MS = 250
_SECOND_MS = 60


class RunView(QWidget):
    """Redraws four times a second at most, and only while it can be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.unseen, self.steps, self.perplexity = StatCard(), StatCard(), StatCard()
        self.loss, self.minis = LossCard(), MiniCards()
        self.samples, self.guess = SamplesCard(), GuessCard()
        self.health, self.reality = HealthCard(), RealityCard()
        for card, width in (
            (self.samples, 220),
            (self.guess, 240),
            (self.loss, 300),
            (self.minis, 300),
        ):
            card.setMinimumWidth(width)
        self._low: QBoxLayout = row((self.samples, 1), (self.guess, 1), spacing=12)
        self.setLayout(
            column(
                row((self.unseen, 1), (self.steps, 1), (self.perplexity, 1), spacing=12),
                self.health, (self.loss, 3), self.minis, self.reality, (self._low, 2), spacing=10,
            )
        )  # fmt: skip
        self.loss.step_chosen.connect(self.samples.pin)
        self._record: JobRecord | None = None
        self._parent: tuple[str, float] | None = None
        self._stale = False  # A run is shown whose drawing has not begun.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._redraw_loss)
        self._second = QTimer(self)
        self._second.setSingleShot(True)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self._redraw_rest)

    def show_run(
        self, record: JobRecord | None, baselines: Baselines, parent: tuple[str, float] | None
    ) -> None:
        """Another run: draw it at once, or in later turns while nobody looks."""
        self._record, self._parent = record, parent
        self.loss.show_baselines(baselines, parent)
        if self.isVisible():
            self._redraw()
        else:
            self._stale = True
            self._timer.start(_REDRAW_MS)

    @property
    def drawn(self) -> bool:
        """Whether nothing of the run that is shown waits to be drawn for the first time."""
        return not self._stale and not self._second.isActive()

    def refresh(self) -> None:
        """News of the run that is shown."""
        if not self._timer.isActive():
            self._timer.start(_REDRAW_MS)

    def retranslate(self) -> None:
        self.unseen.label.setText(self.tr("Test on unseen text"))
        self.steps.label.setText(self.tr("Steps"))
        self.perplexity.label.setText(self.tr("Perplexity"))
        for part in (self.loss, self.minis, self.samples, self.guess, self.health, self.reality):
            part.retranslate()
        self._show_figures()

    def restyle(self) -> None:
        self.loss.restyle()
        self.minis.restyle()
        self.samples.update()
        self._show_figures()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < 600
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._low.setDirection(direction)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._timer.start(0)
        else:
            self.refresh()

    def _redraw(self) -> None:
        self._redraw_loss()
        self._second.stop()
        self._redraw_rest()

    def _unseen(self) -> bool:
        """Whether drawing a run that goes on can wait until somebody looks."""
        return not self.isVisible() and self._record is not None and self._record.active

    def _redraw_loss(self) -> None:
        """The large plot now, the small ones in a later turn: no turn may take long."""
        if not self._unseen():
            self._stale = False
            self.loss.show_record(self._record)
            self._second.start()

    def _redraw_rest(self) -> None:
        if self._unseen():
            return
        record = self._record
        self.minis.show_record(record)
        self.health.show_record(record)
        self.reality.show_record(record)
        self.samples.show_samples(list(record.samples) if record else [])
        self.guess.show_cells(record.guesses.cells if record and record.guesses else [])
        self._show_figures()

    def _show_figures(self) -> None:
        record = self._record
        tests = [e for e in record.evaluations if e.loss is not None] if record else []
        last = tests[-1] if tests else None
        bits = last.bits_per_byte if last else None
        self.unseen.value.setText("—" if bits is None else f"{bits:.2f}")
        self.unseen.unit.setText(self.tr("bits/byte"))
        self.unseen.note.setText("")
        if bits is not None and self._parent is not None:
            name, old = self._parent
            arrow = "▼" if bits < old else "▲"
            self.unseen.note.setText(
                self.tr("{arrow} {difference} against {name}").format(
                    arrow=arrow, difference=f"{abs(bits - old):.2f}", name=name
                )
            )
            self.unseen.note.set_tone("ok" if bits < old else "warn")
        self.unseen.set_hint(
            self.tr(
                "Bits that the model needs for each byte of text that it never saw. Lower is better."
            )
        )
        progress = record.progress if record else None
        planned = record.plan.get("steps") if record else None
        done = record.metrics.column("step") if record else []
        now = float(done[-1]) if len(done) else 0.0
        total = (
            progress.total if progress and progress.unit == "steps" and progress.total else planned
        )
        self.steps.value.setText(grouped(now) if record else "—")
        self.steps.unit.setText(f"/ {grouped(float(total))}" if total else "")
        tokens = record.metrics.last("tokens") if record else None
        self.steps.note.setText(
            self.tr("{count} tokens").format(count=compact(tokens)) if tokens else ""
        )  # fmt: skip
        self.steps.set_hint(
            self.tr("How many times the weights have been changed, and tokens read")
        )
        loss = last.loss if last else None
        self.perplexity.value.setText("—" if loss is None else perplexity_text(loss))
        self.perplexity.unit.setText(self.tr("choices"))
        first = tests[0].loss if len(tests) > 1 else None
        self.perplexity.note.setText(
            "" if first is None
            else self.tr("began at {value}").format(value=perplexity_text(first))
        )  # fmt: skip
        self.perplexity.set_hint(
            self.tr("Among how many equally likely tokens the model still wavers. Lower is better.")
        )
