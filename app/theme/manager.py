"""Applies light, dark or the system's theme to the application, at start and live."""

from __future__ import annotations

import string
import tempfile
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.theme.palette import TOKENS, Mode, active, font, pixels

Choice = Literal["system", "light", "dark"]
_TEMPLATE = Path(__file__).parent / "terakoya.qss.in"
_CARET = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12"><path d="M2.5 4.5 L6 8 L9.5 4.5" '
    'fill="none" stroke="{ink2}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
_TICK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><path d="M4 8.4 L7 11.2 L12 5.4" '
    'fill="none" stroke="{onAi}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


class ThemeManager(QObject):
    """Holds the choice; `changed` tells what paints by itself (plots) to restyle."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: Choice = "system", scale: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self._choice: Choice = choice
        self._images = tempfile.TemporaryDirectory(prefix="terakoya-theme-")
        self._parts: list[QWidget] = []
        self._sheet = ""
        self._waiting: list[QWidget] = []
        self._held: set[QWidget] = set()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._restyle_next)
        app.setStyle("Fusion")  # The same metrics on the three systems.
        active.scale = scale
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._apply()

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def mode(self) -> Mode:
        return active.mode

    def adopt(self, part: QWidget, when_shown: bool = False) -> None:
        """Style a part of the window, or a dialog, and all that it will hold, from now on.

        The style sheet is theirs, not the application's: Qt restyles each widget of an application
        once for every ancestor it has, which took most of a second. And a part that cannot be seen
        is restyled when it is shown.
        """
        self._parts.append(part)
        part.installEventFilter(self)
        if not when_shown:
            part.setStyleSheet(self._sheet)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.styleSheet() != self._sheet:
            watched.setStyleSheet(self._sheet)
        return False

    def set_choice(self, choice: Choice) -> None:
        self._choice = choice
        self._apply()

    def set_scale(self, scale: float) -> None:
        """Text size, 0.9–1.5."""
        active.scale = min(1.5, max(0.9, scale))
        self._apply()

    def toggle(self) -> Choice:
        """Light becomes dark and dark light; returns the new choice."""
        self.set_choice("dark" if active.mode == "light" else "light")
        return self._choice

    def _on_system_scheme_changed(self) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        active.mode = self._resolve()
        self._app.setPalette(_palette())
        self._app.setFont(font("base"))
        self._sheet = self._style_sheet()
        self._parts = [part for part in self._parts if isValid(part)]
        self._waiting = [part for part in self._parts if part.isVisible()]
        if self._waiting:
            self._held |= {part.window() for part in self._waiting}
            for window in filter(isValid, self._held):
                window.setUpdatesEnabled(False)  # Old and new colours never stand side by side.
            self._turn.start()
        else:
            self.changed.emit()

    def _restyle_next(self) -> None:
        """One part a turn: all at once would stop the window for 0.1 s."""
        if self._waiting:
            part = self._waiting.pop(0)
            if isValid(part):
                part.setStyleSheet(self._sheet)
            self._turn.start()
            return
        self.changed.emit()
        for window in filter(isValid, self._held):
            window.setUpdatesEnabled(True)
        self._held.clear()

    def _resolve(self) -> Mode:
        if self._choice != "system":
            return self._choice
        dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def _style_sheet(self) -> str:
        values = {k: v for k, v in TOKENS["color"][active.mode].items() if not k.startswith("_")}
        values["caret"] = self._image("caret", _CARET.format(**values))
        values["tick"] = self._image("tick", _TICK.format(**values))
        for family in ("mincho", "mono"):
            values[family] = ", ".join(f'"{name}"' for name in TOKENS["type"][family])
        for size in ("tick", "small", "base", "reading", "display"):
            values[f"fs_{size}"] = f"{pixels(size)}px"
        return string.Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(values)

    def _image(self, name: str, svg: str) -> str:
        """Style sheets take images from files only: written once for each theme."""
        path = Path(self._images.name) / f"{name}-{active.mode}.svg"
        path.write_text(svg, encoding="utf-8")
        return path.as_posix()


def _palette() -> QPalette:
    colors = TOKENS["color"][active.mode]
    palette = QPalette()
    role = QPalette.ColorRole
    for where, token in (
        (role.Window, "paper"), (role.Base, "card"), (role.AlternateBase, "sunk"),
        (role.Button, "card"), (role.WindowText, "ink"), (role.Text, "ink"),
        (role.ButtonText, "ink"), (role.ToolTipBase, "raised"), (role.ToolTipText, "ink"),
        (role.PlaceholderText, "ink3"), (role.Highlight, "ai"), (role.HighlightedText, "onAi"),
        (role.Link, "aiText"), (role.Accent, "ai"),
    ):  # fmt: skip
        palette.setColor(where, QColor(colors[token]))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colors["control"]))
    return palette
