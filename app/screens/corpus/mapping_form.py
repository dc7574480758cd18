"""Which column of a data file is what: the kind of text that it holds, and a column for each role."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.widgets.combo import ComboBox
from app.widgets.controls import ElidedLabel, Label
from app.widgets.layout import STRETCH, column

KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "auto": ((), ()),
    "text": (("text",), ("title",)),
    "answers": (("prompt", "answer"), ("context", "system", "title")),
    "messages": (("messages",), ("system", "title")),
    "pairs": (("prompt", "chosen", "rejected"), ("system", "title")),
}
"""Roles of core.corpus.mapping that each kind must have, and those that it may have; none where the
program reads the file as it recognises it."""
_KEYS = ("role", "content")
"""Names inside a message: they go with its column and cannot be chosen."""
_ROLES = (
    "text", "messages", "prompt", "answer", "context", "chosen", "rejected", "system", "title",
)  # fmt: skip
"""In the order of the form."""


def kind_of(mapping: dict[str, str]) -> str:
    """The kind of KINDS that a mapping says."""
    for kind in ("messages", "pairs", "answers", "text"):
        if set(KINDS[kind][0]) <= set(mapping):
            return kind
    return "auto"


class MappingForm(QWidget):
    """`changed` when another kind or column was chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kind, self._kind_label = ComboBox(), Label("small")
        self.columns = {role: ComboBox() for role in _ROLES}
        self._labels = {role: Label("small") for role in _ROLES}
        self._examples = {role: ElidedLabel("faint") for role in _ROLES}
        self._keys: dict[str, str] = {}
        self._of_column: dict[str, str] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for number, role in enumerate(_ROLES):
            grid.addWidget(self._labels[role], 2 * number, 0)
            grid.addWidget(self.columns[role], 2 * number, 1)
            grid.addWidget(self._examples[role], 2 * number + 1, 1)
            self.columns[role].activated.connect(lambda _: self._on_chosen())
        self.setLayout(column(self._kind_label, self.kind, 6, grid, STRETCH, spacing=4))
        self._retranslate()
        self.kind.activated.connect(lambda _: self._on_chosen())

    def _retranslate(self) -> None:
        self._kind_label.setText(self.tr("The file holds"))
        self.kind.setAccessibleName(self._kind_label.text())
        kinds = {
            "auto": self.tr("What is recognised by itself"), "text": self.tr("Texts"), "answers": self.tr("Questions and answers"),
            "messages": self.tr("Conversations"),
            "pairs": self.tr("Better and worse answers"),
        }  # fmt: skip
        for kind, word in kinds.items():
            self.kind.addItem(word, kind)
        words = {
            "text": self.tr("Text"), "prompt": self.tr("Question"), "answer": self.tr("Answer"),
            "context": self.tr("Text to the question"), "system": self.tr("Instruction to the model"),
            "messages": self.tr("Turns"), "chosen": self.tr("Better answer"),
            "rejected": self.tr("Worse answer"), "title": self.tr("Title"),
        }  # fmt: skip
        for role in _ROLES:
            self._labels[role].setText(words[role])
            self.columns[role].setAccessibleName(words[role])

    def show_columns(self, columns: list[dict[str, Any]], mapping: dict[str, str]) -> None:
        """`columns`: {name, example} of the file; `mapping`: from role to column."""
        self._of_column = {str(one["name"]): _line(one.get("example")) for one in columns}
        self._keys = {role: mapping[role] for role in _KEYS if role in mapping}
        self.kind.setCurrentIndex(self.kind.findData(kind_of(mapping)))
        for role, combo in self.columns.items():
            combo.clear()
            combo.addItem("—", "")
            for name in self._of_column:
                combo.addItem(name, name)
            combo.setCurrentIndex(max(0, combo.findData(mapping.get(role, ""))))
        self._fit()

    def mapping(self) -> dict[str, str]:
        """From role to column, as it is chosen."""
        needed, may = KINDS[str(self.kind.currentData())]
        chosen = {role: str(self.columns[role].currentData() or "") for role in (*needed, *may)}
        found = {role: name for role, name in chosen.items() if name}
        return {**found, **self._keys} if "messages" in found else found

    def complete(self) -> bool:
        """Whether every role that must have a column has one."""
        needed, _ = KINDS[str(self.kind.currentData())]
        return set(needed) <= set(self.mapping())

    def _on_chosen(self) -> None:
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        """Only the roles of the kind, each with the beginning of its column's first value."""
        needed, may = KINDS[str(self.kind.currentData())]
        for role in _ROLES:
            there = role in needed or role in may
            name = str(self.columns[role].currentData() or "")
            for part in (self._labels[role], self.columns[role]):
                part.setVisible(there)
            self._examples[role].setVisible(there and bool(name))
            self._examples[role].set_full_text(self._of_column.get(name, ""))


def _line(value: Any) -> str:
    return " ".join(str(value if value is not None else "").split())[:200]
