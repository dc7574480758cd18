"""Which published design the model has: modern, historic, encoders, sparse."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from app.messages import translate
from app.widgets.combo import ComboBox
from app.widgets.controls import ElidedLabel, Label
from app.widgets.layout import column
from core.families.base import Family
from core.families.registry import DEFAULT, FAMILIES
from core.planning.applies import applies
from core.recipe import Recipe

GROUPS = ("modern", "historic", "encoder", "sparse")
_HISTORIC = 2021
"""Families of the years before stand among the historic ones."""


def group_of(family: Family) -> str:
    """Under which heading a family stands."""
    if family.kind == "encoder":
        return "encoder"
    if applies("experts", Recipe.model_construct(family=family.key), goes_on=False):
        return "sparse"
    return "historic" if family.year < _HISTORIC else "modern"


def grouped_families() -> Iterator[tuple[str, list[Family]]]:
    """Headings in their order, each with its families; the default and the oldest come first."""
    for group in GROUPS:
        found = [family for family in FAMILIES.values() if group_of(family) == group]
        found.sort(key=lambda f: (f.key != DEFAULT, f.year if group == "historic" else 0))
        if found:
            yield group, found


class FamilyChoice(QWidget):
    """A list with headings; below it what the chosen one is, its year and its paper."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._label, self.combo = Label("small"), ComboBox()
        self._about, self._paper = Label("faint", wrap=True), ElidedLabel("faint")
        self._model = QStandardItemModel(self)
        self.combo.setModel(self._model)
        self.setLayout(column(self._label, self.combo, self._about, self._paper, spacing=4))
        self.combo.activated.connect(self._on_chosen)
        self._fill()
        self.choose(DEFAULT)

    def family(self) -> str:
        return str(self.combo.currentData() or DEFAULT)

    def choose(self, key: str) -> None:
        """Without a signal; one that is not known here stays unchosen."""
        index = self.combo.findData(key)
        if index >= 0:
            self.combo.setCurrentIndex(index)
        self._tell()

    def retranslate(self) -> None:
        self._label.setText(self.tr("Family"))
        self.combo.setAccessibleName(self._label.text())
        headings = {
            "modern": self.tr("Modern"), "historic": self.tr("Historic"),
            "encoder": self.tr("Fill in blanks"), "sparse": self.tr("Sparse experts"),
        }  # fmt: skip
        for item, group in self._headings:
            item.setText(headings[group])
        self._gpt4.setText(self.tr("GPT-4 (unpublished)"))
        self._gpt4.setToolTip(self._about_gpt4())
        for item, family in self._items:
            item.setToolTip(self._words().get(family.key, ""))
        self._tell()

    # ---- inside ------------------------------------------------------------------------------

    def _fill(self) -> None:
        self._headings: list[tuple[QStandardItem, str]] = []
        self._items: list[tuple[QStandardItem, Family]] = []
        self._gpt4 = QStandardItem()
        self._gpt4.setFlags(Qt.ItemFlag.NoItemFlags)
        for group, families in grouped_families():
            heading = QStandardItem()
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            bold = heading.font()
            bold.setBold(True)
            heading.setFont(bold)
            self._headings.append((heading, group))
            self._model.appendRow(heading)
            for family in families:
                item = QStandardItem(f"{family.title} · {family.year}")
                item.setData(family.key, Qt.ItemDataRole.UserRole)
                self._items.append((item, family))
                self._model.appendRow(item)
            if group == "historic":
                self._model.appendRow(self._gpt4)

    def _on_chosen(self, _index: int) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        """What it is, since when, and where that is written."""
        family = FAMILIES[self.family()]
        words = self._words().get(family.key, "")
        note = translate(family.note) if family.note else ""
        self._about.setText(" ".join(part for part in (words, note) if part))
        self._paper.set_full_text(family.paper)
        self.combo.setAccessibleDescription(f"{self._about.text()} {family.paper}")

    def _about_gpt4(self) -> str:
        return self.tr("Neither the size nor the design of GPT-4 has been published (OpenAI 2023). Published models of that size use sparse experts: see Mixtral and Qwen3-MoE.")  # fmt: skip

    def _words(self) -> dict[str, str]:
        """What makes each family, in a line."""
        return {
            "qwen3": self.tr("Today's usual design: rotary positions, grouped attention, gated layers."),
            "llama": self.tr("The open design that most others follow."),
            "mistral": self.tr("Llama whose attention looks back over a sliding window."),
            "qwen2": self.tr("Llama with biases in its attention."),
            "gemma3": self.tr("Most layers look near only, every sixth at everything."),
            "smollm3": self.tr("Llama in which every fourth layer knows no positions."),
            "gpt1": self.tr("The first GPT: learnt positions, norms after each layer."),
            "gpt2": self.tr("GPT-1 with its norms before each layer, so that it can be deeper."),
            "gpt3": self.tr("GPT-2 in which every second layer looks near only."),
            "bert": self.tr("Reads in both directions and fills in blanks; also learns which sentence follows."),
            "roberta": self.tr("BERT trained better: other blanks in every pass, no pairs of sentences."),
            "distilbert": self.tr("BERT with half its layers, made to learn from a large one."),
            "mixtral": self.tr("Several experts in each layer, two of them at work for each token."),
            "qwen3_moe": self.tr("Many small experts in each layer, few of them at work for each token."),
        }  # fmt: skip
