"""Tabs, detail, language, theme, settings, guide."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton

from app.screen import ScreenSpec
from app.theme.icons import icon
from app.theme.palette import SIZE, active, font
from app.widgets.controls import Button, Segmented
from app.widgets.layout import STRETCH, add, row


class TopBar(QFrame):
    """Emits what was pressed; the window decides."""

    tab_chosen = Signal(str)
    detail_chosen = Signal(str)
    language_chosen = Signal(str)
    theme_toggled = Signal()
    settings_wanted = Signal()
    guide_toggled = Signal()

    def __init__(self, specs: list[ScreenSpec]) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setFixedHeight(SIZE["topbar"])
        self._specs = specs
        self._tabs: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        layout = row(margins=(8, 0, 12, 0), spacing=0)
        for spec in specs:
            tab = QPushButton()
            tab.setProperty("kind", "tab")
            tab.setCheckable(True)
            tab.setAutoDefault(False)
            tab.setIconSize(QSize(18, 18))
            tab.setCursor(Qt.CursorShape.PointingHandCursor)
            tab.clicked.connect(lambda _=False, name=spec.name: self.tab_chosen.emit(name))
            self._tabs[spec.name] = tab
            layout.addWidget(tab)
        self._detail = Segmented(2)
        self._language = Segmented(2, dense=True)
        self._theme = Button("icon", "ph.moon")
        self._settings = Button("icon", "ph.gear-six")
        self._guide = Button("icon", "ph.chalkboard-teacher")
        for item in (STRETCH, self._detail, 8, self._language, 4, self._theme, 2, self._settings, 2,
                     self._guide):  # fmt: skip
            add(layout, item)
        self.setLayout(layout)
        self._detail.chosen.connect(lambda i: self.detail_chosen.emit("expert" if i else "plain"))
        self._language.chosen.connect(lambda i: self.language_chosen.emit("en" if i else "ja"))
        self._theme.clicked.connect(self.theme_toggled)
        self._settings.clicked.connect(self.settings_wanted)
        self._guide.clicked.connect(self.guide_toggled)

    def show_tab(self, name: str) -> None:
        """Mark the tab; a page without one leaves all unmarked."""
        for tab_name, tab in self._tabs.items():
            tab.setChecked(tab_name == name)
        self._paint_icons()

    def show_state(self, detail: str, language: str, guide: bool) -> None:
        self._detail.set_index(1 if detail == "expert" else 0)
        self._language.set_index(1 if language == "en" else 0)
        self._guide.set_on(guide)
        self._guide.set_icon("ph.chalkboard-teacher", "aiText" if guide else "ink2")

    def enable_tabs(self, ready: bool) -> None:
        """Without a corpus or a version only the corpus tab has something to show."""
        reason = self.tr("Add some text first, in the Corpus tab")
        for spec in self._specs:
            tab = self._tabs[spec.name]
            enabled = ready or not spec.needs_corpus
            tab.setEnabled(enabled)
            tab.setToolTip("" if enabled else reason)
        self._paint_icons()

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the detail switch is in the settings too."""
        self._detail.setVisible(not narrow)

    def retranslate(self) -> None:
        bold = QFontMetricsF(font("base", True))
        for index, spec in enumerate(self._specs):
            text = QCoreApplication.translate("Screens", spec.title)
            tab = self._tabs[spec.name]
            tab.setText(" " + text)
            tab.setMinimumWidth(round(bold.horizontalAdvance(" " + text)) + 18 + 32)
            tab.setAccessibleName(text)
            tab.setAccessibleDescription(f"Ctrl+{index + 1}")
        self._detail.set_texts(
            (self.tr("Plain"), self.tr("Expert")),
            (self.tr("Only what everybody needs"), self.tr("Every setting and number")),
        )
        self._language.set_texts(("日本語", "EN"), ("日本語で表示", "Show in English"))
        self._theme.set_hint(self.tr("Switch between light and dark"))
        self._settings.set_hint(self.tr("Settings (Ctrl+,)"))
        self._guide.set_hint(self.tr("Guide (Ctrl+G)"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._paint_icons()
        super().changeEvent(event)

    def _paint_icons(self) -> None:
        if not hasattr(self, "_theme"):
            return
        self._theme.set_icon("ph.moon" if active.mode == "light" else "ph.sun")
        for spec in self._specs:
            tab = self._tabs[spec.name]
            tone = "aiText" if tab.isChecked() else "ink2" if tab.isEnabled() else "control"
            tab.setIcon(icon(spec.icon, tone))
