"""Questions that do not stop the program: each opens a sheet over its window and calls back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from app.widgets.controls import Button, Label
from app.widgets.layout import STRETCH, column, row, set_property

Check = Callable[[str], str]
"""A sentence that says what is wrong with a text, or ""."""


class TextDialog(QDialog):
    """A line (or several) of text; a fault is told below it before it is accepted."""

    def __init__(
        self, parent: QWidget, title: str, label: str, text: str, check: Check, lines: bool
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._check = check
        self.field: QLineEdit | QPlainTextEdit
        if lines:
            self.field = QPlainTextEdit(text)
            self.field.setMinimumHeight(120)
            self.field.setTabChangesFocus(True)
        else:
            self.field = QLineEdit(text)
            self.field.selectAll()
            self.field.textEdited.connect(lambda _: self._show_fault(""))
            self.field.returnPressed.connect(self._take)
        self.field.setAccessibleName(label)
        self._fault = Label("small", "shu", wrap=True)
        self.good, self.cancel = Button("primary"), Button("secondary")
        self.good.set_text(self.tr("Save"))
        self.cancel.set_text(self.tr("Cancel"))
        self.good.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        self.setLayout(
            column(
                Label("head", text=title), Label("small", wrap=True, text=label), self.field,
                self._fault, row(STRETCH, self.cancel, self.good, spacing=8),
                margins=(20, 16, 20, 16), spacing=10,
            )
        )  # fmt: skip
        self._show_fault("")
        self.setMinimumWidth(400)
        self.field.setFocus()

    def text(self) -> str:
        return self.field.text() if isinstance(self.field, QLineEdit) else self.field.toPlainText()

    def _take(self) -> None:
        fault = self._check(self.text())
        if fault:
            self._show_fault(fault)
            self.field.setFocus()
        else:
            self.accept()

    def _show_fault(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        set_property(self.field, "invalid", "true" if sentence else "false")


def ask_text(
    parent: QWidget, title: str, label: str, text: str, done: Callable[[str], None],
    check: Check = lambda _: "", lines: bool = False,
) -> TextDialog:  # fmt: skip
    """Let the user change `text`; `done` gets it when it was saved."""
    dialog = TextDialog(parent.window(), title, label, text, check, lines)
    dialog.accepted.connect(lambda: done(dialog.text()))
    dialog.open()
    return dialog


def ask_sure(
    parent: QWidget, title: str, text: str, action: str, done: Callable[[], None]
) -> QDialog:
    """Ask before what cannot be undone; `action` names the button that does it."""
    dialog = QDialog(parent.window())
    dialog.setWindowTitle(title)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    good, cancel = Button("shu"), Button("secondary")
    good.set_text(action)
    cancel.set_text(QCoreApplication.translate("TextDialog", "Cancel"))
    good.clicked.connect(dialog.accept)
    cancel.clicked.connect(dialog.reject)
    dialog.setLayout(
        column(
            Label("head", text=title), Label(wrap=True, text=text),
            row(STRETCH, cancel, good, spacing=8), margins=(20, 16, 20, 16), spacing=12,
        )
    )  # fmt: skip
    dialog.setMinimumWidth(380)
    dialog.accepted.connect(done)
    dialog.open()
    cancel.setFocus()
    return dialog


def ask_folder(parent: QWidget, title: str, done: Callable[[str], None]) -> QFileDialog:
    """The system's dialog for an existing folder."""
    dialog = _file_dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(done)
    dialog.open()
    return dialog


def ask_files(parent: QWidget, title: str, done: Callable[[list[str]], None]) -> QFileDialog:
    """The system's dialog for one or more existing files."""
    dialog = _file_dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(done)
    dialog.open()
    return dialog


def _file_dialog(parent: QWidget, title: str) -> QFileDialog:
    dialog = QFileDialog(parent.window(), title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    return dialog
