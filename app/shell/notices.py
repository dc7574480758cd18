"""A word of the system's when a training ends (or waits for room) while the user is elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.context import AppContext
from app.desktop_icon import ICON
from app.messages import translate
from core.engine.record import JobRecord

WAITING_FOR_ROOM = "waiting-for-room"
_SHOWN_MS = 15_000


class Notices(QObject):
    """The icon stands in the tray only while there is a notice: clicking either brings the window.

    Where a desktop has no tray, the window's entry in the task bar asks for attention.
    """

    def __init__(
        self, window: QWidget, context: AppContext, tray: Callable[[], QSystemTrayIcon | None] | None = None,
    ) -> None:  # fmt: skip
        """`tray`: makes the icon; None where there is no tray. The system's, unless a test says
        otherwise."""
        super().__init__(window)
        self._window, self._context = window, context
        self._make = tray or self._of_the_system
        self._tray: QSystemTrayIcon | None = None
        self._run = ""
        self._waiting: set[str] = set()
        context.bridge.run_ended.connect(self._on_ended)
        context.bridge.run_changed.connect(self._on_changed)
        window.installEventFilter(self)

    # ---- news --------------------------------------------------------------------------------

    def _on_ended(self, run_id: str) -> None:
        record = self._context.bridge.record(run_id)
        if record is None or record.job.kind != "train":
            return
        self._waiting.discard(run_id)
        words = self._words(record)
        if words is not None:
            kind = QSystemTrayIcon.MessageIcon.Warning if record.error else None
            self._say(run_id, *words, kind)

    def _on_changed(self, run_id: str) -> None:
        record = self._context.bridge.record(run_id)
        if record is None or record.job.kind != "train":
            return
        if record.phase != WAITING_FOR_ROOM:
            self._waiting.discard(run_id)
        elif run_id not in self._waiting:
            self._waiting.add(run_id)
            title = self.tr("“{name}” waits: the disk is full").format(name=record.job.title)
            text = self.tr("Free some space: it goes on by itself, and nothing is lost.")
            self._say(run_id, title, text, QSystemTrayIcon.MessageIcon.Warning)

    def _words(self, record: JobRecord) -> tuple[str, str] | None:
        name = record.job.title
        if record.error is not None:
            title = self.tr("The training of “{name}” has stopped").format(name=name)
            return title, translate(record.error)
        if record.state != "done":
            return None  # Paused or cancelled: somebody wanted that.
        title = self.tr("“{name}” is on the shelf").format(name=name)
        last = record.best or (record.evaluations[-1] if record.evaluations else None)
        if last is None or last.bits_per_byte is None or not last.held_out:
            return title, self.tr("The training has ended.")
        text = self.tr("The training has ended: {bits} bits per byte on unseen text.")
        return title, text.format(bits=f"{last.bits_per_byte:.2f}")

    # ---- showing -----------------------------------------------------------------------------

    def _say(
        self, run_id: str, title: str, text: str, kind: QSystemTrayIcon.MessageIcon | None
    ) -> None:
        if self._window.isActiveWindow() or not self._context.preferences.end_notices:
            return
        self._run = run_id
        QApplication.alert(self._window)
        if self._tray is None:
            self._tray = self._make()
            if self._tray is None:
                return
            self._tray.messageClicked.connect(self.come_forward)
            self._tray.activated.connect(lambda _: self.come_forward())
        self._tray.setToolTip(title)
        self._tray.show()
        self._tray.showMessage(title, text, kind or QSystemTrayIcon.MessageIcon.Information, _SHOWN_MS)  # fmt: skip

    def _of_the_system(self) -> QSystemTrayIcon | None:
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return None
        return QSystemTrayIcon(QIcon(str(ICON)), self)

    def come_forward(self) -> None:
        """The window, with the training of the last notice."""
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()
        if self._run:
            self._context.navigator.go("training", run=self._run)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Who has come back needs no icon."""
        if (
            event.type() in (QEvent.Type.WindowActivate, QEvent.Type.Close)
            and self._tray is not None
        ):
            self._tray.hide()
        return super().eventFilter(watched, event)
