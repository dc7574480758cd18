"""Opens the real window on a home, goes from screen to screen and takes its picture."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QDialog

from app.desktop import build
from app.preferences import Preferences
from app.screens.chat.fill_sheet import BLANK
from app.screens.version.compare_dialog import CompareDialog
from app.shell.import_dialog import ImportDialog
from app.window import Window
from core.home import Home
from core.jobs.kinds import TrainJob
from core.recipe import Recipe
from core.versions.library import VersionEntry
from tests.screenshots.corpus_scenes import CORPUS_SCENES, CorpusScenes
from tests.screenshots.scene import Words

SIZES = ((1440, 900), (1100, 720), (960, 600))
THEMES = ("light", "dark")
_SCREENS = (
    *CORPUS_SCENES, "evaluation", "chat", "fill", "version", "compare", "import", "settings",
    "training", "specialise", "distil", "worth",
)  # fmt: skip
_SHADE = QColor(0, 0, 0, 70)


class Camera:
    """Writes `<screen>-<theme>-<language>[-<width>x<height>].png`."""

    def __init__(self, out: Path, only: set[str], all_sizes: bool) -> None:
        self._out, self._only = out, only
        self._sizes = SIZES if all_sizes else SIZES[:1]
        self._out.mkdir(parents=True, exist_ok=True)
        made = QApplication.instance() or QApplication(["terakoya"])
        assert isinstance(made, QApplication)
        self._app = made

    def picture(self, home: Path, empty: Path, words: Words) -> None:
        """All screens in one language."""
        self._words = words
        shutil.rmtree(empty, ignore_errors=True)
        if self.wants("first-run"):
            self._with_window(empty, self._first_run)
        if any(self.wants(n) for n in _SCREENS):
            self._with_window(home, self._all_screens)

    def wants(self, name: str) -> bool:
        """Whether a picture of this name shall be taken."""
        return not self._only or name in self._only

    def _with_window(self, home: Path, take: Callable[[Window], None]) -> None:
        place = Home(home).prepare()
        Preferences(place).set(language=self._words.code, theme="light", window=list(SIZES[0]),
                               closing="pause", detail="plain")  # fmt: skip
        window = build(self._app, place)
        window.resize(*SIZES[0])
        window.show()
        window.begin([])
        self.wait(lambda: window.context.bridge.usage is not None, 20)
        self.go_on(0.6)
        try:
            take(window)
        finally:
            window.leave("pause")
            window.close()
            window.deleteLater()
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # type: ignore[arg-type]

    # ---- scenes ------------------------------------------------------------------------------

    def _first_run(self, window: Window) -> None:
        self.take(window, "first-run")

    def _all_screens(self, window: Window) -> None:
        entry = self._entry(window, self._words.second)
        window.context.selection.select_version(entry.id)
        for name, scene in CorpusScenes(self, window, self._words).scenes().items():
            if self.wants(name):
                scene(name)
        if self.wants("evaluation"):
            self._evaluation(window, entry.id)
        if self.wants("chat"):
            self._chat(window, entry.id)
        if self.wants("fill"):
            self._fill(window)
            window.context.selection.select_version(entry.id)
        if self.wants("version"):
            window.context.navigator.go("version", version=entry.id)
            self.go_on(1.0)
            self.take(window, "version")
        if self.wants("compare"):
            others = [e for e in window.context.versions.list() if e.id != entry.id]
            self.take_dialog(window, CompareDialog(window, entry, others), "compare")
        if self.wants("import"):
            self.take_dialog(window, ImportDialog(window, lambda _: ""), "import")
        if self.wants("settings"):
            window.go("settings")
            self.go_on(0.5)
            self.take(window, "settings")
        for mode in ("specialise", "distil"):
            if self.wants(mode):
                self._form(window, entry.id, mode)
        if self.wants("worth"):
            window.go("training")
            run = self._entry(window, self._words.answers).manifest.run
            window.screen_named("training").show_run(run)  # type: ignore[attr-defined]
            self.go_on(2.0)
            self.take(window, "worth")
        if self.wants("training"):
            self._training(window)

    def _entry(self, window: Window, name: str) -> VersionEntry:
        return next(e for e in window.context.versions.list() if e.name == name)

    def _form(self, window: Window, version: str, mode: str) -> None:
        """The Training tab as it stands before such a run."""
        window.context.navigator.go("training", **{"from": version, "mode": mode})
        form = window.screen_named("training").form  # type: ignore[attr-defined]
        if mode == "specialise":
            self.go_on(0.5)
            form.choose_corpus(self._words.lessons)
            form.learn.learnt._group.button(1).click()
        self.go_on(1.5)
        self.take(window, mode)

    def _fill(self, window: Window) -> None:
        entry = self._entry(window, self._words.blanks)
        window.go("chat")
        window.context.selection.select_version(entry.id)  # A conversation has its own version.
        screen = window.screen_named("chat")
        self.wait(lambda: screen._loaded == entry.id, 60)  # type: ignore[attr-defined]
        screen.fill.field.setPlainText("\n".join(self._words.gaps).replace("___", BLANK))  # type: ignore[attr-defined]
        screen.fill.send()  # type: ignore[attr-defined]
        self.go_on(0.3)
        self.wait(lambda: bool(screen.fill._blanks), 60)  # type: ignore[attr-defined]
        screen.fill._on_cell(next(iter(screen.fill._of_cell)))  # type: ignore[attr-defined]
        self.go_on(0.5)
        self.take(window, "fill")

    def _evaluation(self, window: Window, version: str) -> None:
        window.go("evaluation")
        screen = window.screen_named("evaluation")
        ids = [e.id for e in window.context.versions.list()]
        screen._choose(ids)  # type: ignore[attr-defined]
        screen.openings.opening.setText(self._words.opening)  # type: ignore[attr-defined]
        screen.measure()  # type: ignore[attr-defined]
        self.go_on(0.5)
        self.wait(lambda: not screen._busy(), 120)  # type: ignore[attr-defined]
        self.go_on(1.0)
        self.take(window, "evaluation")

    def _chat(self, window: Window, version: str) -> None:
        window.go("chat")
        screen = window.screen_named("chat")
        self.wait(lambda: screen._loaded == version, 60)  # type: ignore[attr-defined]
        if not screen._chat.messages:  # type: ignore[attr-defined]
            for opening in (self._words.other_opening, self._words.opening):
                screen.new_chat()  # type: ignore[attr-defined]
                screen.send(opening)  # type: ignore[attr-defined]
                self.go_on(0.3)
                self.wait(lambda: not screen.writing, 60)  # type: ignore[attr-defined]
        cells = screen._chat.messages[-1].cells  # type: ignore[attr-defined]
        doubt = min(range(2, max(3, len(cells))), key=lambda i: cells[i].get("probability") or 1)
        screen._on_token(len(screen._chat.messages) - 1, doubt)  # type: ignore[attr-defined]
        self.go_on(0.5)
        self.take(window, "chat")

    def _training(self, window: Window) -> None:
        context = window.context
        corpus = next(c for c in context.corpora.list() if c.name == self._words.corpus)
        assert corpus.tokenizer is not None
        for old in context.bridge.runs("train"):
            if old.resumable:
                context.bridge.engine.remove(old.id)
        job = TrainJob(
            version=self._words.running, title=self._words.running, corpus=corpus.name,
            snapshot=corpus.snapshot, tokenizer=corpus.tokenizer.hash, parent=None, weight=1.0,
            recipe=Recipe(minutes=1.5, evaluations=20),
        )  # fmt: skip
        run = context.bridge.submit("train", job, self._words.running)
        following = self._words.following
        later = job.model_copy(update={"version": following, "title": following,
                                       "recipe": Recipe(minutes=20, parameters=6_000_000)})  # fmt: skip
        waiting = context.bridge.submit("train", later, following)
        window.go("training")
        screen = window.screen_named("training")
        screen.form.start_new()  # type: ignore[attr-defined]
        screen.form.choose_corpus(self._words.corpus)  # type: ignore[attr-defined]
        screen._suggest_name()  # type: ignore[attr-defined]
        screen.show_run(run)  # type: ignore[attr-defined]

        def half() -> bool:
            record = context.bridge.record(run)
            if record is None or not record.active:
                return True
            progress = record.progress
            return bool(
                progress and progress.unit == "steps" and progress.total
                and progress.done > 0.55 * progress.total
            )  # fmt: skip

        self.wait(half, 200)
        self.take(window, "training")
        context.bridge.engine.pause(waiting)
        self.wait(lambda: not context.bridge.record(waiting).active, 20)  # type: ignore[union-attr]
        context.bridge.engine.remove(waiting)
        context.bridge.engine.cancel(run)
        self.wait(lambda: not context.bridge.record(run).active, 60)  # type: ignore[union-attr]
        context.bridge.engine.remove(run)

    # ---- taking ------------------------------------------------------------------------------

    def take(self, window: Window, name: str) -> None:
        """The window in every size and theme."""
        for size in self._sizes:
            window.resize(*size)
            for theme in THEMES:
                window.context.theme.set_choice(theme)  # type: ignore[arg-type]
                self.wait(window.updatesEnabled, 60)  # A change of theme paints at its end.
                self.go_on(0.5)
                suffix = "" if size == SIZES[0] else f"-{size[0]}x{size[1]}"
                path = self._out / f"{name}-{theme}-{self._words.code}{suffix}.png"
                window.grab().save(str(path))
        window.resize(*SIZES[0])
        window.context.theme.set_choice("light")
        print(f"  {self._words.code} {name}", flush=True)

    def take_dialog(self, window: Window, dialog: QDialog, name: str) -> None:
        """Over its window, as it would stand there."""
        dialog.open()
        wanted = dialog.size()
        for size in self._sizes:
            window.resize(*size)
            dialog.resize(wanted.boundedTo(QSize(size[0] - 80, size[1] - 60)))
            for theme in THEMES:
                window.context.theme.set_choice(theme)  # type: ignore[arg-type]
                self.wait(window.updatesEnabled, 60)
                self.go_on(0.5)
                whole, part = window.grab(), dialog.grab()
                painter = QPainter(whole)
                painter.fillRect(whole.rect(), _SHADE)
                painter.drawPixmap(
                    (whole.width() - part.width()) // 2, (whole.height() - part.height()) // 2, part
                )
                painter.end()
                suffix = "" if size == SIZES[0] else f"-{size[0]}x{size[1]}"
                whole.save(str(self._out / f"{name}-{theme}-{self._words.code}{suffix}.png"))
        dialog.reject()
        window.resize(*SIZES[0])
        window.context.theme.set_choice("light")
        print(f"  {self._words.code} {name}", flush=True)

    def go_on(self, seconds: float) -> None:
        """Let the event loop run."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.01)

    def wait(self, until: Callable[[], bool], seconds: float) -> None:
        """Let the event loop run until something is true. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise TimeoutError("the screen did not get ready")
            self.go_on(0.05)
