"""The shelf as a list of spines joined by the lines of their lineage."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.shell.shelf_model import RowRole, ShelfModel, ShelfRow
from app.theme.palette import color, font, pixels

_INDENT = 16
_BADGE = {
    "neutral": ("track", "ink2"), "ai": ("aiTint2", "aiText"), "shu": ("shuTint", "shu"),
}  # fmt: skip


class ShelfView(QListView):
    """`opened` (Enter, double click), `menu_wanted` (right click, menu key), F2 and Delete."""

    opened = Signal(str)
    run_opened = Signal(str)
    rename_wanted = Signal(str)
    remove_wanted = Signal(str)
    menu_wanted = Signal(str, QPoint)
    current_version = Signal(str)

    def __init__(self, model: ShelfModel) -> None:
        super().__init__()
        self.rows = model
        self.setModel(model)
        self.setItemDelegate(ShelfDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.rail = False
        self.customContextMenuRequested.connect(self._on_menu)
        self.clicked.connect(self._on_clicked)
        self.selectionModel().currentChanged.connect(self._on_current)

    def set_rail(self, rail: bool) -> None:
        """Narrow: a spine and its tag only."""
        self.rail = rail
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def select(self, version_id: str) -> None:
        """Mark a version without telling it back."""
        row = self.rows.find(version_id)
        chooser = self.selectionModel()
        chooser.blockSignals(True)
        if row < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            self.setCurrentIndex(self.rows.index(row))
        chooser.blockSignals(False)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.rows.row_at(self.currentIndex().row())
        key = event.key()
        if row is not None and row.id:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.opened.emit(row.id)
                return
            if key == Qt.Key.Key_F2:
                self.rename_wanted.emit(row.id)
                return
            if key == Qt.Key.Key_Delete:
                self.remove_wanted.emit(row.id)
                return
        super().keyPressEvent(event)

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        row = self.rows.row_at(current.row())
        if row is not None and row.id:
            self.current_version.emit(row.id)

    def _on_clicked(self, index: QModelIndex) -> None:
        row = self.rows.row_at(index.row())
        if row is None:
            return
        if row.run:
            self.run_opened.emit(row.run)
        else:
            self.opened.emit(row.id)

    def _on_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if not index.isValid():
            index = self.currentIndex()
            place = self.visualRect(index).center()
        row = self.rows.row_at(index.row())
        if row is not None and row.id:
            self.menu_wanted.emit(row.id, self.viewport().mapToGlobal(place))


class ShelfDelegate(QStyledItemDelegate):
    """Paints a row: selection, lines, spine, title, badge, meta, progress."""

    def __init__(self, view: ShelfView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        row: ShelfRow | None = index.data(RowRole)
        if self._view.rail:
            return QSize(48, 48)
        height = 26 + pixels("base") + pixels("small")
        if row is not None and row.progress is not None:
            height += 8
        return QSize(200, height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: ShelfRow | None = index.data(RowRole)
        if row is None:
            return
        area = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = area.left() + 12 + (0 if self._view.rail else row.depth * _INDENT)
        if self._view.rail:
            left = area.left() + 16
        if selected or hovered:
            box = QRectF(left - 7.5, area.top() + 2.5, area.right() - left + 1.5, area.height() - 5)
            focused = selected and self._view.hasFocus()
            painter.setPen(QPen(color("aiText" if focused else "hair"), 1.5 if focused else 1))
            painter.setBrush(color("select" if selected else "hover"))
            painter.drawRoundedRect(box, 8, 8)
        if self._view.rail:
            self._paint_rail(painter, row, area)
        else:
            self._paint_lines(painter, row, area, left)
            self._paint_row(painter, row, area, left)
        painter.restore()

    def _paint_lines(self, painter: QPainter, row: ShelfRow, area: QRectF, left: float) -> None:
        painter.setPen(QPen(color("control"), 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        middle = int(area.center().y())
        if row.depth > 0:
            x = int(area.left() + 12 + (row.depth - 1) * _INDENT + 3)
            painter.drawLine(x, int(area.top()), x, middle)
            painter.drawLine(x, middle, int(left) - 4, middle)
        for depth, goes_on in enumerate(row.continues, start=1):
            if goes_on:
                x = int(area.left() + 12 + (depth - 1) * _INDENT + 3)
                top = int(area.top()) if depth < row.depth else middle
                painter.drawLine(x, top, x, int(area.bottom()) + 1)
        if row.has_child:
            x = int(left) + 3
            painter.drawLine(x, int(area.bottom()) - 7, x, int(area.bottom()) + 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_row(self, painter: QPainter, row: ShelfRow, area: QRectF, left: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(row.colour))
        painter.drawRoundedRect(QRectF(left, area.top() + 8, 6, area.height() - 16), 2.5, 2.5)
        x, right = left + 16, area.right() - 12
        line = pixels("base") + 7
        top = QRectF(x, area.top() + 7, right - x, line)
        if row.badge:
            top.setRight(self._paint_badge(painter, row, top) - 6)
        for text, bold in ((row.tag, True), (row.title, not row.tag)):
            face = font("base", bold)
            painter.setFont(face)
            painter.setPen(color("ink"))
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, max(0, int(top.width()))
            )
            painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, shown)
            if text:
                top.setLeft(top.left() + QFontMetricsF(face).horizontalAdvance(shown) + 6)
        painter.setFont(font("small"))
        painter.setPen(color("ink3"))
        low = QRectF(x, area.top() + 7 + line, right - x, pixels("small") + 6)
        shown = painter.fontMetrics().elidedText(
            row.meta, Qt.TextElideMode.ElideRight, int(low.width())
        )
        painter.drawText(low, Qt.AlignmentFlag.AlignVCenter, shown)
        if row.progress is not None:
            bar = QRectF(x, low.bottom() + 3, right - x, 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("track"))
            painter.drawRoundedRect(bar, 1.5, 1.5)
            painter.setBrush(color("aiText"))
            bar.setWidth(bar.width() * row.progress)
            painter.drawRoundedRect(bar, 1.5, 1.5)

    def _paint_badge(self, painter: QPainter, row: ShelfRow, line: QRectF) -> float:
        face = font("tick")
        width = QFontMetricsF(face).horizontalAdvance(row.badge) + 12
        height = pixels("tick") + 7
        box = QRectF(line.right() - width, line.center().y() - height / 2, width, height)
        ground, ink = _BADGE.get(row.badge_kind, _BADGE["neutral"])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(ground))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(color(ink))
        painter.setFont(face)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, row.badge)
        return box.left()

    def _paint_rail(self, painter: QPainter, row: ShelfRow, area: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(row.colour))
        painter.drawRoundedRect(QRectF(area.left() + 16, area.top() + 8, 6, 32), 2.5, 2.5)
        painter.setPen(color("ink"))
        painter.setFont(font("small", True))
        label = row.tag or row.title[:2]
        words = QRectF(area.left() + 24, area.top() + 8, area.width() - 28, 32)
        if row.progress is not None:
            words.setHeight(18)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, label)
        if row.progress is not None:
            painter.setFont(font("tick"))
            painter.setPen(color("aiText"))
            words.translate(0, 16)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, f"{row.progress * 100:.0f}%")


class EmptyShelf(QWidget):
    """Blank spines: what an empty shelf says and promises."""

    def __init__(self) -> None:
        super().__init__()
        self._title = self._text = ""

    def set_texts(self, title: str, text: str) -> None:
        self._title, self._text = title, text
        self.setAccessibleName(f"{title}. {text}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() < 120:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, base = self.width(), 150
        pen = QPen(color("control"), 1.2)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        for x, height, wide in ((64, 76, 20), (92, 90, 22), (120, 70, 20)):
            painter.drawRoundedRect(QRectF(x, base - height, wide, height), 3, 3)
        painter.save()
        painter.translate(152, base)
        painter.rotate(9)
        painter.drawRoundedRect(QRectF(0, -84, 22, 84), 3, 3)
        painter.restore()
        painter.setPen(QPen(color("line"), 2))
        painter.drawLine(40, base + 1, width - 40, base + 1)
        painter.setFont(font("base", True))
        painter.setPen(color("ink2"))
        painter.drawText(QRectF(0, base + 14, width, 24), Qt.AlignmentFlag.AlignCenter, self._title)
        painter.setFont(font("small"))
        painter.setPen(color("ink3"))
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(16, base + 40, width - 32, 80), flags, self._text)
