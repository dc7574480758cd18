"""Where the user writes. Enter sends; an Enter that confirms kanji never does."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from app.theme.palette import pixels
from app.widgets.controls import Button, ElidedLabel, Label
from app.widgets.layout import column, row

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Writing(QPlainTextEdit):
    """`sent` on Enter; Shift+Enter breaks the line; `recall` on Up in an empty field."""

    sent = Signal()
    recall = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bare", "true")
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFixedHeight(pixels("base") * 3 + 12)

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def composing(self) -> bool:
        """Whether an input method is in the middle of a word."""
        layout = self.textCursor().block().layout()
        return layout is not None and bool(layout.preeditAreaText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTERS:
            if self.composing():
                event.accept()  # This Enter belongs to the input method.
                return
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
            else:
                self.sent.emit()
            return
        if event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self.recall.emit()
            return
        super().keyPressEvent(event)


class Composer(QFrame):
    """The field with its button: send, or stop while the version writes."""

    send_wanted = Signal(str)
    stop_wanted = Signal()
    recall_wanted = Signal()
    edit_cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.field = Writing()
        self._mode, self._context, self._hint = ElidedLabel("small"), Label("faint"), Label("faint")
        self._send = Button("primary", "ph.paper-plane-right")
        self._stop = Button("primary", "ph.stop-fill")
        self._cancel = Button("small", "ph.x")
        self._busy = False
        self._editing = False
        self.setLayout(
            column(
                self.field,
                row((self._mode, 1), self._cancel, self._context, self._hint, self._send, self._stop,
                    spacing=10),
                margins=(12, 8, 10, 10), spacing=4,
            )
        )  # fmt: skip
        self._send.clicked.connect(self._on_sent)
        self._stop.clicked.connect(self.stop_wanted)
        self._cancel.clicked.connect(self.edit_cancelled)
        self.field.sent.connect(self._on_sent)
        self.field.recall.connect(self.recall_wanted)
        self.set_busy(False)
        self.set_editing(False)

    def set_text(self, text: str) -> None:
        self.field.setPlainText(text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.field.setFocus()

    def set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._send.setVisible(not busy)
        self._stop.setVisible(busy)

    def set_ready(self, ready: bool) -> None:
        self._send.setEnabled(ready)

    def set_editing(self, editing: bool) -> None:
        self._editing = editing
        self._cancel.setVisible(editing)
        self.retranslate()

    def show_mode(self, text: str) -> None:
        self._mode.set_full_text(text)

    def show_context(self, used: int, whole: int) -> None:
        text = self.tr("context {used} / {whole}").format(used=used, whole=whole)
        self._context.setText(text if whole else "")

    def retranslate(self) -> None:
        self.field.setAccessibleName(self.tr("Your words"))
        self.field.setPlaceholderText(
            self.tr("Change the words, then Enter")
            if self._editing
            else self.tr("Write a beginning; the version goes on…")
        )
        self._hint.setText(self.tr("Enter sends"))
        self._hint.setToolTip(self.tr("Shift+Enter begins a new line"))
        self._send.set_text(self.tr("Write on"))
        self._stop.set_text(self.tr("Stop"))
        self._cancel.set_text(self.tr("Do not change"))

    def _on_sent(self) -> None:
        if not self._busy and self._send.isEnabled():
            self.send_wanted.emit(self.field.toPlainText())
