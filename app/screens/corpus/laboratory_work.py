"""What the laboratory worker is doing: in words, as a bar, and with a button that ends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.formatting import share
from app.theme.palette import active
from app.widgets.controls import Button, Label, Meter
from app.widgets.dialog import Reply
from app.widgets.layout import column, holder, row
from core.sentences import Sentence

_TICK_MS = 50
_ROUND_SECONDS = 2.4
"""In which the bar's part goes to and fro where nobody knows a share."""
_PART = 0.3
Failed = Callable[[Sentence], None]


class AsksLaboratory(Protocol):
    """What asks the laboratory worker (app.bridge.Bridge.laboratory)."""

    def __call__(
        self,
        operation: str,
        params: dict[str, Any],
        done: Callable[[Reply], None],
        failed: Failed | None = None,
        update: Callable[[Reply], None] | None = None,
    ) -> object: ...


class LaboratoryWork(QWidget):
    """One work at a time. `stopped` when the user ended it: nothing is heard of it any more."""

    stopped = Signal()

    def __init__(self, asks: AsksLaboratory, stop: Callable[[], None]) -> None:
        super().__init__()
        self._asks, self._stop = asks, stop
        self._number = 0
        self._phase, self._share, self._since = "", None, 0.0
        self.busy = False
        self._at: tuple[str, dict[str, Any]] = ("", {})
        self.words, self._meter, self.cancel = Label("small", wrap=True), Meter(), Button("small")
        self._moving = holder(row((self._meter, 1), self.cancel, spacing=10))
        self.setLayout(column(self.words, self._moving, spacing=4))
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._show)
        self.cancel.clicked.connect(self._on_cancel)
        self.cancel.setText(self.tr("Cancel"))
        self._moving.setVisible(False)
        self.words.setVisible(False)

    def begin(
        self,
        operation: str,
        params: dict[str, Any],
        done: Callable[[Reply], None],
        failed: Failed,
        helped_by: str = "",
    ) -> None:
        """Ask the worker. What it does already ends, unless it is `helped_by`, an operation that has to
        read the same text; in either case nobody hears how that ends."""
        if self.busy and self._at == (operation, params):
            return
        if self._at[0] != helped_by:
            self.end()
        self._number, self.busy, self._at = self._number + 1, True, (operation, params)
        self._enter("", None)
        self._moving.setVisible(True)
        self._timer.start()
        number = self._number

        def answered(reply: Reply) -> None:
            if self._is(number):
                self._rest()
                done(reply)

        def refused(sentence: Sentence) -> None:
            if self._is(number):
                self._rest()
                failed(sentence)

        def told(news: Reply) -> None:
            if self.busy:
                self._enter(str(news["phase"]), news["share"])

        self._asks(operation, params, answered, refused, told)

    def end(self) -> None:
        """Whatever the worker does is over, and nobody hears of it."""
        if self.busy:
            self._stop()
            self._rest()

    def close_down(self) -> None:
        """Nobody needs the worker any more, nor what it keeps in memory."""
        self._rest()
        self._stop()

    def _is(self, number: int) -> bool:
        return self.busy and number == self._number

    def _on_cancel(self) -> None:
        self.end()
        self._say(self.tr("Cancelled: nothing has changed."))
        self.stopped.emit()

    def _rest(self) -> None:
        self.busy = False
        self._timer.stop()
        self._moving.setVisible(False)
        self._say("")

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _enter(self, phase: str, done: float | None) -> None:
        if phase != self._phase or not phase:
            self._phase, self._since = phase, time.monotonic()
        self._share = done
        self._show()

    def _show(self) -> None:
        """The share that is done; where nobody knows it, for how long it has been going on."""
        gone = time.monotonic() - self._since
        if self._share is not None:
            self._meter.set_value(self._share)
            self._say(f"{self._what()} {share(self._share, 0)}")
            return
        place = abs(gone / _ROUND_SECONDS % 2 - 1) if not active.reduced_motion else 1.0
        self._meter.set_parts([((1 - place) * (1 - _PART), "track"), (_PART, "aiText")])
        self._say(f"{self._what()} {gone:.0f} s" if gone >= 1 else self._what())

    def _what(self) -> str:
        return {
            "reading": self.tr("Reading text…"), "words": self.tr("Counting words…"),
            "learning": self.tr("Learning…"), "measuring": self.tr("Measuring…"),
            "counting": self.tr("Counting tokens…"),
        }.get(self._phase, self.tr("Preparing…"))  # fmt: skip
