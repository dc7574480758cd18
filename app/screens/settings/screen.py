"""Settings in a few cards."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from app.context import AppContext
from app.formatting import bytes_text
from app.messages import explain, translate
from app.screen import GuideCard, Screen
from app.screens.settings.electricity import ElectricityCard
from app.widgets.ask import ask_sure
from app.widgets.controls import Button, Card, ElidedLabel, Label, Segmented, Switch
from app.widgets.layout import STRETCH, column, holder, row, scroll
from core.diagnostics import report
from core.errors import TerakoyaError
from core.home import Trash
from core.sentences import Sentence

_LANGUAGES = ("system", "ja", "en")
_THEMES = ("system", "light", "dark")
_DETAILS = ("plain", "expert")
_SCALES = (0.9, 1.0, 1.15, 1.3, 1.5)
_CLOSING = ("ask", "keep", "pause")
COPIED_MS = 4000


class SettingsScreen(Screen):
    """Every change takes effect at once."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._title = Label("display")
        self._look, self._work = (
            Card(margins=(16, 12, 16, 16), spacing=12),
            Card(margins=(16, 12, 16, 16), spacing=12),
        )
        self._language, self._theme = Segmented(3), Segmented(3)
        self._detail, self._scale, self._closing = Segmented(2), Segmented(5), Segmented(3)
        self._notices = Switch()
        self._labels = [Label() for _ in range(6)]
        for card, label, control in (
            (self._look, 0, self._language), (self._look, 1, self._theme),
            (self._look, 2, self._scale), (self._look, 3, self._detail),
            (self._work, 4, self._closing), (self._work, 5, self._notices),
        ):  # fmt: skip
            card.add(row((self._labels[label], 1), control))
        self._home_label, self._home = Label(), ElidedLabel("mono", Qt.TextElideMode.ElideMiddle)
        self._open_home = Button("small", "ph.folder-open")
        self._work.add(row(self._home_label, (self._home, 1), self._open_home))
        self._fault_label, self._copy = Label(), Button("small", "ph.clipboard-text")
        self._work.add(row((self._fault_label, 1), self._copy))
        self._copied_for = QTimer(self)
        self._copied_for.setSingleShot(True)
        self._copied_for.setInterval(COPIED_MS)
        self._electricity = ElectricityCard(context.preferences)
        self._trash_card = self._build_trash()
        content = holder(
            column(self._title, self._look, self._work, self._electricity, (self._trash_card, 1),
                   margins=(24, 20, 24, 20), spacing=14)
        )  # fmt: skip
        self.setLayout(column(scroll(content)))
        self._connect()

    def _build_trash(self) -> Card:
        card = Card(margins=(16, 12, 12, 12))
        self._restore, self._empty = (
            Button("small", "ph.arrow-u-up-left"),
            Button("small", "ph.trash"),
        )
        card.add_right(self._restore, self._empty)
        self._table = QTableWidget(0, 3)
        self._table.verticalHeader().setVisible(False)
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.horizontalHeader().setStretchLastSection(True)
        self._table.horizontalHeader().setHighlightSections(False)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)
        self._table.setMinimumHeight(160)
        self._none = Label("faint")
        card.add(self._none, (self._table, 1), STRETCH)
        return card

    def _connect(self) -> None:
        preferences, go = self.context.preferences, self.context.navigator.go
        self._language.chosen.connect(lambda i: go("language", choice=_LANGUAGES[i]))
        self._theme.chosen.connect(lambda i: self._set_theme(_THEMES[i]))
        self._detail.chosen.connect(lambda i: go("detail", choice=_DETAILS[i]))
        self._scale.chosen.connect(lambda i: self._set_scale(_SCALES[i]))
        self._closing.chosen.connect(lambda i: preferences.set(closing=_CLOSING[i]))
        self._notices.toggled.connect(lambda on: preferences.set(end_notices=on))
        self._copy.clicked.connect(self._copy_diagnostics)
        self._copied_for.timeout.connect(self._show_copy)
        self._open_home.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.home.path)))
        )
        self._restore.clicked.connect(self._restore_chosen)
        self._empty.clicked.connect(self._empty_trash)
        self._table.itemSelectionChanged.connect(
            lambda: self._restore.setEnabled(self._table.currentRow() >= 0)
        )
        self.context.bridge.trash_changed.connect(self._show_trash)

    def open(self, payload: dict[str, object]) -> None:
        preferences = self.context.preferences
        self._language.set_index(_LANGUAGES.index(preferences.language))
        self._theme.set_index(_THEMES.index(preferences.theme))
        self._detail.set_index(_DETAILS.index(preferences.detail))
        nearest = min(_SCALES, key=lambda s: abs(s - preferences.text_scale))
        self._scale.set_index(_SCALES.index(nearest))
        self._closing.set_index(_CLOSING.index(preferences.closing))
        self._notices.setChecked(preferences.end_notices)
        self._electricity.open()
        self._home.set_full_text(str(self.context.home.path))
        self._show_trash()

    def set_detail(self, choice: str) -> None:
        self._detail.set_index(_DETAILS.index(choice))

    def retranslate(self) -> None:
        self._title.setText(self.tr("Settings"))
        self._look.title.setText(self.tr("Look and language"))
        self._work.title.setText(self.tr("Work"))
        texts = (
            self.tr("Language"), self.tr("Theme"), self.tr("Text size"), self.tr("Detail"),
            self.tr("When the window is closed while training"),
            self.tr("Tell of a training's end when the window is elsewhere"),
        )  # fmt: skip
        controls = (
            self._language, self._theme, self._scale, self._detail, self._closing, self._notices,
        )  # fmt: skip
        for label, text, control in zip(self._labels, texts, controls, strict=True):
            label.setText(text)
            control.setAccessibleName(text)
        self._language.set_texts((self.tr("As the system"), "日本語", "English"))
        self._theme.set_texts((self.tr("As the system"), self.tr("Light"), self.tr("Dark")))
        self._detail.set_texts((self.tr("Plain"), self.tr("Expert")))
        self._scale.set_texts([f"{s * 100:.0f} %" for s in _SCALES])
        self._closing.set_texts(
            (self.tr("Ask"), self.tr("Go on training"), self.tr("Save and stop"))
        )
        self._home_label.setText(self.tr("Everything is kept in"))
        self._open_home.set_text(self.tr("Open"))
        self._fault_label.setText(self.tr("To report a fault"))
        self._copy.setToolTip(
            self.tr(
                "What a report needs of this program and computer, without your texts and names"
            )
        )
        self._show_copy()
        self._electricity.retranslate()
        self._trash_card.title.setText(self.tr("Trash"))
        self._restore.set_text(self.tr("Put back"))
        self._empty.set_text(self.tr("Empty the trash…"))
        self._none.setText(self.tr("The trash is empty."))
        self._table.setAccessibleName(self.tr("Trash"))
        self._table.setHorizontalHeaderLabels([self.tr("What"), self.tr("When"), self.tr("Size")])
        self._show_trash()

    def guide_cards(self) -> list[GuideCard]:
        return [
            GuideCard("ph.trash", self.tr("Nothing is lost"), self.tr(
                "What you remove goes to the trash and stays there until you empty it.")),
            GuideCard("ph.folder", self.tr("Your files"), self.tr(
                "Corpora, versions, runs and chats are plain files in one folder. You can copy it to "
                "another computer.")),
        ]  # fmt: skip

    # ---- diagnostics --------------------------------------------------------------------------

    def _copy_diagnostics(self) -> None:
        """PyTorch is asked about GPUs, which may take seconds: on a thread."""
        home = self.context.home
        self._copy.setEnabled(False)
        self.context.bridge.background(lambda: report(home), self._copied, self._not_copied)

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._copied_for.start()
        self._show_copy()
        self.context.navigator.go(
            "say", text=self.tr("Copied. Read it through before you send it.")
        )

    def _not_copied(self, sentence: Sentence) -> None:
        self._show_copy()
        self.context.navigator.go("say", text=translate(sentence), tone="shu")

    def _show_copy(self) -> None:
        """The button itself says for a while that it is done."""
        copied = self._copied_for.isActive()
        self._copy.setEnabled(True)
        self._copy.set_text(self.tr("Copied") if copied else self.tr("Copy diagnostics"))
        self._copy.set_icon("ph.check" if copied else "ph.clipboard-text")

    # ---- trash -------------------------------------------------------------------------------

    def _show_trash(self) -> None:
        self._items = Trash(self.context.home).list()
        self._table.setRowCount(len(self._items))
        for index, item in enumerate(self._items):
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(item.time))
            for column_, text in enumerate((item.origin, when, bytes_text(item.bytes))):
                self._table.setItem(index, column_, QTableWidgetItem(text))
        self._table.setColumnWidth(0, 420)
        self._table.setColumnWidth(1, 160)
        self._table.setVisible(bool(self._items))
        self._none.setVisible(not self._items)
        self._empty.setEnabled(bool(self._items))
        self._restore.setEnabled(self._table.currentRow() >= 0 and bool(self._items))

    def _restore_chosen(self) -> None:
        index = self._table.currentRow()
        if not 0 <= index < len(self._items):
            return
        try:
            Trash(self.context.home).restore(self._items[index].id)
        except TerakoyaError as error:
            self.context.navigator.go("say", text=explain(error), tone="shu")
            return
        self.context.navigator.go("say", text=self.tr("It is back"))
        self.context.bridge.versions_changed.emit()
        self.context.bridge.corpora_changed.emit()
        self.context.bridge.background(self.context.bridge.engine.rescan)
        self._show_trash()

    def _empty_trash(self) -> None:
        size = bytes_text(sum(item.bytes for item in self._items))
        ask_sure(
            self, self.tr("Empty the trash"),
            self.tr("{count} things ({size}) are deleted for good. This cannot be undone.").format(
                count=len(self._items), size=size),
            self.tr("Delete for good"),
            lambda: self.context.bridge.background(
                Trash(self.context.home).empty, lambda _: self._show_trash()
            ),
        )  # fmt: skip

    # ---- look --------------------------------------------------------------------------------

    def _set_theme(self, choice: str) -> None:
        self.context.preferences.set(theme=choice)
        self.context.theme.set_choice(choice)  # type: ignore[arg-type]

    def _set_scale(self, scale: float) -> None:
        self.context.preferences.set(text_scale=scale)
        self.context.theme.set_scale(scale)
