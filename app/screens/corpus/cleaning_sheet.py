"""Every option of cleaning, in groups, with what each did."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from app.forms.numbers import parse_number, show_number
from app.screens.corpus.cleaning_words import (
    PERSONAL,
    SWITCHES,
    count_of,
    count_text,
    personal_words,
    words,
)
from app.screens.corpus.several import Several
from app.widgets.combo import ComboBox
from app.widgets.controls import Button, ElidedLabel, Label
from app.widgets.layout import STRETCH, column, frame, hairline, holder, row, scroll, set_property
from app.widgets.shading import TokenShading
from core.corpus.manifest import CorpusManifest
from core.jobs.kinds import CleaningOptions

_LONGEST = 1_000_000
_FIELD_WIDTH, _TEXT_HEIGHT = 150, 92
_SPARE = 26
"""Pixels: fields grow a little once they are shown."""


class CleaningSheet(QDialog):
    """Changes show in the preview at once: `changed` carries the options as they stand."""

    changed = Signal(object)

    def __init__(
        self, parent: QWidget, manifest: CorpusManifest, options: CleaningOptions,
        languages: dict[str, str],
    ) -> None:  # fmt: skip
        """`languages`: names of the languages in the corpus, by code."""
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._manifest, self._first = manifest, options
        self._boxes = {name: QCheckBox() for name in SWITCHES}
        self._least, self._form = QLineEdit(), ComboBox()
        self._least.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._languages, self._personal = Several(), Several()
        for field in (self._least, self._form, self._languages, self._personal):
            field.setFixedWidth(_FIELD_WIDTH)
        self._text, self._text_name = TokenShading("stripes"), ElidedLabel("faint")
        self._text.setFixedHeight(_TEXT_HEIGHT)
        self._build(languages)
        self._show(options)
        for box in self._boxes.values():
            box.toggled.connect(self._on_changed)
        self._least.textEdited.connect(self._on_changed)
        self._form.currentIndexChanged.connect(self._on_changed)
        self._languages.changed.connect(self._on_changed)
        self._personal.changed.connect(self._on_changed)

    def options(self) -> CleaningOptions:
        values = {name: box.isChecked() for name, box in self._boxes.items()}
        return self._first.model_copy(
            update={
                **values, "least_characters": self._shortest(),
                "unicode": self._form.currentData(), "languages": self._languages.chosen(),
                "personal": self._personal.chosen(),
            }
        )  # fmt: skip

    # ---- building ----------------------------------------------------------------------------

    def _build(self, languages: dict[str, str]) -> None:
        self.setWindowTitle(self.tr("Cleaning"))
        forms = {
            "off": self.tr("as it is"), "nfc": "NFC", "nfkc": self.tr("NFKC (widths too)"),
        }  # fmt: skip
        for value, text in forms.items():
            self._form.addItem(text, value)
        codes = [*languages, *(code for code in self._first.languages if code not in languages)]
        self._languages.set_values(
            [(code, languages.get(code, code)) for code in codes], words("languages")[0],
            self.tr("all"),
        )  # fmt: skip
        note = self.tr("Names are not found")
        kinds = [(kind, personal_words(kind)) for kind in PERSONAL]
        self._personal.set_values(kinds, words("personal")[0], self.tr("nothing"), note)
        left = column(
            self._group(self.tr("Documents"), "duplicates", "near_duplicates", "paragraphs"),
            self._field("least_characters", self._least),
            self._field("languages", self._languages),
            8,
            self._group(self.tr("Personal data")),
            self._field("personal", self._personal),
            Label("faint", wrap=True, text=self.tr(
                "Names are not found. Read through what others must not see.")),
            STRETCH, spacing=4,
        )  # fmt: skip
        right = column(
            self._group(self.tr("Books"), "gutenberg", "aozora_ruby", "aozora_notes"), 8,
            self._group(self.tr("Pages"), "html_boilerplate", "pdf_furniture"), 8,
            self._group(self.tr("Characters"), "control_characters", "mojibake"),
            self._field("unicode", self._form), STRETCH, spacing=4,
        )  # fmt: skip
        name = self.tr("Preview")
        self._text.setAccessibleName(name)
        inside = column(
            row(Label("small", text=f"<b>{name}</b>"), (self._text_name, 1), spacing=6), self._text,
            margins=(12, 8, 8, 8), spacing=4,
        )  # fmt: skip
        self._example = frame(inside, surface="sunk")
        good, undo = Button("primary"), Button("secondary", "ph.arrow-counter-clockwise")
        good.set_text(self.tr("Close"))
        good.clicked.connect(self.accept)
        undo.set_text(self.tr("As it was read"))
        undo.clicked.connect(lambda: self._show(self._manifest.cleaning))
        told = Label("small", wrap=True, text=self.tr(
            "Your files are never changed. The numbers are of the last reading; the text below shows "
            "your choice at once."))  # fmt: skip
        self._options = holder(row((left, 1), (right, 1), margins=(0, 0, 10, 0), spacing=28))
        self._area = scroll(self._options)
        self.setLayout(
            column(
                Label("head", text=self.tr("Cleaning")), told, hairline(),
                (self._area, 1),
                self._example, row(undo, STRETCH, good, spacing=8), margins=(20, 16, 20, 16), spacing=10,
            )
        )  # fmt: skip
        self.setMinimumWidth(720)
        good.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as all options need, where the window allows it."""
        super().showEvent(event)
        layout, parent = self.layout(), self.parentWidget()
        if layout is not None and parent is not None:
            wide, options = self.minimumWidth(), self._options
            wanted = max(options.sizeHint().height(), options.heightForWidth(wide - 48))
            high = (
                layout.totalHeightForWidth(wide) + wanted - self._area.sizeHint().height() + _SPARE
            )
            self.resize(wide, min(high, parent.window().height() - 60))

    def _group(self, title: str, *names: str) -> QVBoxLayout:
        lines = column(Label("small", text=f"<b>{title}</b>"), spacing=2)
        for name in names:
            box = self._boxes[name]
            text, hint = words(name)
            box.setText(text)
            box.setToolTip(hint)
            lines.addLayout(row(box, STRETCH, self._count(name), spacing=6))
        return lines

    def _field(self, name: str, field: QWidget) -> QVBoxLayout:
        text, hint = words(name)
        label = Label(text=text)
        for each in (label, field):
            each.setToolTip(hint)
        if not field.accessibleName():
            field.setAccessibleName(text)
        count = self._count(name) if count_of(self._manifest, name) else None
        return column(row(label, STRETCH, count, field, spacing=8))

    def _count(self, name: str) -> Label | None:
        """What it did; nothing before the first reading."""
        read = bool(self._manifest.snapshot)
        return Label("faint", text=count_text(self._manifest, name)) if read else None

    # ---- the text ----------------------------------------------------------------------------

    def show_text(self, name: str, cells: list[dict[str, Any]]) -> None:
        """A text with what cleaning would do to it, from the first place where it does something."""
        self._text_name.set_full_text(name)
        self._text.set_cells(cells)
        changed = (n for n, cell in enumerate(cells) if cell.get("removed") or cell.get("added"))
        self._text.reveal(next(changed, 0))

    # ---- values ------------------------------------------------------------------------------

    def _show(self, options: CleaningOptions) -> None:
        for name, box in self._boxes.items():
            box.setChecked(bool(getattr(options, name)))
        self._least.setText(show_number(options.least_characters))
        self._form.setCurrentIndex(max(0, self._form.findData(options.unicode)))
        self._languages.choose(options.languages)
        self._personal.choose(options.personal)
        self._on_changed()

    def _shortest(self) -> int:
        """What the field says; what it said before while that is no number."""
        value = parse_number(self._least.text() or "0", whole=True)
        good = isinstance(value, int) and 0 <= value <= _LONGEST
        set_property(self._least, "invalid", "false" if good else "true")
        return int(value) if good and value is not None else self._first.least_characters

    def _on_changed(self) -> None:
        self.changed.emit(self.options())
