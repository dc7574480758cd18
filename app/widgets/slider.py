"""A slider over a list of values, and with it a number that can be typed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSlider, QWidget

from app.forms.numbers import parse_number
from app.theme.palette import pixels
from app.widgets.controls import Label
from app.widgets.layout import STRETCH, column, row, set_property


class StepSlider(QSlider):
    """A horizontal slider that scrolling the page does not move."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(24)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ValueSlider(QWidget):
    """`label`, a field with the value, and a slider over `values`; `changed` only by the user.

    `writer` turns a value into the field's text, `reader` the text back (None: no number). What is
    typed may lie beyond the slider's ends, within `set_limits`; what is wrong stands below.
    """

    changed = Signal()

    def __init__(
        self,
        values: Sequence[float],
        writer: Callable[[float], str],
        reader: Callable[[str], float | None] | None = None,
        field_width: int = 72,
    ) -> None:
        super().__init__()
        self._values = list(values)
        self._writer = writer
        self._reader = reader or (lambda text: parse_number(text, False))
        self._value = self._values[0]
        self._limits: tuple[float, float] | None = None
        self._told = ""
        self._error = Label("small", "shu", wrap=True)
        self._error.setVisible(False)
        self.label, self.unit = Label("small"), Label("faint")
        self.field = QLineEdit()
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setProperty("flat", "true")
        self.field.setFixedWidth(pixels(field_width))
        self.slider = StepSlider()
        self.slider.setRange(0, len(self._values) - 1)
        self.slider.valueChanged.connect(self._on_slid)
        self.field.editingFinished.connect(self._on_typed)
        self.unit.setVisible(False)
        self.label.setBuddy(self.field)
        self.setLayout(
            column(
                row(self.label, STRETCH, self.field, self.unit, spacing=6), self.slider,
                self._error, spacing=0,
            )
        )  # fmt: skip

    def set_unit(self, text: str) -> None:
        """Stands behind the number; without one the number keeps to the right edge."""
        self.unit.setText(text)
        self.unit.setVisible(bool(text))

    def set_limits(self, low: float, high: float) -> None:
        """What may be typed, where that is more than the slider reaches."""
        self._limits = (low, high)

    def problem(self) -> str:
        """What is wrong with the text of the field, or ""."""
        number = self._reader(self.field.text())
        low, high = self._limits or (self._values[0], self._values[-1])
        if number is None:
            return QCoreApplication.translate("NumberField", "This is not a number.")
        if low <= number <= high:
            return ""
        return QCoreApplication.translate("NumberField", "From {low} to {high}.").format(
            low=self._writer(low), high=self._writer(high)
        )

    def set_error(self, sentence: str) -> None:
        """Show a fault that only the whole form knows; "" clears it."""
        self._told = sentence
        self._show_error(sentence or self.problem())

    def clear_told(self) -> None:
        """Forget that fault: the form is looked at anew."""
        if self._told:
            self.set_error("")

    def error(self) -> str:
        """The sentence that stands below now."""
        return self._error.text()

    def retranslate(self) -> None:
        if self._error.text() and not self._told:
            self._show_error(self.problem())

    def _show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence)
        set_property(self.field, "invalid", "true" if sentence else "false")

    def value(self) -> float:
        return self._value

    def set_values(self, values: Sequence[float]) -> None:
        """Another list of stops."""
        self.slider.blockSignals(True)
        self._values = list(values)
        self.slider.setRange(0, len(self._values) - 1)
        self.slider.blockSignals(False)
        self.set_value(self._value)

    def set_value(self, value: float) -> None:
        """Show `value` without telling."""
        self._value = value
        self.slider.blockSignals(True)
        self.slider.setValue(self._nearest(value))
        self.slider.blockSignals(False)
        self.field.setText(self._writer(value))
        self._told = ""
        self._show_error("")

    def _nearest(self, value: float) -> int:
        safe = max(1e-9, value)
        return min(
            range(len(self._values)),
            key=lambda i: abs(math.log(max(1e-9, self._values[i]) / safe)),
        )

    def _on_slid(self, index: int) -> None:
        self._value = self._values[index]
        self.field.setText(self._writer(self._value))
        self._told = ""
        self._show_error("")
        self.changed.emit()

    def _on_typed(self) -> None:
        problem = self.problem()
        number = self._reader(self.field.text())
        if problem or number is None:
            self._told = ""
            self._show_error(problem)
            self.changed.emit()
        elif number != self._value or self._error.text():
            self.set_value(number)
            self.changed.emit()
