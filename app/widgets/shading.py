"""A scrolling field of tokens: coloured by token or by probability, with a keyboard cursor."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from app.theme.palette import active, color, font, pixels
from app.widgets.cells import CellLayout, Mode


class TokenShading(QAbstractScrollArea):
    """One painted widget for any number of cells; `cell_chosen` carries an index."""

    cell_chosen = Signal(int)

    def __init__(self, mode: Mode = "stripes", whole: bool = False) -> None:
        """`whole`: always as high as its text; something around it scrolls."""
        super().__init__()
        self._whole = whole
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self._mode: Mode = mode
        self._chosen = -1
        self._scale = 0.0
        self._layout = self._make_layout()

    def set_mode(self, mode: Mode) -> None:
        self._mode = mode
        self.viewport().update()

    def set_cells(self, cells: list[dict[str, Any]], keep_place: bool = False) -> None:
        """Show `cells`; the cursor stays where it was with `keep_place`."""
        self._layout.set_cells(list(cells), self._text_width())
        if not keep_place or self._chosen >= len(cells):
            self._chosen = -1
            self.verticalScrollBar().setValue(0)
        self._adjust()
        self._speak()

    def cells(self) -> list[dict[str, Any]]:
        return self._layout.cells

    def chosen(self) -> int:
        return self._chosen

    def choose(self, index: int) -> None:
        """Move the cursor and tell."""
        if not -1 <= index < len(self._layout.cells):
            return
        self._chosen = index
        self.reveal(index)
        self.viewport().update()
        self._speak()
        self.cell_chosen.emit(index)

    def reveal(self, index: int) -> None:
        """Scroll to a cell where it is not seen."""
        area = self._layout.area_of(index)
        bar = self.verticalScrollBar()
        if area.top() < bar.value():
            bar.setValue(int(area.top()))
        elif area.bottom() > bar.value() + self.viewport().height():
            bar.setValue(int(area.bottom()) - self.viewport().height())

    def sizeHint(self) -> QSize:
        return QSize(320, 4 * self._line_height())

    def area_of(self, index: int) -> QRectF:
        """Where a cell stands in the text."""
        return self._layout.area_of(index)

    def text_height(self) -> int:
        return round(self._layout.height)

    # ---- events ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layout.set_width(self._text_width())
        self._adjust()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        resized = event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if resized and hasattr(self, "_layout") and self._scale != active.scale:
            cells = self._layout.cells
            self._layout = self._make_layout()
            self._layout.set_cells(cells, self._text_width())
            self._adjust()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position() + QPointF(0, self.verticalScrollBar().value())
        index = self._layout.cell_at(place)
        if index >= 0:
            self.choose(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        now, count = self._chosen, len(self._layout.cells)
        if not count:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Right:
                self.choose(min(count - 1, now + 1))
            case Qt.Key.Key_Left:
                self.choose(max(0, now - 1))
            case Qt.Key.Key_Down:
                self.choose(self._layout.neighbour(max(0, now), 1))
            case Qt.Key.Key_Up:
                self.choose(self._layout.neighbour(max(0, now), -1))
            case Qt.Key.Key_Home:
                self.choose(0)
            case Qt.Key.Key_End:
                self.choose(count - 1)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        origin = QPointF(2, -self.verticalScrollBar().value())
        self._layout.paint(painter, origin, QRectF(event.rect()), self._mode, self._chosen)
        if self.hasFocus() and self._chosen < 0:
            painter.setPen(QPen(color("aiText"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.viewport().rect().adjusted(1, 1, -1, -1), 6, 6)

    # ---- inside ------------------------------------------------------------------------------

    def _make_layout(self) -> CellLayout:
        self._scale = active.scale
        return CellLayout(font("reading", family="mincho"), self._line_height())

    def _line_height(self) -> int:
        return round(pixels("reading") * 1.75)

    def _text_width(self) -> float:
        """One em is left for punctuation that hangs over the edge."""
        return max(80.0, self.viewport().width() - pixels("reading") - 4)

    def _adjust(self) -> None:
        if self._whole and self.height() != self.text_height() + 4:
            self.setFixedHeight(self.text_height() + 4)
        bar, view = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(view)
        bar.setSingleStep(self._line_height())
        bar.setRange(0, max(0, round(self._layout.height) - view))
        self.viewport().update()

    def _speak(self) -> None:
        """Tell a screen reader the cell under the cursor, or the beginning of the text."""
        if 0 <= self._chosen < len(self._layout.cells):
            cell = self._layout.cells[self._chosen]
            words = [str(cell.get("text", ""))]
            if cell.get("probability") is not None:
                words.append(f"{float(cell['probability']) * 100:.0f} %")
            if cell.get("removed"):
                words.append(self.tr("removed"))
            if cell.get("masked"):
                words.append(self.tr("not learnt"))
            text = ", ".join(words)
        else:
            text = "".join(str(c.get("text", "")) for c in self._layout.cells[:60])
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            )
