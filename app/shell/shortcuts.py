"""The window's keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QToolTip, QWidget


def add_shortcuts(window: QWidget, pairs: Iterable[tuple[str, Callable[[], object]]]) -> None:
    """Let each key sequence call its function while the window is active."""
    for keys, act in pairs:
        QShortcut(QKeySequence(keys), window, activated=act)  # type: ignore[call-arg]


def explain_focused() -> None:
    """F1: the explanation of the focused control, where the pointer would show it."""
    widget = QApplication.focusWidget()
    text = widget.toolTip() or widget.accessibleDescription() if widget else ""
    if widget is not None and text:
        QToolTip.showText(widget.mapToGlobal(widget.rect().bottomLeft()), text, widget)
