"""What a user changes in a conversation: own words, a version's answer, the way it took."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.screens.chat.answering import Answering
from app.screens.chat.page import ChatPage
from core.chats import Chat, Message, joined


class ChatEditing(ChatPage):
    """The half of the chat tab that changes what is there; `ChatScreen` is the other."""

    _chat: Chat
    _answering: Answering
    _editing: int | None = None
    _place = (-1, -1)

    @property
    def writing(self) -> bool:
        """Whether the version is writing an answer now."""
        return self._answering.writing

    def _write(self, messages: list[Message], begun: Message | None = None) -> None:
        raise NotImplementedError

    def _save(self, also_empty: bool = False) -> None:
        raise NotImplementedError

    def _show_chat(self) -> None:
        raise NotImplementedError

    def _on_action(self, name: str, index: int) -> None:
        if self.writing:
            return
        message = self._chat.messages[index]
        if name == "copy":
            QGuiApplication.clipboard().setText(message.text)
        elif name == "edit":
            self._editing = index
            self.composer.set_editing(True)
            self.composer.set_text(message.text)
        elif name == "regenerate":
            self.inspector.reseed()
            self._write(list(self._chat.messages[:index]))
        elif name == "remove":
            self._chat = self._chat.with_messages(list(self._chat.messages[:index]))
            self._save(also_empty=True)
            self._show_chat()

    def _send_edited(self, text: str) -> None:
        """An edited word of the user is answered anew; an edited answer stands as it is."""
        index = self._editing
        assert index is not None
        old = self._chat.messages[index]
        before = list(self._chat.messages[:index])
        self._stop_editing()
        if old.role == "user":
            self._write([*before, Message(role="user", text=text)])
            return
        edited = Message(role="version", text=text, version=old.version, seed=old.seed)
        self._chat = self._chat.with_messages([*before, edited])
        self._save()
        self._show_chat()

    def _stop_editing(self) -> None:
        if self._editing is not None:
            self._editing = None
            self.composer.field.clear()
        self.composer.set_editing(False)

    def _recall(self) -> None:
        """Up in an empty field: change the last own words."""
        own = [i for i, m in enumerate(self._chat.messages) if m.role == "user"]
        if own:
            self._on_action("edit", own[-1])

    def _on_token(self, message: int, cell: int) -> None:
        messages = self._answering.messages if self.writing else self._chat.messages
        cells = messages[message].cells
        if 0 <= cell < len(cells):
            before = joined(list(messages[:message]))
            before += "".join(str(c["text"]) for c in cells[:cell])
            self.inspector.show_cell(cells[cell], before)
            self._place = (message, cell)

    def _branch(self, alternative: str | None) -> None:
        """Cut the answer before the chosen token, take another one there, go on."""
        if self._pages.currentIndex() == 1:
            if alternative is not None:
                self.fill.take(alternative)
            return
        message, cell = self._place
        if self.writing or not 0 <= message < len(self._chat.messages):
            return
        old = self._chat.messages[message]
        cells = list(old.cells[:cell])
        if alternative is not None:
            chances = {str(t): float(p) for t, p in old.cells[cell].get("alternatives") or []}
            cells.append({**old.cells[cell], "text": alternative,
                          "probability": chances.get(alternative, 0.0)})  # fmt: skip
        else:
            self.inspector.reseed()
        text = "".join(str(c["text"]) for c in cells)
        begun = old.model_copy(update={"text": text, "cells": cells})
        self._write(list(self._chat.messages[:message]), begun)
