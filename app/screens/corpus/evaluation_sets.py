"""Looks for evaluation sets in the corpus that is shown, and tells what the last search found."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.context import AppContext
from app.messages import explain
from app.screens.corpus.corpus_page import CorpusPage
from app.screens.corpus.evaluation_dialog import EvaluationDialog
from app.widgets.dialog import Reply
from core.corpus.manifest import CorpusManifest
from core.errors import TerakoyaError
from core.jobs.kinds import CheckJob


class EvaluationSets(QObject):
    """The job "check" of one corpus at a time, its dialog, and the line on `page`."""

    def __init__(self, context: AppContext, page: CorpusPage) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._dialog: EvaluationDialog | None = None
        self._run = self._state = ""
        context.bridge.run_changed.connect(self._on_run)
        context.bridge.run_ended.connect(self._on_run_ended)
        page.statistics.evaluation_sets_wanted.connect(self.open)

    def show_corpus(self, manifest: CorpusManifest) -> None:
        """Fetch the last report of a corpus that is shown, once for each reading of it."""
        state = f"{manifest.id}@{manifest.snapshot}" if manifest.snapshot else ""
        if state != self._state:
            self._state = state
            self._page.statistics.show_evaluation_sets(0)
            self._fetch()

    def open(self) -> None:
        """The dialog over the corpus that is shown, where it has been read."""
        manifest = self._page.manifest()
        if manifest is None or not manifest.snapshot or self._dialog is not None:
            return
        dialog = self._dialog = EvaluationDialog(self._page, manifest)
        dialog.search_wanted.connect(self._search)
        dialog.stop_wanted.connect(lambda: self._context.bridge.engine.cancel(self._run))
        dialog.finished.connect(self._forget)
        self._follow_running(manifest.name)
        self._fetch()
        dialog.open()

    def _forget(self) -> None:
        self._dialog = None

    def _follow_running(self, corpus: str) -> None:
        record = self._context.bridge.active_run("check")
        if record is not None and record.job.config.get("corpus") == corpus and self._dialog:
            self._run = record.id
            self._dialog.show_run(record)

    def _search(self, paths: list[str]) -> None:
        manifest = self._page.manifest()
        if manifest is None:
            return
        try:
            job = CheckJob(corpus=manifest.name, paths=paths)
            self._run = self._context.bridge.submit("check", job, manifest.name)
        except TerakoyaError as error:
            self._context.navigator.go("say", text=explain(error), tone="shu")
            return
        self._on_run(self._run)

    def _on_run(self, run_id: str) -> None:
        if self._dialog is not None and run_id == self._run:
            self._dialog.show_run(self._context.bridge.record(run_id))

    def _on_run_ended(self, run_id: str) -> None:
        record = self._context.bridge.record(run_id)
        if record is not None and record.job.kind == "check":
            self._on_run(run_id)
            self._fetch()

    def _fetch(self) -> None:
        manifest, state = self._page.manifest(), self._state
        if manifest is None or not manifest.snapshot:
            return

        def show(reply: Reply) -> None:
            if state == self._state:
                self._show(reply["report"])

        self._context.bridge.library("evaluation_sets", {"corpus": manifest.name}, show)

    def _show(self, report: dict[str, Any] | None) -> None:
        found = sum(int(one["found"]) for one in report["suites"]) if report else 0
        self._page.statistics.show_evaluation_sets(found)
        if self._dialog is not None:
            self._dialog.show_report(report)
