"""The field that searches names of sources, or inside all documents."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from app.widgets.controls import Button, Label, Segmented
from app.widgets.layout import column, row

_DELAY_MS = 300


class SearchBar(QFrame):
    """`names_wanted` with every letter, `texts_wanted` when the user has paused; "" ends either."""

    names_wanted = Signal(str)
    texts_wanted = Signal(str)
    more_wanted = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._field = _Field()
        self._field.setClearButtonEnabled(True)
        self._where = Segmented(2, dense=True)
        self._close = Button("icon-s", "ph.x")
        self._told, self._more = Label("faint"), Button("link")
        self._more.setVisible(False)
        self._told.setVisible(False)
        self.setLayout(
            column(
                row((self._field, 1), self._where, self._close, spacing=6),
                row(self._told, self._more, 0, spacing=8), spacing=2,
            )
        )  # fmt: skip
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._ask_texts)
        self._field.textChanged.connect(self._on_text)
        self._field.returnPressed.connect(self._ask_texts)
        self._where.chosen.connect(lambda _: self._on_where())
        self._close.clicked.connect(self.close_search)
        self._more.clicked.connect(self.more_wanted)
        self._field.escaped.connect(self.close_search)

    @property
    def inside(self) -> bool:
        """Whether documents are searched, not names."""
        return self._where.index() == 1

    def begin(self, can_search_texts: bool, name: str = "") -> None:
        """Open the field; with `name`, for names that have it."""
        self._where.button(1).setEnabled(can_search_texts)
        if not can_search_texts:
            self._where.set_index(0)
        self.setVisible(True)
        if name:
            self._where.set_index(0)
            self._on_where()
            self._field.setText(name)
        self._field.setFocus()
        self._field.selectAll()

    def close_search(self) -> None:
        self._field.clear()
        self._timer.stop()
        self.setVisible(False)
        self.names_wanted.emit("")
        self.texts_wanted.emit("")
        self.closed.emit()

    def tell(self, text: str, more: bool) -> None:
        """What was found so far; whether there is more to ask for."""
        self._told.setText(text)
        self._told.setVisible(bool(text))
        self._more.setVisible(more)

    def retranslate(self) -> None:
        self._where.set_texts(
            (self.tr("Names"), self.tr("Inside texts")),
            (self.tr("Sources whose name has these letters"), self.tr("Places where documents say this")),
        )  # fmt: skip
        self._field.setAccessibleName(self.tr("Search the sources"))
        self._close.set_hint(self.tr("End the search"))
        self._more.set_text(self.tr("Search on"))
        self._retranslate_field()

    def _retranslate_field(self) -> None:
        wanted = self.tr("Words in the texts") if self.inside else self.tr("Part of a name")
        self._field.setPlaceholderText(wanted)

    def _on_text(self) -> None:
        if self.inside:
            self._timer.start()
        else:
            self.names_wanted.emit(self._field.text())

    def _on_where(self) -> None:
        self._retranslate_field()
        self.tell("", more=False)
        if self.inside:
            self.names_wanted.emit("")
            self._ask_texts()
        else:
            self.texts_wanted.emit("")
            self.names_wanted.emit(self._field.text())
        self._field.setFocus()

    def _ask_texts(self) -> None:
        self._timer.stop()
        if self.inside:
            self.texts_wanted.emit(self._field.text().strip())


class _Field(QLineEdit):
    """Esc leaves it."""

    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)
