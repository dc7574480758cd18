"""A table of records that come page by page, one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableView

from app.theme.palette import active

Index = QModelIndex | QPersistentModelIndex
Record = dict[str, Any]
_ROW_HEIGHT = 30
_HEAD_HEIGHT = 28
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Column:
    """`text` writes a record's cell, `hint` its tooltip; `width` 0 takes the room that is left."""

    text: Callable[[Record], str]
    width: int = 0
    right: bool = False
    hint: Callable[[Record], str] | None = None


class RecordModel(QAbstractTableModel):
    """`more_wanted(offset)` when the view has come near the end of what is there."""

    more_wanted = Signal(int)

    def __init__(self, columns: list[Column]) -> None:
        super().__init__()
        self.records: list[Record] = []
        self._columns = columns
        self._heads = [""] * len(columns)
        self._total = 0
        self._asked = -1

    def set_heads(self, heads: list[str]) -> None:
        self._heads = heads
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(heads) - 1)

    def begin(self, total: int, records: list[Record]) -> None:
        """The first page of `total` records."""
        self.beginResetModel()
        self.records, self._total, self._asked = list(records), total, -1
        self.endResetModel()

    def append(self, records: list[Record]) -> None:
        first = len(self.records)
        if not records:
            self._total = first
            return
        self.beginInsertRows(QModelIndex(), first, first + len(records) - 1)
        self.records += records
        self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:
        here = len(self.records)
        return not parent.isValid() and here < self._total and self._asked != here

    def fetchMore(self, parent: Index) -> None:
        self._asked = len(self.records)
        self.more_wanted.emit(self._asked)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._columns[section].right else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.records):
            return None
        column, record = self._columns[index.column()], self.records[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(record)
            case Qt.ItemDataRole.ToolTipRole:
                return (column.hint or column.text)(record)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._heads[index.column()]}: {column.text(record)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column.right else _LEFT
            case _:
                return None


class RecordTable(QTableView):
    """`record_chosen` carries the record under the cursor."""

    record_chosen = Signal(dict)

    def __init__(self, columns: list[Column]) -> None:
        super().__init__()
        self.records = RecordModel(columns)
        self.setModel(self.records)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, head = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setFixedHeight(_HEAD_HEIGHT)
        head.setHighlightSections(False)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for number, one in enumerate(columns):
            mode = QHeaderView.ResizeMode.Fixed if one.width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(number, mode)
            if one.width:
                self.setColumnWidth(number, round(one.width * active.scale))
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def set_heads(self, heads: list[str]) -> None:
        self.records.set_heads(heads)

    def height_of(self, rows: int) -> int:
        """Pixels that the head and `rows` rows take."""
        return _HEAD_HEIGHT + rows * _ROW_HEIGHT + 2

    def begin(self, total: int, records: list[Record]) -> None:
        """Show the first page and look at its first record."""
        self.records.begin(total, records)
        if records:
            self.selectRow(0)
        else:
            self.record_chosen.emit({})

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self.record_chosen.emit(self.records.records[current.row()])
