"""Where to start: from nothing, or from a version in one of three ways."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.screens.training.modes import MODES, Mode
from app.widgets.choice import ChoiceCard
from app.widgets.controls import Label
from app.widgets.layout import column

_ICONS: dict[Mode, str] = {
    "new": "ph.plus-circle", "continue": "ph.arrow-right", "specialise": "ph.git-branch",
    "distil": "ph.drop",
}  # fmt: skip


class StartChoice(QWidget):
    """`chosen` when the user pressed a card; `set_mode` tells nothing."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._label = Label("small")
        self.cards = {mode: ChoiceCard(_ICONS[mode], dense=True) for mode in MODES}
        self._mode: Mode = "new"
        self._can_go_on, self._locked = False, False
        self.setLayout(column(self._label, *self.cards.values(), spacing=5))
        for mode, card in self.cards.items():
            card.pressed.connect(lambda mode=mode: self.chosen.emit(mode))
        self.set_mode("new")

    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        self._mode = mode
        for name, card in self.cards.items():
            card.set_on(name == mode)

    def allow(self, can_go_on: bool, locked: bool) -> None:
        """What can be pressed: all but the first card need a version."""
        self._can_go_on, self._locked = can_go_on, locked
        reason = "" if can_go_on else self.tr("There is no version to start from yet.")
        for mode, card in self.cards.items():
            card.setEnabled(not locked and (can_go_on or mode == "new"))
            card.setToolTip("" if mode == "new" else reason)

    def retranslate(self) -> None:
        self._label.setText(self.tr("Where to start?"))
        cards = self.cards
        cards["new"].set_texts(self.tr("From scratch"), self.tr("raise a new edition"))
        cards["continue"].set_texts(self.tr("Continue a version"), self.tr("let it read more text"))
        cards["specialise"].set_texts(
            self.tr("Specialise a version"), self.tr("teach it a style or a job")
        )
        cards["distil"].set_texts(
            self.tr("Distil a version"), self.tr("let it teach a smaller one")
        )
        self.allow(self._can_go_on, self._locked)
