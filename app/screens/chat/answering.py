"""The answer that a version is writing: begun, growing, ended or refused. Knows no widget."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from core.chats import Message, joined
from core.sampling import SamplingSettings
from core.sentences import Sentence
from core.versions.library import VersionEntry

_NO_NUMBER_YET = -1


class Answering(QObject):
    """At most one answer at a time. `messages` are the conversation with the answer at its end;
    while `writing` they grow."""

    grown = Signal(object, list)
    """The answer so far (Message), and the cells that are new."""
    ended = Signal()
    """The version has stopped, for whatever reason; `messages` are what is worth keeping."""
    finished = Signal(dict)
    """After `ended`: the version came to its own end; what it says of it."""
    refused = Signal(object)
    """After `ended`: it failed; why (Sentence)."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._request = 0
        self._turn = 0  # Counts answers, so that words of an abandoned one find nobody.
        self.messages: list[Message] = []

    @property
    def writing(self) -> bool:
        return self._request != 0

    def begin(
        self, entry: VersionEntry, settings: SamplingSettings, messages: list[Message],
        begun: Message | None = None,
    ) -> None:  # fmt: skip
        """Take up an answer after `messages`; `begun` is its own beginning. `ask` follows."""
        answer = begun or Message(role="version", text="", version=entry.id)
        answer = answer.model_copy(
            update={"seed": settings.seed, "version": entry.id, "reason": "", "tokens": 0,
                    "tokens_per_second": None}
        )  # fmt: skip
        self.messages = [*messages, answer]
        self._request = _NO_NUMBER_YET

    def ask(self, entry: VersionEntry, settings: SamplingSettings) -> None:
        """Let the version write the answer that was begun."""
        *messages, answer = self.messages
        params: dict[str, Any] = {"version": entry.id, "settings": settings.model_dump()}
        if entry.manifest.kind == "chat":
            params["mode"] = "chat"
            params["messages"] = [
                {"role": "user" if m.role == "user" else "assistant", "content": m.text}
                for m in messages
            ]
            params["begun"] = answer.text
        else:
            params["text"] = joined(messages) + answer.text
        self._turn += 1
        turn = self._turn
        number = self._bridge.chat(
            "generate", params,
            lambda data: self._on_done(data) if turn == self._turn else None,
            lambda sentence: self._on_failed(sentence) if turn == self._turn else None,
            lambda data: self._on_update(data) if turn == self._turn else None,
        )  # fmt: skip
        if self._request == _NO_NUMBER_YET:  # Else a refusal came at once.
            self._request = number

    def stop(self) -> None:
        """The version stops at once; what it wrote is kept."""
        if self.writing:
            self._bridge.cancel_chat(self._request)

    def abandon(self) -> None:
        """Nobody waits for the rest any more; what is there so far is kept."""
        if self.writing:
            self._bridge.cancel_chat(self._request)
            self._end()

    def worth_keeping(self) -> list[Message]:
        """The conversation, without an answer that has no word yet."""
        last = self.messages[-1] if self.messages else None
        empty = last is not None and last.role == "version" and not last.text
        return self.messages[:-1] if empty else list(self.messages)

    # ---- what the version says ---------------------------------------------------------------

    def _on_update(self, data: dict[str, Any]) -> None:
        if not self.writing:
            return
        last = self.messages[-1]
        cells = list(data.get("cells") or [])
        old = last.cells
        if not old and last.text:
            old = [{"text": last.text}]
        changed = last.model_copy(
            update={
                "text": last.text + str(data.get("text", "")), "cells": [*old, *cells],
                "tokens": int(data.get("tokens", 0)),
                "tokens_per_second": data.get("tokens_per_second"),
            }
        )  # fmt: skip
        self.messages[-1] = changed
        self.grown.emit(changed, cells)

    def _on_done(self, data: dict[str, Any]) -> None:
        if not self.writing:
            return
        last = self.messages[-1]
        cells = last.cells
        if exact := data.get("exact_cells"):  # The same words, weighed by the true weights.
            cells = [*cells[: max(0, len(cells) - len(exact))], *exact]
        self.messages[-1] = last.model_copy(
            update={
                "reason": str(data.get("reason", "")), "tokens": int(data.get("tokens", 0)),
                "tokens_per_second": data.get("tokens_per_second"), "cells": cells,
            }
        )  # fmt: skip
        self._end(keep_empty=True)
        self.finished.emit(data)

    def _on_failed(self, sentence: Sentence) -> None:
        self._end()
        self.refused.emit(sentence)

    def _end(self, keep_empty: bool = False) -> None:
        if not keep_empty:
            self.messages = self.worth_keeping()
        self._turn += 1
        self._request = 0
        self.ended.emit()
