"""The chat's dock: candidates of the chosen token, and the manner of writing."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.forms.numbers import parse_number, show_number
from app.screens.chat.precision import PrecisionChoice
from app.theme.palette import color, font, pixels
from app.widgets.controls import Badge, Button, Label, Segmented
from app.widgets.layout import STRETCH, column, hairline, holder, row, scroll
from app.widgets.slider import ValueSlider
from core.sampling import SamplingSettings

_STYLES: tuple[dict[str, float], ...] = (
    {"temperature": 0.4, "top_p": 0.9, "top_k": 20},
    {"temperature": 0.8, "top_p": 0.95, "top_k": 40},
    {"temperature": 1.2, "top_p": 0.98, "top_k": 0},
)
_STOPS: dict[str, list[float]] = {
    "temperature": [i / 20 for i in range(41)],
    "top_p": [0.1, *[0.5 + i * 0.05 for i in range(10)], 0.98, 1.0],
    "top_k": [0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 60, 80, 100, 200, 500, 1000],
    "repetition_penalty": [1 + i / 20 for i in range(21)],
    "max_tokens": [8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096],
}


class Inspector(QWidget):
    """`alternative_chosen(text)`: write on from this one; `rewrite_wanted`: again from here."""

    alternative_chosen = Signal(str)
    rewrite_wanted = Signal()
    settings_changed = Signal()

    def __init__(self, settings: SamplingSettings) -> None:
        super().__init__()
        self._title, self._token = Label("head"), Badge("ai")
        self._before, self._surprise = Label("small", wrap=True), Label("small")
        self._candidates = Candidates()
        self._rewrite = Button("small", "ph.arrow-bend-down-left")
        self._manner = Label("head")
        self._reset = Button("icon-s", "ph.arrow-counter-clockwise")
        self._style = Segmented(3, dense=True, expand=True)
        self._sliders = {
            "temperature": ValueSlider(_STOPS["temperature"], lambda v: f"{v:.2f}", field_width=56),
            "top_p": ValueSlider(_STOPS["top_p"], lambda v: f"{v:.2f}", field_width=56),
            "top_k": ValueSlider(_STOPS["top_k"], show_number, field_width=56),
            "repetition_penalty": ValueSlider(
                _STOPS["repetition_penalty"], lambda v: f"{v:.2f}", field_width=56
            ),
            "max_tokens": ValueSlider(_STOPS["max_tokens"], show_number, field_width=56),
        }
        self._seed_label, self._seed = Label("small"), QLineEdit()
        self._seed.setProperty("flat", "true")
        self._seed.setFixedWidth(pixels(72))
        self._seed.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._draw = Button("icon-s", "ph.shuffle")
        self.precision, self._line = PrecisionChoice(), hairline()
        content = column(
            row(self._title, STRETCH, self._token), self._before, self._candidates, self._surprise,
            self._rewrite, 4, self._line, 4, row(self._manner, STRETCH, self._reset), self._style,
            *self._sliders.values(), row(self._seed_label, STRETCH, self._seed, self._draw),
            self.precision, STRETCH, margins=(16, 8, 16, 12), spacing=6,
        )  # fmt: skip
        self.setLayout(column((scroll(holder(content)), 1)))
        self._filling = False
        self._writing_parts = (
            self._line, self._manner, self._reset, self._style, *self._sliders.values(), self._seed_label,
            self._seed, self._draw, self.precision,
        )  # fmt: skip
        self._cell: dict[str, Any] | None = None
        self._context = ""
        self._style.chosen.connect(self._on_style)
        self._reset.clicked.connect(lambda: self._show(SamplingSettings(), tell=True))
        self._draw.clicked.connect(self._reseed)
        self._seed.editingFinished.connect(self.settings_changed)
        self.precision.changed.connect(self.settings_changed)
        self._rewrite.clicked.connect(self.rewrite_wanted)
        self._candidates.chosen.connect(self.alternative_chosen)
        for slider in self._sliders.values():
            slider.changed.connect(self._on_slider)
        self._show(settings, tell=False)
        self.show_cell(None, "")

    def settings(self) -> SamplingSettings:
        values: dict[str, Any] = {name: s.value() for name, s in self._sliders.items()}
        values["top_k"], values["max_tokens"] = int(values["top_k"]), int(values["max_tokens"])
        seed = parse_number(self._seed.text(), True)
        values["seed"] = int(seed) if seed is not None and 0 <= seed < 2**31 else 7
        values["precision"] = self.precision.value()
        return SamplingSettings(**values)

    def reseed(self) -> None:
        """Another seed for another answer."""
        self._seed.setText(str((self.settings().seed * 48271 + 11) % 100_000))

    def set_filling(self, filling: bool) -> None:
        """For a version that fills in blanks: nothing of writing on."""
        self._filling = filling
        for part in self._writing_parts:
            part.setVisible(not filling)
        self.retranslate()

    def show_cell(self, cell: dict[str, Any] | None, before: str) -> None:
        """The token under the cursor, and the text in front of it."""
        self._cell, self._context = cell, before
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(
            self.tr("Candidates for this blank")
            if self._filling
            else self.tr("Candidates for this token")
        )
        self._rewrite.set_text(self.tr("Write again from here"))
        self._manner.setText(self.tr("Manner of writing"))
        self._reset.set_hint(self.tr("Back to the usual values"))
        self._style.set_texts((self.tr("firm"), self.tr("usual"), self.tr("free")))
        texts = {
            "temperature": (self.tr("Daring"), self.tr("temperature")),
            "top_p": (self.tr("Range"), "top-p"),
            "top_k": (self.tr("Choices"), "top-k"),
            "repetition_penalty": (self.tr("Avoid repeating"), ""),
            "max_tokens": (self.tr("Length"), self.tr("tokens")),
        }
        help_of = {name: field.description for name, field in SamplingSettings.model_fields.items()}
        for name, (label, small) in texts.items():
            slider = self._sliders[name]
            slider.label.setText(f"{label}  <small>{small}</small>" if small else label)
            hint = _settings_text(help_of[name] or "")
            slider.setToolTip(hint)
            for part in (slider.slider, slider.field):
                part.setAccessibleName(f"{label} {small}".strip())
                part.setAccessibleDescription(hint)
        self._seed_label.setText(self.tr("Seed"))
        self._seed.setAccessibleName(self.tr("Seed"))
        self._draw.set_hint(self.tr("Draw another seed"))
        self.precision.retranslate()
        self._candidates.setAccessibleName(self._title.text())
        cell = self._cell
        shown = cell is not None and cell.get("probability") is not None
        for part in (self._token, self._candidates, self._surprise, self._rewrite):
            part.setVisible(shown and not (self._filling and part is self._rewrite))
        if not shown or cell is None:
            self._before.setText(
                self.tr("Click a word that was filled in to see what else might stand there.")
                if self._filling
                else self.tr(
                    "Click a token in an answer to see what else it might have said there."
                )
            )
            return
        tail = tail_of(self._context)
        self._before.setText(self.tr("after “{text}”").format(text=tail))
        self._token.setText(visible(str(cell["text"])))
        probability = max(1e-12, float(cell["probability"]))

        self._surprise.setText(
            self.tr("Guess no. {rank} · surprise {bits} bits").format(
                rank=cell.get("rank") or "—", bits=f"{-math.log2(probability):.1f}"
            )
        )
        # Candidates of a blank have several lengths: what is left of one is not what is left of all.
        self._candidates.show_cell(cell, "" if self._filling else self.tr("others"))

    def _show(self, settings: SamplingSettings, tell: bool) -> None:
        for name, slider in self._sliders.items():
            slider.set_value(float(getattr(settings, name)))
        self._seed.setText(str(settings.seed))
        self.precision.set_value(settings.precision)
        self._show_style()
        if tell:
            self.settings_changed.emit()

    def _show_style(self) -> None:
        now = {name: self._sliders[name].value() for name in ("temperature", "top_p", "top_k")}
        for index, style in enumerate(_STYLES):
            if all(abs(now[k] - v) < 1e-6 for k, v in style.items()):
                self._style.set_index(index)

    def _on_style(self, index: int) -> None:
        for name, value in _STYLES[index].items():
            self._sliders[name].set_value(value)
        self.settings_changed.emit()

    def _on_slider(self) -> None:
        self._show_style()
        self.settings_changed.emit()

    def _reseed(self) -> None:
        self.reseed()
        self.settings_changed.emit()


class Candidates(QWidget):
    """Bars of the likeliest tokens; the one taken is bold. Click or arrows and Enter choose."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, float, bool]] = []
        self._named = 0
        self._cursor = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def _tall(self) -> int:
        return pixels("base") + 11

    def show_cell(self, cell: dict[str, Any], others: str) -> None:
        """`others`: the word for all the rest; without it no row tells of the rest."""
        taken = str(cell["text"])
        rows = [(str(t), float(p), str(t) == taken) for t, p in cell.get("alternatives") or []][:6]
        if not any(row[2] for row in rows):
            rows = [*rows[:5], (taken, float(cell["probability"]), True)]
        rest = max(0.0, 1 - sum(p for _, p, _ in rows))
        self._named = len(rows)
        self._rows = [*rows, (others, rest, False)] if others else rows
        self._cursor = -1
        self.setFixedHeight(self._tall * len(self._rows))
        self.setAccessibleDescription(", ".join(f"{t} {p * 100:.0f} %" for t, p, _ in self._rows))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._take(int(event.position().y()) // self._tall)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self._named - 1
        if event.key() == Qt.Key.Key_Down:
            self._cursor = min(last, self._cursor + 1)
        elif event.key() == Qt.Key.Key_Up:
            self._cursor = max(0, self._cursor - 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._take(self._cursor)
            return
        else:
            super().keyPressEvent(event)
            return
        self.update()

    def _take(self, index: int) -> None:
        if 0 <= index < self._named:
            self.chosen.emit(self._rows[index][0])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = self.width()
        for index, (text, probability, taken) in enumerate(self._rows):
            top = index * self._tall
            rest = index == self._named
            if index == self._cursor and self.hasFocus():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color("aiTint"))
                painter.drawRoundedRect(QRectF(-2, top, wide + 4, self._tall), 4, 4)
            face = font("base", taken) if rest else font(14, taken, "mincho")
            painter.setFont(face)
            painter.setPen(color("ink3" if rest else "ink"))
            middle = Qt.AlignmentFlag.AlignVCenter
            shown = painter.fontMetrics().elidedText(
                text if rest else visible(text), Qt.TextElideMode.ElideRight, 60
            )
            painter.drawText(QRectF(0, top, 62, self._tall), middle, shown)
            bar = QRectF(66, top + self._tall / 2 - 3.5, wide - 66 - 44, 7)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("track"))
            painter.drawRoundedRect(bar, 3.5, 3.5)
            bar.setWidth(bar.width() * probability)
            painter.setBrush(color("ai" if taken else "control"))
            painter.drawRoundedRect(bar, 3.5, 3.5)
            painter.setFont(font("small", taken))
            painter.setPen(color("ink"))
            right = Qt.AlignmentFlag.AlignRight | middle
            painter.drawText(
                QRectF(wide - 42, top, 42, self._tall), right, f"{probability * 100:.0f} %"
            )


def tail_of(text: str, most: int = 18) -> str:
    """The end of what stands before a token, from the beginning of a word."""
    shown = text.replace("\n", "⏎")
    if len(shown) <= most:
        return shown
    cut = shown[-most:]
    head, space, rest = cut.partition(" ")
    return "…" + (rest if space and len(head) < most - 4 and rest else cut)


def visible(text: str) -> str:
    """Spaces and line ends that can be seen."""
    return text.replace("\n", "⏎").replace(" ", "␣") if not text.strip() else text.strip(" ")


def _settings_text(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
