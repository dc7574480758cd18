"""The conversations kept on disk, newest first."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.formatting import duration
from app.screens.chat.lessons_card import LessonsCard
from app.theme.palette import color, font, pixels
from app.widgets.controls import Button, Label
from app.widgets.layout import STRETCH, column, row
from core.chats import Chat

Index = QModelIndex | QPersistentModelIndex
ChatRole = Qt.ItemDataRole.UserRole + 1


class ChatModel(QAbstractListModel):
    """Chats with the colour of their version."""

    def __init__(self) -> None:
        super().__init__()
        self._chats: list[Chat] = []
        self.colours: dict[str, str] = {}

    def show(self, chats: list[Chat], colours: dict[str, str]) -> None:
        self.beginResetModel()
        self._chats, self.colours = chats, colours
        self.endResetModel()

    def chat_at(self, index: int) -> Chat | None:
        return self._chats[index] if 0 <= index < len(self._chats) else None

    def find(self, chat_id: str) -> int:
        return next((i for i, chat in enumerate(self._chats) if chat.id == chat_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._chats)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        chat = self.chat_at(index.row())
        if chat is None:
            return None
        if role == ChatRole:
            return chat, self.colours.get(chat.version, "control"), self.when(chat)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            title = chat.title or self.tr("New chat")
            return f"{title}, {self.when(chat)}"
        return None

    def when(self, chat: Chat) -> str:
        passed = time.time() - chat.changed
        if passed < 60:
            return self.tr("just now")
        if passed < 86_400:
            return self.tr("{time} ago").format(time=duration(passed))
        return time.strftime("%Y-%m-%d", time.localtime(chat.changed))


class ChatList(QWidget):
    """`chosen(id)`, `new_wanted`, `remove_wanted(id)`."""

    chosen = Signal(str)
    new_wanted = Signal()
    remove_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = ChatModel()
        self._title = Label("head")
        self._new = Button("icon-s", "ph.note-pencil")
        self.view = _View()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Delegate(self.view))
        self.lessons = LessonsCard()
        self.lessons.setVisible(False)
        self.setLayout(
            column(row(self._title, STRETCH, self._new), (self.view, 1), self.lessons,
                   margins=(12, 16, 0, 12))
        )  # fmt: skip
        self.setFixedWidth(196)
        self._new.clicked.connect(self.new_wanted)
        self.view.clicked.connect(self._on_index)
        self.view.activated.connect(self._on_index)
        self.view.removed.connect(lambda index: self._remove(index))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)

    def show_chats(self, chats: list[Chat], colours: dict[str, str], chosen: str) -> None:
        self.model.show(chats, colours)
        place = self.model.find(chosen)
        if place >= 0:
            self.view.setCurrentIndex(self.model.index(place))

    def retranslate(self) -> None:
        self._title.setText(self.tr("Conversations"))
        self._new.set_hint(self.tr("New conversation"))
        self.view.setAccessibleName(self._title.text())
        self.lessons.retranslate()

    def _on_index(self, index: QModelIndex) -> None:
        chat = self.model.chat_at(index.row())
        if chat is not None:
            self.chosen.emit(chat.id)

    def _remove(self, index: int) -> None:
        chat = self.model.chat_at(index)
        if chat is not None:
            self.remove_wanted.emit(chat.id)

    def _open_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place).row()
        if self.model.chat_at(index) is None:
            return
        menu = QMenu(self)
        menu.addAction(self.tr("Move to trash"), lambda: self._remove(index))
        menu.popup(self.view.viewport().mapToGlobal(place))


class _View(QListView):
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class _Delegate(QStyledItemDelegate):
    """Title, spine of the version, when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, pixels("base") + pixels("small") + 28)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found = index.data(ChatRole)
        if found is None:
            return
        chat, colour, when = found
        area = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = bool(state & QStyle.StateFlag.State_Selected)
            focused = selected and self.parent().hasFocus()  # type: ignore[attr-defined]
            painter.setPen(QPen(color("aiText" if focused else "hair"), 1.5 if focused else 1))
            painter.setBrush(color("select" if selected else "hover"))
            painter.drawRoundedRect(area.adjusted(1.5, 2.5, -1.5, -2.5), 8, 8)
        line = pixels("base") + 7
        painter.setFont(font("base"))
        painter.setPen(color("ink"))
        title = painter.fontMetrics().elidedText(
            chat.title or self.tr("New chat"), Qt.TextElideMode.ElideRight, int(area.width()) - 20
        )
        painter.drawText(
            QRectF(area.left() + 10, area.top() + 7, area.width() - 20, line),
            Qt.AlignmentFlag.AlignVCenter, title,
        )  # fmt: skip
        low = area.top() + 7 + line
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(colour))
        painter.drawRoundedRect(QRectF(area.left() + 10, low + 3, 5, pixels("small")), 2, 2)
        painter.setFont(font("small"))
        painter.setPen(color("ink3"))
        painter.drawText(
            QRectF(area.left() + 21, low, area.width() - 30, pixels("small") + 6),
            Qt.AlignmentFlag.AlignVCenter, when,
        )  # fmt: skip
        painter.restore()
