"""Opens the dialogs of a corpus from the menus of its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from app.context import AppContext
from app.messages import explain, translate
from app.screens.corpus.corpus_page import CorpusPage
from app.screens.corpus.duplicates_dialog import DuplicatesDialog
from app.screens.corpus.evaluation_sets import EvaluationSets
from app.screens.corpus.export_dialog import ExportDialog
from app.screens.corpus.mapping_dialog import MappingDialog
from app.screens.corpus.sources_row import Row
from app.widgets.dialog import Reply
from app.widgets.sheet_dialog import SheetDialog
from core.corpus.manifest import CorpusManifest
from core.corpus.sheet_parts import from_json, markdown
from core.errors import TerakoyaError
from core.jobs.kinds import CorpusExportJob

_DATA = {"JSON", "JSONL", "CSV", "TSV", "PARQUET"}
"""Kinds of files that have columns."""


class CorpusDialogs(QObject):
    """`read_with(changes)` reads the corpus that `page` shows again, with these fields of a ReadJob."""

    def __init__(
        self, context: AppContext, page: CorpusPage, read_with: Callable[[dict[str, Any]], None]
    ) -> None:  # fmt: skip
        super().__init__(page)
        self._context, self._page, self._read_with = context, page, read_with
        page.menu_opening.connect(self._add_to_menu)
        page.sources.menu_opening.connect(self._add_to_row_menu)
        self.evaluation_sets = EvaluationSets(context, page)
        page.cleaning.duplicates_wanted.connect(self.open_duplicates)

    # ---- menus -------------------------------------------------------------------------------

    def _add_to_menu(self, menu: QMenu) -> None:
        """What can be seen and done with a corpus that has been read."""
        read = self._read() is not None
        lines = (
            (self.tr("Tokenizer laboratory…"), self.open_laboratory),
            (self.tr("Copies that were found…"), self.open_duplicates),
            (self.tr("Look for evaluation sets…"), self.evaluation_sets.open),
            (self.tr("Data sheet…"), self.open_sheet), (self.tr("Export…"), self.open_export),
        )  # fmt: skip
        for text, act in lines:
            menu.addAction(text, act).setEnabled(read)

    def _add_to_row_menu(self, menu: QMenu, row: Row) -> None:
        """Columns, of a file that has some."""
        if row.kind.upper() in _DATA and not row.is_folder:
            menu.addAction(self.tr("Columns…"), lambda: self.open_mapping(row.path))

    def _read(self) -> CorpusManifest | None:
        """The corpus that is shown, where it has been read."""
        manifest = self._page.manifest()
        return manifest if manifest is not None and manifest.snapshot else None

    # ---- dialogs -----------------------------------------------------------------------------

    def open_laboratory(self) -> None:
        from app.screens.corpus.laboratory_dialog import LaboratoryDialog  # Brings the plots.

        if manifest := self._read():
            dialog = LaboratoryDialog(self._page, manifest, self._context)
            dialog.chosen.connect(self._context.bridge.corpora_changed)
            dialog.open()

    def open_duplicates(self) -> None:
        if manifest := self._read():
            DuplicatesDialog(self._page, manifest, self._context.bridge.library).open()

    def open_mapping(self, path: str) -> None:
        if manifest := self._page.manifest():
            dialog = MappingDialog(self._page, path, manifest.name, self._context.bridge.library)
            dialog.wanted.connect(lambda p, chosen: self._read_with({"mappings": {p: chosen}}))
            dialog.open()

    def open_sheet(self) -> None:
        if manifest := self._read():
            title = self.tr("Data sheet of “{name}”").format(name=manifest.name)
            dialog = SheetDialog(self._page, title)
            asks = self._context.bridge.library
            params = {"corpus": manifest.name}

            def show(reply: Reply) -> None:
                dialog.show_text(markdown(from_json(reply["blocks"]), translate))

            dialog.ask(asks, "data_sheet", params, show)
            dialog.open()

    def open_export(self) -> None:
        if manifest := self._read():
            dialog = ExportDialog(self._page, manifest)
            dialog.wanted.connect(self._export)
            dialog.open()

    def _export(self, job: CorpusExportJob) -> None:
        try:
            self._context.bridge.submit("corpus-export", job, job.corpus)
        except TerakoyaError as error:
            self._context.navigator.go("say", text=explain(error), tone="shu")
