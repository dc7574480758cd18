"""The conversation as one painted view: bubbles of the user, cards of the version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QToolTip

from app.formatting import compact
from app.screens.chat.correction import diff_cells
from app.theme.icons import pixmap
from app.theme.palette import active, color, font, pixels
from app.widgets.cells import CellLayout
from core.chats import Message

_GAP, _PAD, _FOOT, _STRIP = 14, 14, 30, 34
_ICON = 16


@dataclass
class _Block:
    """A message where it stands."""

    message: Message
    layout: CellLayout
    top: float = 0.0
    height: float = 0.0
    area: QRectF = field(default_factory=QRectF)
    buttons: list[tuple[str, QRectF]] = field(default_factory=list[tuple[str, QRectF]])


class ConversationView(QAbstractScrollArea):
    """`token_chosen(message, cell)`; `action(name, message)`: copy, edit, regenerate, remove, up, down
    (votes), undo (a lesson)."""

    token_chosen = Signal(int, int)
    action = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        self._blocks: list[_Block] = []
        self._colour = "gunjo"
        self._shaded = True
        self._writing = False
        self._chosen = (-1, -1)
        self._scale = active.scale
        self._empty = ""

    # ---- what is shown -----------------------------------------------------------------------

    def set_empty_text(self, text: str) -> None:
        self._empty = text
        self.viewport().update()

    def show_messages(self, messages: list[Message], colour: str) -> None:
        """All messages anew (another chat, an edit)."""
        self._colour = colour
        self._blocks = [_Block(m, self._layout_of(m)) for m in messages]
        self._chosen = (-1, -1)
        self._arrange()
        self.to_end()
        self._speak()

    def append_cells(self, message: Message, cells: list[dict[str, Any]]) -> None:
        """More of the last message: only the new cells are laid out."""
        if not self._blocks:
            return
        block = self._blocks[-1]
        block.message = message
        at_end = self._at_end()
        block.layout.append(cells)
        self._arrange()
        if at_end:  # Nobody is pulled down while reading further up.
            self.to_end()

    def set_writing(self, writing: bool) -> None:
        self._writing = writing
        self._arrange()
        if not writing:
            self._speak()

    def set_shaded(self, shaded: bool) -> None:
        self._shaded = shaded
        self.viewport().update()

    def choose(self, message: int, cell: int) -> None:
        self._chosen = (message, cell)
        self.viewport().update()
        self._speak()
        self.token_chosen.emit(message, cell)

    def to_end(self) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    # ---- layout ------------------------------------------------------------------------------

    def _layout_of(self, message: Message) -> CellLayout:
        user = message.role == "user"
        face = font("base") if user else font("reading", family="mincho")
        size = pixels("base") if user else pixels("reading")
        layout = CellLayout(face, round(size * 1.75), 0.0 if user or not message.cells else 0.5, "")
        cells = [dict(c) for c in message.cells] or [{"text": message.text}]
        if message.rejected:
            cells = diff_cells(message.rejected, message.text)
        layout.set_cells(cells, self._text_width(user))
        return layout

    def _text_width(self, user: bool) -> float:
        wide = self.viewport().width() - 8
        return max(120.0, wide * (0.72 if user else 1.0) - 2 * _PAD - (0 if user else 24))

    def _arrange(self) -> None:
        y = 4.0
        wide = self.viewport().width() - 8
        for block in self._blocks:
            user = block.message.role == "user"
            block.top = y
            text = block.layout.height
            foot = 0 if user else _FOOT + (_STRIP if block.message.lesson else 0)
            block.height = text + 2 * 10 + foot
            if user:
                used = max((p.area.right() for p in block.layout.pieces), default=40.0)
                width = min(wide * 0.72, used + 2 * _PAD)
                block.area = QRectF(wide - width, y, width, block.height)
            else:
                block.area = QRectF(0, y, wide, block.height)
            y += block.height + _GAP + (18 if user else 0)
        bar, view = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(view)
        bar.setSingleStep(28)
        bar.setRange(0, max(0, round(y) - view))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        at_end = self._at_end()
        for block in self._blocks:
            block.layout.set_width(self._text_width(block.message.role == "user"))
        self._arrange()
        if at_end:
            self.to_end()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange and self._scale != active.scale:
            self._scale = active.scale
            self.show_messages([b.message for b in self._blocks], self._colour)
        super().changeEvent(event)

    def _at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 40

    # ---- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._blocks:
            self._paint_empty(painter)
        offset = self.verticalScrollBar().value()
        clip = QRectF(event.rect())
        for index, block in enumerate(self._blocks):
            area = block.area.translated(0, -offset)
            if area.bottom() + 40 < clip.top() or area.top() > clip.bottom():
                continue
            if block.message.role == "user":
                self._paint_user(painter, block, area, clip)
            else:
                self._paint_version(painter, index, block, area, clip)
        if self.hasFocus() and self._chosen[0] < 0:
            painter.setPen(QPen(color("aiText"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.viewport().rect().adjusted(1, 1, -1, -1), 8, 8)

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setFont(font("reading", family="mincho"))
        painter.setPen(color("ink3"))
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(self.viewport().rect().adjusted(40, 0, -40, 0), flags, self._empty)

    def _paint_user(self, painter: QPainter, block: _Block, area: QRectF, clip: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("aiTint"))
        painter.drawRoundedRect(area, 10, 10)
        block.layout.paint(painter, area.topLeft() + QPointF(_PAD, 10), clip, "plain")
        names = [] if self._writing else ["edit", "copy"]
        self._paint_buttons(painter, block, names, area.right() - 2, area.bottom() + 2, True)

    def _paint_version(
        self, painter: QPainter, index: int, block: _Block, area: QRectF, clip: QRectF
    ) -> None:
        painter.setPen(QPen(color("hair"), 1))
        painter.setBrush(color("card"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._colour))
        painter.drawRoundedRect(
            QRectF(area.left() + 10, area.top() + 10, 4, area.height() - 20), 2, 2
        )
        chosen = self._chosen[1] if self._chosen[0] == index else -1
        mode = "probability" if self._shaded and block.message.cells else "plain"
        origin = area.topLeft() + QPointF(24 + _PAD - 4, 10)
        block.layout.paint(painter, origin, clip, mode, chosen)
        last = index == len(self._blocks) - 1
        foot = area.bottom() - _FOOT
        painter.setFont(font("small"))
        painter.setPen(color("ink3"))
        words = self._words_of(block.message, last)
        line = QRectF(area.left() + 34, foot, area.width() - 190, _FOOT - 6)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
        busy = last and self._writing
        votes = [] if block.message.rejected else ["up", "down"]  # A correction says more.
        names = ["copy"] if busy else [*votes, "edit", "regenerate", "copy"]
        self._paint_buttons(painter, block, names, area.right() - 8, foot, False)
        if block.message.lesson:
            self._paint_lesson(painter, block, QRectF(area.left() + 34, foot - _STRIP + 2,
                                                      area.width() - 46, _STRIP - 6))  # fmt: skip

    def _paint_lesson(self, painter: QPainter, block: _Block, area: QRectF) -> None:
        """What became of a correction or a vote, and the way back."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("shuTint"))
        painter.drawRoundedRect(area, 6, 6)
        painter.drawPixmap(area.topLeft() + QPointF(10, 6), pixmap("ph.check", 14, "shu"))
        painter.setFont(font("small"))
        painter.setPen(color("shu"))
        text = self.tr("Added to the next edition's lessons")
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area.adjusted(32, 0, -90, 0), flags, text)
        painter.setPen(color("aiText"))
        painter.setFont(font("small", True))
        painter.drawText(area.adjusted(0, 0, -12, 0), flags | Qt.AlignmentFlag.AlignRight,
                         self.tr("Undo"))  # fmt: skip
        offset = self.verticalScrollBar().value()
        undo = QRectF(area.right() - 90, area.top() + offset, 90, area.height())
        block.buttons.append(("undo", undo))

    def _words_of(self, message: Message, last: bool) -> str:
        if last and self._writing:
            speed = message.tokens_per_second
            if not message.tokens:
                return self.tr("thinking…")
            return self.tr("writing… {speed} tokens/s").format(speed=compact(speed or 0))
        parts = [self.tr("{count} tokens").format(count=message.tokens)] if message.tokens else []
        if message.tokens_per_second:
            parts.append(
                self.tr("{speed} tokens/s").format(speed=compact(message.tokens_per_second))
            )
        reasons = {
            "length": self.tr("stopped at the length limit"), "stopped": self.tr("stopped"),
        }  # fmt: skip
        if message.reason in reasons:
            parts.append(reasons[message.reason])
        if message.seed is not None:
            parts.append(self.tr("seed {seed}").format(seed=message.seed))
        return " · ".join(parts)

    def _paint_buttons(
        self,
        painter: QPainter,
        block: _Block,
        names: list[str],
        right: float,
        top: float,
        faint: bool,
    ) -> None:
        icons = {
            "copy": "ph.copy", "edit": "ph.pencil-simple", "regenerate": "ph.arrows-clockwise",
            "up": "ph.thumbs-up", "down": "ph.thumbs-down",
        }  # fmt: skip
        block.buttons = []
        x = right
        offset = self.verticalScrollBar().value()
        for name in reversed(names):
            x -= 26
            voted = {"up": 1, "down": -1}.get(name) == block.message.vote
            image = pixmap(
                icons[name] + ("-fill" if voted else ""), _ICON - (2 if faint else 0),
                "aiText" if voted else "ink3",
            )  # fmt: skip
            painter.drawPixmap(QPointF(x + 5, top + (2 if faint else 4)), image)
            block.buttons.append((name, QRectF(x, top + offset, 26, 24)))

    # ---- mouse and keyboard ------------------------------------------------------------------

    def _place(self, event: QMouseEvent) -> QPointF:
        return event.position() + QPointF(0, self.verticalScrollBar().value())

    def _button_at(self, place: QPointF) -> tuple[str, int] | None:
        for index, block in enumerate(self._blocks):
            for name, area in block.buttons:
                if area.contains(place):
                    return name, index
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._button_at(self._place(event))
        shape = Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        if found:
            QToolTip.showText(event.globalPosition().toPoint(), self._labels()[found[0]], self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place(event)
        if event.button() == Qt.MouseButton.LeftButton:
            if found := self._button_at(place):
                self.action.emit(*found)
                return
            for index, block in enumerate(self._blocks):
                if block.message.role == "version" and block.area.contains(place):
                    cell = block.layout.cell_at(place - self._origin(block))
                    if cell >= 0 and block.message.cells:
                        self.choose(index, cell)
                        return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: Any) -> None:
        place = QPointF(event.pos()) + QPointF(0, self.verticalScrollBar().value())
        index = next((i for i, b in enumerate(self._blocks) if b.area.contains(place)), -1)
        if index >= 0:
            self._open_menu(index, event.globalPos())

    def _open_menu(self, index: int, where: QPoint) -> None:
        menu = QMenu(self)
        names = ["copy", "edit"]
        if self._blocks[index].message.role == "version":
            rejected = bool(self._blocks[index].message.rejected)
            names += ["regenerate"] if rejected else ["regenerate", "up", "down"]
            names += ["undo"] if self._blocks[index].message.lesson else []
        names.append("remove")
        for name in names:
            menu.addAction(self._labels()[name], lambda name=name: self.action.emit(name, index))
        menu.popup(where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        message, cell = self._chosen
        versions = [i for i, b in enumerate(self._blocks) if b.message.cells]
        if not versions:
            super().keyPressEvent(event)
            return
        if message < 0:
            message, cell = versions[-1], -1
        layout = self._blocks[message].layout
        count = len(layout.cells)
        match event.key():
            case Qt.Key.Key_Right:
                self.choose(message, min(count - 1, cell + 1))
            case Qt.Key.Key_Left:
                self.choose(message, max(0, cell - 1))
            case Qt.Key.Key_Down:
                self.choose(message, layout.neighbour(max(0, cell), 1))
            case Qt.Key.Key_Up:
                self.choose(message, layout.neighbour(max(0, cell), -1))
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                step = -1 if event.key() == Qt.Key.Key_PageUp else 1
                place = versions.index(message) + step if message in versions else 0
                if 0 <= place < len(versions):
                    self.choose(versions[place], 0)
            case Qt.Key.Key_Menu | Qt.Key.Key_Return:
                area = self._blocks[message].area
                corner = QPoint(40, int(area.top()) - self.verticalScrollBar().value() + 20)
                self._open_menu(message, self.viewport().mapToGlobal(corner))
            case Qt.Key.Key_C if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                QGuiApplication.clipboard().setText(self._blocks[message].message.text)
            case _:
                super().keyPressEvent(event)

    def _origin(self, block: _Block) -> QPointF:
        return block.area.topLeft() + QPointF(24 + _PAD - 4, 10)

    def _labels(self) -> dict[str, str]:
        return {
            "copy": self.tr("Copy"), "edit": self.tr("Edit"),
            "regenerate": self.tr("Write again"), "remove": self.tr("Remove from here on"),
            "up": self.tr("A good answer"), "down": self.tr("A bad answer"),
            "undo": self.tr("Take the lesson back"),
        }  # fmt: skip

    def _speak(self) -> None:
        """What a screen reader hears: the chosen token, or the newest message."""
        message, cell = self._chosen
        if message >= 0 and cell >= 0:
            chosen = self._blocks[message].layout.cells[cell]
            text = f"{chosen['text']}, {float(chosen.get('probability') or 0) * 100:.0f} %"
        else:
            text = self._blocks[-1].message.text if self._blocks else self._empty
        self.setAccessibleDescription(text)
        QAccessible.updateAccessibility(
            QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        )
