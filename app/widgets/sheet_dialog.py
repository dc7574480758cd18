"""Shows a data sheet: Markdown of which nothing is fetched and nothing is run."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import (
    QGuiApplication,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.theme.palette import color
from app.widgets.controls import Button
from app.widgets.dialog import LargeDialog

_SAFE = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML  # fmt: skip
_WHOLE = 10
"""Characters of a cell that are not parted, such as a number or a short head."""
_LONGEST = 400_000
"""Characters: a sheet that came with a foreign version may be of any size."""


class PlainMarkdown(QTextBrowser):
    """Markdown without HTML, pictures and links that open."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text = ""

    def set_markdown(self, text: str) -> None:
        self._text = text
        self.document().setMarkdown(text[:_LONGEST], _SAFE)
        _give_room(self.document())
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._text:
            self.set_markdown(self._text)  # Its lines have colours of their own.

    def loadResource(self, kind: int, name: QUrl) -> Any:
        return None


def _give_room(document: QTextDocument) -> None:
    """Room around headings and in tables, whose lines are as faint as the app's own."""
    cursor = QTextCursor(document)
    block = document.begin()
    while block.isValid():
        shape = block.blockFormat()
        heading = shape.headingLevel()
        shape.setTopMargin(14 if heading else 4)
        shape.setBottomMargin(6 if heading else 4)
        cursor.setPosition(block.position())
        cursor.setBlockFormat(shape)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _plain_table(frame)


def _plain_table(table: QTextTable) -> None:
    """Without a head that says nothing."""
    head = [table.cellAt(0, n).firstCursorPosition().block().text() for n in range(table.columns())]
    if not any(head) and table.rows() > 1:
        table.removeRows(0, 1)
    for row in range(table.rows()):
        for number in range(table.columns()):
            cursor = table.cellAt(row, number).firstCursorPosition()
            if len(cursor.block().text()) <= _WHOLE:
                whole = cursor.blockFormat()
                whole.setNonBreakableLines(True)
                cursor.setBlockFormat(whole)
    shape = table.format()
    shape.setBorder(1)
    shape.setBorderBrush(color("hair"))
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setBorderCollapse(True)
    shape.setCellPadding(4)
    shape.setCellSpacing(0)
    table.setFormat(shape)


class SheetDialog(LargeDialog):
    """`title` and the Markdown `text`."""

    def __init__(self, parent: QWidget, title: str, text: str = "") -> None:
        super().__init__(parent, 860, 720)
        self._text = text
        self.view = PlainMarkdown()
        self.copy = Button("secondary", "ph.copy")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        self.set_title(title)
        self.view.setAccessibleName(title)
        self.copy.set_text(self.tr("Copy"))
        self.intro.setText(self.tr("Facts only. It goes into every version that is trained on this text; folders of this computer are not named."))  # fmt: skip
        self.build((self.view, 1), buttons=(self.copy,))
        self.show_text(text)

    def show_text(self, text: str) -> None:
        self._text = text
        self.view.set_markdown(text)
        self.copy.setEnabled(bool(text))
