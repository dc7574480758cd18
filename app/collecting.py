"""Python's cyclic garbage collector, kept to the window's thread and to small steps."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 500


class Collecting(QObject):
    """Left to itself the collector runs on whichever thread allocates, and a widget that dies on
    another thread takes the process with it; and it walks over all that lives, 50 ms at a time.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.settled = False
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._step)

    def begin(self) -> None:
        """From now on only this thread collects. Before the first other thread starts."""
        gc.disable()
        self._timer.start()

    def settle(self) -> None:
        """What lives now stays for good: never look at it again. Takes some 50 ms."""
        gc.collect()
        gc.freeze()
        self.settled = True

    def end(self) -> None:
        """As Python has it by itself."""
        self._timer.stop()
        if self.settled:
            gc.unfreeze()
        gc.enable()

    def _step(self) -> None:
        """The oldest generation that is due, as Python's own rule says."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [g for g in range(3) if counts[g] > thresholds[g]]
        if due:
            gc.collect(due[-1])
