"""A slider over a list of values, and with it a number that can be typed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
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

    `writer` turns a value into the field's text, `reader` the text back (None: no number).
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
                row(self.label, STRETCH, self.field, self.unit, spacing=6), self.slider, spacing=0
            )
        )

    def set_unit(self, text: str) -> None:
        """Stands behind the number; without one the number keeps to the right edge."""
        self.unit.setText(text)
        self.unit.setVisible(bool(text))

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
        set_property(self.field, "invalid", "false")

    def _nearest(self, value: float) -> int:
        safe = max(1e-9, value)
        return min(
            range(len(self._values)),
            key=lambda i: abs(math.log(max(1e-9, self._values[i]) / safe)),
        )

    def _on_slid(self, index: int) -> None:
        self._value = self._values[index]
        self.field.setText(self._writer(self._value))
        self.changed.emit()

    def _on_typed(self) -> None:
        number = self._reader(self.field.text())
        low, high = self._values[0], self._values[-1]
        good = number is not None and low <= number <= high
        set_property(self.field, "invalid", "false" if good else "true")
        if good and number is not None and number != self._value:
            self.set_value(number)
            self.changed.emit()
