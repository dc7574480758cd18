"""Labels, buttons, segments, switches and cards in the look of the style sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.theme.icons import icon, pixmap
from app.theme.palette import color, font, hex_of
from app.widgets.layout import STRETCH, Item, Margins, add, column, row, set_property

_REPAINT = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange)


class Label(QLabel):
    """Text in a role of the style sheet: display, number, head, small, faint, body2, tick, book."""

    def __init__(self, role: str = "", tone: str = "", wrap: bool = False, text: str = "") -> None:
        super().__init__(text)
        if role:
            self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setWordWrap(wrap)

    def set_tone(self, tone: str) -> None:
        set_property(self, "tone", tone)


class ElidedLabel(Label):
    """One line that ends in an ellipsis when there is no room; the tooltip has the whole."""

    def __init__(
        self, role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__(role)
        self._full = ""
        self._mode = mode
        self.setMinimumWidth(24)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_full_text(self, text: str) -> None:
        if text == self._full:
            return
        self._full = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self._elide()

    def full_text(self) -> str:
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._elide()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(
            self.fontMetrics().horizontalAdvance(self._full) + 2, self.fontMetrics().height()
        )

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, self._mode, self.width())
        QLabel.setText(self, shown)


class NoteLabel(ElidedLabel):
    """A remark in the room that is left: whole, or not at all (the tooltip still has it)."""

    def setText(self, text: str) -> None:
        self.set_full_text(text)

    def _elide(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.full_text()) <= self.width()
        QLabel.setText(self, self.full_text() if fits else "")


class Badge(QLabel):
    """A small tag: kind neutral, ai, ok, warn, shu or line."""

    def __init__(self, kind: str = "neutral", text: str = "") -> None:
        super().__init__(text)
        self.setProperty("badge", kind)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def set_kind(self, kind: str) -> None:
        set_property(self, "badge", kind)


class IconLabel(QLabel):
    """A Phosphor icon that follows the theme; decoration, so screen readers skip it."""

    def __init__(self, name: str, size: int = 16, color_name: str = "ink2") -> None:
        super().__init__()
        self._name, self._size, self._color = name, size, color_name
        self._drawn = ("", "")
        self.setFixedSize(size, size)
        self._refresh()

    def set_icon(self, name: str, color_name: str | None = None) -> None:
        self._name, self._color = name, color_name or self._color
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in _REPAINT:
            self._refresh()
        super().changeEvent(event)

    def _refresh(self) -> None:
        drawn = (self._name, hex_of(self._color))
        if drawn != self._drawn:  # One change of theme is told several times.
            self._drawn = drawn
            self.setPixmap(pixmap(self._name, self._size, self._color))


class Button(QPushButton):
    """kind: secondary, primary, accent, ghost, link, small, icon, icon-s, shu, tab.

    An icon-only button gets its name with `set_hint`: tooltip and screen-reader name in one.
    """

    _ICON_COLORS = {"primary": "onAi", "accent": "aiText", "link": "aiText", "shu": "shu"}

    def __init__(
        self, kind: str = "secondary", icon_name: str = "", trailing: bool = False, size: int = 16
    ) -> None:
        super().__init__()
        self._icon_name = icon_name
        self._drawn = ("", "")
        self._icon_color = self._ICON_COLORS.get(kind, "ink2")
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(size, size))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if trailing:
            self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._refresh()

    def set_text(self, text: str) -> None:
        """Show `text` as it is: an ampersand is no shortcut here."""
        self.setText(text.replace("&", "&&"))

    def set_hint(self, text: str) -> None:
        self.setToolTip(text)
        self.setAccessibleName(text)

    def set_icon(self, name: str, color_name: str | None = None) -> None:
        self._icon_name = name
        self._icon_color = color_name or self._icon_color
        self._refresh()

    def set_on(self, on: bool) -> None:
        """Mark an icon button as switched on (a panel it opened)."""
        set_property(self, "on", "true" if on else "false")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in _REPAINT:
            self._refresh()
        super().changeEvent(event)

    def _refresh(self) -> None:
        drawn = (self._icon_name, hex_of(self._icon_color))
        if self._icon_name and drawn != self._drawn:
            self._drawn = drawn
            self.setIcon(icon(self._icon_name, self._icon_color))


class Segmented(QFrame):
    """A few exclusive choices side by side; arrows move between them."""

    chosen = Signal(int)

    def __init__(self, count: int, dense: bool = False, expand: bool = False) -> None:
        super().__init__()
        self.setObjectName("seg")
        self.setProperty("dense", "true" if dense else "false")
        self._dense = dense
        self._group = QButtonGroup(self)
        layout = row(margins=2, spacing=0)
        self.setLayout(layout)
        for index in range(count):
            button = QPushButton()
            button.setProperty("kind", "seg")
            button.setCheckable(True)
            button.setAutoDefault(False)
            self._group.addButton(button, index)
            layout.addWidget(button, 1 if expand else 0)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)
        across = QSizePolicy.Policy.Expanding if expand else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def set_texts(self, texts: Sequence[str], hints: Sequence[str] = ()) -> None:
        bold = QFontMetricsF(font("small", True))  # Bold when checked is not in the size hint.
        for index, text in enumerate(texts):
            button = self._group.button(index)
            button.setText(text.replace("&", "&&"))
            button.setMinimumWidth(int(bold.horizontalAdvance(text)) + (18 if self._dense else 24))
            if hints:
                button.setToolTip(hints[index])
                button.setAccessibleDescription(hints[index])

    def button(self, index: int) -> QAbstractButton:
        return self._group.button(index)

    def index(self) -> int:
        return self._group.checkedId()

    def set_index(self, index: int) -> None:
        """Choose without a signal."""
        self._group.button(index).setChecked(True)


class Switch(QAbstractButton):
    """An on/off switch; give it an accessible name."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFixedSize(36, 24)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.translate(2, 3)
        painter.setPen(QPen(color("ai" if on else "control"), 1))
        painter.setBrush(color("ai" if on else "card"))
        painter.drawRoundedRect(0, 0, 31, 17, 8.5, 8.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("onAi" if on else "control"))
        painter.drawEllipse(16 if on else 2, 2, 13, 13)
        if self.hasFocus():
            painter.setPen(QPen(color("aiText"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(-1, -2, 33, 21, 10, 10)


class Meter(QWidget):
    """A thin bar. `set_parts` takes (share, colour token) pairs; `set_value` one in indigo."""

    def __init__(self, height: int = 6) -> None:
        super().__init__()
        self._parts: list[tuple[float, str]] = []
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[tuple[float, str]]) -> None:
        if list(parts) != self._parts:
            self._parts = list(parts)
            self.update()

    def set_value(self, share: float, color_name: str = "aiText") -> None:
        self.set_parts([(min(1.0, max(0.0, share)), color_name)])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(whole, whole.height() / 2, whole.height() / 2)
        painter.setClipPath(outline)
        painter.fillRect(whole, color("track"))
        left = 0.0
        for share, name in self._parts:
            wide = share * whole.width()
            painter.fillRect(QRectF(left, 0, wide, whole.height()), color(name))
            left += wide


class Spine(QWidget):
    """The coloured back of an edition."""

    def __init__(self, color_name: str = "gunjo", width: int = 6, height: int = 0) -> None:
        super().__init__()
        self._color = color_name
        self.setFixedWidth(width)
        if height:
            self.setFixedHeight(height)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_color(self, color_name: str) -> None:
        self._color = color_name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._color))
        painter.drawRoundedRect(self.rect(), 2.5, 2.5)


