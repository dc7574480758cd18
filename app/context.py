"""What screens need, handed down: no global state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from app.bridge import Bridge
    from app.exchange import Exchange
    from app.preferences import Preferences
    from app.theme.manager import ThemeManager
    from core.corpus.library import CorpusLibrary
    from core.home import Home
    from core.versions.library import VersionLibrary


class Selection(QObject):
    """What the user looks at, shared by shelf, steps and screens. Empty string: nothing.

    `version` holds a version's id, `corpus` a corpus's name, `run` a run's id.
    """

    version_changed = Signal(str)
    corpus_changed = Signal(str)
    run_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.version = ""
        self.corpus = ""
        self.run = ""

    def select_version(self, version_id: str) -> None:
        if version_id != self.version:
            self.version = version_id
            self.version_changed.emit(version_id)

    def select_corpus(self, name: str) -> None:
        if name != self.corpus:
            self.corpus = name
            self.corpus_changed.emit(name)

    def select_run(self, run_id: str) -> None:
        if run_id != self.run:
            self.run = run_id
            self.run_changed.emit(run_id)


class Navigator(QObject):
    """How a screen asks for another one without knowing it: by name (corpus, training, …).

    `payload` is what the other screen's `open(payload)` gets, for example {"version": id}.
    """

    requested = Signal(str, dict)

    def go(self, screen: str, **payload: object) -> None:
        self.requested.emit(screen, payload)


@dataclass
class AppContext:
    home: Home
    bridge: Bridge
    versions: VersionLibrary
    corpora: CorpusLibrary
    preferences: Preferences
    theme: ThemeManager
    selection: Selection
    navigator: Navigator
    exchange: Exchange
