"""The chat tab: a conversation with a version, kept on disk."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.formatting import bytes_text
from app.messages import explain, translate
from app.screens.chat.answering import Answering
from app.screens.chat.editing import ChatEditing
from app.screens.chat.filling import Filling, blanks_of, holds_sheet, is_sheet, messages_of
from app.screens.chat.version_chooser import title_in_trash
from core.chats import Chat, ChatLibrary, Message
from core.errors import TerakoyaError
from core.home import Trash
from core.lessons import LessonBook
from core.sentences import Sentence


class ChatScreen(ChatEditing):
    """One conversation; the list beside it, the inspector in the dock."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._library, self._book = ChatLibrary(context.home), LessonBook(context.home)
        self._chat = Chat()
        self._answering = Answering(context.bridge, self)
        self._filling = Filling(context.bridge, self)
        self._loaded = ""
        self._facts: dict[str, Any] = {}
        self._stood_in = False
        self._connect()
        self._open_last()

    def _connect(self) -> None:
        bridge = self.context.bridge
        bridge.versions_changed.connect(self._reload_versions)
        self.context.selection.version_changed.connect(self._on_selected)
        self.list.chosen.connect(self.show_chat)
        self.list.new_wanted.connect(self.new_chat)
        self._new.clicked.connect(self.new_chat)
        self.list.remove_wanted.connect(self._remove_chat)
        self.list.lessons.train_wanted.connect(self._train_lessons)
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
        self._answering.grown.connect(self.view.append_cells)
        self._answering.ended.connect(self._on_ended)
        self._answering.finished.connect(self._on_finished)
        self._answering.refused.connect(self._on_refused)
        self.fill.fill_wanted.connect(self._fill_in)
        self.fill.blank_chosen.connect(self.inspector.show_cell)
        self._filling.done.connect(self._on_filled)
        self._filling.refused.connect(self._on_failed)
        for keys, act in (("Ctrl+Return", self._send_by_key), ("Ctrl+N", self.new_chat),
                          ("Escape", self.stop)):  # fmt: skip
            QShortcut(QKeySequence(keys), self, activated=act)  # type: ignore[call-arg]

    # ---- what the window asks ----------------------------------------------------------------

    def open(self, payload: dict[str, object]) -> None:
        self._versions.reload()
        if version := payload.get("version"):
            self._versions.choose(str(version))
        self._show_stand_in()
        self._preload()
        self.composer.field.setFocus()

    def dock(self) -> tuple[str, QWidget] | None:
        return self.tr("Inspect"), self.inspector

    def retranslate(self) -> None:
        self.list.retranslate()
        self.composer.retranslate()
        self.fill.retranslate()
        self.inspector.retranslate()
        self._versions.setAccessibleName(self.tr("Version to chat with"))
        self._chats.setAccessibleName(self.tr("Conversations"))
        self._new.set_hint(self.tr("New conversation"))
        self._shade_label.setText(self.tr("Show surprise"))
        self._shade.setAccessibleName(self._shade_label.text())
        self._shade.setToolTip(
            self.tr("The stronger a token's colour, the surer the version was of it")
        )
        self._hint.setText(self.tr("Click a token to see what else it might have said"))
        self.view.setAccessibleName(self.tr("Conversation"))
        self.view.set_empty_text(
            self.tr(
                "A base version does not answer: it continues what you begin. Write the first words."
            )
        )
        self._list_chats()
        self._show_stand_in()
        self._show_state()

    def hideEvent(self, event: QHideEvent) -> None:
        """The window may be about to close: keep what has been written so far."""
        if self.writing:
            self._chat = self._chat.with_messages(self._answering.worth_keeping())
            self._save()
        super().hideEvent(event)

    # ---- chats -------------------------------------------------------------------------------

    def new_chat(self) -> None:
        self._answering.abandon()  # Keeps what this one has so far.
        self._versions.choose(self._versions.version_id())
        self._chat = Chat(version=self._versions.wanted)
        self._show_chat()
        self.composer.field.setFocus()

    def show_chat(self, chat_id: str) -> None:
        self._answering.abandon()  # Keeps what this one has so far.
        try:
            self._chat = self._library.get(chat_id)
        except TerakoyaError as error:
            self._say(explain(error))
            return
        self.context.preferences.set(chat=chat_id)
        self._versions.choose(self._chat.version)
        self._show_chat()

    def _open_last(self) -> None:
        chats = self._library.list()
        wanted = self.context.preferences.chat
        found = next((c for c in chats if c.id == wanted), chats[0] if chats else None)
        if found is not None:
            self._chat = found
        self._versions.wanted = self._chat.version or self.context.selection.version
        self._versions.reload()
        self._show_chat()

    def _show_chat(self) -> None:
        self._stop_editing()
        self._notice.setVisible(False)
        self._show_stand_in()
        self._show_messages()
        self.inspector.show_cell(None, "")
        self._list_chats()
        self._show_state()

    def _show_messages(self) -> None:
        """As a conversation, or on the sheet of a version that fills in blanks."""
        entry = self._versions.entry()
        fills = entry is not None and entry.manifest.kind == "fill"
        self.show_kind(fills)
        messages = self._chat.messages
        self.view.show_messages([] if fills else messages, self._versions.colour())
        if fills and messages:
            self.fill.show_text(messages[0].text)
            if len(messages) > 1 and messages[1].version == entry.id:  # type: ignore[union-attr]
                self.fill.show_result(messages[0].text, blanks_of({"blanks": messages[1].cells}))

    def _list_chats(self) -> None:
        chats = self._library.list()
        self.list.show_chats(chats, self._versions.colours(), self._chat.id)
        self._chats.clear()
        for chat in chats:
            self._chats.addItem(chat.title or self.tr("New chat"), chat.id)
        self._chats.setCurrentIndex(self._chats.findData(self._chat.id))
        self._title.set_full_text(self._chat.title or self.tr("New conversation"))

    def _remove_chat(self, chat_id: str) -> None:
        if chat_id == self._chat.id:
            self._answering.abandon()  # Keeps what this one has so far.
        try:
            trashed = self._library.remove(chat_id)
        except (TerakoyaError, OSError) as error:
            self._say(explain(error))
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
        settings = self.inspector.settings().model_dump()
        self._chat = self._chat.model_copy(
            update={"version": self._versions.wanted, "settings": settings}
        )
        try:
            self._library.save(self._chat)
        except TerakoyaError as error:
            self._say(explain(error))
        self.context.preferences.set(chat=self._chat.id)

    # ---- versions ----------------------------------------------------------------------------

    def _reload_versions(self) -> None:
        """The shelf has changed: the conversation's version may be gone, or back."""
        before = self._versions.version_id()
        self._versions.reload()
        self._show_stand_in()
        if self.writing or self._versions.version_id() == before:
            self._show_state()
        else:
            self._on_version_chosen()

    def _on_selected(self, version_id: str) -> None:
        """On the shelf. One that the shelf chose because ours is gone is nobody's wish."""
        if not self.isVisible() or self.writing:
            return
        self._versions.reload()
        if self._versions.version_id() != version_id:
            self._versions.choose(version_id)
        self._on_version_chosen()

    def _on_version_chosen(self) -> None:
        self._loaded = ""
        entry = self._versions.entry()
        if entry is not None and entry.manifest.kind != "fill" and holds_sheet(self._chat):
            self._chat = Chat(version=self._versions.wanted)  # A sheet cannot be talked on with.
            self._list_chats()
        self.inspector.precision.show_facts({})
        self._show_stand_in()
        self._show_messages()
        if self.isVisible():
            self._preload()
        else:
            self._show_state()

    def _show_stand_in(self) -> None:
        """Say so when another version than the conversation's would answer."""
        entry = self._versions.entry()
        shown = entry is not None and bool(self._chat.messages) and self._versions.stands_in()
        if self._stood_in and not shown:
            self._notice.setVisible(False)
        self._stood_in = shown
        if entry is None or not shown:
            return
        name = title_in_trash(self.context.home, self._versions.wanted)
        text = self.tr("Its version cannot be used any more; answers now come from “{other}”.")
        if name:
            text = self.tr("Its version “{name}” is in the trash; answers now come from “{other}”.")
        self._notice.text.setText(text.format(name=name, other=entry.manifest.title))
        self._notice.setVisible(True)

    def _preload(self) -> None:
        """Load while the user still thinks, so that the first token comes at once."""
        version = self._versions.version_id()
        if not version or version == self._loaded or self.writing:
            self._show_state()
            return

        self._state.setText(self.tr("loading…"))
        self._load(version)

    def _load(self, version: str) -> None:
        def done(facts: dict[str, Any]) -> None:
            if version == self._versions.version_id():
                self._loaded, self._facts = version, facts
                self.inspector.precision.show_facts(facts)
                self._notice.setVisible(self._stood_in)
                self._show_state()

        self.context.bridge.chat("load", {"version": version}, done, self._on_failed)

    def _show_state(self) -> None:
        entry = self._versions.entry()
        self.composer.set_ready(entry is not None)
        self._show_lessons()
        self.fill.set_ready(entry is not None and not self._filling.busy)
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
        begun: Message | None = None
        if text.strip():
            messages.append(Message(role="user", text=text))
        elif self._answers() and messages[-1].role == "version":
            begun = messages.pop()
        self.composer.field.clear()
        self._write(messages, begun)

    def _answers(self) -> bool:
        """Whether the version answers in turns, rather than go on with a text."""
        entry = self._versions.entry()
        return entry is not None and entry.manifest.kind == "chat"

    def _fill_in(self, text: str) -> None:
        """The sheet's blanks; the text is kept before the answer comes."""
        entry = self._versions.entry()
        if entry is None or not text.strip():
            return
        self._notice.setVisible(False)
        self._versions.choose(entry.id)
        # A conversation with another version stays as it is.
        if not is_sheet(self._chat, entry.id):
            self._chat = Chat(version=entry.id)
        self._chat = self._chat.with_messages([Message(role="user", text=text)])
        self._save()
        self._filling.ask(entry, text)
        self._show_state()

    def _on_filled(self, data: dict[str, Any]) -> None:
        text, version = self._chat.messages[0].text, self._versions.version_id()
        self.fill.show_result(text, blanks_of(data))
        self._chat = self._chat.with_messages(messages_of(text, self.fill.filled, data, version))
        self._save()
        self._list_chats()
        self._loaded = version
        self._show_state()
        self._mark_chatted(version)

    def _train_lessons(self) -> None:
        self.context.navigator.go(
            "training",
            **{"from": self._versions.version_id(), "mode": "specialise", "lessons": True},
        )

    def stop(self) -> None:
        """The version stops at once; what it wrote is kept."""
        self._answering.stop()

    def _write(self, messages: list[Message], begun: Message | None = None) -> None:
        """Let the version write after `messages`; `begun` is its own beginning."""
        entry, answering = self._versions.entry(), self._answering
        if entry is None or answering.writing:
            return
        settings = self.inspector.settings()
        answering.begin(entry, settings, messages, begun)
        self._chat = self._chat.with_messages(answering.messages)
        self.view.set_writing(True)
        self.view.show_messages(answering.messages, self._versions.colour())
        self.composer.set_busy(True)
        self._notice.setVisible(False)
        self._versions.choose(entry.id)  # Who answers a conversation is its version from then on.
        self._chat = self._chat.with_messages(answering.worth_keeping())
        self._save()  # The user's words are safe before the first token comes.
        self._list_chats()
        answering.ask(entry, settings)

    def _on_finished(self, data: dict[str, Any]) -> None:
        context = int(data.get("context", 0))
        used = int(data.get("prompt_tokens", 0)) + int(data.get("tokens", 0))
        self.composer.show_context(min(used, context), context)
        self._loaded = self._answering.messages[-1].version
        self._show_state()
        if count := int(data.get("left_out", 0)):
            self._say(self.tr("The conversation has grown too long for this version: it answered without the first {count} messages.").format(count=count))  # fmt: skip
        self._mark_chatted(self._loaded)
        if self._facts.get("unfinished"):  # What gave way to this answer.
            self._load(self._loaded)

    def _on_failed(self, sentence: Sentence) -> None:
        self._say(translate(sentence))
        self._state.setText("")

    def _on_refused(self, sentence: Sentence) -> None:
        """The answer failed; what was written before stays."""
        self._loaded = ""
        self._show_state()
        self._on_failed(sentence)

    def _on_ended(self) -> None:
        self._chat = self._chat.with_messages(self._answering.messages)
        self.composer.set_busy(False)
        self.view.set_writing(False)
        self.view.show_messages(self._chat.messages, self._versions.colour())
        self._save()
        self._list_chats()
        self._show_state()

    def _mark_chatted(self, version_id: str) -> None:
        entry = self._versions.entry()
        if entry is not None and entry.id == version_id and not entry.manifest.chatted:
            try:
                self.context.versions.update(entry.id, chatted=True)
            except (TerakoyaError, OSError):
                return
            self.context.bridge.versions_changed.emit()

    # ---- small -------------------------------------------------------------------------------

    def _send_by_key(self) -> None:
        if self._pages.currentIndex() == 1:
            self.fill.send()
            return
        if not self.composer.field.composing():
            self.send(self.composer.field.toPlainText())

    def _save_settings(self) -> None:
        self.context.preferences.set(sampling=self.inspector.settings().model_dump())

    def _say(self, text: str) -> None:
        self._stood_in = False
        self._notice.text.setText(text)
        self._notice.setVisible(True)
