"""Conversations on disk: one file each, written after every change."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from core.config import Config
from core.errors import Damaged, NewerDocument, NotFound
from core.files import friendly_os_errors, read_json, write_json
from core.home import Home, Trash, Trashed
from core.reasons import reason_of
from core.sentences import N_, Sentence

SCHEMA = 1
TITLE_LENGTH = 28
Role = Literal["user", "version"]


class Message(Config):
    """What somebody wrote. `cells` carry the surprise of a version's tokens."""

    role: Role
    text: str
    cells: list[dict[str, Any]] = []
    version: str = ""
    seed: int | None = None
    tokens: int = 0
    tokens_per_second: float | None = None
    reason: str = ""
    rejected: str = ""
    """What the version wrote before the user corrected it."""
    vote: Literal[-1, 0, 1] = 0
    lesson: str = ""
    """Id of the lesson that the correction or the vote became."""


class Chat(Config):
    """A conversation with a version (by id). Immutable: changes make a new one."""

    schema_version: int = SCHEMA
    id: str = Field(default_factory=lambda: uuid.uuid4().hex[:12])
    title: str = ""
    created: float = Field(default_factory=time.time)
    changed: float = Field(default_factory=time.time)
    version: str = ""
    messages: list[Message] = []
    settings: dict[str, Any] = {}

    def with_messages(self, messages: list[Message]) -> Chat:
        """The same chat with other messages; the title comes from the first words."""
        title = self.title
        if not title and messages:
            words = " ".join(messages[0].text.split())
            title = words if len(words) <= TITLE_LENGTH else _cut(words) + "…"
        return self.model_copy(
            update={"messages": messages, "title": title, "changed": time.time()}
        )


def _cut(words: str) -> str:
    """The beginning of a title, not in the middle of a word where words have spaces."""
    head = words[: TITLE_LENGTH - 1]
    whole = head.rpartition(" ")[0]
    return whole if len(whole) > TITLE_LENGTH // 2 else head


def joined(messages: list[Message]) -> str:
    """The conversation as one text, for a base version that continues it: what the user adds
    after a version's words begins on a line of its own."""
    text = ""
    for message in messages:
        if message.role == "user" and text and not text.endswith("\n"):
            text += "\n"
        text += message.text
    return text


class ChatLibrary:
    """The chats of a home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def list(self) -> list[Chat]:
        """Newest first; files that cannot be read are left where they are."""
        found: list[Chat] = []
        folder = self._home.chats
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
            try:
                found.append(self._load(path))
            except (Damaged, NewerDocument):
                continue
        return sorted(found, key=lambda chat: -chat.changed)

    def get(self, chat_id: str) -> Chat:
        """Raises NotFound, Damaged or NewerDocument."""
        path = self._path(chat_id)
        if not path.is_file():
            what = Sentence("Errors", N_("Errors", "conversation"))
            hint = Sentence("Errors", N_("Errors", "It may be in the trash."))
            raise NotFound("chat", what=what, name=chat_id, hint=hint)
        return self._load(path)

    def save(self, chat: Chat) -> None:
        """Raises NoSpace or NoPermission."""
        path = self._path(chat.id)
        with friendly_os_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(path, chat.model_dump(mode="json"))

    def remove(self, chat_id: str) -> Trashed:
        return Trash(self._home).put(self._path(chat_id))

    def _path(self, chat_id: str) -> Path:
        return self._home.chats / f"{chat_id}.json"

    def _load(self, path: Path) -> Chat:
        try:
            data = read_json(path)
            if data.get("schema_version", 1) > SCHEMA:
                raise NewerDocument(path=str(path))
            return Chat.model_validate(data)
        except (OSError, ValueError, AttributeError, ValidationError) as error:
            hint = Sentence("Errors", N_("Errors", "Restore it from a copy."))
            raise Damaged(path=str(path), reason=reason_of(error), hint=hint) from error
