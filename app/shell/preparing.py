"""Builds the screens that nobody has opened yet while the user's hands rest: a click finds them."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.bridge import Bridge

_REST_MS = 400
"""How long the user must have pressed, moved and typed nothing."""
_PAUSE_MS = 120
"""Between two screens, for what has come meanwhile."""
_HANDS = frozenset(
    (
        QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate,
        QEvent.Type.InputMethod, QEvent.Type.DragMove, QEvent.Type.Resize,
    )
)  # fmt: skip


class Preparing(QObject):
    """Imports on a thread, then builds one screen a turn, and is done. `stop` at the end."""

    done = Signal()

    def __init__(self, window: QWidget, build: Callable[[str], object]) -> None:
        super().__init__(window)
        self._window, self._build = window, build
        self._waiting: list[str] = []
        self._touched = 0.0
        self._stopped = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)

    def begin(self, bridge: Bridge, screens: Iterable[tuple[str, str]]) -> None:
        """`screens`: (name, module), in the order in which they are likely to be wanted."""
        names, modules = zip(*screens, strict=True)

        def load() -> None:
            for module in ("pyqtgraph", "numpy.ma", *modules):
                importlib.import_module(module)

        def loaded(_: None) -> None:
            if self._stopped:
                return
            self._waiting = list(names)
            self._timer.start(_PAUSE_MS)

        self._watch(True)
        bridge.background(load, loaded)

    def stop(self) -> None:
        """The window closes."""
        self._stopped = True
        self._timer.stop()
        self._watch(False)

    def _watch(self, on: bool) -> None:
        """All that comes from the user's hands comes through the window's handle."""
        handle = self._window.windowHandle()
        if handle is not None and on:
            handle.installEventFilter(self)
        elif handle is not None:
            handle.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self._touched = time.monotonic()
        return False

    def _turn(self) -> None:
        since = (time.monotonic() - self._touched) * 1000
        if since < _REST_MS or QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._timer.start(_REST_MS)
            return
        if self._waiting:
            self._build(self._waiting.pop(0))
            self._timer.start(_PAUSE_MS)
            return
        self._watch(False)
        self.done.emit()
