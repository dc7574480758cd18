"""How the training fares: the most important finding in words, the others on demand."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.messages import translate
from app.widgets.controls import Button, IconLabel, Label
from app.widgets.layout import STRETCH, column, holder, row, set_property
from core.engine.record import JobRecord
from core.sentences import Sentence

WAITS_FOR_ROOM = "waiting-for-room"
_MOST = 8
_OF_NOW = ("slow", "slow-busy", "slow-memory", "slow-hot", "throttled")
_FOR_THE_NEXT = ("rate-high", "data-small", "rolled-back", "worse-early")
_RANK = {"bad": 0, "warn": 1, "event": 2, "note": 3, "good": 4}
_LOOK = {
    "good": ("ph.check-circle", "ok", "card"), "note": ("ph.info", "aiText", "card"),
    "event": ("ph.info", "aiText", "card"), "warn": ("ph.warning", "warn", "warn"),
    "bad": ("ph.warning-octagon", "shu", "shu"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding or something that happened; `step` where it is told."""

    level: str
    sentence: str
    advice: str = ""
    step: int | None = None


def remarks_of(record: JobRecord | None) -> list[Remark]:
    """Findings of now and what happened on the way (each once), the most important first."""
    if record is None:
        return []
    found = [
        _remark(item, record.active or record.state == "done")  # The last word is of the whole run.
        for item in (record.health.findings if record.health else [])
        if item.get("sentence") and (record.active or item.get("code") not in _OF_NOW)
    ]
    happened: dict[str, Remark] = {}
    told = record.warnings[-40:]
    if record.active and record.phase == WAITS_FOR_ROOM:
        told = told[:-1]  # The notice over the run says it.
    for warning in reversed(told):
        sentence = translate(Sentence.from_json(warning.sentence))
        happened.setdefault(sentence, Remark("event", sentence, step=warning.step))
    found += list(happened.values())
    return sorted(found, key=lambda r: _RANK.get(r.level, 3))[:_MOST]


def _remark(item: dict[str, Any], active: bool) -> Remark:
    """A finding; what to do about a run that is over is only said where it helps the next one."""
    helps = active or item.get("code") in _FOR_THE_NEXT
    helps = helps and item.get("level") != "good"  # There is nothing to do.
    return Remark(
        str(item.get("level") or "note"), translate(Sentence.from_json(item["sentence"])),
        translate(Sentence.from_json(item["advice"])) if helps and item.get("advice") else "",
    )  # fmt: skip


class Line(QWidget):
    """Icon, the level as a word, the sentence and what to do."""

    def __init__(self) -> None:
        super().__init__()
        self.icon = IconLabel("ph.info", 18)
        self.text = Label("small", wrap=True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.end = row(spacing=4)
        # The icon stands beside the first line, however many there are.
        aside = column(self.icon, STRETCH, margins=(0, 1, 0, 0), spacing=0)
        self.setLayout(row(aside, (self.text, 1), self.end, spacing=10))

    def show_remark(self, remark: Remark, word: str, at: str) -> None:
        icon, tone, _ = _LOOK.get(remark.level, _LOOK["note"])
        self.icon.set_icon(icon, tone)
        advice = f" {escape(remark.advice)}" if remark.advice else ""
        place = f" ({escape(at)})" if at else ""
        self.text.setText(f"<b>{escape(word)}</b>{place}: {escape(remark.sentence)}{advice}")
        self.text.setAccessibleName(f"{word}{place}: {remark.sentence}{' ' + remark.advice if remark.advice else ''}")  # fmt: skip


class HealthCard(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._first = Line()
        self._more = Button("link", "ph.caret-right")
        self._first.end.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        self._others: QVBoxLayout = column(spacing=6, margins=(0, 2, 0, 0))
        self._fold = holder(self._others)
        self._lines: list[Line] = []
        self.setLayout(column(self._first, self._fold, margins=(12, 6, 12, 6), spacing=6))
        self.setMinimumWidth(300)
        self._more.clicked.connect(self._toggle)
        self._record: JobRecord | None = None
        self._open = False
        self._remarks: list[Remark] = []
        self._told = ("", "")
        self.setVisible(False)

    def show_record(self, record: JobRecord | None) -> None:
        self._record = record
        remarks = remarks_of(record)
        if remarks == self._remarks:
            return
        self._remarks = remarks
        self._draw()
        self._announce()

    def retranslate(self) -> None:
        self._remarks = remarks_of(self._record)
        self._draw()

    def _draw(self) -> None:
        remarks = self._remarks
        self.setVisible(bool(remarks))
        if not remarks:
            return
        first, *others = remarks
        set_property(self, "surface", _LOOK.get(first.level, _LOOK["note"])[2])
        self._show(self._first, first)
        self._more.setVisible(bool(others))
        self._more.set_text(self.tr("{count} more").format(count=len(others)))
        self._more.set_icon("ph.caret-down" if self._open else "ph.caret-right")
        self._fold.setVisible(bool(others) and self._open)
        while len(self._lines) < len(others):
            line = Line()
            self._lines.append(line)
            self._others.addWidget(line)
        for line, remark in zip(self._lines, others, strict=False):
            self._show(line, remark)
        for index, line in enumerate(self._lines):
            line.setVisible(index < len(others))

    def _show(self, line: Line, remark: Remark) -> None:
        words = {
            "good": self.tr("All is well"), "note": self.tr("Worth knowing"),
            "event": self.tr("This happened"), "warn": self.tr("Watch out"),
            "bad": self.tr("Trouble"),
        }  # fmt: skip
        at = "" if remark.step is None else self.tr("step {step}").format(step=f"{remark.step:,}")
        line.show_remark(remark, words.get(remark.level, words["note"]), at)

    def _toggle(self) -> None:
        self._open = not self._open
        self._draw()

    def _announce(self) -> None:
        """Tell screen readers what is new, after what they are saying; never the run's old news."""
        record = self._record
        first = self._remarks[0].sentence if self._remarks else ""
        told, self._told = self._told, (record.id if record else "", first)
        if record is None or not record.active or not first or told == self._told:
            return
        event = QAccessibleAnnouncementEvent(self, self._first.text.accessibleName())
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)
