"""What a new model is to be: its family, its size, and what a token is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.formatting import compact
from app.screens.training.family_choice import FamilyChoice
from app.widgets.combo import ComboBox
from app.widgets.controls import ElidedLabel, Label, Segmented, Switch
from app.widgets.layout import STRETCH, column, holder, row
from app.widgets.slider import ValueSlider
from core.families.registry import FAMILIES
from core.planning.dial import LARGEST, SMALLEST
from core.planning.presets import preset_settings, trainable

SIZES = [SMALLEST * (LARGEST / SMALLEST) ** (i / 48) for i in range(49)]
TOKENIZERS = ("pieces", "characters")


class ModelChoice(QWidget):
    """`changed` at every choice of the user; `preset_chosen` before it, where that was another preset
    or, by another family, none any more."""

    changed = Signal()
    preset_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.family = FamilyChoice()
        self._preset_label, self.preset = Label("small"), ComboBox()
        self._about_preset = ElidedLabel("faint")
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
            column(self.family, 2, self._preset_label, self.preset, self._about_preset, self.dial,
                   self._size_line, self._auto_row, self._tokens_row, spacing=6)
        )  # fmt: skip
        self.auto.setChecked(True)
        self.family.changed.connect(self._on_family)
        self.preset.activated.connect(self._on_preset)
        self.auto.toggled.connect(self.changed)
        self.dial.changed.connect(self._on_size)
        self.tokens.chosen.connect(lambda _: self.changed.emit())

    def values(self) -> dict[str, Any]:
        """Settings of the recipe; the size only where the user chose it."""
        chosen: dict[str, Any] = {
            "family": self.family.family(), "tokenizer": TOKENIZERS[self.tokens.index()],
        }  # fmt: skip
        if not self.auto.isChecked() and not self.preset_key():
            chosen["parameters"] = round(self.dial.value())
        return chosen

    def preset_key(self) -> str:
        """The published or school size that is chosen; "" where the dial says it."""
        return str(self.preset.currentData() or "")

    def preset_values(self) -> dict[str, Any]:
        """What the preset sets in the recipe, besides the family."""
        return preset_settings(self.preset_key()) if self.preset_key() else {}

    def objective(self) -> str:
        """Of the recipe: what a model of this family learns from plain text."""
        return "masked" if FAMILIES[self.family.family()].kind == "encoder" else "causal"

    def show_values(self, recipe: dict[str, Any]) -> None:
        """Those of a run."""
        self.family.choose(str(recipe.get("family", "")))
        self._list_presets("")
        self.tokens.set_index(TOKENIZERS.index(recipe.get("tokenizer") or "pieces"))
        self.auto.setChecked(recipe.get("parameters") is None)
        if recipe.get("parameters"):
            self.dial.set_value(float(recipe["parameters"]))

    def choose_size(self, size: float) -> None:
        """As if the user had: neither a preset nor the plan says it any more."""
        if self.preset_key():
            self._list_presets("")
            self.preset_chosen.emit()
        self.dial.set_value(size)
        self._untie()

    def problem(self) -> str:
        """What the dial sees by itself."""
        return "" if self.auto.isChecked() or self.preset_key() else self.dial.problem()

    def set_locked(self, locked: bool) -> None:
        for part in (self.family.combo, self.preset, self.dial, self.auto, self.tokens):
            part.setEnabled(not locked)

    def retranslate(self) -> None:
        self.family.retranslate()
        self._preset_label.setText(self.tr("Size"))
        self.preset.setAccessibleName(self._preset_label.text())
        self._list_presets(self.preset_key())
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

    def _list_presets(self, chosen: str) -> None:
        """The sizes of the family: by the dial, for school, and as published."""
        found = [p for p in trainable() if p.family == self.family.family()]
        self.preset.clear()
        self.preset.addItem(self.tr("By the dial"), "")
        for one in found:
            name = self.tr("School size") if one.school else one.name
            self.preset.addItem(f"{name} · {compact(one.parameters)}", one.key)
        index = max(0, self.preset.findData(chosen))
        self.preset.setCurrentIndex(index)
        key = self.preset_key()
        source = next((p.source for p in found if p.key == key and not p.school), "")
        if key and not source:
            source = self.tr("Minutes on a processor")
        self._about_preset.set_full_text(source)
        self._about_preset.setVisible(bool(key))
        for part in (self.dial, self._size_line, self._auto_row):
            part.setVisible(not key)

    def _on_family(self) -> None:
        had = bool(self.preset_key())
        self._list_presets("")
        if had:
            self.preset_chosen.emit()
        self.changed.emit()

    def _on_preset(self, _index: int) -> None:
        self._list_presets(self.preset_key())
        self.preset_chosen.emit()
        self.changed.emit()

    def _untie(self) -> None:
        self.auto.blockSignals(True)
        self.auto.setChecked(False)
        self.auto.blockSignals(False)
        self.auto.update()

    def _on_size(self) -> None:
        self._untie()
        self.changed.emit()
