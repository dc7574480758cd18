"""What can be done with a version from anywhere: rename, note, show, export, remove with Undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.formatting import duration
from app.messages import explain
from app.shell.exchange_actions import ExchangeActions
from app.widgets.ask import ask_sure, ask_text
from core.errors import TerakoyaError
from core.home import Trash, Trashed
from core.versions.again import repetition_job
from core.versions.library import VersionEntry

Say = Callable[..., None]


class VersionActions(QObject):
    """`do(name, version id)`; news goes to `say(text, tone, undo)`."""

    def __init__(self, parent: QWidget, context: AppContext, say: Say) -> None:
        super().__init__(parent)
        self._window = parent
        self._context = context
        self._say = say
        self._kind = "q8_0"
        self.exchange = ExchangeActions(parent, context, say)

    def do(self, name: str, version_id: str, kind: str = "q8_0") -> None:
        """`kind`: number format of an export."""
        if not version_id:
            return
        self._kind = kind
        try:
            entry = self._context.versions.get(version_id)
            getattr(self, f"_{name}")(entry)
        except TerakoyaError as error:
            self._say(explain(error), "shu")

    # ---- where to go -------------------------------------------------------------------------

    def _open(self, entry: VersionEntry) -> None:
        self._context.selection.select_version(entry.id)
        self._context.navigator.go("version", version=entry.id)

    def _chat(self, entry: VersionEntry) -> None:
        self._context.selection.select_version(entry.id)
        self._context.navigator.go("chat", version=entry.id)

    def _evaluate(self, entry: VersionEntry) -> None:
        self._context.selection.select_version(entry.id)
        self._context.navigator.go("evaluation", version=entry.id)

    def _continue(self, entry: VersionEntry) -> None:
        self._context.selection.select_version(entry.id)
        self._context.navigator.go("training", **{"from": entry.id, "mode": "continue"})

    def _specialise(self, entry: VersionEntry) -> None:
        self._context.selection.select_version(entry.id)
        self._context.navigator.go("training", **{"from": entry.id, "mode": "specialise"})

    def _distil(self, entry: VersionEntry) -> None:
        self._context.selection.select_version(entry.id)
        self._context.navigator.go("training", **{"from": entry.id, "mode": "distil"})

    def _folder(self, entry: VersionEntry) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(entry.path)))

    def _reproduce(self, entry: VersionEntry) -> None:
        """Once more from its recipe; whether the weights agree is told when it is done."""
        job = repetition_job(self._context.home, entry.id)
        question = self.tr("It is trained once more with the same recipe, text and seed, which takes about {time}. Then the weights are compared.")  # fmt: skip
        ask_sure(
            self._window, self.tr("Reproduce “{name}”").format(name=entry.manifest.title),
            question.format(time=duration(entry.manifest.measures.seconds)), self.tr("Train again"),
            lambda: self._try(lambda: self._context.bridge.submit("train", job, job.version)),
        )  # fmt: skip

    # ---- changes -----------------------------------------------------------------------------

    def _rename(self, entry: VersionEntry) -> None:
        def fault(name: str) -> str:
            if name.casefold() == entry.name.casefold():
                return ""
            try:
                self._context.versions.ensure_free(name)
            except TerakoyaError as error:
                return explain(error)
            return ""

        def done(name: str) -> None:
            if name != entry.name:
                self._try(lambda: self.rename(entry.id, name))

        ask_text(self._window, self.tr("Rename"), self.tr("New name"), entry.name, done, fault)

    def rename(self, version_id: str, name: str) -> None:
        """Raises TerakoyaError; the chat worker lets go of the version first."""
        self._context.bridge.unload_chat()
        renamed = self._context.versions.rename(version_id, name)
        self._say(self.tr("Now it is called “{name}”").format(name=renamed.manifest.title))
        self._context.bridge.versions_changed.emit()

    def _note(self, entry: VersionEntry) -> None:
        def done(text: str) -> None:
            self._try(lambda: self._context.versions.set_note(entry.id, text))
            self._context.bridge.versions_changed.emit()

        question = self.tr("What do you want to remember of “{name}”?")
        ask_text(
            self._window, self.tr("Note"), question.format(name=entry.manifest.title),
            entry.manifest.note, done, lines=True,
        )  # fmt: skip

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except TerakoyaError as error:
            self._say(explain(error), "shu")

    def _export_hf(self, entry: VersionEntry) -> None:
        self.exchange.ask_export(entry, "hf")

    def _export_adapter(self, entry: VersionEntry) -> None:
        self.exchange.ask_export(entry, "adapter")

    def _export_gguf(self, entry: VersionEntry) -> None:
        self.exchange.ask_export(entry, "gguf", self._kind)

    def _export_ollama(self, entry: VersionEntry) -> None:
        self.exchange.ask_export(entry, "ollama", self._kind)

    def _merge(self, entry: VersionEntry) -> None:
        self.exchange.ask_merge(entry)

    def _remove(self, entry: VersionEntry) -> None:
        self._context.bridge.unload_chat()
        trashed = self._context.versions.remove(entry.id)
        self._context.bridge.versions_changed.emit()
        self._context.bridge.trash_changed.emit()
        self._say(
            self.tr("“{name}” is in the trash").format(name=entry.manifest.title), "ok",
            lambda: self._restore(trashed),
        )  # fmt: skip

    def _restore(self, trashed: Trashed) -> None:
        try:
            Trash(self._context.home).restore(trashed.id)
        except TerakoyaError as error:
            self._say(explain(error), "shu")
            return
        self._say(self.tr("It is back"))
        self._context.bridge.versions_changed.emit()
        self._context.bridge.trash_changed.emit()
