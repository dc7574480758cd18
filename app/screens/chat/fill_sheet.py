"""A sheet with blanks, for versions that fill in (BERT and its kin) instead of writing on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.screens.chat.candidate_rows import CandidateRows
from app.widgets.controls import Button, Card, ElidedLabel, Label
from app.widgets.layout import STRETCH, column, holder, row, scroll
from app.widgets.shading import TokenShading

BLANK = "____"


@dataclass(frozen=True)
class Blank:
    """Where a blank stood, and what could stand there: (text, probability), likeliest first."""

    start: int
    end: int
    candidates: list[tuple[str, float]]

    @property
    def apart(self) -> bool:
        """Whether candidates of several lengths are likely, each among those of its length."""
        return sum(chance for _, chance in self.candidates) > 1


class FillSheet(QWidget):
    """`fill_wanted(text)`; `blank_chosen(cell, text before it)` when a filled blank is looked at."""

    fill_wanted = Signal(str)
    blank_chosen = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._blanks: list[Blank] = []
        self._taken: list[str] = []
        self._cells: list[dict[str, Any]] = []
        self._of_cell: dict[int, int] = {}
        self._now = -1
        self.sheet, self.answer = Card(spacing=8), Card(spacing=8)
        self.field = QPlainTextEdit()
        self.field.setProperty("bare", "true")
        self.field.setProperty("book", "true")
        self.field.setTabChangesFocus(True)
        self.field.setMinimumHeight(3 * self.field.fontMetrics().lineSpacing())
        self._add, self._fill = (
            Button("secondary", "ph.text-underline"),
            Button("primary", "ph.pencil-line"),
        )
        self._hint = ElidedLabel("small")
        self.result = TokenShading("probability", whole=True)
        self.rows = CandidateRows()
        self._state = Label("small", wrap=True)
        self.sheet.add((self.field, 1), row(self._add, (self._hint, 1), self._fill, spacing=10))
        inside = column(self.result, self.rows, self._state, STRETCH, spacing=10)
        self._area = scroll(holder(inside))
        self.answer.add((self._area, 1))
        self.sheet.setMinimumHeight(170)  # The area below would take nearly everything.
        self.setLayout(column((self.sheet, 3), (self.answer, 4), spacing=12))
        self._add.clicked.connect(self._insert)
        self._fill.clicked.connect(self.send)
        self.result.cell_chosen.connect(self._on_cell)
        self.rows.taken.connect(self._on_taken)

    # ---- what the screen does ----------------------------------------------------------------

    def set_ready(self, ready: bool) -> None:
        self._fill.setEnabled(ready)

    def send(self) -> None:
        """Fill in what stands on the sheet."""
        if self._fill.isEnabled():
            self.fill_wanted.emit(self.field.toPlainText())

    def show_text(self, text: str) -> None:
        """What the user wrote; nothing is filled in yet."""
        if text != self.field.toPlainText():
            self.field.setPlainText(text)
        self.show_result("", [])

    def show_result(self, text: str, blanks: list[Blank], taken: list[str] | None = None) -> None:
        """`text` with its `blanks`; `taken`: what stands in each (the likeliest by default)."""
        self._text, self._blanks = text, blanks
        self._taken = taken or [b.candidates[0][0] if b.candidates else "" for b in blanks]
        self._now = -1
        self._arrange()

    def take(self, candidate: str) -> None:
        """Another candidate for the blank that is looked at."""
        if 0 <= self._now < len(self._taken):
            self._taken[self._now] = candidate
            self._arrange()
            self._tell()

    @property
    def filled(self) -> str:
        return "".join(str(cell["text"]) for cell in self._cells)

    def retranslate(self) -> None:
        self.sheet.title.setText(self.tr("The sheet"))
        self.answer.title.setText(self.tr("Filled in"))
        self.field.setAccessibleName(self.tr("Text with blanks"))
        self.field.setPlaceholderText(
            self.tr("Write a sentence and leave blanks: The cat sat on the ____.")
        )
        self._add.set_text(self.tr("Blank"))
        self._add.setToolTip(self.tr("Puts a blank where the cursor stands"))
        self._fill.set_text(self.tr("Fill in"))
        self._hint.set_full_text(self.tr("Write a blank as ____. Ctrl+Enter fills it in."))
        self.result.setAccessibleName(self.tr("Filled in"))
        self._show_state()

    # ---- inside ------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Cells of the text, each blank one of its own with its probability."""
        self._cells, self._of_cell, place = [], {}, 0
        for index, blank in enumerate(self._blanks):
            if blank.start > place:
                self._cells.append({"text": self._text[place : blank.start]})
            chances = dict(blank.candidates)
            word = self._taken[index]
            ranks = [text for text, _ in blank.candidates]
            self._of_cell[len(self._cells)] = index
            self._cells.append(
                {
                    "text": word or "–", "probability": chances.get(word, 0.0),
                    "rank": ranks.index(word) + 1 if word in ranks else 0,
                    "alternatives": [[text, chance] for text, chance in blank.candidates],
                }
            )  # fmt: skip
            place = blank.end
        if place < len(self._text):
            self._cells.append({"text": self._text[place:]})
        self.result.set_cells(self._cells, keep_place=True)
        self.rows.show_blanks([blank.candidates for blank in self._blanks], self._taken)
        self.result.setVisible(bool(self._cells))
        self._show_state()

    def _show_state(self) -> None:
        if self._blanks:
            words = self.tr("The stronger the colour, the surer the version is. Click a candidate to put it in.")  # fmt: skip
            if any(blank.apart for blank in self._blanks):
                words += " " + self.tr("Words of one token and of several are guessed apart, so the shares of a blank can add up to more than 100 %.")  # fmt: skip
            self._state.setText(words)
        elif self._text:
            self._state.setText(
                self.tr("There is no blank in this text: write ____ where a word is missing.")
            )
        else:
            self._state.setText(self.tr("What the version puts into the blanks appears here."))

    def _on_cell(self, index: int) -> None:
        if index >= 0:
            place = self.result.area_of(index)
            self._area.ensureVisible(0, round(place.center().y()), 0, round(place.height()))
        if index in self._of_cell:
            self._now = self._of_cell[index]
            self._tell()

    def _on_taken(self, blank: int, word: str) -> None:
        self._now = blank
        self.take(word)

    def _tell(self) -> None:
        cell = next((i for i, blank in self._of_cell.items() if blank == self._now), None)
        if cell is not None:
            before = "".join(str(c["text"]) for c in self._cells[:cell])
            self.blank_chosen.emit(self._cells[cell], before)

    def _insert(self) -> None:
        self.field.insertPlainText(BLANK)
        self.field.setFocus()
