"""Fetches the text that the preview shows from the library worker."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QPoint, QTimer, Signal

from app.bridge import Bridge
from app.messages import translate
from app.screens.corpus.corpus_page import CorpusPage
from app.screens.corpus.hits_view import cells_of, heading
from app.screens.corpus.readings import corpus_of
from app.screens.corpus.sources_menus import EncodingMenu
from app.screens.corpus.sources_row import Row
from core.corpus.manifest import CorpusManifest
from core.sentences import Sentence

_DELAY_MS, _SOON_MS = 60, 120
"""Before a text is asked for; after how long without an answer it is said to be opened."""


@dataclass(frozen=True)
class Trial:
    """Another encoding for a file, not read yet: Python's name and people's."""

    path: str
    name: str
    shown: str


class Previewer(QObject):
    """Follows the row or the place that is looked at, the cleaning chosen, an encoding that is
    tried, and the steps through documents."""

    not_read_yet = Signal()
    """The row is a folder that has not been read: there is no text to show."""
    encoding_chosen = Signal(str, str)
    """A path and Python's name of the encoding it shall be read in."""

    def __init__(self, bridge: Bridge, page: CorpusPage, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._page = bridge, page
        self._manifest: CorpusManifest | None = None
        self._document = self._documents = 0
        self._trial: Trial | None = None
        self._asked = self._answered = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._request)
        page.sources.row_selected.connect(self._on_row)
        page.sources.model.modelReset.connect(self._on_reset)
        page.sources.encodings_wanted.connect(self._ask_encodings)
        page.sources.hits.hit_chosen.connect(self._show_hit)
        page.sources.search.closed.connect(self._timer.start)
        page.preview.step_wanted.connect(self._step)
        page.preview.chance_wanted.connect(self._draw)
        page.preview.tokens_toggled.connect(self._timer.start)
        page.preview.encoding_wanted.connect(page.sources.choose_encoding)
        page.preview.trial_kept.connect(self._keep_trial)
        page.preview.trial_dropped.connect(self._drop_trial)
        page.cleaning.changed.connect(self._timer.start)

    def show_corpus(self, manifest: CorpusManifest, another: bool) -> None:
        """Another corpus, or news of the same."""
        self._manifest = manifest
        if another:
            self._document = 0
            self._drop_trial()
        self._timer.start()

    def look_again(self) -> None:
        """What can be shown has changed: a reading has begun or ended."""
        self._timer.start()

    def _on_row(self, row: Row) -> None:
        if self._trial is not None and row.path != self._trial.path:
            self._drop_trial()
        self._document = 0
        self._timer.start()

    def _on_reset(self) -> None:
        """A filter may leave no row, and so no text."""
        if not self._page.sources.model.rowCount():
            self._timer.start()

    def _step(self, by: int) -> None:
        self._document = max(0, self._document + by)
        self._timer.start()

    def _draw(self) -> None:
        """A sample of the source: any document but the one that is seen."""
        if self._documents > 1:
            away = random.randrange(1, self._documents)
            self._document = (self._document + away) % self._documents
            self._timer.start()

    # ---- asking for a text -------------------------------------------------------------------

    def _request(self) -> None:
        manifest, row = self._manifest, self._page.sources.current_row()
        if manifest is None or self._page.sources.showing_hits():
            return
        preview = self._page.preview
        if row is None:
            self._asked += 1  # No text that was asked for belongs here.
            preview.show_message(self.tr("Choose a line above to see its text."))
            return
        cleaning = self._page.cleaning.options().model_dump()
        corpus = manifest.name if manifest.snapshot else ""
        if self._trial is not None:
            self._ask("preview_file", {
                "path": row.path, "corpus": corpus, "cleaning": cleaning,
                "show_tokens": preview.show_tokens, "encoding": self._trial.name,
            })  # fmt: skip
        elif row.empty:
            preview.show_message(self.tr("There is no file in this folder."))
        elif row.tone == "shu" and row.status is not None:
            preview.show_message(translate(row.status))
        elif corpus and row.documents and row.tone not in ("read", "wait"):
            self._ask("preview_document", {
                "corpus": corpus, "source": row.path, "index": self._document,
                "cleaning": cleaning,
            })  # fmt: skip
        elif not row.is_folder:
            self._ask("preview_file", {
                "path": row.path, "corpus": corpus, "cleaning": cleaning,
                "show_tokens": preview.show_tokens,
            })  # fmt: skip
        else:
            self.not_read_yet.emit()

    def _ask(self, operation: str, params: dict[str, Any]) -> None:
        self._asked += 1
        number = self._asked
        QTimer.singleShot(_SOON_MS, self, lambda: self._tell_opening(number))
        self._bridge.library(
            operation, params, lambda reply: self._on_reply(number, reply),
            lambda sentence: self._on_failed(number, sentence),
        )  # fmt: skip

    def _tell_opening(self, number: int) -> None:
        """A sentence that is no longer true must not stand where a text is waited for."""
        if number == self._asked > self._answered and self._page.preview.message():
            self._page.preview.show_message(self.tr("The text is being opened…"))

    def _on_reply(self, number: int, reply: dict[str, Any]) -> None:
        self._answered = number
        if number != self._asked:
            return  # Another text has been asked for since.
        preview = self._page.preview
        if not preview.show_tokens and "cells" in reply:
            reply = {**reply, "cells": _without_tokens(reply["cells"])}
        preview.show_reply(reply)
        row = self._page.sources.current_row()
        doubted = row is not None and not row.sure and self._trial is None and not self._is_read()
        if row is not None and doubted:
            preview.show_doubt(row.encoding, row.is_folder or row.is_archive)
        else:
            preview.show_doubt("")
        if self._trial is not None or (doubted and row is not None and not row.is_folder):
            preview.show_doubtful()
        self._documents = int(reply.get("total", 0))
        preview.show_place(int(reply.get("index", 0)), self._documents)

    def _is_read(self) -> bool:
        """Whether the corpus is being read: what was chosen for its files is not shown by them yet."""
        record, manifest = self._bridge.active_run("read"), self._manifest
        return record is not None and manifest is not None and corpus_of(record) == manifest.name

    def _on_failed(self, number: int, sentence: Sentence) -> None:
        self._answered = number
        if number == self._asked:
            self._page.preview.show_message(translate(sentence))

    def _show_hit(self, hit: dict[str, Any]) -> None:
        self._asked += 1
        self._page.preview.show_doubt("")
        cells = cells_of(hit)
        characters = len(str(hit["excerpt"]))
        self._page.preview.show_reply(
            {"title": heading(hit), "cells": cells, "characters": characters}
        )
        self._page.preview.show_place(0, 0)
        self._page.preview.show_match()

    # ---- another encoding --------------------------------------------------------------------

    def _ask_encodings(self, row: Row, place: QPoint) -> None:
        def show(reply: dict[str, Any]) -> None:
            if self._page.sources.current_row() != row:
                return  # The user has gone on meanwhile.
            menu = EncodingMenu(
                self._page, self._trial.shown if self._trial else row.encoding, reply["likely"],
                reply["all"], lambda name, shown: self._try(Trial(row.path, name, shown)),
            )  # fmt: skip
            menu.popup(place)

        self._bridge.library("encodings", {"path": row.path}, show)

    def _try(self, trial: Trial) -> None:
        self._trial = trial
        self._page.preview.show_trial(trial.shown)
        self._timer.start()

    def _keep_trial(self) -> None:
        trial = self._trial
        self._drop_trial()
        if trial is not None:
            self.encoding_chosen.emit(trial.path, trial.name)

    def _drop_trial(self) -> None:
        if self._trial is not None:
            self._trial = None
            self._page.preview.show_trial("")
            self._timer.start()


def _without_tokens(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kept text in one piece, removed and added text as it is."""
    result: list[dict[str, Any]] = []
    for cell in cells:
        if cell.get("removed") or cell.get("added"):
            result.append(cell)
        elif result and not (result[-1].get("removed") or result[-1].get("added")):
            result[-1] = {"text": result[-1]["text"] + cell["text"]}
        else:
            result.append({"text": cell["text"]})
    return result
