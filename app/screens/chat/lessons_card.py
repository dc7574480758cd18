"""How many corrections and votes wait for the next edition, and the way to train it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.widgets.controls import Button, Card, Label, Meter
from app.widgets.layout import row
from core.lessons import Counts

GOOD_MANY = 50
"""Lessons from which a next edition is worth its while."""


class LessonsCard(Card):
    """`train_wanted`: specialise the version with its lessons."""

    train_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(14, 12, 12, 12), spacing=6)
        self._counts = Counts()
        self._number, self._of = Label("number"), Label("faint")
        self._meter = Meter()
        self._words = Label("small", wrap=True)
        self._train = Button("small", "ph.graduation-cap")
        self._train.clicked.connect(self.train_wanted)
        self.add(row(self._number, (self._of, 1), spacing=4), self._meter, self._words, self._train)

    def show_counts(self, counts: Counts) -> None:
        self._counts = counts
        self.retranslate()

    def retranslate(self) -> None:
        counts = self._counts
        many = counts.corrected + counts.good + counts.bad
        self.title.setText(self.tr("Lessons"))
        self._number.setText(str(many))
        self._of.setText(f"/ {GOOD_MANY}")
        self._meter.set_value(many / GOOD_MANY, "shu")
        self._words.setText(
            self.tr("{corrected} corrected, {good} good, {bad} bad: they become <b>the next edition's lessons</b>.").format(
                corrected=counts.corrected, good=counts.good, bad=counts.bad)
        )  # fmt: skip
        self._train.set_text(self.tr("Train with them"))
        self.setVisible(many > 0)