class Card(QFrame):
    """A card with an optional title row: `title`, faint `subtitle`, `add_right` for controls."""

    def __init__(
        self,
        *items: Item,
        titled: bool = True,
        icon_name: str = "",
        margins: Margins = (16, 12, 16, 12),
        spacing: int = 8,
        surface: str = "card",
    ) -> None:
        super().__init__()
        self.setProperty("surface", surface)
        self.body: QVBoxLayout = column(margins=margins, spacing=spacing)
        self.title = Label("head")
        self.subtitle = Label("faint")
        self._head = row(spacing=6)
        if titled:
            if icon_name:
                self._head.addWidget(IconLabel(icon_name))
            for item in (self.title, self.subtitle, STRETCH):
                add(self._head, item)
            self.body.addLayout(self._head)
        self.setLayout(self.body)
        for item in items:
            add(self.body, item)

    def add(self, *items: Item) -> None:
        for item in items:
            add(self.body, item)

    def add_right(self, *items: Item) -> None:
        """Append to the right end of the title row."""
        for item in items:
            add(self._head, item)


class StatCard(QFrame):
    """A big number with its label, unit and a remark."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.label = Label("small")
        self.value = Label("number")
        self.unit = Label("small")
        self.note = NoteLabel("small")
        for low in (self.unit, self.note):
            low.setContentsMargins(0, 0, 0, 3)
        bottom = Qt.AlignmentFlag.AlignBottom
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight | bottom)
        line = row(spacing=4)
        line.addWidget(self.value, 0, bottom)
        line.addWidget(self.unit, 0, bottom)
        line.addWidget(self.note, 1, bottom)
        self.setLayout(column(self.label, line, margins=(14, 8, 14, 6), spacing=0))

    def set_hint(self, text: str) -> None:
        """What the number is and which direction is better."""
        self.setToolTip(text)
        self.value.setAccessibleDescription(text)
        self.speak()

    def speak(self) -> None:
        """Tell screen readers the number that is shown now."""
        self.value.setAccessibleName(f"{self.label.text()}: {self.value.text()} {self.unit.text()}")


class Banner(QFrame):
    """A sentence with actions inside the card or screen concerned: surface banner, warn, ok, shu."""

    def __init__(
        self, icon_name: str = "ph.info", surface: str = "banner", small: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("surface", surface)
        self.icon = IconLabel(icon_name, 18, "aiText" if surface == "banner" else "ink2")
        self.text = Label("small" if small else "", wrap=True)
        self.action_row = row(spacing=8)
        self.setLayout(
            row(self.icon, (self.text, 1), self.action_row, margins=(12, 8, 12, 8), spacing=10)
        )

    def set_surface(self, surface: str) -> None:
        set_property(self, "surface", surface)

    def set_low(self) -> None:
        """With little room above and below, for a page that is full."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(12, 4, 8, 4)

    def add_button(self, button: QPushButton) -> None:
        self.action_row.addWidget(button)
