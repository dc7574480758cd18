"""Where shelf and guide stand: beside the screen in a wide window, else folded and over it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.preferences import Preferences
from app.shell.guide_panel import GuidePanel
from app.shell.shelf_panel import ShelfPanel
from app.theme.palette import SIZE

WIDE = 1280


class Arrangement:
    """`middle` holds the screen and, in a wide window, the guide. A wide window remembers what is
    open; what is unfolded in a narrow one is forgotten when it becomes wide."""

    def __init__(
        self, shelf: ShelfPanel, guide: GuidePanel, middle: QWidget, row: QHBoxLayout,
        preferences: Preferences,
    ) -> None:  # fmt: skip
        self._shelf, self._guide, self._middle, self._row = shelf, guide, middle, row
        self._preferences = preferences
        self._width = 0
        self._shelf_wanted: bool | None = None
        self._guide_over = False

    def resize(self, width: int) -> None:
        """The window has another width."""
        if (self._width >= WIDE) != (width >= WIDE):
            self._shelf_wanted = None
            self._guide_over = False
        self._width = width
        self.apply()

    def toggle_guide(self) -> None:
        opened = not self._guide.isVisible()
        self._preferences.set(guide_open=opened)
        self._guide_over = opened and self._width < WIDE
        self.apply()

    def toggle_shelf(self) -> None:
        opened = self._shelf.width() <= SIZE["rail"]
        self._shelf_wanted = opened
        if self._width >= WIDE:
            self._preferences.set(shelf_open=opened)
        self.apply()

    def apply(self) -> None:
        wide = self._width >= WIDE
        shelf_open = self._preferences.shelf_open if wide else False
        if self._shelf_wanted is not None:
            shelf_open = self._shelf_wanted
        self._shelf.set_rail(not shelf_open)
        if wide:
            if self._row.indexOf(self._guide) < 0:
                self._row.addWidget(self._guide)
            self._guide.setVisible(self._preferences.guide_open)
            return
        self._row.removeWidget(self._guide)
        self._guide.setParent(self._middle)
        self._guide.setVisible(self._guide_over)
        area, width = self._middle.rect(), self._guide.width()
        self._guide.setGeometry(area.right() - width + 1, 0, width, area.height())
        self._guide.raise_()
