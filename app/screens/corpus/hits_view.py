"""Places where a word was found inside documents, as a list."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from app.theme.palette import color, font

Index = QModelIndex | QPersistentModelIndex
HitRole = Qt.ItemDataRole.UserRole + 1
_ROW_HEIGHT = 46
_BEFORE = 24
"""Characters before the word in the line that is shown."""


class HitsModel(QAbstractListModel):
    """Answers of the library worker (core.corpus.serving.search), one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.hits: list[dict[str, Any]] = []

    def clear(self) -> None:
        self.beginResetModel()
        self.hits = []
        self.endResetModel()

    def append(self, hits: list[dict[str, Any]]) -> None:
        if hits:
            first = len(self.hits)
            self.beginInsertRows(QModelIndex(), first, first + len(hits) - 1)
            self.hits += hits
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.hits):
            return None
        hit = self.hits[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{heading(hit)}: {''.join(line_of(hit))}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return hit["source"]
        return hit if role == HitRole else None


def heading(hit: dict[str, Any]) -> str:
    """File, and the document's title where it says more."""
    file, title = PurePath(hit["source"]).name, str(hit.get("title") or "")
    return file if not title or title == file or title in file else f"{file} · {title}"


def line_of(hit: dict[str, Any]) -> tuple[str, str, str]:
    """What stands before the word, the word, and what follows, in one line."""
    text = str(hit["excerpt"]).replace("\n", " ")
    start, end = hit["matches"][0]
    before = text[max(0, start - _BEFORE) : start].lstrip()
    return ("…" if start > _BEFORE else "") + before, text[start:end], text[end : end + 200]


def cells_of(hit: dict[str, Any]) -> list[dict[str, Any]]:
    """The excerpt as cells for the preview, the words marked."""
    text, cells, position = str(hit["excerpt"]), list[dict[str, Any]](), 0
    for start, end in hit["matches"]:
        cells += [{"text": text[position:start]}, {"text": text[start:end], "match": True}]
        position = end
    return [cell for cell in [*cells, {"text": text[position:]}] if cell["text"]]


class HitsView(QListView):
    """`hit_chosen` carries the place under the cursor."""

    hit_chosen = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.places = HitsModel()
        self.setModel(self.places)
        self.setItemDelegate(_HitDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._on_current)

    def _on_current(self, current: QModelIndex) -> None:
        hit = current.data(HitRole)
        if hit is not None:
            self.hit_chosen.emit(hit)


class _HitDelegate(QStyledItemDelegate):
    """File and title in small letters; below them the line with the word in bold."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, _ROW_HEIGHT)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.text = ""  # pyright: ignore[reportAttributeAccessIssue]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        hit = index.data(HitRole)
        if hit is None:
            return
        painter.save()
        area = QRectF(option.rect).adjusted(8, 4, -8, -4)  # pyright: ignore[reportAttributeAccessIssue]
        painter.setFont(font("small"))
        painter.setPen(color("ink3"))
        name = painter.fontMetrics().elidedText(
            heading(hit), Qt.TextElideMode.ElideMiddle, int(area.width())
        )
        top = QRectF(area.left(), area.top(), area.width(), area.height() / 2)
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, name)
        x, middle = area.left(), Qt.AlignmentFlag.AlignVCenter
        for number, part in enumerate(line_of(hit)):
            face = font("base", number == 1)
            metrics = QFontMetricsF(face)
            place = QRectF(x, top.bottom(), max(0.0, area.right() - x), area.height() / 2)
            painter.setFont(face)
            painter.setPen(color("aiText" if number == 1 else "ink"))
            shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, middle, shown)
            x += metrics.horizontalAdvance(part)
            if x >= area.right():
                break
        painter.setPen(color("hair"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())  # pyright: ignore[reportAttributeAccessIssue]
        painter.restore()
