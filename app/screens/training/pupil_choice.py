"""Distilling: who teaches, and how large the pupil is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.forms.numbers import show_number
from app.widgets.combo import ComboBox
from app.widgets.controls import Label
from app.widgets.layout import column
from app.widgets.slider import ValueSlider
from core.families.shape import Shape

SHARES = [10.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 70.0, 75.0, 80.0, 90.0, 100.0]
HALF = 50.0


def pupil_settings(teacher: Shape, parameters: int, percent: float) -> dict[str, Any]:
    """Settings of the recipe for a pupil of `percent` of its teacher; half is what the app takes.

    Fewer layers of the same width where there are several, else so many of its `parameters`.
    """
    if percent == HALF:
        return {}
    if teacher.layers < 2:
        return {"parameters": round(parameters * percent / 100)}
    return {"layers": pupil_layers(teacher.layers, percent)}


def pupil_layers(layers: int, percent: float) -> int:
    return max(1, round(layers * percent / 100))


class PupilChoice(QWidget):
    """`changed` at every choice of the user."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._teacher_label, self.teacher = Label("small"), ComboBox()
        self._error = Label("small", "shu", wrap=True)
        self.share = ValueSlider(SHARES, show_number)
        self._about = Label("faint", wrap=True)
        self._shape: Shape | None = None
        self.setLayout(
            column(self._teacher_label, self.teacher, self._error, 2, self.share, self._about,
                   spacing=5)
        )  # fmt: skip
        self.share.set_limits(5, 100)
        self.share.set_value(HALF)
        self.show_error("")
        self.teacher.activated.connect(lambda _: self.changed.emit())
        self.share.changed.connect(self._on_share)

    def show_teacher(self, shape: Shape | None) -> None:
        """The sizes of the one that is chosen; None where they are not known."""
        self._shape = shape
        self._tell()

    def show_run(self, layers: int | None) -> None:
        """The size of a run's pupil, by its layers."""
        if layers and self._shape is not None and self._shape.layers > 1:
            self.share.set_value(100 * layers / self._shape.layers)
        self._tell()

    def choose_share(self, percent: float) -> None:
        """As if the user had."""
        self.share.set_value(percent)
        self._tell()

    def show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def set_locked(self, locked: bool) -> None:
        self.teacher.setEnabled(not locked)
        self.share.setEnabled(not locked)

    def retranslate(self) -> None:
        self._teacher_label.setText(self.tr("Teacher"))
        self.teacher.setAccessibleName(self._teacher_label.text())
        self.share.label.setText(self.tr("Size of the pupil"))
        self.share.set_unit("%")
        for part in (self.share.slider, self.share.field):
            part.setAccessibleName(self.share.label.text())
        self.share.retranslate()
        self._tell()

    def _on_share(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        shape = self._shape
        if shape is None:
            self._about.setText("")
        elif shape.layers < 2:
            self._about.setText(
                self.tr("The teacher has a single layer: the pupil becomes narrower.")
            )
        else:
            self._about.setText(
                self.tr("{few} of {all} layers, as wide as the teacher.").format(
                    few=pupil_layers(shape.layers, self.share.value()), all=shape.layers
                )
            )
