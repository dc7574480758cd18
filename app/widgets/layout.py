"""Short ways to say rows, columns, cards and hairlines."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

LayoutT = TypeVar("LayoutT", bound=QBoxLayout)
Margins = int | tuple[int, int, int, int]


class Stretch:
    """Takes the free room between neighbours in `row` and `column`."""


STRETCH = Stretch()
Item = QWidget | QLayout | int | Stretch | None | tuple[QWidget | QLayout, int]


def row(*items: Item, margins: Margins = 0, spacing: int = 8) -> QHBoxLayout:
    """Items side by side: widgets, layouts, ints (pixels of room), STRETCH, (item, stretch)."""
    return _fill(QHBoxLayout(), items, margins, spacing)


def column(*items: Item, margins: Margins = 0, spacing: int = 8) -> QVBoxLayout:
    """Items below each other; see `row`."""
    return _fill(QVBoxLayout(), items, margins, spacing)


def _fill(layout: LayoutT, items: tuple[Item, ...], margins: Margins, spacing: int) -> LayoutT:
    edges = (margins,) * 4 if isinstance(margins, int) else margins
    layout.setContentsMargins(*edges)
    layout.setSpacing(spacing)
    for item in items:
        add(layout, item)
    return layout


def add(layout: QBoxLayout, item: Item) -> None:
    """Append one item as `row` and `column` understand it."""
    stretch = 0
    if isinstance(item, tuple):
        item, stretch = item
    match item:
        case None:
            pass
        case Stretch():
            layout.addStretch(1)
        case int():
            layout.addSpacing(item)
        case QLayout():
            layout.addLayout(item, stretch)
        case _:
            layout.addWidget(item, stretch)


def holder(layout: QLayout) -> QWidget:
    """A bare widget around a layout."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def frame(layout: QLayout | None = None, name: str = "", surface: str = "") -> QFrame:
    """A frame that the style sheet paints: by object name (bars) or by `surface` (cards)."""
    made = QFrame()
    if name:
        made.setObjectName(name)
    if surface:
        made.setProperty("surface", surface)
    if layout is not None:
        made.setLayout(layout)
    return made


def hairline(vertical: bool = False) -> QFrame:
    made = QFrame()
    made.setProperty("line", "v" if vertical else "h")
    return made


def scroll(content: QWidget) -> QScrollArea:
    """Vertical scrolling that keeps the paper's colour and never scrolls sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def expanding(widget: QWidget) -> QWidget:
    """Let `widget` grow sideways."""
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, widget.sizePolicy().verticalPolicy())
    return widget


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Change a property that the style sheet reads, and let it take effect."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
