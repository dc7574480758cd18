"""Fetches the text that the preview shows from the library worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import Bridge
from app.messages import translate
from app.screens.corpus.corpus_page import CorpusPage
from core.corpus.manifest import CorpusManifest
from core.sentences import Sentence

_DELAY_MS = 60


class Previewer(QObject):
    """Follows the row that is looked at, the cleaning chosen, and the steps through documents."""

    not_read_yet = Signal()
    """The row is a folder that is still being read: there is no text to show."""

    def __init__(self, bridge: Bridge, page: CorpusPage, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._page = bridge, page
        self._manifest: CorpusManifest | None = None
        self._document = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._request)
        page.sources.row_selected.connect(lambda _: self._from_first())
        page.preview.step_wanted.connect(self._step)
        page.preview.tokens_toggled.connect(self._timer.start)
        page.cleaning.changed.connect(self._timer.start)

    def show_corpus(self, manifest: CorpusManifest, another: bool) -> None:
        """Another corpus, or news of the same."""
        self._manifest = manifest
        if another:
            self._document = 0
        self._timer.start()

    def _from_first(self) -> None:
        self._document = 0
        self._timer.start()

    def _step(self, by: int) -> None:
        self._document = max(0, self._document + by)
        self._timer.start()

    def _request(self) -> None:
        manifest, row = self._manifest, self._page.sources.current_row()
        if manifest is None or row is None:
            return
        preview = self._page.preview
        if row.tone == "shu" and row.status is not None:
            preview.show_message(translate(row.status))
            return
        path = Path(row.path)
        jsonl = path.suffix.casefold() in (".jsonl", ".ndjson")
        cleaning = self._page.cleaning.options().model_dump()
        if manifest.snapshot and (row.is_folder or jsonl):
            params = {
                "corpus": manifest.name, "source": row.path, "index": self._document,
                "cleaning": cleaning,
            }  # fmt: skip
            self._ask("preview_document", params)
        elif not row.is_folder:
            params = {
                "path": row.path, "corpus": manifest.name if manifest.snapshot else "",
                "cleaning": cleaning, "show_tokens": preview.show_tokens,
            }  # fmt: skip
            self._ask("preview_file", params)
        else:
            self.not_read_yet.emit()

    def _ask(self, operation: str, params: dict[str, Any]) -> None:
        self._bridge.library(operation, params, self._on_reply, self._on_failed)

    def _on_reply(self, reply: dict[str, Any]) -> None:
        preview = self._page.preview
        if not preview.show_tokens and "cells" in reply:
            text = "".join(c["text"] for c in reply["cells"] if not c.get("removed"))
            reply = {**reply, "cells": [{"text": text}]}
        preview.show_reply(reply)
        preview.show_place(int(reply.get("index", 0)), int(reply.get("total", 0)))

    def _on_failed(self, sentence: Sentence) -> None:
        self._page.preview.show_message(translate(sentence))
