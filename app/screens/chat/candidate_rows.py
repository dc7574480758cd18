"""Under a filled sheet: for each blank, what else could stand there, as buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QWidget

from app.formatting import share
from app.widgets.controls import Button, Label
from app.widgets.flow import FlowLayout
from app.widgets.layout import STRETCH, column, holder, row, set_property

SHOWN = 5
_ROWS = 12
"""A sheet may have more blanks than can be read at a glance; each can still be clicked above."""


class CandidateRows(QWidget):
    """`taken(blank, word)` when another word is to stand in a blank."""

    taken = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[list[Button]] = []
        self._shown: list[list[str]] = []
        self._layout = column(spacing=6)
        self.setLayout(column(self._layout, STRETCH))

    def show_blanks(self, blanks: list[list[tuple[str, float]]], taken: list[str]) -> None:
        """`blanks`: (word, probability) of each, likeliest first; `taken`: what stands there."""
        blanks = [candidates[:SHOWN] for candidates in blanks[:_ROWS]]
        words = [[word for word, _ in candidates] for candidates in blanks]
        if words != self._shown:
            self._shown = words
            self._build(blanks)
        for buttons, candidates, word in zip(self._buttons, words, taken, strict=False):
            for button, candidate in zip(buttons, candidates, strict=True):
                on = candidate == word
                set_property(button, "on", "true" if on else "false")
                button.setChecked(on)

    def _build(self, blanks: list[list[tuple[str, float]]]) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._buttons = []
        for index, candidates in enumerate(blanks):
            number = Label("small")
            number.setText(str(index + 1))
            number.setFixedWidth(18)
            number.setContentsMargins(0, 5, 0, 0)
            number.setAlignment(Qt.AlignmentFlag.AlignTop)
            buttons = [self._button(index, *candidate) for candidate in candidates]
            self._buttons.append(buttons)
            flow = FlowLayout(spacing=6)
            for button in buttons:
                flow.addWidget(button)
            self._layout.addWidget(holder(row(number, (holder(flow), 1), spacing=6)))

    def _button(self, blank: int, word: str, probability: float) -> Button:
        button = Button("candidate")
        button.setCheckable(True)
        shown = word.strip() or "␣"
        button.set_text(f"{shown}  {share(probability, 0)}")
        button.setAccessibleName(
            self.tr("Blank {number}: {word}, {share}").format(
                number=blank + 1, word=shown, share=share(probability, 0)
            )
        )
        button.ensurePolished()
        bold = QFont(button.font())
        bold.setBold(True)  # As it stands when taken: the size hint knows nothing of that.
        grown = QFontMetrics(bold).horizontalAdvance(button.text())
        grown -= button.fontMetrics().horizontalAdvance(button.text())
        button.setMinimumWidth(button.sizeHint().width() + max(0, grown) + 10)
        button.clicked.connect(lambda _: self.taken.emit(blank, word))
        return button
