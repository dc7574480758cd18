"""The widgets of the chat tab and where they stand; `ChatScreen` gives them words and work."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.context import AppContext
from app.screens.chat.chat_list import ChatList
from app.screens.chat.composer import Composer
from app.screens.chat.conversation_view import ConversationView
from app.screens.chat.fill_sheet import FillSheet
from app.screens.chat.guide import ChatGuide
from app.screens.chat.inspector import Inspector
from app.screens.chat.version_chooser import VersionChooser
from app.widgets.combo import ComboBox
from app.widgets.controls import Banner, Button, ElidedLabel, Label, Switch
from app.widgets.layout import STRETCH, column, holder, row
from core.config import build
from core.errors import UsageError
from core.sampling import SamplingSettings

_WIDE = 860


class ChatPage(ChatGuide):
    """Wide: the list of conversations at the left. Narrow: a box above."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.list = ChatList()
        self._title = ElidedLabel("display")
        self._chats, self._new = ComboBox(), Button("icon", "ph.note-pencil")
        self._versions = VersionChooser(context.versions)
        self._state = Label("faint")
        self._shade_label, self._shade = Label("small"), Switch()
        self._shade.setChecked(True)
        self.view, self.composer = ConversationView(), Composer()
        self._notice = Banner("ph.warning", "warn")
        self._notice.setVisible(False)
        self._hint = Label("faint")
        self.inspector = Inspector(_kept_settings(context))
        self._narrow_head = holder(row((self._chats, 1), self._new))
        self.fill = FillSheet()
        self._shade_row = holder(row(self._shade_label, self._shade))
        self._pages = QStackedWidget()
        self._pages.addWidget(
            holder(
                column((self.view, 1), row(STRETCH, self._hint, STRETCH), self.composer, spacing=10)
            )
        )
        self._pages.addWidget(self.fill)
        right = holder(
            column(
                self._narrow_head,
                row((self._title, 1), self._shade_row),
                row(self._versions, self._state, STRETCH),
                self._notice, (self._pages, 1), margins=16, spacing=10,
            )
        )  # fmt: skip
        self.setLayout(row(self.list, (right, 1), spacing=0))

    def show_kind(self, fills: bool) -> None:
        """A sheet with blanks for a version that fills in, else the conversation."""
        if self._pages.currentIndex() != int(fills):
            self._pages.setCurrentIndex(int(fills))
            self.inspector.show_cell(None, "")  # It is about a token of the other page.
        self._shade_row.setVisible(not fills)
        self.inspector.set_filling(fills)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= _WIDE
        self.list.setVisible(wide)
        self._narrow_head.setVisible(not wide)
        super().resizeEvent(event)


def _kept_settings(context: AppContext) -> SamplingSettings:
    try:
        return build(SamplingSettings, dict(context.preferences.sampling))
    except UsageError:
        return SamplingSettings()
