"""The family of a version: ancestors to the left, children to the right, joined by their edges."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from app.theme.palette import color, font

_WIDE, _TALL, _ACROSS, _DOWN = 122, 44, 62, 22
_STEP, _WIDEST, _BELOW = 84, 230, 12
"""Of a stair: how far each generation is set in, its widest box, the room between boxes."""
_SMALLEST = 0.85
"""Scale below which names can no longer be read: a stair is drawn instead."""

STYLES = {
    "weights": Qt.PenStyle.SolidLine, "longer": Qt.PenStyle.DashLine,
    "teacher": Qt.PenStyle.DotLine,
}  # fmt: skip
"""How an edge is drawn: weights are taken over, the same training goes on, or a teacher is learnt
from."""


def style_of(relation: str) -> str:
    dotted = dict.fromkeys(("distilled", "compared", "repeated"), "teacher")
    return {**dotted, "succeeds": "longer"}.get(relation, "weights")


@dataclass(frozen=True)
class Node:
    """A box: `parent` is the id of the node it hangs on."""

    id: str
    tag: str
    title: str
    meta: str
    colour: str
    parent: str = ""
    relation: str = ""
    style: str = "weights"
    """Of the edge to `parent`: a key of STYLES."""
    others: tuple[tuple[str, str], ...] = ()
    """Further parents: (id, style)."""
    faint: bool = False
    """Not a version of the shelf: it cannot be opened."""


class LineageGraph(QWidget):
    """`chosen(id)` by mouse, arrows or Enter."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._nodes: list[Node] = []
        self._places: dict[str, QRectF] = {}
        self._now = self._cursor = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_nodes(self, nodes: list[Node], now: str) -> None:
        """`nodes` parents before children."""
        self._nodes, self._now, self._cursor = nodes, now, now
        self._arrange()
        words = [f"{n.tag} {n.title} {n.meta} {n.relation}".strip() for n in nodes]
        self.setAccessibleDescription(", ".join(words))
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self._places
        self._arrange()
        if before != self._places:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        right = max((p.right() for p in self._places.values()), default=0)
        low = max((p.bottom() for p in self._places.values()), default=0)
        return QSize(int(right) + 8, max(120, int(low) + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDE + 16, self.sizeHint().height())

    def _arrange(self) -> None:
        """Columns by depth, each further child in a row of its own; a stair where that is too wide."""
        self._places = {}
        depth: dict[str, int] = {}
        line: dict[str, int] = {}
        lines = 0
        seen: set[str] = set()
        for node in self._nodes:
            depth[node.id] = depth.get(node.parent, -1) + 1 if node.parent else 0
            if node.parent and node.parent not in seen:
                line[node.id] = line[node.parent]
                seen.add(node.parent)
            else:
                line[node.id] = lines
            lines = max(lines, line[node.id] + 1)
            x = 4 + depth[node.id] * (_WIDE + _ACROSS)
            y = 22 + line[node.id] * (_TALL + _DOWN)
            self._places[node.id] = QRectF(x, y, _WIDE, _TALL)
        deepest = max(depth.values(), default=0)
        right = 4 + deepest * (_WIDE + _ACROSS) + _WIDE + 8
        if deepest and self.width() < _SMALLEST * right:
            self._arrange_stair(depth, deepest)

    def _arrange_stair(self, depth: dict[str, int], deepest: int) -> None:
        """Children below their parents, each generation further in: room for whole names."""
        left = self.width() - 8 - deepest * _STEP
        wide = max(_WIDE, min(_WIDEST, left))
        for row, node in enumerate(self._in_tree_order()):
            place = QPointF(4 + depth[node.id] * _STEP, 4 + row * (_TALL + _BELOW))
            self._places[node.id] = QRectF(place.x(), place.y(), wide, _TALL)

    def _in_tree_order(self) -> list[Node]:
        """Each node right above its descendants."""
        under: dict[str, list[Node]] = {}
        known = {node.id for node in self._nodes}
        for node in self._nodes:
            under.setdefault(node.parent if node.parent in known else "", []).append(node)
        found: list[Node] = []
        waiting = under.get("", [])[::-1]
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting += under.get(node.id, [])[::-1]
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right = max((p.right() for p in self._places.values()), default=0) + 8
        self._scale = min(1.0, self.width() / max(1.0, right))
        low = max((p.bottom() for p in self._places.values()), default=0) + 8
        self._above = max(0.0, (self.height() - low * self._scale) / 2)
        painter.translate(0, self._above)
        painter.scale(self._scale, self._scale)
        for node in self._nodes:
            if node.parent in self._places:
                self._paint_edge(painter, node)
            for other, style in node.others:
                if other in self._places:
                    self._paint_curve(painter, self._places[other], self._places[node.id], style)
        for node in self._nodes:
            self._paint_node(painter, node)

    _scale = 1.0
    _above = 0.0

    def _paint_edge(self, painter: QPainter, node: Node) -> None:
        begin, end = self._places[node.parent], self._places[node.id]
        painter.setPen(_edge_pen(node.style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tip = QPointF(end.left() - 2, end.center().y())
        path = QPainterPath()
        if begin.center().y() == end.center().y():
            path.moveTo(begin.right(), begin.center().y())
        else:
            x = begin.left() + min(50.0, (end.left() - begin.left()) / 6)
            path.moveTo(x, begin.bottom())
            path.lineTo(x, end.center().y() - 8)
            path.quadTo(x, end.center().y(), x + 8, end.center().y())
        path.lineTo(tip)
        painter.drawPath(path)
        painter.setBrush(color("control"))
        painter.setPen(Qt.PenStyle.NoPen)
        head = QPainterPath(tip)
        head.lineTo(tip + QPointF(-7, -4))
        head.lineTo(tip + QPointF(-7, 4))
        painter.drawPath(head)
        painter.setFont(font("tick"))
        painter.setPen(color("ink3"))
        area = QRectF(end.left() - _ACROSS, end.center().y() - 20, _ACROSS - 8, 16)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, node.relation)

    def _paint_curve(self, painter: QPainter, begin: QRectF, end: QRectF, style: str) -> None:
        """To a further parent: from the lower edge of one box to the lower edge of the other."""
        painter.setPen(_edge_pen(style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(QPointF(begin.center().x(), begin.bottom()))
        low = max(begin.bottom(), end.bottom()) + _DOWN * 0.8
        path.cubicTo(begin.center().x(), low, end.center().x(), low, end.center().x(), end.bottom())
        painter.drawPath(path)

    def _paint_node(self, painter: QPainter, node: Node) -> None:
        area = self._places[node.id]
        now = node.id == self._now
        focused = self.hasFocus() and node.id == self._cursor
        pen = QPen(color("aiText" if now or focused else "line"), 2 if focused else 1.2)
        if node.faint:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(color("aiTint" if now else "card"))
        painter.drawRoundedRect(area, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(node.colour))
        spine = QRectF(area.left() + 8, area.top() + 8, 5, area.height() - 16)
        painter.drawRoundedRect(spine, 2, 2)
        painter.setPen(color("ink3" if node.faint else "ink"))
        painter.setFont(font("small", not node.faint))
        text = painter.fontMetrics().elidedText(
            f"{node.tag} {node.title}".strip(), Qt.TextElideMode.ElideRight, int(area.width()) - 30
        )
        top = QRectF(area.left() + 22, area.top() + 4, area.width() - 28, _TALL / 2 - 2)
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(font("tick"))
        painter.setPen(color("ink3"))
        low = QRectF(area.left() + 22, area.center().y(), area.width() - 28, _TALL / 2 - 4)
        painter.drawText(low, Qt.AlignmentFlag.AlignVCenter, node.meta)

    # ---- mouse and keyboard ------------------------------------------------------------------

    def _at(self, place: QPointF) -> str:
        place = (place - QPointF(0, self._above)) / self._scale
        shown = {node.id for node in self._nodes if not node.faint}
        places = self._places.items()
        return next((i for i, area in places if i in shown and area.contains(place)), "")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = bool(self._at(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if found := self._at(event.position()):
            self.chosen.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ids = [node.id for node in self._nodes if not node.faint]
        if (
            event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up)
            and ids
        ):
            step = 1 if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down) else -1
            place = ids.index(self._cursor) if self._cursor in ids else 0
            self._cursor = ids[min(len(ids) - 1, max(0, place + step))]
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor:
            self.chosen.emit(self._cursor)
        else:
            super().keyPressEvent(event)


def _edge_pen(style: str) -> QPen:
    pen = QPen(color("control"), 1.3)
    pen.setStyle(STYLES[style])
    return pen
