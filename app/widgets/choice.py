"""A choice as a card with icon, title and a line of text; one of several is on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame

from app.theme.palette import color
from app.widgets.controls import ElidedLabel, IconLabel, Label
from app.widgets.layout import column, row, set_property


class ChoiceCard(QFrame):
    """Press it with the mouse, Space or Enter."""

    pressed = Signal()

    def __init__(self, icon_name: str, dense: bool = False) -> None:
        super().__init__()
        self.setProperty("surface", "choice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = icon_name
        self._image = IconLabel(icon_name, 18)
        self.title, self.text = Label("head"), ElidedLabel("small")
        above = 3 if dense else 6
        self.setLayout(
            row(self._image, (column(self.title, self.text, spacing=0), 1),
                margins=(12, above, 10, above), spacing=10)
        )  # fmt: skip

    def set_texts(self, title: str, text: str) -> None:
        self.title.setText(title)
        self.text.set_full_text(text)
        self.setAccessibleName(f"{title}: {text}")

    def set_on(self, on: bool) -> None:
        set_property(self, "on", "true" if on else "false")
        self._image.set_icon(self._icon, "aiText" if on else "ink2")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.isEnabled():
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color("aiText"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
