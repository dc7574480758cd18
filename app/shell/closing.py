"""A window that closes while something is trained asks: go on, or save and stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from app.preferences import Preferences
from app.widgets.controls import Button, Label
from app.widgets.layout import STRETCH, column, row
from core.engine.record import JobRecord

Answer = Literal["keep", "pause", "stay"]


def remembered(preferences: Preferences) -> Answer | None:
    """What the user said once for all, if anything."""
    return preferences.closing if preferences.closing in ("keep", "pause") else None


class ClosingDialog(QDialog):
    """What becomes of the training `record`? `answered` is called unless the window stays."""

    def __init__(
        self, parent: QWidget, preferences: Preferences, record: JobRecord,
        answered: Callable[[Answer], None],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._preferences, self._answered = preferences, answered
        self.setWindowTitle(self.tr("Close Terakoya"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = Label("head", wrap=True)
        title.setText(self.tr("“{name}” is still learning.").format(name=record.job.title))
        text = Label(wrap=True)
        text.setText(
            self.tr("It can go on without the window, or be saved and wait. Either way you find it again in the Training tab.")
        )  # fmt: skip
        self.stay, self.pause, self.keep = (
            Button("primary"),
            Button("secondary"),
            Button("secondary"),
        )
        for button, words in (
            (self.stay, self.tr("Stay")), (self.pause, self.tr("Save and stop")),
            (self.keep, self.tr("Go on without the window")),
        ):  # fmt: skip
            button.set_text(words)
        self.always = QCheckBox(self.tr("Do not ask again"))
        self.setLayout(
            column(
                title, text, self.always,
                row(STRETCH, self.keep, self.pause, self.stay, spacing=8),
                margins=(20, 16, 20, 16), spacing=12,
            )
        )  # fmt: skip
        self.setMinimumWidth(480)
        self.stay.clicked.connect(self.reject)
        self.pause.clicked.connect(lambda: self._answer("pause"))
        self.keep.clicked.connect(lambda: self._answer("keep"))
        self.stay.setFocus()

    def _answer(self, answer: Answer) -> None:
        if self.always.isChecked():
            self._preferences.set(closing=answer)
        self.accept()
        self._answered(answer)
