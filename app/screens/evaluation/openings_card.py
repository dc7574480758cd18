"""The same opening continued by each version, side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.screens.evaluation.results import Line
from app.theme.palette import hex_of
from app.widgets.controls import Button, Card, ElidedLabel, Label, Spine
from app.widgets.layout import STRETCH, column, frame, holder, row, scroll

_SHOWN = 4


class OpeningsCard(Card):
    """`write_wanted(opening)` when the user asks for another opening; `reseed_wanted` for a new draw."""

    write_wanted = Signal()
    reseed_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(16, 10, 12, 14), spacing=8)
        self.opening = QLineEdit()
        self.opening.setMinimumWidth(120)
        self.opening.setMaximumWidth(320)
        self._seed = Button("icon-s", "ph.shuffle")
        self._write = Button("small", "ph.pencil-simple")
        self.add_right((self.opening), self._seed, self._write)
        self._places = [_Place() for _ in range(_SHOWN)]
        self.add((holder(row(*[(place, 1) for place in self._places], spacing=12)), 1))
        self._seed.clicked.connect(self.reseed_wanted)
        self._write.clicked.connect(self.write_wanted)
        self.opening.returnPressed.connect(self.write_wanted)

    def show_lines(self, lines: list[Line]) -> None:
        for index, place in enumerate(self._places):
            place.setVisible(index < len(lines))
            if index < len(lines):
                place.show_line(lines[index])

    def set_busy(self, busy: bool) -> None:
        self._seed.setEnabled(not busy)
        self._write.setEnabled(not busy)

    def retranslate(self) -> None:
        self.title.setText(self.tr("The same opening, side by side"))
        self.opening.setPlaceholderText(self.tr("How shall it begin?"))
        self.opening.setAccessibleName(self.tr("Opening that every version continues"))
        self._seed.set_hint(self.tr("Draw again with another seed"))
        self._write.set_text(self.tr("Write"))
        for place in self._places:
            place.retranslate()


class _Place(QWidget):
    """One version's text."""

    def __init__(self) -> None:
        super().__init__()
        self._spine, self._name = Spine(height=18), ElidedLabel("small")
        self._text = Label("book", wrap=True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setMinimumHeight(40)
        self._copy = Button("icon-s", "ph.copy")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._plain))
        self._plain = ""
        self._line: Line | None = None
        box = frame(
            column(
                row(self._spine, (self._name, 1), self._copy, spacing=6),
                (scroll(holder(column(self._text, STRETCH))), 1),
                margins=(12, 8, 8, 8), spacing=6,
            ),
            surface="sunk",
        )  # fmt: skip
        self.setLayout(column((box, 1)))
        self.setMinimumHeight(132)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_line(self, line: Line) -> None:
        self._line = line
        manifest = line.entry.manifest
        self._spine.set_color(manifest.colour)
        self._name.set_full_text(f"v{manifest.edition}  {manifest.title}")
        self._plain = line.prompt + line.opening
        self._copy.setEnabled(bool(self._plain))
        if not line.opening:
            faint = hex_of("ink3")
            waiting = self.tr("Nothing written yet")
            self._text.setText(f'<span style="color:{faint}">{waiting}</span>')
            return
        prompt, text = _escaped(line.prompt), _escaped(line.opening)
        self._text.setText(f'<span style="color:{hex_of("ink3")}">{prompt}</span>{text}')

    def retranslate(self) -> None:
        self._copy.set_hint(self.tr("Copy the text"))
        if self._line is not None:
            self.show_line(self._line)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
