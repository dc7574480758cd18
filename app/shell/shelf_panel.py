"""The left panel: name, shelf of versions, device card; folds to a rail of spines."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QMenu, QStackedLayout, QWidget

from app.desktop_icon import ICON
from app.shell.device_card import DeviceCard, DeviceRail
from app.shell.shelf_model import ShelfModel
from app.shell.shelf_view import EmptyShelf, ShelfView
from app.theme.palette import SIZE
from app.widgets.controls import Button, IconLabel, Label
from app.widgets.layout import STRETCH, column, hairline, holder, row
from core.engine.record import JobRecord
from core.hardware import Usage
from core.versions.library import VersionEntry

_ACTIONS = (
    "open", "chat", "evaluate", "continue", "specialise", "distil", "rename", "note", "folder",
    "export_hf", "remove",
)  # fmt: skip


class ShelfPanel(QFrame):
    """Emits what the user wants with a version: `action(name, version id)`."""

    action = Signal(str, str)
    version_chosen = Signal(str)
    run_opened = Signal(str)
    new_wanted = Signal()
    import_wanted = Signal()
    fold_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self._model = ShelfModel()
        self.view = ShelfView(self._model)
        self._empty = EmptyShelf()
        self._name = Label("display")
        self._mark = QLabel()
        self._fold = Button("icon", "ph.caret-double-left")
        self._title, self._count = Label("head"), Label("faint")
        self._find, self._new = Button("icon-s", "ph.magnifying-glass"), Button("icon-s", "ph.plus")
        self._search = QLineEdit()
        self._search.setVisible(False)
        self._search.setClearButtonEnabled(True)
        self._device, self._device_rail = DeviceCard(), DeviceRail()
        self._entries: list[VersionEntry] = []
        self._training: JobRecord | None = None
        self._evaluated: set[str] = set()
        self._rail = False
        self._build()
        self._connect()
        self.set_rail(False)

    def _build(self) -> None:
        picture = QPixmap(str(ICON))
        picture = picture.scaled(QSize(56, 56))
        picture.setDevicePixelRatio(2)
        self._mark.setPixmap(picture)
        self._mark.setFixedSize(28, 28)
        self._head_row = row(self._mark, 2, self._name, STRETCH, self._fold, margins=(16, 0, 8, 0))
        self._head = holder(self._head_row)
        self._head.setFixedHeight(SIZE["topbar"])
        self._bar = holder(
            column(
                row(
                    IconLabel("ph.books"), self._title, self._count, STRETCH, self._find, self._new,
                    spacing=6,
                ),
                self._search,
                margins=(16, 12, 12, 4), spacing=6,
            )
        )  # fmt: skip
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.view)
        self._card = holder(column(self._device, margins=(12, 8, 12, 12)))
        pages = QWidget()
        pages.setLayout(self._pages)
        self.setLayout(
            column(
                self._head, hairline(), self._bar, (pages, 1), self._card, self._device_rail,
                spacing=0,
            )
        )  # fmt: skip

    def _connect(self) -> None:
        self._fold.clicked.connect(self.fold_wanted)
        self._find.clicked.connect(self.toggle_search)
        self._new.clicked.connect(self._open_new)
        self._search.textChanged.connect(self._refresh)
        self.view.current_version.connect(self.version_chosen)
        self.view.opened.connect(lambda version: self.action.emit("open", version))
        self.view.rename_wanted.connect(lambda version: self.action.emit("rename", version))
        self.view.remove_wanted.connect(lambda version: self.action.emit("remove", version))
        self.view.run_opened.connect(self.run_opened)
        self.view.menu_wanted.connect(self._open_menu)

    # ---- what is shown -----------------------------------------------------------------------

    def show_versions(
        self, entries: list[VersionEntry], training: JobRecord | None, evaluated: set[str]
    ) -> None:
        self._entries, self._training, self._evaluated = entries, training, evaluated
        self._refresh()

    def show_training(self, training: JobRecord | None) -> None:
        self._training = training
        self._refresh()

    def show_usage(self, seen: Usage) -> None:
        self._device.show_usage(seen)
        self._device_rail.show_usage(seen)

    def select(self, version_id: str) -> None:
        self.view.select(version_id)

    def step(self, by: int) -> None:
        """Alt+Up, Alt+Down: the neighbouring edition."""
        count = self._model.rowCount()
        now = self.view.currentIndex().row()
        if count:
            wanted = min(count - 1, max(0, now + by)) if now >= 0 else 0
            self.view.setCurrentIndex(self._model.index(wanted))

    def set_rail(self, rail: bool) -> None:
        self._rail = rail
        self.setFixedWidth(SIZE["rail"] if rail else SIZE["sidebar"])
        for part in (self._name, self._mark, self._bar, self._card):
            part.setVisible(not rail)
        self._device_rail.setVisible(rail)
        self._fold.set_icon("ph.caret-double-right" if rail else "ph.caret-double-left")
        self._head_row.setContentsMargins(*((16, 0, 16, 0) if rail else (16, 0, 8, 0)))
        self.view.set_rail(rail)
        self.retranslate()

    def toggle_search(self) -> None:
        if self._rail:
            self.fold_wanted.emit()
        shown = self._search.isHidden()
        self._search.setVisible(shown)
        if shown:
            self._search.setFocus()
        else:
            self._search.clear()

    def retranslate(self) -> None:
        self._name.setText(self.tr("Terakoya"))
        self._title.setText(self.tr("Bookshelf"))
        self._fold.set_hint(self.tr("Open the shelf") if self._rail else self.tr("Fold the shelf"))
        self._find.set_hint(self.tr("Search the shelf"))
        self._new.set_hint(self.tr("New edition"))
        self._search.setPlaceholderText(self.tr("Part of a title"))
        self._search.setAccessibleName(self.tr("Search the shelf"))
        self.view.setAccessibleName(self.tr("Versions"))
        self._empty.set_texts(
            self.tr("No editions yet"), self.tr("Each finished training puts a new edition here")
        )
        self._device.retranslate()
        self._refresh()

    def _refresh(self) -> None:
        chosen = self._model.row_at(self.view.currentIndex().row())
        self._model.show(self._entries, self._training, self._search.text(), self._evaluated)
        self._count.setText(f"{len(self._entries)}" if self._entries else "")
        self._pages.setCurrentIndex(1 if self._model.rowCount() or self._search.text() else 0)
        if chosen is not None and chosen.id:
            self.view.select(chosen.id)

    def _open_new(self) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Train a new edition"), self.new_wanted.emit)
        menu.addAction(self.tr("Import a model…"), self.import_wanted.emit)
        menu.popup(self._new.mapToGlobal(self._new.rect().bottomLeft()))

    def _open_menu(self, version_id: str, place: QPoint) -> None:
        texts = {
            "open": self.tr("Open"), "chat": self.tr("Chat"), "evaluate": self.tr("Evaluate"),
            "continue": self.tr("Train it further"), "specialise": self.tr("Specialise"),
            "distil": self.tr("Distil into a smaller one"), "rename": self.tr("Rename…"),
            "note": self.tr("Note…"), "folder": self.tr("Show in folder"),
            "export_hf": self.tr("Export as a Hugging Face folder…"),
            "remove": self.tr("Move to trash"),
        }  # fmt: skip
        menu = QMenu(self)
        for name in _ACTIONS:
            if name in ("rename", "remove"):
                menu.addSeparator()
            menu.addAction(texts[name], lambda name=name: self.action.emit(name, version_id))
        menu.popup(place)
