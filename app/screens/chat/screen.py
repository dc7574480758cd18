"""The chat tab: a conversation with a version, kept on disk."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.formatting import bytes_text
from app.messages import explain, translate
from app.screens.chat.chat_list import ChatList
from app.screens.chat.composer import Composer
from app.screens.chat.conversation_view import ConversationView
from app.screens.chat.guide import ChatGuide
from app.screens.chat.inspector import Inspector
from app.widgets.combo import ComboBox
from app.widgets.controls import Banner, Button, ElidedLabel, Label, Switch
from app.widgets.layout import STRETCH, column, holder, row
from core.chats import Chat, ChatLibrary, Message, joined
from core.config import build
from core.errors import TerakoyaError, UsageError
from core.home import Trash
from core.sampling import SamplingSettings
from core.sentences import Sentence
from core.versions.library import VersionEntry

_WIDE = 860


class ChatScreen(ChatGuide):
    """One conversation; the list beside it, the inspector in the dock."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._library = ChatLibrary(context.home)
        self._chat = Chat()
        self._request = 0
        self._turn = 0  # Counts answers, so that words of an abandoned one find nobody.
        self._begun: list[Message] = []
        self._editing: int | None = None
        self._loaded = ""
        self._facts: dict[str, Any] = {}
        self._build()
        self._connect()
        self._open_last()

    def _build(self) -> None:
        self.list = ChatList()
        self._title = ElidedLabel("display")
        self._chats, self._new = ComboBox(), Button("icon", "ph.note-pencil")
        self._versions = ComboBox()
        self._versions.setMinimumContentsLength(14)
        self._state = Label("faint")
        self._shade_label, self._shade = Label("small"), Switch()
        self._shade.setChecked(True)
        self.view, self.composer = ConversationView(), Composer()
        self._notice = Banner("ph.warning", "warn")
        self._notice.setVisible(False)
        self._hint = Label("faint")
        self.inspector = Inspector(self._saved_settings())
        self._narrow_head = holder(row((self._chats, 1), self._new))
        right = holder(
            column(
                self._narrow_head,
                row((self._title, 1), self._shade_label, self._shade),
                row(self._versions, self._state, STRETCH),
                self._notice, (self.view, 1), row(STRETCH, self._hint, STRETCH), self.composer,
                margins=16, spacing=10,
            )
        )  # fmt: skip
        self.setLayout(row(self.list, (right, 1), spacing=0))

    def _connect(self) -> None:
        bridge = self.context.bridge
        bridge.versions_changed.connect(self._reload_versions)
        self.context.selection.version_changed.connect(self._on_selected)
        self.list.chosen.connect(self.show_chat)
        self.list.new_wanted.connect(self.new_chat)
        self._new.clicked.connect(self.new_chat)
        self.list.remove_wanted.connect(self._remove_chat)
        self._chats.activated.connect(lambda i: self.show_chat(str(self._chats.itemData(i))))
        self._versions.activated.connect(lambda _: self._on_version_chosen())
        self._shade.toggled.connect(self.view.set_shaded)
        self.composer.send_wanted.connect(self.send)
        self.composer.stop_wanted.connect(self.stop)
        self.composer.recall_wanted.connect(self._recall)
        self.composer.edit_cancelled.connect(self._stop_editing)
        self.view.token_chosen.connect(self._on_token)
        self.view.action.connect(self._on_action)
        self.inspector.settings_changed.connect(self._save_settings)
        self.inspector.alternative_chosen.connect(self._branch)
        self.inspector.rewrite_wanted.connect(lambda: self._branch(None))
        for keys, act in (("Ctrl+Return", self._send_by_key), ("Ctrl+N", self.new_chat),
                          ("Escape", self.stop)):  # fmt: skip
            QShortcut(QKeySequence(keys), self, activated=act)  # type: ignore[call-arg]

    # ---- what the window asks ----------------------------------------------------------------

    def open(self, payload: dict[str, object]) -> None:
        self._reload_versions()
        if version := payload.get("version"):
            self._choose_version(str(version))
        self._preload()
        self.composer.field.setFocus()

    def dock(self) -> tuple[str, QWidget] | None:
        return self.tr("Inspect"), self.inspector

    def retranslate(self) -> None:
        self.list.retranslate()
        self.composer.retranslate()
        self.inspector.retranslate()
        self._versions.setAccessibleName(self.tr("Version to chat with"))
        self._chats.setAccessibleName(self.tr("Conversations"))
        self._new.set_hint(self.tr("New conversation"))
        self._shade_label.setText(self.tr("Show surprise"))
        self._shade.setAccessibleName(self._shade_label.text())
        self._shade.setToolTip(self.tr("The darker a token, the surer the version was of it"))
        self._hint.setText(self.tr("Click a token to see what else it might have said"))
        self.view.setAccessibleName(self.tr("Conversation"))
        self.view.set_empty_text(
            self.tr(
                "A base version does not answer: it continues what you begin. Write the first words."
            )
        )
        self._list_chats()
        self._show_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= _WIDE
        self.list.setVisible(wide)
        self._narrow_head.setVisible(not wide)
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The window may be about to close: keep what has been written so far."""
        if self._request:
            self._chat = self._chat.with_messages(_worth_keeping(self._begun))
            self._save()
        super().hideEvent(event)

    # ---- chats -------------------------------------------------------------------------------

    def new_chat(self) -> None:
        self._abandon()
        self._chat = Chat(version=self._version_id())
        self._show_chat()
        self.composer.field.setFocus()

    def show_chat(self, chat_id: str) -> None:
        self._abandon()
        try:
            self._chat = self._library.get(chat_id)
        except TerakoyaError as error:
            self._say(explain(error))
            return
        self.context.preferences.set(chat=chat_id)
        self._choose_version(self._chat.version)
        self._show_chat()

    def _open_last(self) -> None:
        self._reload_versions()
        chats = self._library.list()
        wanted = self.context.preferences.chat
        found = next((c for c in chats if c.id == wanted), chats[0] if chats else None)
        if found is not None:
            self._chat = found
            self._choose_version(found.version)
        else:
            self._choose_version(self.context.selection.version)
        self._show_chat()

    def _show_chat(self) -> None:
        self._stop_editing()
        self._notice.setVisible(False)
        self.view.show_messages(self._chat.messages, self._colour())
        self.inspector.show_cell(None, "")
        self._list_chats()
        self._show_state()

    def _list_chats(self) -> None:
        chats = self._library.list()
        colours = {e.id: e.manifest.colour for e in self._entries}
        self.list.show_chats(chats, colours, self._chat.id)
        self._chats.clear()
        for chat in chats:
            self._chats.addItem(chat.title or self.tr("New chat"), chat.id)
        self._chats.setCurrentIndex(self._chats.findData(self._chat.id))
        self._title.set_full_text(self._chat.title or self.tr("New conversation"))

    def _remove_chat(self, chat_id: str) -> None:
        if chat_id == self._chat.id:
            self._abandon()
        try:
            trashed = self._library.remove(chat_id)
        except (TerakoyaError, OSError) as error:
            self._say(str(error))
            return

        def undo() -> None:
            Trash(self.context.home).restore(trashed.id)
            self._list_chats()

        if chat_id == self._chat.id:
            self.new_chat()
        self._list_chats()
        self.context.navigator.go(
            "say", text=self.tr("The conversation is in the trash"), undo=undo
        )

    def _save(self, also_empty: bool = False) -> None:
        if not self._chat.messages and not also_empty:
            return
        self._chat = self._chat.model_copy(
            update={
                "version": self._version_id(),
                "settings": self.inspector.settings().model_dump(),
            }
        )
        try:
            self._library.save(self._chat)
        except TerakoyaError as error:
            self._say(explain(error))
        self.context.preferences.set(chat=self._chat.id)

    # ---- versions ----------------------------------------------------------------------------

    def _reload_versions(self) -> None:
        chosen = self._version_id()
        self._entries: list[VersionEntry] = [
            e for e in self.context.versions.list() if e.problem is None
        ]
        self._versions.clear()
        for entry in self._entries:
            self._versions.addItem(f"v{entry.manifest.edition}  {entry.manifest.title}", entry.id)
        self._choose_version(chosen or self.context.selection.version)

    def _choose_version(self, version_id: str) -> None:
        index = self._versions.findData(version_id)
        if index < 0 and self._versions.count():
            index = self._versions.count() - 1
        self._versions.setCurrentIndex(index)
        self._show_state()

    def _version_id(self) -> str:
        return str(self._versions.currentData() or "")

    def _entry(self) -> VersionEntry | None:
        wanted = self._version_id()
        return next((e for e in self._entries if e.id == wanted), None)

    def _colour(self) -> str:
        entry = self._entry()
        return entry.manifest.colour if entry else "gunjo"

    def _on_selected(self, version_id: str) -> None:
        if self.isVisible() and not self._request:
            self._choose_version(version_id)
            self._on_version_chosen()

    def _on_version_chosen(self) -> None:
        self._loaded = ""
        self.view.show_messages(self._chat.messages, self._colour())
        self._preload()

    def _preload(self) -> None:
        """Load while the user still thinks, so that the first token comes at once."""
        version = self._version_id()
        if not version or version == self._loaded or self._request:
            self._show_state()
            return

        def done(facts: dict[str, Any]) -> None:
            if version == self._version_id():
                self._loaded, self._facts = version, facts
                self._notice.setVisible(False)
                self._show_state()

        self._state.setText(self.tr("loading…"))
        self.context.bridge.chat("load", {"version": version}, done, self._on_failed)

    def _show_state(self) -> None:
        entry = self._entry()
        self.composer.set_ready(entry is not None)
        if entry is None:
            self._state.setText(self.tr("Train a version first"))
            return
        base = entry.manifest.kind == "base"
        self.composer.show_mode(
            self.tr("Base version: it continues your text") if base else self.tr("Chat version: it answers")
        )  # fmt: skip
        if self._loaded == entry.id:
            size = bytes_text(float(self._facts.get("bytes", 0)))
            self._state.setText(self.tr("loaded · {size}").format(size=size))
        else:
            self._state.setText("")

    # ---- writing -----------------------------------------------------------------------------

    def send(self, text: str) -> None:
        """The user's words, and then the version's; an empty field asks it to go on."""
        messages = list(self._chat.messages)
        if self._editing is not None:
            self._send_edited(text)
            return
        if not text.strip() and not messages:
            return
        if text.strip():
            messages.append(Message(role="user", text=text))
        self.composer.field.clear()
        self._write(messages)

    def stop(self) -> None:
        """The version stops at once; what it wrote is kept."""
        if self._request:
            self.context.bridge.cancel_chat(self._request)

    def _abandon(self) -> None:
        """The user turns to another conversation: stop, and keep what this one has so far."""
        if not self._request:
            return
        self.context.bridge.cancel_chat(self._request)
        self._turn += 1
        self._begun = _worth_keeping(self._begun)
        self._end()

    def _write(self, messages: list[Message], begun: Message | None = None) -> None:
        """Let the version write after `messages`; `begun` is its own beginning."""
        entry = self._entry()
        if entry is None or self._request:
            return
        settings = self.inspector.settings()
        answer = begun or Message(role="version", text="", version=entry.id)
        answer = answer.model_copy(
            update={"seed": settings.seed, "version": entry.id, "reason": "", "tokens": 0,
                    "tokens_per_second": None}
        )  # fmt: skip
        self._begun = [*messages, answer]
        self._chat = self._chat.with_messages(self._begun)
        self.view.set_writing(True)
        self.view.show_messages(self._begun, self._colour())
        self.composer.set_busy(True)
        self._notice.setVisible(False)
        params: dict[str, Any] = {"version": entry.id, "settings": settings.model_dump()}
        if entry.manifest.kind == "chat":
            params["mode"] = "chat"
            params["messages"] = [
                {"role": "user" if m.role == "user" else "assistant", "content": m.text}
                for m in messages
            ]
        else:
            params["text"] = joined(messages) + answer.text
        self._chat = self._chat.with_messages(_worth_keeping(self._begun))
        self._save()  # The user's words are safe before the first token comes.
        self._list_chats()
        self._turn += 1
        turn = self._turn
        self._request = -1  # Until it has its number: a refusal may come at once.
        number = self.context.bridge.chat(
            "generate", params,
            lambda data: self._on_done(data) if turn == self._turn else None,
            lambda sentence: self._on_refused(sentence) if turn == self._turn else None,
            lambda data: self._on_update(data) if turn == self._turn else None,
        )  # fmt: skip
        if self._request == -1:
            self._request = number

    def _on_update(self, data: dict[str, Any]) -> None:
        if not self._request:
            return
        last = self._begun[-1]
        cells = data.get("cells") or []
        changed = last.model_copy(
            update={
                "text": last.text + str(data.get("text", "")), "cells": [*last.cells, *cells],
                "tokens": int(data.get("tokens", 0)),
                "tokens_per_second": data.get("tokens_per_second"),
            }
        )  # fmt: skip
        if not last.cells and last.text:
            changed = changed.model_copy(update={"cells": [{"text": last.text}, *cells]})
        self._begun[-1] = changed
        self.view.append_cells(changed, list(cells))

    def _on_done(self, data: dict[str, Any]) -> None:
        if not self._request:
            return
        last = self._begun[-1].model_copy(
            update={
                "reason": str(data.get("reason", "")), "tokens": int(data.get("tokens", 0)),
                "tokens_per_second": data.get("tokens_per_second"),
            }
        )  # fmt: skip
        self._begun[-1] = last
        used = int(data.get("prompt_tokens", 0)) + last.tokens
        self.composer.show_context(
            min(used, int(data.get("context", 0))), int(data.get("context", 0))
        )
        self._end()
        self._loaded = self._version_id()
        self._mark_chatted()

    def _on_failed(self, sentence: Sentence) -> None:
        self._say(translate(sentence))
        self._state.setText("")

    def _on_refused(self, sentence: Sentence) -> None:
        """The answer failed; what was written before stays."""
        self._turn += 1
        self._loaded = ""
        self._begun = _worth_keeping(self._begun)
        self._end()
        self._on_failed(sentence)

    def _end(self) -> None:
        self._request = 0
        self._chat = self._chat.with_messages(self._begun)
        self.composer.set_busy(False)
        self.view.set_writing(False)
        self.view.show_messages(self._chat.messages, self._colour())
        self._save()
        self._list_chats()
        self._show_state()

    def _mark_chatted(self) -> None:
        entry = self._entry()
        if entry is not None and not entry.manifest.chatted:
            try:
                self.context.versions.update(entry.id, chatted=True)
            except (TerakoyaError, OSError):
                return
            self.context.bridge.versions_changed.emit()

    # ---- editing, branching ------------------------------------------------------------------

    def _on_action(self, name: str, index: int) -> None:
        if self._request:
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
        messages = self._begun if self._request else self._chat.messages
        cells = messages[message].cells
        if 0 <= cell < len(cells):
            before = joined(list(messages[:message]))
            before += "".join(str(c["text"]) for c in cells[:cell])
            self.inspector.show_cell(cells[cell], before)
            self._place = (message, cell)

    _place = (-1, -1)

    def _branch(self, alternative: str | None) -> None:
        """Cut the answer before the chosen token, take another one there, go on."""
        message, cell = self._place
        if self._request or not 0 <= message < len(self._chat.messages):
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

    # ---- small -------------------------------------------------------------------------------

    def _send_by_key(self) -> None:
        if not self.composer.field.composing():
            self.send(self.composer.field.toPlainText())

    def _saved_settings(self) -> SamplingSettings:
        try:
            return build(SamplingSettings, dict(self.context.preferences.sampling))
        except UsageError:
            return SamplingSettings()

    def _save_settings(self) -> None:
        self.context.preferences.set(sampling=self.inspector.settings().model_dump())

    def _say(self, text: str) -> None:
        self._notice.text.setText(text)
        self._notice.setVisible(True)


def _worth_keeping(messages: list[Message]) -> list[Message]:
    """Without a last answer that has no word yet."""
    empty = bool(messages) and messages[-1].role == "version" and not messages[-1].text
    return messages[:-1] if empty else list(messages)
