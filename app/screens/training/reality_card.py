"""Plan and reality of the run that is shown: four figures, each with its forecast and a word."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.formatting import (
    bytes_text,
    compact,
    difference_text,
    energy_text,
    exact_duration,
    grams_text,
    money_text,
)
from app.messages import translate
from app.screens.training.reality import Compared, Reality, reality_of
from app.theme.palette import pixels
from app.widgets.controls import Card, ElidedLabel, IconLabel, Label
from app.widgets.layout import STRETCH, holder, row
from core.engine.record import JobRecord
from core.sentences import Sentence

_NARROW = 500  # Pixels at 100 % text size below which the table is turned over.
_ICONS = {"planned": "ph.check", "more": "ph.arrow-up", "less": "ph.arrow-down"}
_SLOW = ("slow-busy", "slow-memory", "slow-hot", "slow")


class Figure:
    """A column of the table: its name, the forecast, what was measured, and a word with an icon."""

    def __init__(self, icon_name: str) -> None:
        self.label, self.planned, self.value = (
            Label("small"),
            ElidedLabel("faint"),
            ElidedLabel("head"),
        )
        self.icon, self.word = IconLabel("ph.check", 12, "ok"), ElidedLabel("small")
        head = holder(row(IconLabel(icon_name, 14, "ink3"), self.label, STRETCH, spacing=5))
        verdict = holder(row(self.icon, (self.word, 1), spacing=4))
        self.parts: tuple[QWidget, ...] = (head, self.planned, self.value, verdict)

    def show_figure(self, value: str, planned: str, icon: str, word: str, good: bool) -> None:
        """`icon`: "" while there is no verdict."""
        self.value.set_full_text(value)
        self.planned.set_full_text(planned)
        self.icon.setVisible(bool(icon))
        tone = "ok" if good else "warn"
        if icon:
            self.icon.set_icon(icon, tone)
        self.word.set_full_text(word)
        self.word.set_tone(tone if icon else "")

    def set_hint(self, text: str) -> None:
        for part in self.parts:
            part.setToolTip(text)
        self.label.setToolTip(text)


class RealityCard(Card):
    """Hidden until a run has a plan to be compared with."""

    def __init__(self) -> None:
        super().__init__(titled=False, margins=(14, 8, 14, 8), spacing=4)
        self.time, self.speed = Figure("ph.clock"), Figure("ph.gauge")
        self.memory, self.energy = Figure("ph.cpu"), Figure("ph.lightning")
        self._figures = (self.time, self.speed, self.memory, self.energy)
        self._planned, self._real = Label("faint"), Label("small")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(1)
        self._turned: bool | None = None
        self._arrange(False)
        self._why = Label("faint", wrap=True)
        self.add(self._grid, self._why)
        self.setMinimumWidth(300)
        self._record: JobRecord | None = None
        self.setVisible(False)

    def _arrange(self, turned: bool) -> None:
        """Figures side by side; where that is too narrow, below each other."""
        if turned == self._turned:
            return
        self._turned = turned
        rows: list[tuple[QWidget, ...]] = [(self.title, self._planned, self._real)]
        rows += [figure.parts for figure in self._figures]
        for outer, parts in enumerate(rows):
            for inner, part in enumerate(parts):
                at = (outer, inner) if turned else (inner, outer)
                self._grid.addWidget(part, *at)
        for index in range(5):
            self._grid.setColumnStretch(index, 0 if index == 0 or (turned and index > 3) else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(self.width() < pixels(_NARROW))
        super().resizeEvent(event)

    def show_record(self, record: JobRecord | None) -> None:
        self._record = record
        found = reality_of(record) if record is not None else None
        self.setVisible(found is not None)
        if found is None or record is None:
            return
        self._real.setText(
            self.tr("in the end") if record.state == "done" else self.tr("as of now")
        )
        active = record.active
        self._show(self.time, found.time, exact_duration, active)
        self._show(self.speed, found.speed, self._speed_text, active)
        self._show(self.memory, found.memory, bytes_text, active)
        self._show(self.energy, found.energy, energy_text, active)
        self._explain_energy(found)
        why = self._why_of(found, record)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.setAccessibleName(
            f"{self.title.text()}. "
            + ". ".join(
                f"{f.label.text()}: {f.value.full_text()} ({self._planned.text()} "
                f"{f.planned.full_text()}), {f.word.full_text()}"
                for f in self._figures
            )
        )

    def retranslate(self) -> None:
        self.title.setText(self.tr("Plan and reality"))
        self._planned.setText(self.tr("planned"))
        texts = (self.tr("Time"), self.tr("Speed"), self.tr("Memory"), self.tr("Energy"))
        for figure, text in zip(self._figures, texts, strict=True):
            figure.label.setText(text)
        self.time.set_hint(
            self.tr("The whole run. The forecast is settled once it has trained for a minute.")
        )
        self.speed.set_hint(self.tr("Tokens that it reads in a second"))
        self.memory.set_hint(self.tr("The most that the training held at once"))
        self.show_record(self._record)

    def _speed_text(self, speed: float) -> str:
        return self.tr("{speed} tok/s").format(speed=compact(speed))

    def _show(
        self, figure: Figure, compared: Compared, writer: Callable[[float], str], active: bool
    ) -> None:
        value = "—" if compared.real is None else writer(compared.real)
        planned = "—" if compared.planned is None else writer(compared.planned)
        verdict, by = compared.verdict, compared.difference
        if by is None:
            waits = active and compared.planned is not None
            figure.show_figure(value, planned, "", self.tr("not yet known") if waits else "", True)
            return
        if figure is self.speed:
            words = {"more": self.tr("faster"), "less": self.tr("slower")}
        elif figure is self.time:
            words = {"more": self.tr("longer"), "less": self.tr("shorter")}
        else:
            words = {"more": self.tr("more"), "less": self.tr("less")}
        words["planned"] = self.tr("on plan")
        worse = verdict == ("less" if figure is self.speed else "more")
        exactly = verdict == "planned" and abs(by) < 0.005
        word = words[verdict] if exactly else words[verdict] + " " + difference_text(by)
        figure.show_figure(value, planned, _ICONS[verdict], word, not worse)

    def _explain_energy(self, found: Reality) -> None:
        """Where the figure comes from, what was used until now, its CO₂ and cost."""
        measured = found.measured
        source = str(measured.get("energy_source") or "")
        sources = {
            "nvml": self.tr("Measured by the GPU."),
            "rapl": self.tr("Measured by the processor."),
            "estimate": self.tr("Estimated from the usual power: this computer cannot measure it."),
        }
        shown = self.energy.value.full_text()
        if source == "estimate" and found.energy.real is not None:
            self.energy.value.set_full_text("≈ " + shown)
        lines = [sources.get(source, "")]
        if found.used_wh is not None:
            used = self.tr("Until now: {energy}, {co2} of CO₂, {cost}.").format(
                energy=energy_text(found.used_wh), co2=grams_text(float(measured.get("co2_g") or 0)),
                cost=money_text(float(measured.get("cost") or 0), str(measured.get("currency") or "JPY")),
            )  # fmt: skip
            lines.append(used)
        self.energy.set_hint("\n".join(line for line in lines if line))

    def _why_of(self, found: Reality, record: JobRecord) -> str:
        """The reason for the difference that matters most, as far as it is known."""
        if found.time.verdict == "more" or found.speed.verdict == "less":
            findings = record.health.findings if record.health else []
            for finding in findings:
                if finding.get("code") in _SLOW:
                    if finding is findings[0]:  # Stands above the plot already.
                        return ""
                    return translate(Sentence.from_json(finding["sentence"]))
            return self.tr("A step takes longer than when it was timed at the start; other programs may need the processor.")  # fmt: skip
        if found.memory.verdict == "more":
            return self.tr("It holds more memory than was forecast. The next plan here counts with what was measured.")  # fmt: skip
        return ""
