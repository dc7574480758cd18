"""What a new model is to be: its family, its size, and what a token is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.formatting import compact
from app.screens.training.family_choice import FamilyChoice
from app.widgets.controls import Label, Segmented, Switch
from app.widgets.layout import STRETCH, column, holder, row
from app.widgets.slider import ValueSlider
from core.families.registry import FAMILIES
from core.planning.dial import LARGEST, SMALLEST

SIZES = [SMALLEST * (LARGEST / SMALLEST) ** (i / 48) for i in range(49)]
TOKENIZERS = ("pieces", "characters")


class ModelChoice(QWidget):
    """`changed` at every choice of the user; `family_chosen` before it, at another family."""

    changed = Signal()
    family_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.family = FamilyChoice()
        self.dial = ValueSlider(SIZES, compact)
        self._size_words = [Label("tick") for _ in range(4)]
        words = self._size_words
        self._size_line = holder(
            row(words[0], STRETCH, words[1], STRETCH, words[2], STRETCH, words[3], spacing=0)
        )
        self._auto_label, self.auto = Label("small"), Switch()
        self._auto_row = holder(row(self._auto_label, STRETCH, self.auto))
        self._tokens_label, self.tokens = Label("small"), Segmented(2, dense=True)
        self._tokens_row = holder(row(self._tokens_label, STRETCH, self.tokens))
        self.setLayout(
            column(self.family, 2, self.dial, self._size_line, self._auto_row, self._tokens_row,
                   spacing=6)
        )  # fmt: skip
        self.auto.setChecked(True)
        self.family.changed.connect(self.family_chosen)
        self.family.changed.connect(self.changed)
        self.auto.toggled.connect(self.changed)
        self.dial.changed.connect(self._on_size)
        self.tokens.chosen.connect(lambda _: self.changed.emit())

    def values(self) -> dict[str, Any]:
        """Settings of the recipe; the size only where the user chose it."""
        chosen: dict[str, Any] = {
            "family": self.family.family(), "tokenizer": TOKENIZERS[self.tokens.index()],
        }  # fmt: skip
        if not self.auto.isChecked():
            chosen["parameters"] = round(self.dial.value())
        return chosen

    def objective(self) -> str:
        """Of the recipe: what a model of this family learns from plain text."""
        return "masked" if FAMILIES[self.family.family()].kind == "encoder" else "causal"

    def show_values(self, recipe: dict[str, Any]) -> None:
        """Those of a run."""
        self.family.choose(str(recipe.get("family", "")))
        self.tokens.set_index(TOKENIZERS.index(recipe.get("tokenizer") or "pieces"))
        self.auto.setChecked(recipe.get("parameters") is None)
        if recipe.get("parameters"):
            self.dial.set_value(float(recipe["parameters"]))

    def choose_size(self, size: float) -> None:
        """As if the user had: the dial no longer follows the plan."""
        self.dial.set_value(size)
        self._untie()

    def problem(self) -> str:
        """What the dial sees by itself."""
        return "" if self.auto.isChecked() else self.dial.problem()

    def set_locked(self, locked: bool) -> None:
        for part in (self.family.combo, self.dial, self.auto, self.tokens):
            part.setEnabled(not locked)

    def retranslate(self) -> None:
        self.family.retranslate()
        self.dial.label.setText(self.tr("Model size"))
        self.dial.setToolTip(self.tr("Number of parameters: the weights that learn"))
        words = (self.tr("tiny"), self.tr("small"), self.tr("medium"), self.tr("large"))
        for label, word in zip(self._size_words, words, strict=True):
            label.setText(word)
        self._auto_label.setText(self.tr("Let the app choose the size"))
        self.auto.setAccessibleName(self._auto_label.text())
        self.dial.retranslate()
        for part in (self.dial.slider, self.dial.field):
            part.setAccessibleName(self.dial.label.text())
        self._tokens_label.setText(self.tr("A token is"))
        self.tokens.set_texts(
            (self.tr("a piece"), self.tr("a character")),
            (
                self.tr("A frequent piece of a word, learnt from the text"),
                self.tr("A single character: a small table and long sequences, good for experiments"),
            ),
        )  # fmt: skip

    def _untie(self) -> None:
        self.auto.blockSignals(True)
        self.auto.setChecked(False)
        self.auto.blockSignals(False)
        self.auto.update()

    def _on_size(self) -> None:
        self._untie()
        self.changed.emit()
