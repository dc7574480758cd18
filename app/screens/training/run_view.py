"""Everything that is seen of one run: figures, curves, samples, guesses."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.screens.training.figures import Figures, objective_of
from app.screens.training.forgetting_card import ForgettingCard
from app.screens.training.guess_card import GuessCard
from app.screens.training.health_card import HealthCard
from app.screens.training.loss_card import LossCard
from app.screens.training.mini_cards import MiniCards
from app.screens.training.reality_card import RealityCard
from app.screens.training.samples_card import SamplesCard
from app.screens.training.worth_card import WorthCard
from app.widgets.layout import column, row
from core.corpus.manifest import Baselines
from core.engine.record import JobRecord

_REDRAW_MS = 250
_SECOND_MS = 60


class RunView(QWidget):
    """Redraws four times a second at most, and only while it can be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.figures = Figures()
        self.loss, self.minis = LossCard(), MiniCards()
        self.samples, self.guess = SamplesCard(), GuessCard()
        self.health, self.reality = HealthCard(), RealityCard()
        self.forgetting, self.worth = ForgettingCard(), WorthCard()
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
                self.figures, self.health, self.worth, self.forgetting, (self.loss, 3), self.minis, self.reality,
                (self._low, 2), spacing=10,
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
        for part in (self.figures, self.loss, self.minis, self.samples, self.guess, self.health, self.reality,
                     self.forgetting, self.worth):  # fmt: skip
            part.retranslate()

    def restyle(self) -> None:
        for plot in (self.loss, self.minis, self.worth):
            plot.restyle()
        self.forgetting.update()
        self.samples.update()

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
        self.forgetting.show_record(record)
        fills = objective_of(record) == "masked"
        self.samples.show_samples(list(record.samples) if record else [], fills)
        self.guess.show_cells(record.guesses.cells if record and record.guesses else [], fills)
        self.figures.show_record(record, self._parent)
