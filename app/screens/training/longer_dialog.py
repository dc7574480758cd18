"""Train a finished run longer: under which name, and how much longer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.forms.numbers import parse_number, show_number
from app.widgets.controls import Button, Label, Segmented
from app.widgets.layout import STRETCH, column, row, set_property

_WIDTH = 440
_KINDS = ("minutes", "epochs", "steps")
_USUAL = {"minutes": 10.0, "epochs": 2.0, "steps": 1000}


class LongerDialog(QDialog):
    """`wanted(name, kind, amount)`: kind is minutes, epochs or steps. It stays open until it is told
    that the run began (`accept`) or why it cannot (`show_fault`)."""

    wanted = Signal(str, str, float)

    def __init__(self, parent: QWidget, title: str, name: str) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Train “{name}” longer").format(name=title))
        self.name, self.amount = QLineEdit(name), QLineEdit()
        self.kind = Segmented(3)
        self.kind.set_texts((self.tr("Minutes"), self.tr("Passes"), self.tr("Steps")))
        self.good, self.cancel = Button("primary", "ph.play"), Button("secondary")
        self.good.set_text(self.tr("Start training"))
        self.cancel.set_text(self.tr("Cancel"))
        self._fault = Label("small", "shu", wrap=True)
        self._fault.setVisible(False)
        about = Label("small", wrap=True, text=self.tr(
            "A new edition goes on from the state in which this one began its cool-down, with the "
            "same settings. This one stays as it is."))  # fmt: skip
        self._length = Label("small")
        naming = Label("small", text=self.tr("Name of the new edition"))
        for field, label in ((self.name, naming), (self.amount, self._length)):
            label.setBuddy(field)
        self.name.setAccessibleName(naming.text())
        self.kind.setAccessibleName(self.tr("Measured in"))
        self.setLayout(
            column(
                Label("head", text=self.windowTitle()), about, 4, naming, self.name, self._length,
                row((self.amount, 1), self.kind), self._fault,
                row(STRETCH, self.cancel, self.good, spacing=8),
                margins=(20, 16, 20, 16), spacing=8,
            )
        )  # fmt: skip
        self.setMinimumWidth(_WIDTH)
        about.setMinimumHeight(about.heightForWidth(_WIDTH - 40))  # A dialog asks no wrapped text.
        self.kind.chosen.connect(lambda _: self._on_kind())
        self.amount.textEdited.connect(lambda _: self.show_fault(""))
        self.name.textEdited.connect(lambda _: self.show_fault(""))
        self.good.clicked.connect(self._take)
        self.amount.returnPressed.connect(self._take)
        self.name.returnPressed.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        self._on_kind()
        self.amount.setFocus()
        self.amount.selectAll()

    def show_fault(self, sentence: str, field: str = "") -> None:
        """A sentence under the fields, the frame of the one concerned ("name", "amount") in red."""
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        self.good.setEnabled(True)
        for name, widget in (("name", self.name), ("amount", self.amount)):
            set_property(widget, "invalid", "true" if sentence and name == field else "false")
        if field:
            (self.name if field == "name" else self.amount).setFocus()

    def _on_kind(self) -> None:
        kind = _KINDS[self.kind.index()]
        labels = {
            "minutes": self.tr("Time that it may take"), "epochs": self.tr("More passes"),
            "steps": self.tr("More steps"),
        }  # fmt: skip
        self._length.setText(labels[kind])
        self.amount.setAccessibleName(labels[kind])
        self.amount.setText(show_number(_USUAL[kind]))
        self.show_fault("")

    def _take(self) -> None:
        kind = _KINDS[self.kind.index()]
        amount = parse_number(self.amount.text(), whole=kind == "steps")
        if amount is None or amount <= 0:
            self.show_fault(self.tr("Say how much longer: a number above zero."), "amount")
            return
        self.show_fault("")
        self.good.setEnabled(False)  # Until the answer comes.
        self.wanted.emit(self.name.text().strip(), kind, float(amount))
