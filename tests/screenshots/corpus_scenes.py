"""Scenes of the Corpus tab: its page in what a user does with it, and its dialogs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QDialog

from app.screens.corpus.laboratory_dialog import LaboratoryDialog
from app.screens.corpus.previewer import Trial
from app.screens.corpus.screen import CorpusScreen
from app.screens.corpus.sources_row import Filter
from app.window import Window
from core import events as ev
from core.jobs.kinds import Personal, ReadJob
from tests.app.support import ScriptedRun
from tests.screenshots.scene import Words

CORPUS_SCENES = (
    "corpus", "corpus-search", "corpus-files", "corpus-skipped", "corpus-encoding",
    "corpus-personal", "cleaning", "duplicates", "mapping", "corpus-export", "data-sheet",
    "laboratory", "vocabulary", "tokens", "evaluation-sets", "corpus-watched", "corpus-guess",
    "corpus-many", "corpus-stopped",
)  # fmt: skip
_MANY = 20_000
_MASKED: list[Personal] = ["mail", "phone", "postal"]


class Camera(Protocol):
    """What takes the pictures."""

    def take(self, window: Window, name: str) -> None: ...
    def take_dialog(self, window: Window, dialog: QDialog, name: str) -> None: ...
    def go_on(self, seconds: float) -> None: ...
    def wait(self, until: Callable[[], bool], seconds: float) -> None: ...


class CorpusScenes:
    """Every scene begins at the corpus's page, and leaves it as it was."""

    def __init__(self, camera: Camera, window: Window, words: Words) -> None:
        self._camera, self._window, self._words = camera, window, words
        screen = window.screen_named("corpus")
        assert isinstance(screen, CorpusScreen)
        self._screen, self._page = screen, screen.page
        self._sources = screen.page.sources

    def scenes(self) -> dict[str, Callable[[str], None]]:
        """What takes each picture, by its name."""
        dialogs = self._screen._dialogs
        return {
            "corpus": self._corpus, "corpus-search": self._search, "corpus-files": self._files,
            "corpus-skipped": self._skipped, "corpus-encoding": self._encoding,
            "corpus-personal": self._personal,
            "cleaning": lambda name: self._dialog(name, self._open_cleaning),
            "duplicates": lambda name: self._dialog(name, dialogs.open_duplicates),
            "mapping": self._mapping,
            "corpus-export": lambda name: self._dialog(name, dialogs.open_export),
            "data-sheet": lambda name: self._dialog(name, dialogs.open_sheet),
            "laboratory": self._laboratory, "vocabulary": self._vocabulary, "tokens": self._tokens,
            "evaluation-sets": lambda name: self._dialog(name, dialogs.evaluation_sets.open),
            "corpus-watched": self._watched, "corpus-guess": self._guess,
            "corpus-many": self._many, "corpus-stopped": self._stopped,
        }  # fmt: skip

    # ---- the page ----------------------------------------------------------------------------

    def _show(self) -> None:
        self._window.go("corpus")
        self._screen.show_corpus(self._words.corpus)
        self._camera.go_on(1.0)
        self._camera.wait(lambda: bool(self._page.preview._reply), 20)

    def _corpus(self, name: str) -> None:
        """In Japanese a text with readings, which cleaning takes away."""
        self._show()
        if self._words.code == "ja":
            self._sources.table.selectRow(1)
        else:
            for _ in range(300):
                self._page.preview.step_wanted.emit(1)
        self._camera.go_on(1.6)
        self._camera.take(self._window, name)

    def _search(self, name: str) -> None:
        self._show()
        self._sources.find()
        search = self._sources.search
        search._where.button(1).click()
        search._field.setText(self._words.searched)
        search._ask_texts()
        self._camera.wait(lambda: bool(self._sources.hits.places.hits), 20)
        self._camera.go_on(1.0)
        self._camera.take(self._window, name)
        search.close_search()

    def _files(self, name: str) -> None:
        """Members of an archive among the files."""
        self._list(Filter(), lambda path: "notes.jsonl" in path)
        self._camera.take(self._window, name)
        self._back()

    def _skipped(self, name: str) -> None:
        self._list(Filter("noticed"), lambda path: path.endswith("salaries.pdf"))
        self._camera.take(self._window, name)
        self._back()

    def _encoding(self, name: str) -> None:
        """A wrong one, to be seen at once."""
        self._list(Filter(name="txt"), lambda path: path.endswith("café.txt"))
        row = self._sources.current_row()
        assert row is not None
        self._screen._previewer._try(Trial(row.path, "cp1251", "Windows-1251"))
        self._camera.go_on(1.0)
        self._camera.take(self._window, name)
        self._screen._previewer._drop_trial()
        self._back()

    def _personal(self, name: str) -> None:
        self._list(Filter(name="letter"), lambda path: path.endswith("letter-2.txt"))
        cleaning = self._page.cleaning
        cleaning._take(cleaning.options().model_copy(update={"personal": _MASKED}))
        text = self._page.preview._text

        def masked() -> list[int]:
            return [i for i, cell in enumerate(text.cells()) if cell.get("added")]

        self._camera.wait(lambda: bool(masked()), 20.0)
        text.choose(masked()[0])
        self._camera.take(self._window, name)
        cleaning.undo()
        self._back()

    def _watched(self, name: str) -> None:
        """Files of its folders have changed since it was read."""
        self._show()
        self._page.show_news({"new": 3, "changed": 1, "gone": 2, "names": ["diary.txt"]})
        self._camera.take(self._window, name)
        self._page.show_news({})

    def _guess(self, name: str) -> None:
        """An encoding that could as well be another one, before anything is chosen."""
        self._list(Filter(name="txt"), lambda path: path.endswith("café.txt"))
        row = self._sources.current_row()
        assert row is not None
        self._sources.set_rows([replace(row, sure=False)])
        self._screen._previewer.look_again()
        self._camera.go_on(1.0)
        self._camera.take(self._window, name)
        self._back()

    def _many(self, name: str) -> None:
        """20,000 files, made from those that are there."""
        self._list(Filter(), lambda path: "notes.jsonl" in path)
        model = self._sources.model
        rows = [row for n in range(model.rowCount()) if (row := model.row_at(n)) is not None]
        times = _MANY // len(rows)
        self._sources.set_rows([
            replace(row, path=row.path.replace("letter", f"letter {n}")) for n in range(times)
            for row in rows
        ])  # fmt: skip
        self._camera.go_on(1.0)
        self._camera.take(self._window, name)
        self._back()

    def _stopped(self, name: str) -> None:
        """A reading that was stopped, of a corpus that is not there yet."""
        bridge, title = self._window.context.bridge, f"{self._words.corpus} 2"
        paths = [s.path for s in self._window.context.corpora.get(self._words.corpus).sources]
        config = ReadJob(corpus=title, paths=paths).model_dump(mode="json")
        with ScriptedRun(self._window.context.home, title, kind="read", **config) as run:
            run.write(ev.Started(), ev.Phase(name="reading"), ev.Progress(done=30, total=120, unit="bytes"))  # fmt: skip
            run.end("paused")
        bridge.engine.rescan()
        self._screen.show_corpus(title)
        self._camera.go_on(1.0)
        self._camera.take(self._window, name)
        bridge.engine.remove(run.id)
        self._screen.show_corpus(self._words.corpus)

    def _list(self, wanted: Filter, chosen: Callable[[str], bool]) -> None:
        """Every file that `wanted` keeps, at the first whose path is `chosen`."""
        self._show()
        self._sources.show_files(wanted)
        model = self._sources.model
        self._camera.wait(lambda: model.count() > 20, 20)
        rows = [model.row_at(number) for number in range(model.rowCount())]
        place = next(n for n, row in enumerate(rows) if row is not None and chosen(row.path))
        self._sources.table.selectRow(place)
        self._camera.go_on(1.0)

    def _back(self) -> None:
        """To the sources."""
        self._sources._which.set_index(0)
        self._sources._set_filter(Filter())
        self._sources.files_wanted.emit(False)
        self._camera.go_on(0.5)

    # ---- dialogs -----------------------------------------------------------------------------

    def _dialog(self, name: str, act: Callable[[], object]) -> None:
        self._show()
        act()
        self._camera.go_on(2.0)
        self._camera.take_dialog(self._window, self._open(), name)

    def _open_cleaning(self) -> None:
        """Over a text with readings and notes."""
        self._sources.table.selectRow(1)
        self._camera.go_on(1.0)
        self._page.cleaning.open_sheet()

    def _mapping(self, name: str) -> None:
        def act() -> None:
            sources = self._window.context.corpora.get(self._words.corpus).sources
            papers = next(Path(s.path) for s in sources if s.path.endswith("papers"))
            self._screen._dialogs.open_mapping(str(papers / "questions.csv"))

        self._dialog(name, act)

    def _laboratory(self, name: str) -> None:
        def act() -> None:
            self._screen._dialogs.open_laboratory()
            dialog = self._open()
            assert isinstance(dialog, LaboratoryDialog)
            for kind in ("unigram", "characters"):
                dialog._try(kind, 1024)
                self._camera.go_on(0.3)
                self._camera.wait(lambda: not dialog.work.busy and len(dialog._compared) > 1, 60)
                self._camera.go_on(1.0)

        self._dialog(name, act)

    def _vocabulary(self, name: str) -> None:
        def act() -> None:
            self._screen._dialogs.open_laboratory()
            dialog = self._open()
            assert isinstance(dialog, LaboratoryDialog)
            dialog._tabs.button(1).click()
            self._camera.wait(lambda: bool(dialog._curves), 120)

        self._dialog(name, act)

    def _tokens(self, name: str) -> None:
        def act() -> None:
            self._screen._dialogs.open_laboratory()
            dialog = self._open()
            assert isinstance(dialog, LaboratoryDialog)
            dialog._tabs.button(2).click()

        self._dialog(name, act)

    def _open(self) -> QDialog:
        """The dialog that is open."""
        return next(d for d in self._window.findChildren(QDialog) if d.isVisible())
