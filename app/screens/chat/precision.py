"""The choice between rounded and exact weights, and what the rounding costs and gains."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from app.messages import translate
from app.widgets.controls import Label, Segmented
from app.widgets.layout import column
from core.sampling import SamplingSettings
from core.sentences import Sentence, signed

Wanted = Literal["automatic", "exact"]
_WANTED: tuple[Wanted, ...] = ("automatic", "exact")


class PrecisionChoice(QWidget):
    """Automatic or exact; under it what the loaded version writes with."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._label, self._choice = Label("small"), Segmented(2, dense=True, expand=True)
        self._state = Label("faint", wrap=True)
        self._facts: dict[str, Any] = {}
        self.setLayout(column(self._label, self._choice, self._state, margins=0, spacing=4))
        self._choice.chosen.connect(self._on_chosen)

    def value(self) -> Wanted:
        return _WANTED[self._choice.index()]

    def set_value(self, wanted: Wanted) -> None:
        self._choice.set_index(_WANTED.index(wanted))
        self._show()

    def show_facts(self, facts: dict[str, Any]) -> None:
        """What the worker said of the version that is loaded; nothing while none is."""
        self._facts = facts
        self._show()

    def retranslate(self) -> None:
        field = SamplingSettings.model_fields["precision"]
        hint = QCoreApplication.translate("Settings", field.description or "")
        self._label.setText(self.tr("Weights"))
        self._choice.setAccessibleName(self._label.text())
        self._choice.set_texts((self.tr("automatic"), self.tr("exact")), (hint, hint))
        self._show()

    def _on_chosen(self, _: int) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        text = self._sentence()
        if self._facts.get("warning"):
            text = f"{text}\n{translate(Sentence.from_json(self._facts['warning']))}"
        self._state.setText(text)
        self._state.setVisible(bool(text))

    def _sentence(self) -> str:
        facts = self._facts
        precision = facts.get("precision")
        if not precision:
            return ""
        if self.value() == "exact":
            return self.tr("fp32 weights, exactly as they were trained")
        if precision == "fp32":
            if facts.get("measured"):
                return self.tr("fp32 weights: rounding them would gain too little or lose too much")
            return self.tr("fp32 weights: what rounding them costs has not been measured")
        lost, speedup = facts.get("lost_bits"), facts.get("speedup")
        if lost is None or speedup is None:
            return self.tr("{precision} weights").format(precision=precision)
        return self.tr("{precision} weights: {lost} bits/byte, {times}× faster").format(
            precision=precision, lost=signed(lost, 3), times=f"{speedup:.1f}"
        )
