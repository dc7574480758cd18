"""One of two texts that stand side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from PySide6.QtCore import QEvent
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.theme.palette import color
from app.widgets.controls import ElidedLabel, Label
from app.widgets.layout import column, frame, row
from core.corpus.differences import Pieces

Look = Literal["differs", "same"]
_COLORS = {"differs": ("shu", "shuTint"), "same": ("ink", "aiTint2")}


class TextPlace(QWidget):
    """A part of a text below its head and where it stands; what differs from another is marked, or what
    both have in common."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces = Pieces()
        self._look: Look = "differs"
        self._head, self._where = Label("small"), ElidedLabel("small")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        for name in ("book", "bare"):
            self.text.setProperty(name, "true")
        inside = column(row(self._head, (self._where, 1)), (self.text, 1), margins=(12, 8, 8, 8))
        self.setLayout(column((frame(inside, surface="sunk"), 1)))

    def show_text(self, head: str, where: str, pieces: Pieces, look: Look = "differs") -> None:
        """`look`: what the marked pieces are."""
        self._pieces, self._look = pieces, look
        self._head.setText(f"<b>{head}</b>")
        self._where.set_full_text(where)
        self.text.setAccessibleName(f"{head}: {where}")
        self.text.setPlainText("".join(text for text, _ in pieces))
        self._mark()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._pieces:
            self._mark()  # Marks have colours of their own.

    def _mark(self) -> None:
        self.text.setExtraSelections(list(_marks(self.text, self._pieces, self._look)))


def _marks(text: QPlainTextEdit, pieces: Pieces, kind: Look) -> Iterator[QTextEdit.ExtraSelection]:
    """The marked pieces, in colour and underlined."""
    ink, ground = _COLORS[kind]
    look = QTextCharFormat()
    look.setForeground(color(ink))
    look.setBackground(color(ground))
    look.setFontUnderline(True)
    look.setUnderlineColor(color("shu" if kind == "differs" else "aiText"))
    place = 0
    for words, marked in pieces:
        end = place + len(words.encode("utf-16-le")) // 2  # As Qt counts.
        if marked:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = text.textCursor()  # pyright: ignore[reportAttributeAccessIssue]
            mark.cursor.setPosition(place)
            mark.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            mark.format = look  # pyright: ignore[reportAttributeAccessIssue]
            yield mark
        place = end
