"""A large dialog over its window: a title, what it shows, and a row of buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.messages import translate
from app.widgets.controls import Button, ElidedLabel, Label
from app.widgets.layout import STRETCH, Item, column, row
from core.sentences import Sentence

Reply = dict[str, Any]


class Asks(Protocol):
    """What asks the library worker (app.bridge.Bridge.library)."""

    def __call__(
        self,
        operation: str,
        params: dict[str, Any],
        done: Callable[[Reply], None],
        failed: Callable[[Sentence], None] | None = None,
    ) -> object: ...


class LargeDialog(QDialog):
    """No larger than its window allows. Answers that come after it was closed are dropped."""

    def __init__(self, parent: QWidget, width: int, height: int) -> None:
        super().__init__(parent.window())
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = ElidedLabel("head")
        self.intro = Label("small", wrap=True)
        self.fault = Label("small", "shu", wrap=True)
        self.fault.setVisible(False)
        self.close_button = Button("secondary")
        self.close_button.setText(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self._open = True
        self.finished.connect(self._end)
        room = parent.window().size()
        self.resize(min(width, room.width() - 80), min(height, room.height() - 60))

    def set_title(self, title: str) -> None:
        self.setWindowTitle(title)
        self._title.set_full_text(title)

    def build(self, *items: Item, buttons: tuple[Item, ...] = (), head: tuple[Item, ...] = ()) -> None:  # fmt: skip
        """Lay out: title with `head` at its right, the introduction, `items`, the fault, and the close
        button with `buttons` at its right."""
        self.setLayout(
            column(
                row((self._title, 1), *head), self.intro, *items, self.fault,
                row(STRETCH, self.close_button, *buttons, spacing=8), margins=(20, 16, 20, 16),
                spacing=10,
            )
        )  # fmt: skip

    def ask(
        self, asks: Asks, operation: str, params: dict[str, Any], done: Callable[[Reply], None],
        failed: Callable[[Sentence], None] | None = None,
    ) -> None:  # fmt: skip
        """Ask the library worker; a fault is told above the buttons unless `failed` takes it."""

        def answered(reply: Reply) -> None:
            if self._open:
                done(reply)

        def refused(sentence: Sentence) -> None:
            if self._open:
                (failed or self.tell)(sentence)

        asks(operation, params, answered, refused)

    def tell(self, sentence: Sentence | None) -> None:
        """Show what is wrong; None: nothing is."""
        self.fault.setText(translate(sentence) if sentence is not None else "")
        self.fault.setVisible(sentence is not None)

    def _end(self) -> None:
        self._open = False
