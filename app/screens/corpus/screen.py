"""The corpus tab: takes text in, has it read, shows what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.context import AppContext
from app.messages import explain, translate
from app.screen import GuideCard
from app.screens.corpus.corpus_page import CorpusPage
from app.screens.corpus.dialogs import CorpusDialogs
from app.screens.corpus.file_rows import FileRows
from app.screens.corpus.first_run import FirstRunPage
from app.screens.corpus.guide import CorpusGuide
from app.screens.corpus.hardware import HardwareFinder
from app.screens.corpus.keeper import Keeper
from app.screens.corpus.pasting import pasted_paths
from app.screens.corpus.previewer import Previewer
from app.screens.corpus.reading_words import ReadingNews
from app.screens.corpus.readings import (
    begun_readings,
    corpus_of,
    last_reading,
    provisional,
    provisional_of,
    with_reading,
)
from app.screens.corpus.searcher import Searcher
from app.screens.corpus.sources_row import Row, row_of_source
from app.screens.corpus.tour import TourPage
from app.screens.corpus.watcher import FolderWatcher
from app.widgets.ask import ask_files, ask_folder
from app.widgets.controls import Button
from app.widgets.layout import column
from core.corpus.manifest import CorpusManifest
from core.engine.record import JobRecord
from core.errors import TerakoyaError
from core.jobs.kinds import MeasureJob, ReadJob

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample" / "stories"


class CorpusScreen(CorpusGuide):
    """First run, tour, or a corpus."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.first, self.tour, self.page = FirstRunPage(), TourPage(), CorpusPage()
        self._resume, self._measure = (
            Button("accent", "ph.play"),
            Button("small", "ph.arrows-clockwise"),
        )
        self.page.notice.add_button(self._resume)
        self.first.add_hardware_button(self._measure)
        self._stack = QStackedWidget()
        for page in (self.first, self.tour, self.page):
            self._stack.addWidget(page)
        self.setLayout(column(self._stack))
        self._manifest: CorpusManifest | None = None
        self._run = ""
        self._previewer = Previewer(context.bridge, self.page, self)
        self._searcher = Searcher(context.bridge, self.page.sources, self)
        self._watcher = FolderWatcher(context.bridge, self._watched, self)
        self._keeper = Keeper(context, self)
        self._dialogs = CorpusDialogs(context, self.page, self._read_with)
        self._files = FileRows(context, self)
        self._reading_news = ReadingNews(self.page)
        self._rows_of = ""
        self._hardware = HardwareFinder(context, self.first, self)
        self._connect()
        self._choose_page()
        self._hardware.look()

    def _connect(self) -> None:
        for page in (self.first, self.page):
            page.folder_wanted.connect(self._choose_folder)
            page.files_wanted.connect(self._choose_files)
            page.paste_wanted.connect(self.paste)
            page.paths_dropped.connect(self.add_paths)
        self.first.sample_wanted.connect(self.add_sample)
        self.first.tour_wanted.connect(lambda: self._stack.setCurrentWidget(self.tour))
        self.first.corpora_wanted.connect(lambda: self.show_corpus(""))
        self.tour.closed.connect(self._choose_page)
        page, bridge = self.page, self.context.bridge
        page.train_wanted.connect(self._train)
        page.corpus_chosen.connect(self.show_corpus)
        page.new_wanted.connect(self._start_new)
        page.rename_wanted.connect(self._rename)
        page.remove_wanted.connect(self._remove)
        page.refresh_wanted.connect(self._refresh)
        page.sources.files_wanted.connect(lambda _: self._show_rows())
        page.sources.row_asked.connect(self._on_row_asked)
        page.sources.weight_chosen.connect(self._weigh)
        self._previewer.encoding_chosen.connect(lambda p, e: self._read_with({"encodings": {p: e}}))
        self._watcher.found.connect(self._on_news)
        self._files.arrived.connect(self._show_rows)
        self._files.failed.connect(lambda sentence: self._say(translate(sentence), "shu"))
        page.export_wanted.connect(self._dialogs.open_export)
        self._previewer.not_read_yet.connect(
            lambda: self._reading_news.tell_not_read(self._reading())
        )
        page.cleaning.applied.connect(self._read_again)
        self._resume.clicked.connect(self._go_on)
        self._measure.clicked.connect(self._measure_machine)
        bridge.run_changed.connect(self._on_run_changed)
        bridge.run_ended.connect(self._on_run_ended)
        bridge.corpora_changed.connect(self._reload)
        QShortcut(QKeySequence.StandardKey.Paste, self, activated=self.paste)  # type: ignore[call-arg]
        QShortcut(  # Not of the whole window: the shelf's versions are renamed so too.
            QKeySequence("F2"), page, activated=self._rename,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )  # type: ignore[call-arg]  # fmt: skip
        QShortcut(QKeySequence.StandardKey.Find, page, activated=page.sources.find)  # type: ignore[call-arg]
        self.set_detail(self.context.preferences.detail)

    # ---- what the window asks ----------------------------------------------------------------

    def open(self, payload: dict[str, object]) -> None:
        if paths := payload.get("paths"):
            self.add_paths([str(path) for path in paths])  # type: ignore[attr-defined]
        if payload.get("add") == "folder":
            self._choose_folder()
        if name := payload.get("corpus"):
            self.show_corpus(str(name))

    def retranslate(self) -> None:
        size = sum(p.stat().st_size for p in SAMPLE.glob("*.jsonl")) if SAMPLE.is_dir() else 0
        self.first.retranslate(size)
        self.tour.retranslate()
        self.page.retranslate()
        self._resume.set_text(self.tr("Go on reading"))
        self._measure.set_text(self.tr("Measure again"))
        self._hardware.retranslate()
        if self._manifest is not None:
            self._show_rows()
            self._show_notice()

    def set_detail(self, choice: str) -> None:
        self.page.cleaning.set_detail(choice)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watcher.look_soon()

    def guide_cards(self) -> list[GuideCard]:
        if self._stack.currentWidget() is not self.page or self._manifest is None:
            return self._first_cards()
        return self._corpus_cards(self._manifest)

    # ---- taking text in ----------------------------------------------------------------------

    def add_paths(self, paths: list[str]) -> None:
        """Add to the corpus shown, or begin a new one named after the first path."""
        if not paths:
            return
        name = self._manifest.name if self._shows_corpus() and self._manifest else ""
        if not name:
            first = Path(paths[0])
            name = self.context.corpora.create_name(first.name if first.is_dir() else first.stem)
        self._submit(name, paths)

    def add_sample(self) -> None:
        """The stories that come with the app."""
        name = self.tr("Sample stories")
        if self.context.corpora.exists(name):
            self.show_corpus(name)
        else:
            self._submit(name, [str(SAMPLE)])

    def paste(self) -> None:
        """Text or files of the clipboard."""
        try:
            paths = pasted_paths(self.context.home)
        except (OSError, TerakoyaError) as error:
            self._say(explain(error), "shu")
            return
        if paths:
            self.add_paths(paths)
        else:
            self._say(self.tr("The clipboard has no text"), "warn")

    def _choose_folder(self) -> None:
        ask_folder(
            self, self.tr("Choose a folder with text"), lambda folder: self.add_paths([folder])
        )

    def _choose_files(self) -> None:
        ask_files(self, self.tr("Choose files with text"), self.add_paths)

    def _submit(self, name: str, paths: list[str], **changes: Any) -> None:
        running = self.context.bridge.record(self._run)
        if running is not None and running.active:
            self._say(self.tr("Wait until “{name}” is read, then add more").format(
                name=running.job.title), "warn")  # fmt: skip
            return
        old = self.context.corpora.get(name) if self.context.corpora.exists(name) else None
        values: dict[str, Any] = {"corpus": name, "paths": paths}
        if old is not None:
            values |= {"cleaning": old.cleaning, "heldout_share": old.heldout_share}
        try:
            self._run = self.context.bridge.submit("read", ReadJob(**(values | changes)), name)
        except TerakoyaError as error:
            self._say(explain(error), "shu")
            return
        self._show_manifest(old or provisional(name, paths))
        self._stack.setCurrentWidget(self.page)
        self.guide_changed.emit()

    def _read_again(self) -> None:
        if self._manifest is not None:
            cleaning = self.page.cleaning
            self._submit(
                self._manifest.name, [], cleaning=cleaning.options(), heldout_share=cleaning.share()
            )

    def _refresh(self) -> None:
        """Read what is new or changed, as everything was read before."""
        if self._manifest is not None:
            self._submit(self._manifest.name, [])

    def _read_with(self, changes: dict[str, Any]) -> None:
        if self._manifest is not None:
            self._submit(self._manifest.name, [], **changes)

    def _drop_source(self, path: str) -> None:
        if self._manifest is None:
            return
        if len(self._manifest.sources) <= 1:
            self._say(self.tr("This is its only source: move the whole corpus to the trash instead"), "warn")  # fmt: skip
            return
        self._submit(self._manifest.name, [], dropped=[path])

    # ---- choosing a corpus -------------------------------------------------------------------

    def show_corpus(self, name: str) -> None:
        """Show a corpus by name; "" means the newest."""
        corpora = self.context.corpora.list()
        found = next((c for c in corpora if c.name == name), corpora[0] if corpora else None)
        begun = next((r for r in self._begun_readings() if corpus_of(r) == name), None)
        if begun is not None:
            self._run, found = begun.id, provisional_of(begun)
        if found is None:
            self._choose_page()
            return
        self._show_manifest(found)
        self._stack.setCurrentWidget(self.page)
        self.guide_changed.emit()

    def _start_new(self) -> None:
        self._manifest = None
        self.first.set_corpora(len(self.context.corpora.list()))
        self.retranslate()
        self._stack.setCurrentWidget(self.first)
        self.guide_changed.emit()

    def _choose_page(self) -> None:
        corpora = self.context.corpora.list()
        self.first.set_corpora(len(corpora))
        wanted = self.context.selection.corpus or self.context.preferences.corpus
        begun = [corpus_of(r) for r in self._begun_readings() if r.state != "failed"]
        if corpora or begun:
            self.show_corpus(wanted if corpora else begun[0])
        else:
            self._manifest = None
            self._stack.setCurrentWidget(self.first)
        self.guide_changed.emit()

    def _reload(self) -> None:
        if self._manifest is None:
            self._choose_page()
        elif self.context.corpora.exists(self._manifest.name):
            self.show_corpus(self._manifest.name)
        elif not self._reading() and self._manifest.name not in map(
            corpus_of, self._begun_readings()
        ):
            self._choose_page()

    def _rename(self) -> None:
        if self._manifest is not None and not self._reading():
            self._keeper.rename(self._manifest, self._take_renamed)

    def _take_renamed(self, manifest: CorpusManifest) -> None:
        self._manifest = manifest

    def _remove(self) -> None:
        if self._manifest is None or self._reading():
            return
        name = self._manifest.name
        if self._keeper.remove(name):
            self._manifest = None
            self.context.selection.select_corpus("")
            self.context.bridge.corpora_changed.emit()

    def _on_row_asked(self, what: str, row: Row) -> None:
        if self._manifest is None:
            return
        if what == "licence":
            self._keeper.ask_licence(self._manifest.name, row)
        else:
            self._drop_source(row.path)

    def _weigh(self, row: Row, weight: float) -> None:
        if self._manifest is not None:
            self._keeper.weigh(self._manifest.name, row, weight)

    def _train(self) -> None:
        if self._manifest is not None:
            self.context.selection.select_corpus(self._manifest.name)
            self.context.navigator.go("training", corpus=self._manifest.name)

    # ---- showing -----------------------------------------------------------------------------

    def _show_manifest(self, manifest: CorpusManifest) -> None:
        changed = self._manifest is None or self._manifest.name != manifest.name
        if changed:
            self.page.sources.begin()
        self._manifest = manifest
        names = [c.name for c in self.context.corpora.list()]
        names += [name for r in self._begun_readings() if (name := corpus_of(r)) not in names]
        ready = bool(manifest.snapshot) and not self._reading()
        self.page.show_manifest(manifest, names, ready)
        self.page.cleaning.set_reading(self._reading() is not None or not manifest.snapshot)
        if manifest.snapshot:
            self.context.selection.select_corpus(manifest.name)
            self.context.preferences.set(corpus=manifest.name)
        self._show_rows()
        self._show_notice()
        if changed or self._reading():
            self.page.show_news({})
        self._previewer.show_corpus(manifest, another=changed)
        self._searcher.show_corpus(manifest)
        self._dialogs.evaluation_sets.show_corpus(manifest)
        self._watcher.look_soon()

    def _show_rows(self) -> None:
        manifest = self._manifest
        if manifest is None:
            return
        record, files = self._reading(), self.page.sources.showing_files()
        if files and manifest.snapshot:
            rows = self._files.of(manifest)
            if rows is None:  # They come from the disk soon.
                return
        else:
            begun = bool(manifest.snapshot)
            rows = [row_of_source(s, begun, record is not None) for s in manifest.sources]
        if record is not None and (not files or record.job.config.get("paths")):
            rows = with_reading(rows, record)
        self._rows_of = record.id if record else ""
        self.page.sources.set_rows(rows)

    def _show_notice(self) -> None:
        name = self._manifest.name if self._manifest is not None else ""
        record = self.context.bridge.record(self._run) or last_reading(self.context.bridge, name)
        mine = bool(name) and record is not None and corpus_of(record) == name
        stopped = mine and record is not None and record.resumable
        self.page.notice.setVisible(bool(stopped))
        if stopped and record is not None:
            self._run = record.id
            text = self.tr("Reading was stopped. What was read is kept.")
            if record.error is not None:
                text = translate(record.error)
            self.page.notice.text.setText(text)

    def _begun_readings(self) -> list[JobRecord]:
        return begun_readings(self.context.bridge, self.context.corpora)

    def _go_on(self) -> None:
        try:
            self.context.bridge.resume(self._run)
        except TerakoyaError as error:
            self._say(explain(error), "shu")
        self._show_notice()

    # ---- runs --------------------------------------------------------------------------------

    def _reading(self) -> JobRecord | None:
        record = self.context.bridge.record(self._run)
        return record if record is not None and record.active else None

    def _on_run_changed(self, run_id: str) -> None:
        record = self.context.bridge.record(run_id)
        if record is None or record.job.kind != "read":
            return
        if record.active and not self._reading():
            self._run = run_id  # A reading that lives from before: follow it.
            if self._manifest is None:
                self._show_manifest(provisional_of(record))
                self._stack.setCurrentWidget(self.page)
        elif record.resumable and self._manifest is None:
            self._choose_page()  # A reading that was stopped before the window opened.
        if run_id == self._run:
            if record.active and self._rows_of != run_id:
                self._show_rows()
                self._previewer.look_again()
            self._reading_news.show(record)
            self.guide_changed.emit()

    def _on_run_ended(self, run_id: str) -> None:
        record = self.context.bridge.record(run_id)
        if record is None or record.job.kind == "measure":
            self._hardware.look()
            return
        if run_id != self._run:
            return
        if self.context.corpora.exists(corpus_of(record)):
            self.show_corpus(corpus_of(record))
        self._show_notice()
        self._show_rows()
        self._previewer.look_again()

    def _measure_machine(self) -> None:
        try:
            self.context.bridge.submit("measure", MeasureJob(), "measure")
        except TerakoyaError as error:
            self._say(explain(error), "shu")

    # ---- watched folders ---------------------------------------------------------------------

    def _watched(self) -> str:
        """The corpus whose folders are looked after now."""
        manifest = self._manifest
        seen = self.isVisible() and self._shows_corpus() and not self._reading()
        return manifest.name if seen and manifest is not None and manifest.snapshot else ""

    def _on_news(self, name: str, found: dict[str, Any]) -> None:
        if self._manifest is not None and name == self._manifest.name:
            self.page.show_news(found)

    # ---- small -------------------------------------------------------------------------------

    def _shows_corpus(self) -> bool:
        return self._stack.currentWidget() is self.page

    def _say(self, text: str, tone: str = "ok") -> None:
        self.context.navigator.go("say", text=text, tone=tone)
