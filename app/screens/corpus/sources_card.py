"""The table of sources and files, with search and a filter for what needs a look."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import QDesktopServices, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.screens.corpus.sources_model import (
    ENCODING,
    KIND,
    LANGUAGE,
    NAME,
    STATUS,
    Row,
    SourcesModel,
    StatusRole,
)
from app.theme.icons import pixmap
from app.theme.palette import color, font
from app.widgets.controls import Button, Card, Segmented

ENCODINGS = ("utf-8", "cp932", "euc-jp", "iso-2022-jp", "utf-16", "latin-1")
_STATUS_ICONS = {"ok": "ph.check-circle", "warn": "ph.warning", "shu": "ph.x-circle"}
_ROW_HEIGHT = 33


class SourcesCard(Card):
    """Emits the row that the user looks at and the encoding that they chose for a file."""

    row_selected = Signal(object)
    encoding_chosen = Signal(str, str)
    files_wanted = Signal(bool)
    drop_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(margins=(16, 10, 12, 6), spacing=6)
        self.model = SourcesModel()
        self._which = Segmented(2, dense=True)
        self._search = QLineEdit()
        self._search.setMaximumWidth(150)
        self._search.setClearButtonEnabled(True)
        self._search.setVisible(False)
        self._find = Button("icon-s", "ph.magnifying-glass")
        self._noticed = Button("small", "ph.warning")
        self._noticed.setCheckable(True)
        self.table = self._build_table()
        self.add_right(self._noticed, self._search, self._find, self._which)
        self.add((self.table, 1))
        self._which.chosen.connect(lambda index: self.files_wanted.emit(index == 1))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self._find.clicked.connect(self._toggle_search)
        self._search.textChanged.connect(self._filter)
        self._noticed.toggled.connect(self._filter)

    def _build_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setIconSize(QSize(16, 16))
        table.setItemDelegateForColumn(STATUS, StatusDelegate(table))
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = table.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = table.horizontalHeader()
        head.setFixedHeight(28)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in zip(range(1, 7), (62, 78, 70, 60, 54, 132), strict=True):
            table.setColumnWidth(column, width)
        table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        table.clicked.connect(self._on_clicked)
        return table

    def _fit_height(self) -> None:
        """As tall as its rows, between three and eight of them: the preview gets the rest."""
        shown = min(8, max(3, self.model.rowCount()))
        self.table.setFixedHeight(28 + shown * _ROW_HEIGHT + 2)

    def set_rows(self, rows: list[Row]) -> None:
        chosen = self.current_row()
        self.model.set_rows(rows)
        self._fit_height()
        self.subtitle.setText(f"{len(rows):,}")
        self._noticed.setVisible(self.model.noticed() > 0)
        self._retranslate_noticed()
        self._select(chosen.path if chosen else None)

    def current_row(self) -> Row | None:
        return self.model.row_at(self.table.currentIndex().row())

    def show_width(self, width: int) -> None:
        """Drop the less important columns when there is little room."""
        self.table.setColumnHidden(KIND, width < 760)
        self.table.setColumnHidden(LANGUAGE, width < 1060)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Sources"))
        self._which.set_texts(
            (self.tr("Sources"), self.tr("Every file")),
            (self.tr("What you added"), self.tr("Every file with what became of it")),
        )
        self._search.setPlaceholderText(self.tr("Part of a name"))
        self._search.setAccessibleName(self.tr("Search the sources"))
        self._find.set_hint(self.tr("Search"))
        self.table.setAccessibleName(self.tr("Sources of this corpus"))
        self._retranslate_noticed()
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 6)

    def _retranslate_noticed(self) -> None:
        self._noticed.set_text(self.tr("{count} to look at").format(count=self.model.noticed()))
        self._noticed.set_hint(self.tr("Show only what was skipped or needs a look"))

    def _select(self, path: str | None) -> None:
        """The row of `path`; the first where it is gone, or another corpus is shown."""
        rows = [self.model.row_at(index) for index in range(self.model.rowCount())]
        places = [index for index, row in enumerate(rows) if row and row.path == path]
        if rows:
            self.table.selectRow(places[0] if places else 0)

    def _toggle_search(self) -> None:
        self._search.setVisible(not self._search.isVisible())
        if self._search.isVisible():
            self._search.setFocus()
        else:
            self._search.clear()

    def _filter(self) -> None:
        self.model.set_filter(self._search.text(), self._noticed.isChecked())
        self._fit_height()
        self._select(None)

    def _on_row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        row = self.model.row_at(current.row())
        if row is not None:
            self.row_selected.emit(row)

    def _on_clicked(self, index: QModelIndex) -> None:
        row = self.model.row_at(index.row())
        if row and index.column() == ENCODING and not row.is_folder and row.encoding:
            self._choose_encoding(row, index)

    def showing_files(self) -> bool:
        """Whether every file is listed, not only what was added."""
        return self._which.index() == 1

    def _open_menu(self, place: QPoint) -> None:
        row = self.model.row_at(self.table.indexAt(place).row())
        if row is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show = self.tr("Show in folder")
        menu.addAction(
            show, lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(row.path).parent)))
        )
        if not self.showing_files():
            menu.addAction(
                self.tr("Take out of this corpus"), lambda: self.drop_wanted.emit(row.path)
            )
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _choose_encoding(self, row: Row, index: QModelIndex) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ENCODINGS:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name == row.encoding.casefold())
            action.triggered.connect(
                lambda _=False, name=name: self.encoding_chosen.emit(row.path, name)
            )
        corner = self.table.visualRect(index).bottomLeft()
        menu.popup(self.table.viewport().mapToGlobal(corner))


class StatusDelegate(QStyledItemDelegate):
    """Icon and words of a verdict, or a meter while a source is being read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tone, text, progress = index.data(StatusRole)
        bare = QStyleOptionViewItem(option)
        bare.text = ""
        super().paint(painter, bare, index)
        area = QRectF(option.rect).adjusted(8, 0, -4, 0)  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if tone == "read":
            self._paint_progress(painter, area, progress)
        else:
            self._paint_verdict(painter, area, tone, text)
        painter.restore()

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.text = ""  # pyright: ignore[reportAttributeAccessIssue]

    def _paint_verdict(self, painter: QPainter, area: QRectF, tone: str, text: str) -> None:
        image = pixmap(_STATUS_ICONS[tone], 14, tone)
        painter.drawPixmap(int(area.left()), int(area.center().y()) - 7, image)
        painter.setFont(font("small"))
        painter.setPen(color("ink2" if tone == "ok" else tone))
        area.setLeft(area.left() + 20)
        fitted = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, fitted)

    def _paint_progress(self, painter: QPainter, area: QRectF, share: float | None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(area.left(), area.center().y() - 2.5, max(20.0, area.width() - 48), 5)
        painter.setBrush(color("track"))
        painter.drawRoundedRect(bar, 2.5, 2.5)
        if share is None:
            return
        painter.setBrush(color("aiText"))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, 5), 2.5, 2.5)
        painter.setPen(color("ink2"))
        painter.setFont(font("small"))
        area.setLeft(bar.right() + 6)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, f"{share * 100:.0f} %")
