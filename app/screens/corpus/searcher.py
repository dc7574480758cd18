"""Asks the library worker for places inside documents, answer after answer."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from app.bridge import Bridge
from app.formatting import grouped
from app.messages import translate
from app.screens.corpus.sources_card import SourcesCard
from core.corpus.manifest import CorpusManifest
from core.sentences import Sentence

_AT_ONCE = 50
_UNTIL_ASKED = 200
"""Places that are shown before the user asks for more."""


class Searcher(QObject):
    """Follows the search field. Answers to what is no longer asked are dropped."""

    def __init__(self, bridge: Bridge, card: SourcesCard, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._card = bridge, card
        self._corpus = ""
        self._text = ""
        self._query = 0
        self._next: int | None = None
        self._limit = _UNTIL_ASKED
        card.search.texts_wanted.connect(self._begin)
        card.search.more_wanted.connect(self._go_on)

    def show_corpus(self, manifest: CorpusManifest) -> None:
        """Another corpus, or another snapshot of it: what was found is of the old one."""
        key = f"{manifest.name}@{manifest.snapshot}" if manifest.snapshot else ""
        if key != self._corpus:
            self._corpus = key
            self._name = manifest.name
            self._begin(self._text)

    def _begin(self, text: str) -> None:
        self._text = text
        self._query += 1
        self._limit = _UNTIL_ASKED
        self._card.hits.places.clear()
        self._card.show_hits(bool(text and self._corpus))
        self._card.search.tell("", more=False)
        if text and self._corpus:
            self._ask(0)

    def _go_on(self) -> None:
        self._limit = len(self._card.hits.places.hits) + _UNTIL_ASKED
        if self._next is not None:
            self._ask(self._next)

    def _ask(self, offset: int) -> None:
        query = self._query
        params = {"corpus": self._name, "text": self._text, "offset": offset, "count": _AT_ONCE}
        self._bridge.library(
            "search", params, lambda reply: self._on_reply(query, reply),
            lambda sentence: self._on_failed(query, sentence),
        )  # fmt: skip

    def _on_reply(self, query: int, reply: dict[str, Any]) -> None:
        if query != self._query:
            return
        hits = self._card.hits
        first = not hits.places.hits
        hits.places.append(reply["hits"])
        if first and reply["hits"]:
            hits.setCurrentIndex(hits.places.index(0))
        self._next = reply["next"]
        found = len(hits.places.hits)
        full = found >= self._limit
        self._card.search.tell(self._words(found, reply), more=full and self._next is not None)
        if self._next is not None and not full:
            self._ask(self._next)

    def _on_failed(self, query: int, sentence: Sentence) -> None:
        if query == self._query:
            self._card.search.tell(translate(sentence), more=False)

    def _words(self, found: int, reply: dict[str, Any]) -> str:
        searched, total = grouped(reply["searched"]), grouped(reply["total"])
        if reply["next"] is None:
            text = QCoreApplication.translate("Searcher", "{found} places")
            return text.format(found=grouped(found))
        text = QCoreApplication.translate(
            "Searcher", "{found} places in {searched} of {total} texts"
        )
        return text.format(found=grouped(found), searched=searched, total=total)
