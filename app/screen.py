"""Base of every screen: what the window asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.context import AppContext

_OUT_OF_SIGHT = 400
"""Milliseconds until hidden screens follow."""


@dataclass(frozen=True)
class GuideCard:
    """A paragraph of the guide: Phosphor icon name, title, rich text (already translated).

    In `text`, <b>…</b> marks live numbers (drawn in indigo).
    """

    icon: str
    title: str
    text: str


class Screen(QWidget):
    """A tab (or a page without a tab). The window finds screens by the SCREEN object of
    app/screens/<name>/__init__.py and knows none by name.

    Subclasses build their widgets in `__init__` without texts, set every text in `retranslate`,
    and do nothing slow: work beyond 100 ms goes to the engine.
    """

    guide_changed = Signal()
    """The guide cards have other numbers now."""
    order: ClassVar[int] = 100

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._in_old_language = False

    def retranslate(self) -> None:
        """Set every text anew; called once after building and at each change of language."""

    def restyle(self) -> None:
        """Repaint what reads colours from the theme (plots); called after a change of theme."""

    def set_detail(self, choice: str) -> None:
        """The user switched between "plain" and "expert"."""

    def open(self, payload: dict[str, object]) -> None:
        """The user came here; `payload` is what the sender wants shown."""

    def dock(self) -> tuple[str, QWidget] | None:
        """A panel that stands beside the guide in the right dock, with its tab's text."""
        return None

    def guide_cards(self) -> list[GuideCard]:
        return []

    def guide_words(self) -> list[tuple[str, str]]:
        """(word, explanation) for "Words used here"."""
        return []

    def event(self, event: QEvent) -> bool:
        """A hidden screen takes the new language in a turn of its own, or as it is shown: a click
        on another language waits for what is seen only."""
        if event.type() == QEvent.Type.LanguageChange and not self.isVisible():
            if not self._in_old_language:
                self._in_old_language = True
                QTimer.singleShot(_OUT_OF_SIGHT, self, self._follow)
            return True  # Its children hear of it then.
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._follow()
        super().showEvent(event)

    def _follow(self) -> None:
        if self._in_old_language:
            self._in_old_language = False
            super().event(QEvent(QEvent.Type.LanguageChange))


@dataclass(frozen=True)
class ScreenSpec:
    """Declared as SCREEN in app/screens/<name>/__init__.py.

    Attributes:
        name: Stable name for navigation ("corpus").
        order: Place among the tabs; a screen with `tab` False is a page without a tab.
        icon: Phosphor icon ("ph.stack").
        title: English text, marked with QT_TRANSLATE_NOOP("Screens", …).
        module, cls: Imported when first shown, so that start-up stays fast.
        needs_corpus: The tab is disabled (with a reason) until there is a corpus or a version.
    """

    name: str
    order: int
    icon: str
    title: str
    module: str
    cls: str
    tab: bool = True
    needs_corpus: bool = True
