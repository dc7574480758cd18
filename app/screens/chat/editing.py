"""What a user changes in a conversation: own words, a version's answer, the way it took."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtGui import QGuiApplication

from app.messages import explain
from app.screens.chat.answering import Answering
from app.screens.chat.page import ChatPage
from core.chats import Chat, Message, joined
from core.errors import TerakoyaError
from core.lessons import Counts, Lesson, LessonBook


class ChatEditing(ChatPage):
    """The half of the chat tab that changes what is there; `ChatScreen` is the other."""

    _chat: Chat
    _answering: Answering
    _editing: int | None = None
    _place = (-1, -1)
    _book: LessonBook

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

    def _say(self, text: str) -> None:
        raise NotImplementedError

    def _on_action(self, name: str, index: int) -> None:
        if self.writing:
            return
        message = self._chat.messages[index]
        if name == "copy":
            QGuiApplication.clipboard().setText(message.text)
        elif name in ("up", "down"):
            self._vote(index, 1 if name == "up" else -1)
        elif name == "undo":
            self._undo_lesson(index)
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
        self._correct(index, text)

    def _stop_editing(self) -> None:
        if self._editing is not None:
            self._editing = None
            self.composer.field.clear()
        self.composer.set_editing(False)

    # ---- lessons -----------------------------------------------------------------------------

    def _vote(self, index: int, vote: Literal[1, -1]) -> None:
        """A thumb up or down becomes a lesson; pressed again it is taken back."""
        message = self._chat.messages[index]
        again = message.vote == vote
        self._take_back(message)
        voted = message.model_copy(update={"vote": 0, "lesson": ""})
        if not again:
            lesson = self._lesson(
                lambda: self._book.vote(
                    message.version, self._asked(index), message.text, vote, self._chat.id
                )
            )
            if lesson:
                voted = voted.model_copy(update={"vote": vote, "lesson": lesson})
        self._replace(index, voted)

    def _correct(self, index: int, text: str) -> None:
        """What the version should have said instead; the difference is drawn in red."""
        old = self._chat.messages[index]
        before = old.rejected or old.text
        self._take_back(old)
        changed = Message(role="version", text=text, version=old.version, seed=old.seed)
        if text.strip() and text.strip() != before.strip():
            lesson = self._lesson(
                lambda: self._book.correct(
                    old.version, self._asked(index), before, text, self._chat.id
                )
            )
            changed = changed.model_copy(update={"rejected": before, "lesson": lesson})
        self._replace(index, changed)

    def _undo_lesson(self, index: int) -> None:
        """A vote is no more; a corrected answer is again what the version wrote."""
        message = self._chat.messages[index]
        self._take_back(message)
        text = message.rejected or message.text
        changes = {"vote": 0, "lesson": "", "rejected": "", "text": text}
        self._replace(index, message.model_copy(update=changes))

    def _asked(self, index: int) -> list[dict[str, str]]:
        """The conversation up to an answer; a base version's is one text that it continued."""
        messages = self._chat.messages[:index]
        entry = self._versions.entry()
        if entry is not None and entry.manifest.kind == "base":
            return [{"role": "user", "content": joined(messages)}]
        roles = {"user": "user", "version": "assistant"}
        return [{"role": roles[m.role], "content": m.text} for m in messages]

    def _take_back(self, message: Message) -> None:
        if message.lesson:
            self._lesson(lambda: self._book.undo(message.version, message.lesson))

    def _lesson(self, act: Callable[[], Lesson | None]) -> str:
        """Do it and say what went wrong; the id of a new lesson."""
        try:
            made = act()
        except TerakoyaError as error:
            self._say(explain(error))
            return ""
        return made.id if made is not None else ""

    def _replace(self, index: int, message: Message) -> None:
        messages = list(self._chat.messages)
        messages[index] = message
        self._chat = self._chat.with_messages(messages)
        self._save()
        self.view.show_messages(messages, self._versions.colour())
        self._show_lessons()

    def _show_lessons(self) -> None:
        """Those of the version that is chosen."""
        version = self._versions.version_id()
        self.list.lessons.show_counts(self._book.counts(version) if version else Counts())

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
