"""The card of sources and files: search, filter, table, and places found inside documents."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget

from app.formatting import grouped
from app.screens.corpus.hits_view import HitsView
from app.screens.corpus.search_bar import SearchBar
from app.screens.corpus.sources_menus import FilterMenu, RowMenu
from app.screens.corpus.sources_model import ENCODING, SourcesModel
from app.screens.corpus.sources_row import Filter, Row
from app.screens.corpus.sources_table import SourcesTable
from app.widgets.controls import Button, Card, Segmented

_SEARCH_HEIGHT = 62
"""Pixels that the search field and the words below it take from the places that are found."""
_LEAST_HITS = 132
"""Pixels: the places of three documents."""


class SourcesCard(Card):
    """Emits the row or the place that the user looks at, and what they want done with a row."""

    row_selected = Signal(object)
    encodings_wanted = Signal(object, QPoint)
    """The row of a file, and where on the screen a menu should open."""
    files_wanted = Signal(bool)
    row_asked = Signal(str, object)
    """"drop" or "licence", and a source's row."""
    weight_chosen = Signal(object, float)
    menu_opening = Signal(object, object)
    """A row's menu before it opens, and the row: entries can be added."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 10, 12, 6), spacing=6)
        self.model = SourcesModel()
        self.table = SourcesTable(self.model)
        self.hits = HitsView()
        self.search = SearchBar()
        self.search.setVisible(False)
        self._which = Segmented(2, dense=True)
        self._find = Button("icon-s", "ph.magnifying-glass")
        self._funnel = Button("icon-s", "ph.funnel")
        self._act = Button("icon-s", "ph.dots-three-vertical")
        self._noticed = Button("small", "ph.warning")
        self._noticed.setCheckable(True)
        self._searchable = self._changeable = False
        self._chosen = self._told = ""
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.hits)
        self.add_right(self._noticed, self._act, self._find, self._funnel, self._which)
        self.add(self.search, (self._stack, 1))
        self._connect()
        self._fit()

    def _connect(self) -> None:
        self._which.chosen.connect(lambda index: self.files_wanted.emit(index == 1))
        self._find.clicked.connect(self.find)
        self._funnel.clicked.connect(self._open_filter)
        self._act.clicked.connect(
            lambda: self._open_menu_of(
                self.current_row(), self._act.mapToGlobal(self._act.rect().bottomLeft())
            )
        )
        self._noticed.clicked.connect(self._on_noticed)
        self.search.names_wanted.connect(
            lambda name: self._set_filter(replace(self.model.filter, name=name))
        )
        self.search.closed.connect(self.table.setFocus)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(self._open_row)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.model.modelAboutToBeReset.connect(self._remember)
        self.model.modelReset.connect(self._find_again)
        key = QKeySequence("Alt+Down")
        context = Qt.ShortcutContext.WidgetShortcut
        QShortcut(key, self.table, activated=self.choose_encoding, context=context)  # type: ignore[call-arg]

    # ---- showing -----------------------------------------------------------------------------

    def set_rows(self, rows: list[Row]) -> None:
        self.model.set_rows(rows)
        self._retranslate_counts()
        self._fit()

    def set_allowed(self, searchable: bool, changeable: bool) -> None:
        """Whether there are texts to search in, and whether sources can be changed."""
        self._searchable, self._changeable = searchable, changeable

    def current_row(self) -> Row | None:
        return self.model.row_at(self.table.currentIndex().row())

    def begin(self) -> None:
        """With another corpus: all that was added, without what was searched in the one before."""
        self._which.set_index(0)
        if self.search.isVisible():
            self.search.close_search()
        self._set_filter(Filter())

    def showing_files(self) -> bool:
        """Whether every file is listed, not only what was added."""
        return self._which.index() == 1

    def show_files(self, wanted: Filter) -> None:
        """Every file that `wanted` keeps."""
        self._which.set_index(1)
        self.model.set_filter(wanted)
        self.files_wanted.emit(True)

    def show_hits(self, on: bool) -> None:
        """Places inside documents instead of the table."""
        self._stack.setCurrentWidget(self.hits if on else self.table)
        self._fit()

    def showing_hits(self) -> bool:
        return self._stack.currentWidget() is self.hits

    def show_width(self, width: int) -> None:
        self.table.show_width(width)

    def show_height(self, height: int) -> None:
        """Take no more than `height` pixels where the table can scroll instead."""
        around = self.minimumSizeHint().height() - self._stack.minimumHeight()
        around -= _SEARCH_HEIGHT if self.showing_hits() else 0
        self.table.show_height(height - around)
        self._fit()

    def find(self) -> None:
        """Open the search field, or close it."""
        if self.search.isVisible() and self._find.hasFocus():
            self.search.close_search()
        else:
            self.search.begin(self._searchable)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Sources"))
        self._which.set_texts(
            (self.tr("Sources"), self.tr("Every file")),
            (self.tr("What you added"), self.tr("Every file with what became of it")),
        )
        self._find.set_hint(self.tr("Search"))
        self._funnel.set_hint(self.tr("Filter and sort"))
        self._act.set_hint(
            self.tr("The chosen line: its weight, licence, columns, and taking it out")
        )
        self.table.setAccessibleName(self.tr("Sources of this corpus"))
        self.table.horizontalHeader().setAccessibleName(self.tr("Sort the sources"))
        self.hits.setAccessibleName(self.tr("Places found in the texts"))
        self.table.set_empty_text(self.tr("Nothing is left by this filter"))
        self.search.retranslate()
        self._retranslate_counts()
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 6)

    def _retranslate_counts(self) -> None:
        count, shown = self.model.count(), self.model.rowCount()
        text = grouped(count)
        if shown != count:
            text = self.tr("{shown} of {count}").format(shown=grouped(shown), count=text)
        self.subtitle.setText(text)
        noticed = self.model.noticed()
        self._noticed.setVisible(noticed > 0)
        self._noticed.setChecked(self.model.filter.which == "noticed")
        if self._noticed_is_within():
            self._noticed.set_text(self.tr("Files to look at"))
        else:
            self._noticed.set_text(self.tr("{count} to look at").format(count=grouped(noticed)))
        self._noticed.set_hint(self.tr("Show only what was skipped or needs a look"))
        wanted = self.model.filter
        self._funnel.set_on(bool(wanted.which not in ("all", "noticed") or wanted.kind or wanted.language))  # fmt: skip

    def _fit(self) -> None:
        self.table.fit()
        searching = _SEARCH_HEIGHT if self.showing_hits() else 0
        self._stack.setFixedHeight(
            max(_LEAST_HITS if searching else 0, self.table.height() - searching)
        )

    def _remember(self) -> None:
        row = self.current_row()
        self._chosen = row.path if row is not None else self._chosen

    def _find_again(self) -> None:
        """The row that was looked at, in its new place; the first where it is gone, or another
        corpus is shown."""
        self._fit()
        if self.model.rowCount():
            self.table.selectRow(max(0, self.model.place_of(self._chosen)))
        else:
            self._told = ""
        self._act.setEnabled(self.model.rowCount() > 0)

    # ---- what the user does ------------------------------------------------------------------

    def _set_filter(self, wanted: Filter) -> None:
        self.model.set_filter(wanted)
        self._retranslate_counts()

    def _noticed_is_within(self) -> bool:
        """Whether what should be looked at are files of what was added."""
        return not self.showing_files() and self.model.notices_within()

    def _on_noticed(self) -> None:
        on = self._noticed.isChecked()
        if on and self._noticed_is_within():
            self.show_files(Filter("noticed"))
            return
        self._set_filter(replace(self.model.filter, which="noticed" if on else "all"))

    def _open_filter(self) -> None:
        menu = FilterMenu(self, self.model, self._set_filter)
        menu.popup(self._funnel.mapToGlobal(self._funnel.rect().bottomLeft()))

    def _on_row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        row = self.model.row_at(current.row())
        if row is not None and row.path != self._told:  # Else it only changed its place.
            self._told = row.path
            self.row_selected.emit(row)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == ENCODING:
            self.choose_encoding()

    def _open_row(self, index: QModelIndex) -> None:
        """The files of a folder or an archive that was added."""
        row = self.model.row_at(index.row())
        if row is not None and not self.showing_files() and (row.is_folder or row.is_archive):
            self.show_files(Filter())
            self.search.begin(self._searchable, row.name)

    def choose_encoding(self) -> None:
        """Ask what the file is written in; of a folder, show the files of which it is a guess."""
        row = self.current_row()
        if row is None or not row.encoding or row.tone in ("read", "wait"):
            return
        if row.is_folder or row.is_archive:
            if not row.sure:
                self.show_files(Filter("unsure"))
            return
        index = self.model.index(self.table.currentIndex().row(), ENCODING)
        corner = self.table.visualRect(index).bottomLeft()
        self.encodings_wanted.emit(row, self.table.viewport().mapToGlobal(corner))

    def _open_menu(self, place: QPoint) -> None:
        row = self.model.row_at(self.table.indexAt(place).row()) or self.current_row()
        self._open_menu_of(row, self.table.viewport().mapToGlobal(place))

    def _open_menu_of(self, row: Row | None, place: QPoint) -> None:
        if row is None:
            return
        menu = RowMenu(
            self, row, self.row_asked.emit, self.weight_chosen.emit, self._changeable
        )  # fmt: skip
        self.menu_opening.emit(menu, row)
        menu.popup(place)
