"""The marks: versions in rows, texts in columns; a red circle where one is better beyond doubt."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.formatting import compact, grouped
from app.screens.evaluation.results import Line, corpus_name, heldout_paths, text_name
from app.theme.palette import color, font, pixels

_HEAD, _ROW, _NAME = 40, 46, 170


@dataclass(frozen=True)
class _Value:
    """What a cell shows."""

    text: str
    margin: str = ""
    best: bool = False
    unclear: bool = False
    note: str = ""


class ScoreTable(QWidget):
    """Painted; its contents are told to screen readers row by row."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._columns: list[tuple[str, str, str]] = []
        self._cells: list[list[_Value]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_lines(self, lines: list[Line]) -> None:
        self._lines = lines
        self._columns, self._cells = self._arrange()
        self.updateGeometry()
        self.update()
        spoken: list[str] = []
        for line, cells in zip(lines, self._cells, strict=True):
            values = ", ".join(
                f"{title}: {cell.text} {cell.margin} {cell.note}".strip()
                for (_, title, _), cell in zip(self._columns, cells, strict=True)
            )
            spoken.append(f"{line.entry.manifest.title}: {values}")
        self.setAccessibleDescription(". ".join(spoken))

    def sizeHint(self) -> QSize:
        return QSize(480, _HEAD + max(1, len(self._lines)) * self._row_height + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    @property
    def _row_height(self) -> int:
        return max(_ROW, pixels("base") + pixels("small") + 22)

    def _arrange(self) -> tuple[list[tuple[str, str, str]], list[list[_Value]]]:
        """Columns: unseen, perplexity, seen, each file, blanks guessed, speed; where any has it.

        Versions of several corpora have a column of unseen text for each, and no perplexity.
        """
        shown = [score for line in self._lines for score in line.scores.values()]
        only_pseudo = bool(shown) and all(score.pseudo for score in shown)
        bits = self.tr("pseudo bits/byte") if only_pseudo else self.tr("bits/byte")
        perplexity = self.tr("Pseudo-perplexity ↓") if only_pseudo else self.tr("Perplexity ↓")
        unseen = heldout_paths(self._lines)
        columns: list[tuple[str, str, str]] = [
            ("heldout", self.tr("Unseen text ↓"), bits),
            ("perplexity", perplexity, self.tr("choices")),
        ]
        if len(unseen) > 1:
            unit = self.tr("unseen, {unit}").format(unit=bits)
            columns = [(path, f"{corpus_name(path)} ↓", unit) for path in unseen[:3]]
        columns.append(("seen", self.tr("Seen text"), bits))
        files: list[str] = []
        for line in self._lines:
            files += [p for p, s in line.scores.items() if s.kind == "file" and p not in files]
        columns += [(path, text_name(path) + " ↓", bits) for path in files[:3]]
        if any(score.accuracy is not None for score in shown):
            columns.append(("accuracy", self.tr("Blanks guessed ↑"), "%"))
        if any(line.speed is not None for line in self._lines):
            columns.append(("speed", self.tr("Speed ↑"), self.tr("tokens/s")))
        cells = [[self._value(line, key) for key, _, _ in columns] for line in self._lines]
        return columns, cells

    def _value(self, line: Line, key: str) -> _Value:
        if key == "speed":
            return _Value("—" if line.speed is None else compact(line.speed))
        if key == "accuracy":
            unseen = line.of_kind("heldout") or line.of_kind("file")
            guessed = unseen.accuracy if unseen else None
            return _Value("—" if guessed is None else f"{100 * guessed:.1f}")
        score = line.scores.get(key) or line.of_kind("heldout" if key == "perplexity" else key)
        if score is None:
            return _Value("—")
        if key == "perplexity":
            shown = (
                f"{score.perplexity:.1f}" if score.perplexity < 20 else grouped(score.perplexity)
            )
            return _Value(shown, "", score.best, score.unclear)
        note = self.tr("it was trained on this") if score.trained_on and key != "seen" else ""
        note = note or (self.tr("pseudo: blanks") if score.pseudo else "")
        if score.unknown >= 0.01:
            note = self.tr("{share} % unknown, left out").format(share=f"{100 * score.unknown:.0f}")
        return _Value(
            f"{score.bits:.2f}", f"±{score.margin:.2f}" if score.margin else "", score.best and key != "seen",
            score.unclear and key != "seen", note,
        )  # fmt: skip

    # ---- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name_width = min(_NAME, self.width() // 4)
        wide = (self.width() - name_width) / max(1, len(self._columns))
        self._paint_head(painter, name_width, wide)
        for index, line in enumerate(self._lines):
            top = _HEAD + index * self._row_height
            painter.setPen(QPen(color("hair"), 1))
            painter.drawLine(QPointF(0, top), QPointF(self.width(), top))
            self._paint_name(painter, line, QRectF(0, top, name_width, self._row_height))
            for column, cell in enumerate(self._cells[index]):
                area = QRectF(name_width + column * wide, top, wide, self._row_height)
                self._paint_cell(painter, cell, area)
        if self.hasFocus():
            painter.setPen(QPen(color("aiText"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)

    def _paint_head(self, painter: QPainter, name_width: int, wide: float) -> None:
        for column, (_, title, unit) in enumerate(self._columns):
            left = name_width + column * wide
            painter.setFont(font("small"))
            painter.setPen(color("ink2"))
            shown = painter.fontMetrics().elidedText(
                title, Qt.TextElideMode.ElideMiddle, int(wide) - 6
            )
            half = _HEAD / 2
            center = Qt.AlignmentFlag.AlignCenter
            painter.drawText(QRectF(left, 0, wide, half), center, shown)
            painter.setFont(font("tick"))
            painter.setPen(color("ink3"))
            painter.drawText(QRectF(left, half - 2, wide, half), center, unit)

    def _paint_name(self, painter: QPainter, line: Line, area: QRectF) -> None:
        manifest = line.entry.manifest
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(manifest.colour))
        painter.drawRoundedRect(QRectF(0, area.top() + 8, 6, area.height() - 16), 2.5, 2.5)
        x, middle = 16.0, area.center().y()
        painter.setFont(font("base", True))
        painter.setPen(color("ink"))
        tag = f"v{manifest.edition}"
        top = QRectF(x, area.top() + 5, area.width() - x - 4, middle - area.top() - 4)
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, tag)
        top.setLeft(x + QFontMetricsF(font("base", True)).horizontalAdvance(tag) + 8)
        painter.setFont(font("base"))
        shown = painter.fontMetrics().elidedText(
            manifest.title, Qt.TextElideMode.ElideRight, int(top.width())
        )
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setFont(font("small"))
        painter.setPen(color("ink3"))
        low = QRectF(x, middle, area.width() - x, area.bottom() - middle - 4)
        painter.drawText(low, Qt.AlignmentFlag.AlignVCenter, compact(manifest.measures.parameters))

    def _paint_cell(self, painter: QPainter, cell: _Value, area: QRectF) -> None:
        face, small = font(16), font("small")
        value_width = QFontMetricsF(face).horizontalAdvance(cell.text)
        margin_width = QFontMetricsF(small).horizontalAdvance(cell.margin)
        left = area.center().x() - (value_width + (margin_width + 8 if cell.margin else 0)) / 2
        box = QRectF(left, area.top(), value_width, area.height())
        painter.setFont(font(16, cell.best))
        painter.setPen(color("ink3" if cell.note else "ink"))
        painter.drawText(box.adjusted(-4, 0, 6, 0), Qt.AlignmentFlag.AlignCenter, cell.text)
        if cell.margin:
            painter.setFont(small)
            painter.setPen(color("ink3"))
            place = QRectF(box.right() + (13 if cell.best else 8), area.top(), 90, area.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, cell.margin)
        if cell.best:
            painter.setPen(QPen(color("best"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(box.left() - 10, area.center().y() - 15, box.width() + 20, 30)
            painter.drawEllipse(ring)
        elif cell.unclear:
            pen = QPen(color("ink2"), 1.2)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            y = area.center().y() + 12
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        if cell.note:
            painter.setFont(font("tick"))
            painter.setPen(color("warn"))
            painter.drawText(
                area.adjusted(0, 0, 0, -1),
                Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
                painter.fontMetrics().elidedText(
                    cell.note, Qt.TextElideMode.ElideRight, int(area.width())
                ),
            )
