"""Asks a version that fills in blanks, and keeps what it said as a conversation of two messages."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.screens.chat.fill_sheet import Blank
from core.chats import Chat, Message
from core.sentences import Sentence
from core.versions.library import VersionEntry


class Filling(QObject):
    """`done(data)` or `refused(sentence)`; a newer question makes an older one void."""

    done = Signal(object)
    refused = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._turn = 0
        self.busy = False

    def ask(self, entry: VersionEntry, text: str) -> None:
        self._turn += 1
        self.busy = True
        turn = self._turn
        self._bridge.chat(
            "fill", {"version": entry.id, "text": text},
            lambda data: self._end(turn, self.done, data),
            lambda sentence: self._end(turn, self.refused, sentence),
        )  # fmt: skip

    def _end(self, turn: int, signal: Any, value: dict[str, Any] | Sentence) -> None:
        if turn == self._turn:
            self.busy = False
            signal.emit(value)


def blanks_of(data: dict[str, Any]) -> list[Blank]:
    """The worker's blanks; those kept with a message have the same form."""
    return [
        Blank(
            int(blank["start"]), int(blank["end"]),
            [(str(c["text"]), float(c["probability"])) for c in blank["candidates"]],
        )
        for blank in data.get("blanks", [])
    ]  # fmt: skip


def is_sheet(chat: Chat, version: str) -> bool:
    """Whether a sheet of `version` (id) may be kept in it: it is empty, or holds one already. A
    conversation with a version that writes is not to be overwritten."""
    messages = chat.messages
    if len(messages) == 2:
        return holds_sheet(chat)
    return not messages or (len(messages) == 1 and chat.version == version)


def holds_sheet(chat: Chat) -> bool:
    """Whether it is a sheet that was filled in, not a conversation."""
    messages = chat.messages
    return len(messages) == 2 and any("candidates" in cell for cell in messages[1].cells)


def messages_of(text: str, filled: str, data: dict[str, Any], version: str) -> list[Message]:
    """What the user wrote and what the version made of it; the blanks travel as cells."""
    return [
        Message(role="user", text=text),
        Message(role="version", text=filled, cells=list(data.get("blanks", [])), version=version),
    ]
