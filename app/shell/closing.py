"""A window that closes while something is trained asks: go on, or save and stop."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from app.preferences import Preferences
from core.engine.record import JobRecord

Answer = Literal["keep", "pause", "stay"]


def ask_how_to_close(parent: QWidget, preferences: Preferences, record: JobRecord) -> Answer:
    """What becomes of the training `record`; a remembered answer is not asked again."""
    if preferences.closing in ("keep", "pause"):
        return preferences.closing
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(QCoreApplication.translate("Closing", "Close Terakoya"))
    box.setText(
        "<b>"
        + QCoreApplication.translate("Closing", "“{name}” is still learning.").format(
            name=record.job.title
        )
        + "</b>"
    )
    box.setInformativeText(
        QCoreApplication.translate(
            "Closing",
            "It can go on without the window, or be saved and wait. Either way you find it again "
            "in the Training tab.",
        )
    )
    go_on = box.addButton(
        QCoreApplication.translate("Closing", "Go on without the window"),
        QMessageBox.ButtonRole.AcceptRole,
    )
    pause = box.addButton(
        QCoreApplication.translate("Closing", "Save and stop"), QMessageBox.ButtonRole.ActionRole
    )
    stay = box.addButton(
        QCoreApplication.translate("Closing", "Stay"), QMessageBox.ButtonRole.RejectRole
    )
    box.setDefaultButton(stay)
    always = QCheckBox(QCoreApplication.translate("Closing", "Do not ask again"))
    box.setCheckBox(always)
    box.exec()
    answer: Answer = "stay"
    if box.clickedButton() is go_on:
        answer = "keep"
    elif box.clickedButton() is pause:
        answer = "pause"
    if answer != "stay" and always.isChecked():
        preferences.set(closing=answer)
    return answer
