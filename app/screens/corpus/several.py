"""A button that opens a menu in which several things can be chosen at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu

from app.widgets.controls import Button


class Several(Button):
    """`changed` when a thing was chosen or left off; `chosen()` has their keys in order."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__("secondary", "ph.caret-down", trailing=True)
        self._values: list[tuple[str, str]] = []
        self._chosen: list[str] = []
        self._nothing = self._note = self._what = ""
        self.clicked.connect(self._open)

    def set_values(
        self, values: Sequence[tuple[str, str]], what: str, nothing: str, note: str = ""
    ) -> None:
        """`values`: key and words. `nothing`: what the button says where none is chosen; `what` its
        name; `note`: a sentence at the end of the menu."""
        self._values, self._nothing, self._note, self._what = list(values), nothing, note, what
        self._retell()

    def choose(self, keys: Sequence[str]) -> None:
        self._chosen = list(keys)
        self._retell()

    def chosen(self) -> list[str]:
        return list(self._chosen)

    def _retell(self) -> None:
        names = [words for key, words in self._values if key in self._chosen]
        if len(names) > 2:
            text = self.tr("{count} chosen").format(count=len(names))
        else:
            text = ", ".join(names) or self._nothing
        self.set_text(text)
        self.setToolTip("\n".join(names))
        self.setAccessibleName(f"{self._what}: {text}")

    def _open(self) -> None:
        menu = _StayingMenu(self)
        for key, words in self._values:
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(key in self._chosen)
            action.toggled.connect(lambda on, key=key: self._switch(key, on))
        if self._note:
            menu.addSeparator()
            menu.addAction(self._note).setEnabled(False)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _switch(self, key: str, on: bool) -> None:
        wanted = {*self._chosen, key} if on else {*self._chosen} - {key}
        self._chosen = [each for each, _ in self._values if each in wanted]
        self._retell()
        self.changed.emit()


class _StayingMenu(QMenu):
    """A click on a thing switches it and leaves the menu open."""

    def __init__(self, parent: Button) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._switch():
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space or not self._switch():
            super().keyPressEvent(event)

    def _switch(self) -> bool:
        action = self.activeAction()
        if action is None or not action.isCheckable():
            return False
        action.toggle()
        return True
