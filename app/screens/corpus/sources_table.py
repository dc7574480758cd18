"""The table of sources as it is seen: heads that sort, verdicts with icon and words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
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
    SourcesModel,
    StatusRole,
)
from app.theme.icons import pixmap
from app.theme.palette import active, color, font

_STATUS_ICONS = {
    "ok": "ph.check-circle", "warn": "ph.warning", "shu": "ph.x-circle", "wait": "ph.clock",
    "read": "ph.hourglass-medium",
}  # fmt: skip
_SHOWN_TONES = ("ok", "warn", "shu")
_STATUS_COLORS = {"warn": "warn", "shu": "shu"}
_ROW_HEIGHT = 33
_HEAD_HEIGHT = 28
_WIDTHS: tuple[int, ...] = (62, 78, 70, 62, 58, 166)
_LONG_KIND_WIDTH = 76
_LEAST_ROWS, _LEAST_MOST, _MOST_ROWS = 3, 4, 8
"""Rows that there is room for: at least; at least where there are more; at most."""
_LEAST_NAME, _LEAST_STATUS = 140, 90
_PLAIN_STATUS_WIDTH = 100
"""Where every row is well."""
_UNSURE_WIDTH = 108
"""With an icon before the encoding."""


class SourcesTable(QTableView):
    """As tall as its rows, up to eight of them and as many as there is room for: the preview gets the
    rest."""

    def __init__(self, model: SourcesModel) -> None:
        super().__init__()
        self._model = model
        self._wide, self._most = 2000, _MOST_ROWS
        self._empty = ""
        head = SortHeader(model)
        self.setHorizontalHeader(head)
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(16, 16))
        self.setItemDelegateForColumn(STATUS, StatusDelegate(self))
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows = self.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setFixedHeight(_HEAD_HEIGHT)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.fit()

    def fit(self) -> None:
        """Give rows and columns their room."""
        wide = self._wide / active.scale
        shown = min(self._most, max(_LEAST_ROWS, self._model.rowCount()))
        self.setFixedHeight(_HEAD_HEIGHT + shown * _ROW_HEIGHT + 2)
        unsure = self._model.has_unsure()
        widths: dict[int, float] = dict(enumerate(_WIDTHS, start=1))
        if unsure:
            widths[ENCODING] = _UNSURE_WIDTH
        if self._model.has_long_kinds():
            widths[KIND] = _LONG_KIND_WIDTH
        if unsure or wide < 900:
            widths[STATUS] = 150 if wide >= 900 else 128
        if not self._model.shows_noticed():
            widths[STATUS] = _PLAIN_STATUS_WIDTH
        self.setColumnHidden(KIND, wide < (1000 if unsure else 900))
        self.setColumnHidden(LANGUAGE, wide < 1060)
        shown_widths = sum(w for column, w in widths.items() if not self.isColumnHidden(column))
        lacking = _LEAST_NAME + shown_widths - self.width() / active.scale
        if lacking > 0:
            widths[STATUS] = max(_LEAST_STATUS, widths[STATUS] - lacking)
        for column, width in widths.items():
            self.setColumnWidth(column, round(width * active.scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.fit()
        super().resizeEvent(event)

    def set_empty_text(self, text: str) -> None:
        """What stands in a table without rows."""
        self._empty = text

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._model.rowCount() and self._model.count():
            painter = QPainter(self.viewport())
            painter.setPen(color("ink3"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._empty)

    def show_width(self, width: int) -> None:
        """Drop the less important columns when there is little room."""
        if width != self._wide:
            self._wide = width
            self.fit()

    def show_height(self, height: int) -> None:
        """Show as many rows as `height` pixels take."""
        rows = (height - _HEAD_HEIGHT - 2) // _ROW_HEIGHT
        self._most = max(_LEAST_MOST, min(_MOST_ROWS, rows))


class SortHeader(QHeaderView):
    """Click on a name, or choose one with the arrows and press Space: the rows are sorted by it."""

    def __init__(self, model: SourcesModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._sources = model
        self._current = 0
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sectionClicked.connect(model.sort_by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self._move(1 if event.key() == Qt.Key.Key_Right else -1)
            case Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._sources.sort_by(self._current)
            case _:
                super().keyPressEvent(event)

    def _move(self, by: int) -> None:
        place = self._current + by
        while 0 <= place < self.count() and self.isSectionHidden(place):
            place += by
        if 0 <= place < self.count():
            self._current = place
            self.setAccessibleDescription(self._sources.column_name(place))
            self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        super().paintSection(painter, rect, section)
        painter.restore()
        if self.hasFocus() and section == self._current:
            painter.setPen(QPen(color("aiText"), 2))
            painter.drawRoundedRect(rect.adjusted(1, 2, -1, -3), 4, 4)


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
        if tone == "read" and progress is not None:
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
        image = pixmap(_STATUS_ICONS[tone], 14, tone if tone in _SHOWN_TONES else "ink3")
        painter.drawPixmap(int(area.left()), int(area.center().y()) - 7, image)
        painter.setFont(font("small"))
        painter.setPen(color(_STATUS_COLORS.get(tone, "ink2")))
        area.setLeft(area.left() + 20)
        fitted = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, fitted)

    def _paint_progress(self, painter: QPainter, area: QRectF, share: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(area.left(), area.center().y() - 2.5, max(20.0, area.width() - 48), 5)
        painter.setBrush(color("track"))
        painter.drawRoundedRect(bar, 2.5, 2.5)
        painter.setBrush(color("aiText"))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, 5), 2.5, 2.5)
        painter.setPen(color("ink2"))
        painter.setFont(font("small"))
        area.setLeft(bar.right() + 6)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, f"{share * 100:.0f} %")
