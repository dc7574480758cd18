"""One line of marks and words that leaves off at the end what does not fit, never in mid-word."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from app.widgets.controls import Label

_GAP = "&nbsp;&nbsp; "
_MARKUP = re.compile(r"<[^>]*>")


class Legend(Label):
    """`set_parts` with pieces of rich text, the most important first."""

    def __init__(self) -> None:
        super().__init__("small")
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
        gap, room = metrics.horizontalAdvance("   "), self.width() + 1
        shown: list[str] = []
        for part in self._parts:
            # Bold words are wider than these metrics say.
            room -= int(1.06 * metrics.horizontalAdvance(_MARKUP.sub("", part))) + gap
            if shown and room < -gap:
                break
            shown.append(part)
        text = _GAP.join(shown)
        if text != self.text():
            self.setText(text)
