"""What is done with a corpus as a whole, and with what its user notes of a source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.messages import explain
from app.screens.corpus.readings import begun_readings, corpus_of
from app.screens.corpus.sources_row import Row
from app.widgets.ask import ask_text
from core.corpus.manifest import CorpusManifest
from core.errors import TerakoyaError
from core.home import Trash


class Keeper(QObject):
    """Renames, removes, weighs and annotates; tells the user what did not work."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._screen = context, parent

    def rename(self, manifest: CorpusManifest, done: Callable[[CorpusManifest], None]) -> None:
        """Ask for another name; `done` gets the corpus under it."""
        context, library = self._context, self._context.corpora
        if any(
            run.resumable and run.job.config.get("corpus") == manifest.name
            for run in context.bridge.runs("read")
        ):  # It would go on under the old name.
            self._say(
                self.tr("“{name}” is half read: go on reading, or discard that, and rename then").format(
                    name=manifest.name), "warn")  # fmt: skip
            return

        def fault(name: str) -> str:
            if name.casefold() == manifest.name.casefold():
                return ""
            try:
                library.ensure_free(name)
            except TerakoyaError as error:
                return explain(error)
            return ""

        def take(name: str) -> None:
            if name == manifest.name:
                return
            try:
                renamed = library.rename(manifest.name, name)
            except TerakoyaError as error:
                self._say(explain(error), "shu")
                return
            done(renamed)
            context.selection.select_corpus(renamed.name)
            context.bridge.corpora_changed.emit()

        ask_text(
            self._screen, self.tr("Rename"), self.tr("New name"), manifest.name, take, fault
        )  # fmt: skip

    def remove(self, name: str) -> bool:
        """Put a corpus, or the reading it was begun with, into the trash; the user can undo it."""
        context = self._context
        begun = next(
            (r for r in begun_readings(context.bridge, context.corpora) if corpus_of(r) == name),
            None,
        )
        try:
            if begun is not None:
                trashed = context.bridge.engine.remove(begun.id)
            else:
                trashed = context.corpora.remove(name)
        except TerakoyaError as error:
            self._say(explain(error), "shu")
            return False

        def undo() -> None:
            try:
                Trash(context.home).restore(trashed.id)
            except TerakoyaError as error:
                self._say(explain(error), "shu")
            context.selection.select_corpus(name)
            context.bridge.background(
                context.bridge.engine.rescan, lambda _: context.bridge.corpora_changed.emit()
            )

        text = self.tr("“{name}” is in the trash").format(name=name)
        context.navigator.go("say", text=text, undo=undo)
        return True

    # ---- sources -----------------------------------------------------------------------------

    def weigh(self, corpus: str, row: Row, weight: float) -> None:
        """How often a source counts in training from now on; nothing is read again."""
        self._write(lambda: self._context.corpora.set_weight(corpus, row.path, weight))

    def ask_licence(self, corpus: str, row: Row) -> None:
        """Let the user note under which terms a source may be used."""
        ask_text(
            self._screen, self.tr("Licence of “{name}”").format(name=Path(row.path).name),
            self.tr("For example CC BY 4.0, public domain, or our own. It is noted in every version "
                    "trained on it."),
            row.licence,
            lambda text: self._write(
                lambda: self._context.corpora.set_licence(corpus, row.path, text.strip())
            ),
        )  # fmt: skip

    def _write(self, change: Callable[[], object]) -> None:
        try:
            change()
        except TerakoyaError as error:
            self._say(explain(error), "shu")
            return
        self._context.bridge.corpora_changed.emit()

    def _say(self, text: str, tone: str) -> None:
        self._context.navigator.go("say", text=text, tone=tone)
