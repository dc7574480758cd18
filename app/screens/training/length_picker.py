"""How long to train: in minutes, passes or steps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.forms.numbers import show_number
from app.widgets.controls import Segmented
from app.widgets.layout import column
from app.widgets.slider import ValueSlider
from core.config import settings_of
from core.recipe import Recipe

LENGTHS = ("minutes", "epochs", "steps")
_STOPS: dict[str, list[float]] = {
    "minutes": [0.5, 1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 4320],
    "epochs": [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64],
    "steps": [20, 50, 100, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000, 20_000, 50_000, 100_000, 200_000],
}  # fmt: skip
_USUAL = {"minutes": 10.0, "epochs": 4.0, "steps": 1000.0}


class LengthPicker(QWidget):
    """A choice of the measure, and a slider with a field that takes all the recipe allows."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kinds = Segmented(3, dense=True, expand=True)
        self.slider = ValueSlider(_STOPS["minutes"], show_number)
        self._lengths = dict(_USUAL)
        self._limits = {
            s.name: (s.minimum or 0.0, s.maximum or float("inf"))
            for s in settings_of(Recipe)
            if s.name in LENGTHS
        }
        self.setLayout(column(self.kinds, 2, self.slider, spacing=6))
        self.kinds.chosen.connect(self._on_kind)
        self.slider.changed.connect(self._on_slid)
        self.show_length("minutes", _USUAL["minutes"])

    def kind(self) -> str:
        return LENGTHS[self.kinds.index()]

    def value(self) -> int | float:
        number = self.slider.value()
        return int(number) if self.kind() == "steps" else number

    def show_length(self, kind: str, value: float) -> None:
        """Without a signal."""
        self.kinds.set_index(LENGTHS.index(kind))
        self.slider.set_values(_STOPS[kind])
        self.slider.set_limits(*self._limits[kind])
        self.slider.set_value(value)
        self.retranslate()

    def retranslate(self) -> None:
        self.kinds.set_texts(
            (self.tr("Minutes"), self.tr("Passes"), self.tr("Steps")),
            (
                self.tr("The app chooses size, batch and steps for this time"),
                self.tr("How often the whole text is read"),
                self.tr("How many times the weights are changed"),
            ),
        )
        labels = {
            "minutes": (self.tr("How long"), self.tr("min")),
            "epochs": (self.tr("How often"), self.tr("passes")),
            "steps": (self.tr("How many"), self.tr("steps")),
        }
        label, unit = labels[self.kind()]
        self.slider.label.setText(label)
        self.slider.set_unit(unit)
        self.slider.slider.setAccessibleName(label)
        self.slider.field.setAccessibleName(label)
        self.slider.retranslate()

    def _on_kind(self, index: int) -> None:
        self.show_length(LENGTHS[index], self._lengths[LENGTHS[index]])
        self.changed.emit()

    def _on_slid(self) -> None:
        self._lengths[self.kind()] = self.slider.value()
        self.changed.emit()
