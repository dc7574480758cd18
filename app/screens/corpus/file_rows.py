"""Every file of a corpus as rows: fetched on a thread, for there may be many."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.screens.corpus.sources_row import Row, row_of_file, row_of_source
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest
from core.sentences import Sentence

_AT_ONCE = 200


class FileRows(QObject):
    """`arrived` when rows that were asked for are there; `failed` says why files cannot be listed
    (the sources then stand in for them)."""

    arrived = Signal()
    failed = Signal(object)

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = ""
        self._rows: list[Row] | None = None

    def of(self, manifest: CorpusManifest) -> list[Row] | None:
        """The rows of a corpus that has been read, or None while they are fetched."""
        key = f"{manifest.name}@{manifest.changed}"
        if self._asked != key:
            self._asked, self._rows = key, None
            library = self._context.corpora
            self._context.bridge.background(
                lambda: list(_rows(library, manifest.name)),
                lambda rows: self._take(key, rows),
                lambda sentence: self._fail(key, manifest, sentence),
            )
        return self._rows

    def _take(self, key: str, rows: list[Row]) -> None:
        if key == self._asked:
            self._rows = rows
            self.arrived.emit()

    def _fail(self, key: str, manifest: CorpusManifest, sentence: Sentence) -> None:
        self.failed.emit(sentence)
        self._take(key, [row_of_source(source, begun=True) for source in manifest.sources])


def _rows(library: CorpusLibrary, name: str) -> Iterator[Row]:
    """Of a file at a time, with pauses in which the window can draw."""
    for number, file in enumerate(library.each_file(name)):
        if number % _AT_ONCE == 0:
            time.sleep(0.001)
        yield row_of_file(file)
