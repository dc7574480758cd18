"""Guess and check: an unseen sentence shaded by how likely the model found each token."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.palette import hex_of, probability_color
from app.widgets.controls import Card, Label
from app.widgets.layout import STRETCH, row
from app.widgets.legend import Legend
from app.widgets.shading import TokenShading


class GuessCard(Card):
    """Choose a token to see what the model would have said there."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 10, 16, 10), spacing=6)
        self._kind = Label("faint")
        self.add_right(self._kind)
        self.text = TokenShading("probability")
        self.text.setMinimumHeight(64)
        # As high as there is room; the page need not be longer for it.
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._guesses = Legend()
        self._right, self._far = Label("small"), Label("small")
        self._zero, self._hundred = Label("tick"), Label("tick")
        self.add(
            (self.text, 1), self._guesses,
            row(self._zero, Ramp(), self._hundred, STRETCH, self._right, 4, self._far, spacing=5),
        )  # fmt: skip
        self.text.cell_chosen.connect(self._on_chosen)
        self._touched = self._choosing = False
        self._cells: list[dict[str, Any]] = []
        self._fills = False

    def show_cells(self, cells: list[dict[str, Any]], fills: bool = False) -> None:
        """`fills`: each was guessed from what stands on both of its sides."""
        if fills != self._fills:
            self._fills = fills
            self.retranslate()
        if cells is self._cells:
            return
        if not cells:
            self._touched = False
        same = "".join(c["text"] for c in cells) == "".join(c["text"] for c in self._cells)
        self._cells = cells
        self.text.set_cells(cells, keep_place=same)
        if cells and (self.text.chosen() < 0 or not self._touched):
            self._choosing = True
            self.text.choose(instructive(cells))
            self._choosing = False
        self._show_guesses()

    def _on_chosen(self, index: int) -> None:
        """A token that the user chose stays chosen while the guesses change."""
        if not self._choosing:
            self._touched = index >= 0
        self._show_guesses()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Guess and check"))
        hidden = self.tr("each hidden in turn")
        self._kind.setText(hidden if self._fills else self.tr("unseen text"))
        self._zero.setText("0")
        self._hundred.setText("100 %")
        self.text.setAccessibleName(self.tr("Unseen sentence, shaded by probability"))
        self.text.setToolTip(
            self.tr(
                "The stronger the colour, the surer was the model of this token before it saw it. Click one."
            )
        )
        self._show_guesses()

    def _show_guesses(self) -> None:
        cells = self._cells
        shown = [c for c in cells if c.get("probability") is not None]
        if not shown:
            self._guesses.set_parts([self.tr("The first guesses come when training begins.")])
            self._right.setText("")
            self._far.setText("")
            return
        right = sum(1 for c in shown if int(c.get("rank") or 99) == 1) / len(shown)
        self._right.setText(self.tr("{share} % right").format(share=f"{right * 100:.0f}"))
        red = hex_of("shu")
        far = self.tr("far off")
        self._far.setText(f'<span style="color:{red}">━</span> {far}')
        index = self.text.chosen()
        if not 0 <= index < len(cells):
            return
        cell = cells[index]
        parts: list[str] = []
        for text, probability in (cell.get("alternatives") or [])[:4]:
            word = _shown(str(text))
            hit = str(text) == cell["text"]
            mark = f' <span style="color:{red}">○</span>' if hit else ""
            word = f"<b>{word}</b>" if hit else word
            parts.append(f"{word} {float(probability) * 100:.0f}{mark}")
        true = f"“{_shown(str(cell['text']))}” {float(cell.get('probability') or 0) * 100:.1f} %"
        head = self.tr("True: {true}. Guesses: {guesses}").format(
            true=true, guesses=parts[0] if parts else "–"
        )
        self._guesses.set_parts([head, *parts[1:]])
        self._guesses.setToolTip("<br>".join([head, *parts[1:]]))  # Where there is no room for all.


class Ramp(QWidget):
    """The colours from 0 to 100 %."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(60, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        wide = self.width() / 6
        for index in range(6):
            painter.setBrush(probability_color(index / 5))
            painter.drawRect(QRectF(index * wide, 0, wide - 1, 12))


def instructive(cells: list[dict[str, Any]]) -> int:
    """Among the first cells, the one whose guesses were closest to a tie: worth looking at."""
    early = range(min(len(cells), 16))
    known = [i for i in early if cells[i].get("probability") is not None]
    return min(known, key=lambda i: abs(float(cells[i]["probability"]) - 0.4), default=0)


def _shown(text: str) -> str:
    """Visible spaces, and nothing that reads as markup."""
    visible = text.replace("\n", "⏎").replace(" ", "␣" if text.strip() == "" else " ")
    return visible.replace("&", "&amp;").replace("<", "&lt;")
