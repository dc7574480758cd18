"""Phosphor icons in the colours of the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from app.theme.palette import hex_of


def icon(name: str, color: str = "ink2") -> QIcon:
    """`name` like "ph.stack"; `color` a token. Ask again after a change of theme."""
    return _icon(name, hex_of(color)[:7], hex_of("control"))


def pixmap(name: str, size: int = 16, color: str = "ink2") -> QPixmap:
    """Sharp on every screen: QIcon.pixmap(size) alone would be 1x."""
    screen = QApplication.primaryScreen()
    return icon(name, color).pixmap(QSize(size, size), screen.devicePixelRatio() if screen else 1.0)


@cache
def _icon(name: str, color: str, disabled: str) -> QIcon:
    import qtawesome

    return qtawesome.icon(name, color=color, color_disabled=disabled)
