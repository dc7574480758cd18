"""The training tab: the form on the left, the run on the right."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.messages import translate
from app.screens.training.form_choices import Taught
from app.screens.training.modes import OWN_TEXT, as_mode
from app.screens.training.queue_card import QueueCard
from app.screens.training.recipe_form import RecipeForm
from app.screens.training.run_header import RunHeader
from app.screens.training.run_view import RunView
from app.screens.training.starting import Starting
from app.theme.palette import pixels
from app.widgets.layout import column, holder, row, scroll
from core.corpus.manifest import Baselines
from core.engine.record import JobRecord
from core.errors import TerakoyaError
from core.hardware import Device, devices
from core.lessons import PASSES, LessonBook, conversations_file
from core.planning.machine import load_machine

_DEVICES_SECONDS = 60.0  # What another program held of a GPU may be free by then.


class TrainingScreen(Starting):
    """Shows the run that works, else the one chosen, else the newest."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.form = RecipeForm(load_machine(context.home), self._lessons_of)
        self.view = RunView()
        self._run = ""
        self._unlocked = False
        self._suggested = ""
        self._states: dict[str, str] = {}
        self._devices: list[Device] = []
        self._asked_devices = -_DEVICES_SECONDS
        self.header, self.queue = RunHeader(), QueueCard()
        self._build_notice()
        self._right = holder(
            column(self.header, self._notice, (self.view, 1), margins=(0, 16, 16, 16), spacing=10)
        )
        left = holder(column((self.form, 1), self.queue, margins=(16, 16, 0, 16), spacing=10))
        self._left = left
        self.setLayout(row(left, (scroll(self._right), 1), spacing=12))
        self.view.loss.set_unit(context.preferences.unit)
        self._connect()
        self._connect_worth()
        self.set_detail(context.preferences.detail)
        self._reload_choices()
        self._choose_run()

    def _connect(self) -> None:
        bridge = self.context.bridge
        bridge.run_changed.connect(self._on_run_changed)
        bridge.run_started.connect(self._on_run_started)
        bridge.run_ended.connect(self._on_run_ended)
        bridge.versions_changed.connect(self._reload_choices)
        bridge.corpora_changed.connect(self._reload_choices)
        self.form.start_wanted.connect(self.start)
        self.form.unlock_wanted.connect(self._unlock)
        self.form.planned.connect(self.guide_changed)
        self.form.template_wanted.connect(self._show_template)
        self.form.mode_chosen.connect(self._suggest_again)
        self.view.loss.unit_chosen.connect(lambda unit: self.context.preferences.set(unit=unit))
        runs = self.header.runs
        runs.activated.connect(lambda i: self.show_run(str(runs.itemData(i))))
        QShortcut(QKeySequence("Ctrl+Return"), self, activated=self._start_by_key)  # type: ignore[call-arg]

    # ---- what the window asks ----------------------------------------------------------------

    def open(self, payload: dict[str, object]) -> None:
        self.form.set_machine(
            load_machine(self.context.home)
        )  # Its electricity may cost otherwise.
        if run := payload.get("run"):
            self.show_run(str(run))
        if parent := payload.get("from"):
            self._unlock()
            self.form.start_from(str(parent), as_mode(payload.get("mode")))
            self._suggest_name()
            if payload.get("lessons"):
                self._teach_lessons(str(parent))
                payload = {**payload, "corpus": self.form.corpus_name()}
        if payload.get("new"):
            self._unlock()
            self.form.start_new()
            self._suggest_name()
        corpus = str(payload.get("corpus") or self.context.selection.corpus)
        if corpus and not self._active():
            self.form.choose_corpus(corpus)
        if not self.form.name():
            self._suggest_name()
        self.view.refresh()

    def set_detail(self, choice: str) -> None:
        self.form.set_expert(choice == "expert")
        self.header.set_expert(choice == "expert")

    def retranslate(self) -> None:
        self.form.retranslate()
        self.view.retranslate()
        self.header.retranslate()
        self.queue.retranslate()
        self._list_runs()
        self._show_header()
        self._retranslate_notice()

    def restyle(self) -> None:
        self.view.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._left.setFixedWidth(pixels(272 if self.width() >= 900 else 256) + 16)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Devices are looked up when somebody looks at the tab: that asks drivers and PyTorch."""
        super().showEvent(event)
        if time.monotonic() - self._asked_devices >= _DEVICES_SECONDS:
            self._asked_devices = time.monotonic()
            self.context.bridge.background(devices, self._on_devices)

    def _lessons_of(self, version: str) -> Taught:
        home = self.context.home
        found = LessonBook(home).counts(version)
        return Taught(found.answers, found.pairs, str(conversations_file(home, version)))

    def _teach_lessons(self, version: str) -> None:
        """Read the lessons as a text of their own, and choose it."""
        try:
            title = self.context.versions.get(version).manifest.title
        except TerakoyaError as error:
            self.form.show_error(error)
            return

        def read(found: dict[str, Any]) -> None:
            self.context.bridge.corpora_changed.emit()
            if self.form.parent_id() == version and self.form.mode() == "specialise":
                self.form.choose_corpus(str(found["corpus"]))
                self.form.choose_learnt("chat")
                self.form.choose_length("epochs", PASSES)

        name = self.tr("Lessons of {name}").format(name=title)
        self.context.bridge.library(
            "lessons", {"version": version, "title": title, "name": name}, read,
            lambda sentence: self.form.show_faults([("lessons", translate(sentence))], focus=False),
        )  # fmt: skip

    def _on_devices(self, found: list[Device]) -> None:
        self._devices = found
        self.form.set_devices(found)
        self._show_header()

    # ---- the run shown -----------------------------------------------------------------------

    def _unlock(self) -> None:
        self._unlocked = True
        self._show_lock()
        self._suggest_name()

    def show_run(self, run_id: str) -> None:
        record = self.context.bridge.record(run_id)
        self._run = run_id if record else ""
        self.context.selection.select_run(self._run)
        self.context.preferences.set(run=self._run)
        baselines, parent = Baselines(), None
        if record is not None:
            config = record.job.config
            corpus = self._corpus(config)
            baselines = corpus.baselines if corpus else Baselines()
            parent = self._parent_of(config)
            if record.active and not self._unlocked:
                self.form.show_run(config)
        self.view.show_run(record, baselines, parent)
        self._show_lock()
        self._show_notice()
        self._show_header()
        self._list_runs()
        self.guide_changed.emit()

    def _parent_of(self, config: dict[str, Any]) -> tuple[str, float] | None:
        """Title and figure of the version that a run goes on from, where both are measured alike."""
        try:
            manifest = self.context.versions.get(str(config.get("parent") or "")).manifest
        except TerakoyaError:
            return None
        objective = (config.get("recipe") or {}).get("objective", "causal")
        alike = objective == manifest.objective and objective in OWN_TEXT
        read = manifest.corpora[0] if manifest.corpora else None
        same = read is not None and (
            read.id == config.get("corpus_id") or read.name == config.get("corpus")
        )
        bits = manifest.measures.heldout_bits_per_byte
        return (manifest.title, bits) if bits is not None and alike and same else None

    def _choose_run(self) -> None:
        active = self.context.bridge.active_run("train")
        runs = self.context.bridge.runs("train")
        known = {record.id for record in runs}
        if active is not None:
            self.show_run(active.id)
        elif self.context.preferences.run in known:
            self.show_run(self.context.preferences.run)
        else:
            self.show_run(runs[0].id if runs else "")

    def _active(self) -> JobRecord | None:
        return self.context.bridge.active_run("train")

    def _locked(self) -> bool:
        return self._active() is not None and not self._unlocked

    def _show_lock(self) -> None:
        self.form.set_locked(self._locked(), can_queue=True)

    def _list_runs(self) -> None:
        runs = self.context.bridge.runs("train")
        self._states = {record.id: record.state for record in runs}
        self.header.list_runs(runs, self._run)
        self._show_queue()

    def _show_header(self) -> None:
        self.header.show_record(self.context.bridge.record(self._run), self._devices)
        self._offer_longer()
        self._show_worth()

    # ---- news --------------------------------------------------------------------------------

    def _on_run_changed(self, run_id: str) -> None:
        record = self.context.bridge.record(run_id)
        if record is None:
            return
        if record.job.kind == "train" and not self._run:
            self._choose_run()
        if self._states.get(run_id) != record.state:
            self._list_runs()
        elif record.state == "queued":
            self._show_queue()
        if run_id != self._run and record.job.config.get("compared_with") == self._worth_of:
            self._show_worth()
        if run_id == self._run:
            self.view.refresh()
            self._show_header()
            self._show_notice()
            if self.isVisible():
                self.guide_changed.emit()

    def _on_run_started(self, run_id: str) -> None:
        record = self.context.bridge.record(run_id)
        if record is not None and record.job.kind == "train":
            shown = self.context.bridge.record(self._run)
            if shown is None or not shown.active:
                self.show_run(run_id)
            self._list_runs()

    def _on_run_ended(self, run_id: str) -> None:
        record = self.context.bridge.record(run_id)
        if record is None or record.job.kind not in ("train", "measure"):
            return
        self.form.set_machine(load_machine(self.context.home))
        if record.job.kind == "measure":
            return
        following = self._active()
        if run_id == self._run:
            self.view.show_run(
                record, self._baselines_of(record), self._parent_of(record.job.config)
            )  # fmt: skip
        if following is not None:
            self.show_run(following.id)
        self._show_lock()
        self._show_notice()
        self._show_header()
        self._list_runs()
        if not self._locked():
            self._suggest_name()
        self.guide_changed.emit()

    def _baselines_of(self, record: JobRecord) -> Baselines:
        corpus = self._corpus(record.job.config)
        return corpus.baselines if corpus else Baselines()

    def _reload_choices(self) -> None:
        self.form.show_choices(self.context.corpora.list(), self.context.versions.list())
