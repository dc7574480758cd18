"""The main window: shelf, tabs, steps, guide, status; it discovers screens and knows none by name."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from PySide6.QtCore import QChildEvent, QEvent, QMimeData, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QWidget

from app.collecting import Collecting
from app.context import AppContext
from app.language import Language
from app.messages import explain
from app.screen import Screen, ScreenSpec
from app.shell.arrangement import Arrangement
from app.shell.closing import Answer, ClosingDialog, remembered
from app.shell.discovery import discover
from app.shell.guide_panel import GuidePanel
from app.shell.notices import Notices
from app.shell.preparing import Preparing
from app.shell.run_news import news_of
from app.shell.shelf_panel import ShelfPanel
from app.shell.shortcuts import add_shortcuts, explain_focused
from app.shell.status_bar import StatusBar
from app.shell.steps_strip import StepsStrip
from app.shell.top_bar import TopBar
from app.shell.version_actions import VersionActions
from app.theme.palette import SIZE
from app.widgets.layout import column, holder, row
from core.errors import TerakoyaError
from core.versions.library import VersionEntry
from core.versions.lineage import seven_steps

_STEP_SCREENS = ("corpus", "training", "training", "training", "evaluation", "training", "version")


class Window(QWidget):
    """Build it, show it, then call `begin`."""

    def __init__(self, context: AppContext, language: Language) -> None:
        super().__init__()
        self.context = context
        self.language = language
        self.setObjectName("window")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # No button is focused at the start.
        self.setMinimumSize(*SIZE["windowMin"])
        self._specs = {spec.name: spec for spec in discover()}
        self._screens: dict[str, Screen] = {}
        self._now = ""
        self._outdated: set[str] = set()
        self._entries: list[VersionEntry] = []
        self._evaluated: set[str] = set()
        self._closing = False
        self._server: Any = None
        self._preparing = Preparing(self, self.screen_named)
        self._collecting = Collecting(self)
        self._preparing.done.connect(self._collecting.settle)
        tabs = [spec for spec in self._specs.values() if spec.tab]
        self.shelf, self.top = ShelfPanel(), TopBar(tabs)
        self.steps, self.guide, self.status = StepsStrip(), GuidePanel(), StatusBar()
        self.stack = QStackedWidget()
        self.actions_of = VersionActions(self, context, self.status.say)
        self.notices = Notices(self, context)
        self._build()
        self._connect()
        self._add_shortcuts(tabs)
        self._restore_size()
        self.retranslate()
        self._reload_versions()
        self.go("corpus")
        self.setFocus()

    # ---- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        beside = row((self.stack, 1), self.guide, spacing=0)
        middle = holder(beside)
        self._arrangement = Arrangement(
            self.shelf, self.guide, middle, beside, self.context.preferences
        )
        for part in (self.shelf, self.top, self.steps, self.guide, self.status):
            self.context.theme.adopt(part)
        right = holder(column(self.top, self.steps, (middle, 1), spacing=0))
        upper = holder(row(self.shelf, (right, 1), spacing=0))
        self.setLayout(column((upper, 1), self.status, spacing=0))

    def _connect(self) -> None:
        bridge, context = self.context.bridge, self.context
        bridge.usage_changed.connect(self.shelf.show_usage)
        bridge.run_changed.connect(self._on_run_changed)
        bridge.run_started.connect(self._on_run_started)
        bridge.run_ended.connect(self._on_run_ended)
        bridge.versions_changed.connect(self._reload_versions)
        bridge.corpora_changed.connect(self._refresh_tabs)
        context.navigator.requested.connect(self._on_requested)
        context.selection.version_changed.connect(self._on_version_selected)
        context.theme.changed.connect(self._on_theme_changed)
        self.top.tab_chosen.connect(self.go)
        self.top.detail_chosen.connect(self._set_detail)
        self.top.language_chosen.connect(self.set_language)
        self.top.theme_toggled.connect(self._toggle_theme)
        self.top.settings_wanted.connect(lambda: self.go("settings"))
        self.top.guide_toggled.connect(self._toggle_guide)
        self.guide.close_wanted.connect(self._toggle_guide)
        self.shelf.fold_wanted.connect(self._toggle_shelf)
        self.shelf.version_chosen.connect(context.selection.select_version)
        self.shelf.run_opened.connect(lambda run: self._open("training", {"run": run}))
        self.shelf.new_wanted.connect(lambda: self._open("training", {"new": True}))
        self.shelf.import_wanted.connect(lambda: self.actions_of.exchange.ask_import())
        self.shelf.action.connect(self.actions_of.do)
        self.steps.chosen.connect(self._on_step)
        self.status.pause.connect(lambda run: self._ask(run, "pause"))
        self.status.finish.connect(lambda run: self._ask(run, "finish"))
        self.status.stop.connect(lambda run: self._ask(run, "pause"))

    def _add_shortcuts(self, tabs: list[ScreenSpec]) -> None:
        pairs: list[tuple[str, Any]] = [
            (f"Ctrl+{i + 1}", lambda name=spec.name: self._go_if_enabled(name))
            for i, spec in enumerate(tabs)
        ]
        pairs += [
            ("Ctrl+B", self._toggle_shelf), ("Ctrl+G", self._toggle_guide),
            ("Ctrl+K", self.shelf.toggle_search), ("Ctrl+,", lambda: self.go("settings")),
            ("Ctrl+O", lambda: self._open("corpus", {"add": "folder"})),
            ("Ctrl+P", lambda: self._ask_training("pause")),
            ("Ctrl+Shift+S", lambda: self._ask_training("finish")),
            ("Ctrl+E", lambda: self.actions_of.do("export_hf", self.context.selection.version)),
            ("Alt+Up", lambda: self.shelf.step(-1)), ("Alt+Down", lambda: self.shelf.step(1)),
            ("F1", explain_focused),
        ]  # fmt: skip
        add_shortcuts(self, pairs)

    def _restore_size(self) -> None:
        size = self.context.preferences.window
        wanted = size if len(size) == 2 else SIZE["window"]
        screen = self.screen().availableGeometry()
        self.resize(min(wanted[0], screen.width()), min(wanted[1], screen.height()))

    def begin(self, paths: list[str]) -> None:
        """After the first paint: read old runs, listen for a second window, take the paths."""
        from app.single import WindowServer

        self._collecting.begin()
        self._server = WindowServer(self.context.home, self._take, self)
        self.context.bridge.start()
        if paths:
            self._take(paths)
        elif self.context.preferences.screen != "corpus" and self._ready():
            self._go_if_enabled(self.context.preferences.screen)  # Where the user was last.
        QTimer.singleShot(700, self._prepare)

    def _prepare(self) -> None:
        """Get ready what a later click needs."""
        if not self._closing:
            screens = [(s.name, s.module) for s in self._specs.values()]
            self._preparing.begin(self.context.bridge, screens)

    # ---- screens -----------------------------------------------------------------------------

    def screen_named(self, name: str) -> Screen:
        """The screen, built when it is first asked for."""
        if name not in self._screens:
            spec = self._specs[name]
            made: Screen = getattr(importlib.import_module(spec.module), spec.cls)(self.context)
            made.retranslate()
            made.guide_changed.connect(self._refresh_guide)
            self._screens[name] = made
            self.stack.addWidget(made)
            self.context.theme.adopt(made)  # Styled once it has its place: a move styles it again.
        return self._screens[name]

    def go(self, name: str) -> None:
        self._open(name, {})

    def _open(self, name: str, payload: dict[str, object]) -> None:
        screen = self.screen_named(name)
        self._now = name
        if name in self._outdated:
            self._outdated.discard(name)
            screen.restyle()
        self.stack.setCurrentWidget(screen)
        screen.open(payload)
        self.top.show_tab(name)
        self._refresh_guide()
        self._refresh_tabs()

    def _go_if_enabled(self, name: str) -> None:
        spec = self._specs.get(name)
        if spec is not None and (self._ready() or not spec.needs_corpus):
            self.go(name)

    def _on_requested(self, name: str, payload: dict[str, object]) -> None:
        if name == "action":
            self.actions_of.do(
                str(payload["name"]), str(payload["version"]), str(payload.get("kind", "q8_0"))
            )
        elif name == "say":
            undo = payload.get("undo")
            self.status.say(str(payload["text"]), str(payload.get("tone", "ok")), undo)  # type: ignore[arg-type]
        elif name == "language":
            self.set_language(str(payload["choice"]))
        elif name == "detail":
            self._set_detail(str(payload["choice"]))
        elif name in self._specs:
            self._open(name, payload)

    def _on_step(self, index: int) -> None:
        name = _STEP_SCREENS[index]
        version = self.context.selection.version
        if name == "version" and not version:
            return
        if index == 5 and version:
            self._open("training", {"from": version})
        elif self._ready() or name == "corpus":
            self.go(name)

    # ---- news --------------------------------------------------------------------------------

    def _on_run_started(self, run_id: str) -> None:
        """A training may need the memory that the chat's version holds."""
        record = self.context.bridge.record(run_id)
        if record is not None and record.job.kind == "train":
            self.context.bridge.unload_chat()
        self._on_run_changed(run_id)

    def _on_run_changed(self, run_id: str) -> None:
        training = self.context.bridge.active_run("train")
        record = self.context.bridge.active_run()
        self.status.show_record(record)
        self.shelf.show_training(training)
        self._refresh_steps()

    def _on_run_ended(self, run_id: str) -> None:
        record = self.context.bridge.record(run_id)
        if record is None:
            return
        if (news := news_of(record)) is not None:
            self.status.say(*news)
        if record.published is not None:
            self.context.selection.select_version(record.published.version_id)

    def _reload_versions(self) -> None:
        library = self.context.versions
        self._entries = library.list()
        self._evaluated = {
            e.id for e in self._entries if any((e.path / "evaluations").glob("*.json"))
        }
        known = {entry.id for entry in self._entries}
        chosen = self.context.selection.version or self.context.preferences.version
        if chosen not in known:
            chosen = self._entries[-1].id if self._entries else ""
        self.shelf.show_versions(
            self._entries, self.context.bridge.active_run("train"), self._evaluated
        )
        self.context.selection.select_version(chosen)
        self.shelf.select(chosen)
        self._refresh_steps()
        self._refresh_tabs()

    def _on_version_selected(self, version_id: str) -> None:
        self.shelf.select(version_id)
        self.context.preferences.set(version=version_id)
        self._refresh_steps()

    def _refresh_steps(self) -> None:
        entry = next((e for e in self._entries if e.id == self.context.selection.version), None)
        training = self.context.bridge.active_run("train")
        running = training is not None and training.state == "running"
        has_corpus = bool(self._corpora())
        states = seven_steps(
            entry, entry is not None and entry.id in self._evaluated, has_corpus, running
        )
        loop = ""
        if running and training is not None:
            label = self.tr("Schooling of {name}").format(name=training.job.title)
            step = training.metrics.last("step") or 0
            loop = self.tr("{count} times").format(count=f"{step:,.0f}")
        elif entry is not None:
            label = self.tr("Schooling of {name}").format(name=entry.manifest.title)
        else:
            label = self.tr("The way ahead")
        self.steps.show_steps(states, label, loop)

    def _corpora(self) -> bool:
        folder = self.context.home.corpora
        return folder.is_dir() and any(p.is_dir() and p.name[0] != "." for p in folder.iterdir())

    def _ready(self) -> bool:
        return bool(self._entries) or self._corpora()

    def _refresh_tabs(self) -> None:
        self.top.enable_tabs(self._ready())
        self._refresh_steps()

    def _refresh_guide(self) -> None:
        screen = self._screens.get(self._now)
        if screen is not None:
            self.guide.show_dock(screen.dock())
            self.guide.show_cards(screen.guide_cards(), screen.guide_words())

    # ---- asking runs -------------------------------------------------------------------------

    def _ask(self, run_id: str, what: str) -> None:
        try:
            getattr(self.context.bridge.engine, what)(run_id)
        except TerakoyaError as error:
            self.status.say(explain(error), "warn")
        self._on_run_changed(run_id)

    def _ask_training(self, what: str) -> None:
        record = self.context.bridge.active_run("train")
        if record is not None:
            self._ask(record.id, what)

    # ---- likes -------------------------------------------------------------------------------

    def set_language(self, choice: str) -> None:
        self.context.preferences.set(language=choice)
        self.language.set(choice)  # type: ignore[arg-type]

    def _set_detail(self, choice: str) -> None:
        self.context.preferences.set(detail=choice)
        self._show_state()
        for screen in self._screens.values():
            screen.set_detail(choice)

    def _toggle_theme(self) -> None:
        self.context.preferences.set(theme=self.context.theme.toggle())

    def _on_theme_changed(self) -> None:
        self.guide.restyle()
        self._outdated = set(self._screens) - {self._now}  # Those follow when they are opened.
        self._screens[self._now].restyle()

    def _toggle_guide(self) -> None:
        self._arrangement.toggle_guide()
        self._show_state()

    def _toggle_shelf(self) -> None:
        self._arrangement.toggle_shelf()

    # ---- layout ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.top.set_narrow(self.width() < 900)
        self._arrangement.resize(self.width())
        self._show_state()
        super().resizeEvent(event)

    def _show_state(self) -> None:
        preferences = self.context.preferences
        guide = not self.guide.isHidden()
        self.top.show_state(preferences.detail, self.language.code, guide)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Terakoya"))
        for part in (self.top, self.shelf, self.guide, self.status):
            part.retranslate()
        self._refresh_tabs()
        self._show_state()

    def childEvent(self, event: QChildEvent) -> None:
        """A dialog of ours opens over the window (the system has a look of its own for files)."""
        child = event.child()
        polished = event.type() == QEvent.Type.ChildPolished
        if polished and isinstance(child, QDialog) and not isinstance(child, QFileDialog):
            self.context.theme.adopt(child, when_shown=True)
        super().childEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            QTimer.singleShot(0, self._refresh_guide)

    # ---- drops and closing -------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := _local_paths(event.mimeData()):
            event.acceptProposedAction()
            self._take(paths)

    def _take(self, paths: list[str]) -> None:
        """Paths of the command line, of a drop, or of a second window."""
        if paths:
            self._open("corpus", {"paths": [str(Path(path)) for path in paths]})
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closing:
            event.accept()
            return
        training = self.context.bridge.active_run("train")
        answer = remembered(self.context.preferences) if training is not None else "keep"
        if training is not None and answer is None:
            event.ignore()
            ClosingDialog(self, self.context.preferences, training, self._close_with).open()
            return
        self.leave(answer or "keep")
        event.accept()

    def _close_with(self, answer: Answer) -> None:
        self.leave(answer)
        self.close()

    def leave(self, answer: Answer) -> None:
        """Stop the engine as `answer` says; what must be saved is saved before this returns."""
        if self._closing:
            return
        self._closing = True
        preferences = self.context.preferences
        if not self.isMaximized():
            preferences.set(window=[self.width(), self.height()])
        preferences.set(screen=self._now, corpus=self.context.selection.corpus)
        self._preparing.stop()
        self.hide()
        if self._server is not None:
            self._server.close()
        self.context.bridge.shutdown(keep_trainings=answer == "keep")
        self._collecting.end()


def _local_paths(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
