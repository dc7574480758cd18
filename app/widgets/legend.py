"""Marks and words on a line or two, which leave off at the end what does not fit, never in mid-word."""

from __future__ import annotations

import re
from html import unescape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from app.widgets.controls import Label

_GAP = "&nbsp;&nbsp; "
_MARKUP = re.compile(r"<[^>]*>")


class Legend(Label):
    """`set_parts` with pieces of rich text, the most important first. `sure`: so many are never left
    off; what does not fit of them stands on a second line."""

    def __init__(self, sure: int = 1) -> None:
        super().__init__("small")
        self._sure = sure
        self._parts: list[str] = []
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_parts(self, parts: list[str]) -> None:
        self._parts = parts
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def _show(self) -> None:
        metrics = self.fontMetrics()
        gap, whole = metrics.horizontalAdvance("   "), self.width() + 1
        room, lines = whole, [list[str]()]
        for index, part in enumerate(self._parts):
            # Bold words are wider than these metrics say.
            wide = int(1.06 * metrics.horizontalAdvance(unescape(_MARKUP.sub("", part)))) + gap
            if lines[-1] and room - wide < -gap:
                if index >= self._sure or len(lines) == 2:
                    break
                lines.append([])
                room = whole
            lines[-1].append(part)
            room -= wide
        text = "<br>".join(_GAP.join(line) for line in lines)
        if text != self.text():
            self.setText(text)
