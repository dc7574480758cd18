"""Looks from time to time whether the folders of the corpus shown have changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import Bridge

EVERY_MS = 60_000
_AGAIN_MS = 2_000
_SOON = 10.0
"""Seconds within which a look that was not asked for by the clock is not repeated."""


class FolderWatcher(QObject):
    """`found` carries how many files are {new, changed, gone}, with some of their names. The
    library worker looks, and gives way to every other request; nothing is opened."""

    found = Signal(str, dict)

    def __init__(self, bridge: Bridge, wanted: Callable[[], str], parent: QObject) -> None:
        """`wanted`: the corpus to look after now, or "" (none is seen, or it is being read)."""
        super().__init__(parent)
        self._bridge, self._wanted = bridge, wanted
        self._looking = False
        self._last: tuple[str, float] = ("", 0.0)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def look_soon(self) -> None:
        """The user came to see a corpus."""
        name, at = self._last
        if name != self._wanted() or time.monotonic() - at > _SOON:
            self._look()

    def _look(self) -> None:
        name = self._wanted()
        if not name or self._looking:
            return
        self._looking = True
        self._last = (name, time.monotonic())
        self._bridge.library(
            "changes", {"corpus": name}, lambda reply: self._on_reply(name, reply),
            lambda _: self._on_reply(name, {"new": 0, "changed": 0, "gone": 0, "names": []}),
        )  # fmt: skip

    def _on_reply(self, name: str, reply: dict[str, Any]) -> None:
        self._looking = False
        if reply.get("interrupted"):
            QTimer.singleShot(_AGAIN_MS, self, self._look)
        elif name == self._wanted():
            self.found.emit(name, reply)
