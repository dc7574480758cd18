"""The trainings that wait for their turn, in order; each can be opened, moved and taken out."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.formatting import compact, duration, grouped
from app.widgets.controls import Button, Card, ElidedLabel, Label
from app.widgets.layout import column, hairline, holder, row, scroll
from core.engine.record import JobRecord

_SHOWN = 3
_LINE = 46


def waiting(records: list[JobRecord]) -> list[JobRecord]:
    """Those that wait, the next one first."""
    found = [r for r in records if r.state == "queued" and r.asked is None]
    return sorted(found, key=lambda r: (r.queue_position or 1 << 30, r.job.created))


class QueueLine(QWidget):
    """`moved(run, by)`, `opened(run)`, `taken_out(run)`."""

    moved = Signal(str, int)
    opened = Signal(str)
    taken_out = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.run = ""
        self._number, self._details = Label("faint"), ElidedLabel("faint")
        self._number.setFixedWidth(18)
        self._open = Button("link")
        self._open.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.up, self.down = Button("icon-s", "ph.arrow-up"), Button("icon-s", "ph.arrow-down")
        self.out = Button("icon-s", "ph.x")
        self._open.clicked.connect(lambda: self.opened.emit(self.run))
        self.up.clicked.connect(lambda: self.moved.emit(self.run, -1))
        self.down.clicked.connect(lambda: self.moved.emit(self.run, 1))
        self.out.clicked.connect(lambda: self.taken_out.emit(self.run))
        words = column(self._open, self._details, spacing=0)
        self.setLayout(row(self._number, (words, 1), self.up, self.down, self.out, spacing=2))

    def show_run(self, record: JobRecord, position: int, count: int) -> None:
        """`position` of `count`, from 1."""
        name = record.job.title
        self.run = record.id
        self._number.setText(f"{position}.")
        self._name = name
        self._elide()
        self._open.setToolTip(self.tr("Show “{name}”").format(name=name))
        self._open.setAccessibleName(
            self.tr("Show “{name}”, number {position} in line").format(name=name, position=position)
        )
        self._details.set_full_text(self._details_of(record.job.config))
        self.up.set_hint(self.tr("Move “{name}” up").format(name=name))
        self.down.set_hint(self.tr("Move “{name}” down").format(name=name))
        self.out.set_hint(self.tr("Take “{name}” out of the line; it is kept").format(name=name))
        self.up.setEnabled(position > 1)
        self.down.setEnabled(position < count)

    def resizeEvent(self, event) -> None:  # noqa: ANN001
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        from PySide6.QtCore import Qt

        room = max(20, self._open.width() - 2)
        name = getattr(self, "_name", "")
        self._open.set_text(
            self._open.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        )

    def _details_of(self, config: dict[str, Any]) -> str:
        """Corpus, size where one was chosen, and length."""
        recipe: dict[str, Any] = config.get("recipe") or {}
        parts = [str(config.get("corpus") or "")]
        if recipe.get("parameters"):
            parts.append(compact(float(recipe["parameters"])))
        if recipe.get("minutes"):
            parts.append(duration(float(recipe["minutes"]) * 60))
        elif recipe.get("steps"):
            parts.append(self.tr("{count} steps").format(count=grouped(float(recipe["steps"]))))
        elif recipe.get("epochs"):
            parts.append(self.tr("{count} passes").format(count=f"{float(recipe['epochs']):g}"))
        return " · ".join(part for part in reversed(parts) if part)


class QueueCard(Card):
    """Hidden while nothing waits."""

    moved = Signal(str, int)
    opened = Signal(str)
    taken_out = Signal(str)

    def __init__(self) -> None:
        super().__init__(margins=(14, 8, 8, 8), spacing=4)
        self._list: QVBoxLayout = column(spacing=4)
        self._area = scroll(holder(column(self._list, margins=(0, 0, 6, 0))))
        self.add(hairline(), self._area)
        self._lines: list[QueueLine] = []
        self._records: list[JobRecord] = []
        self.setVisible(False)

    def show_runs(self, records: list[JobRecord]) -> None:
        self._records = records
        found = waiting(records)
        self.setVisible(bool(found))
        while len(self._lines) < len(found):
            line = QueueLine()
            line.moved.connect(self.moved)
            line.opened.connect(self.opened)
            line.taken_out.connect(self.taken_out)
            self._lines.append(line)
            self._list.addWidget(line)
        for index, line in enumerate(self._lines):
            line.setVisible(index < len(found))
            if index < len(found):
                line.show_run(found[index], index + 1, len(found))
        height = self._lines[0].sizeHint().height() + 4 if self._lines else _LINE
        self._area.setFixedHeight(height * min(_SHOWN, max(1, len(found))))
        self.subtitle.setText(str(len(found)))

    def retranslate(self) -> None:
        self.title.setText(self.tr("Waiting"))
        self.setToolTip(self.tr("One training works at a time; these follow in this order."))
        self.show_runs(self._records)
