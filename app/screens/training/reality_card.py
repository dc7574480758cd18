"""Plan and reality of the run that is shown: four figures, each with its forecast and a word."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.formatting import (
    bytes_text,
    compact,
    difference_text,
    duration,
    energy_text,
    grams_text,
    money_text,
)
from app.messages import translate
from app.screens.training.reality import Compared, Reality, reality_of
from app.widgets.controls import Card, ElidedLabel, IconLabel, Label
from app.widgets.layout import STRETCH, column, row
from core.engine.record import JobRecord
from core.sentences import Sentence

_NARROW = 500
_ICONS = {"planned": "ph.check", "more": "ph.arrow-up", "less": "ph.arrow-down"}
_SLOW = ("slow-busy", "slow-memory", "slow-hot", "slow")


class Figure(QWidget):
    """What was measured, what was planned, and a word with an icon for the difference."""

    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self.label, self.value = Label("small"), ElidedLabel("head")
        self.planned = ElidedLabel("faint")
        self.icon, self.word = IconLabel("ph.check", 12, "ok"), ElidedLabel("small")
        head = row(IconLabel(icon_name, 14, "ink3"), self.label, STRETCH, spacing=5)
        verdict = row(self.icon, (self.word, 1), spacing=4)
        self.setLayout(column(head, self.value, self.planned, verdict, spacing=1))

    def show_figure(self, value: str, planned: str, icon: str, word: str, good: bool) -> None:
        """`icon` "" while there is no verdict yet."""
        self.value.set_full_text(value)
        self.planned.set_full_text(planned)
        self.icon.setVisible(bool(icon))
        tone = "ok" if good else "warn"
        if icon:
            self.icon.set_icon(icon, tone)
        self.word.set_full_text(word)
        self.word.set_tone(tone if icon else "")
        self.setAccessibleName(f"{self.label.text()}: {value}, {planned}, {word}")


class RealityCard(Card):
    """Hidden until a run has a plan to be compared with."""

    def __init__(self) -> None:
        super().__init__(margins=(14, 8, 14, 10), spacing=4)
        self.time, self.speed = Figure("ph.clock"), Figure("ph.gauge")
        self.memory, self.energy = Figure("ph.cpu"), Figure("ph.lightning")
        self._figures = (self.time, self.speed, self.memory, self.energy)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._columns = 0
        self._arrange(4)
        self._why = Label("faint", wrap=True)
        self.add(self._grid, self._why)
        self.setMinimumWidth(300)
        self._record: JobRecord | None = None
        self.setVisible(False)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for index, figure in enumerate(self._figures):
            self._grid.addWidget(figure, index // columns, index % columns)
        for index in range(4):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(2 if self.width() < _NARROW else 4)
        super().resizeEvent(event)

    def show_record(self, record: JobRecord | None) -> None:
        self._record = record
        found = reality_of(record) if record is not None else None
        self.setVisible(found is not None)
        if found is None or record is None:
            return
        self.subtitle.setText(
            self.tr("as it looks now") if record.active else self.tr("what it took in the end")
        )
        planned = self.tr("planned {value}")
        time, speed, memory = found.time, found.speed, found.memory
        self._show(self.time, time, duration, planned, record.active)
        self._show(self.speed, speed, lambda v: self.tr("{speed} tokens/s").format(speed=compact(v)), planned, record.active)  # fmt: skip
        self._show(self.memory, memory, bytes_text, planned, record.active)
        self._show(self.energy, found.energy, energy_text, planned, record.active)
        self._explain_energy(found)
        why = self._why_of(found, record)
        self._why.setText(why)
        self._why.setVisible(bool(why))

    def retranslate(self) -> None:
        self.title.setText(self.tr("Plan and reality"))
        texts = (self.tr("Time"), self.tr("Speed"), self.tr("Memory"), self.tr("Energy"))
        for figure, text in zip(self._figures, texts, strict=True):
            figure.label.setText(text)
        self.time.setToolTip(
            self.tr("The whole run. The forecast is settled once it has trained for a minute.")
        )
        self.speed.setToolTip(self.tr("Tokens that it reads in a second"))
        self.memory.setToolTip(self.tr("The most that the training held at once"))
        self.show_record(self._record)

    def _show(self, figure: Figure, compared: Compared, writer, planned: str, active: bool) -> None:  # noqa: ANN001
        value = "—" if compared.real is None else writer(compared.real)
        told = "" if compared.planned is None else planned.format(value=writer(compared.planned))
        verdict, by = compared.verdict, compared.difference
        if by is None:
            waiting = active and compared.planned is not None
            figure.show_figure(
                value, told, "", self.tr("not measured yet") if waiting else "", True
            )
            return
        worse = verdict == ("less" if figure is self.speed else "more")
        words = {
            "planned": self.tr("as planned"),
            "more": self.tr("slower") if figure is self.time else self.tr("more"),
            "less": self.tr("faster") if figure is self.time else self.tr("less"),
        }
        if figure is self.speed:
            words |= {"more": self.tr("faster"), "less": self.tr("slower")}
        word = f"{words[verdict]} ({difference_text(by)})"
        figure.show_figure(value, told, _ICONS[verdict], word, not worse)

    def _explain_energy(self, found: Reality) -> None:
        """Where the figure comes from, what was used until now, its CO₂ and cost."""
        measured = found.measured
        source = str(measured.get("energy_source") or "")
        sources = {
            "nvml": self.tr("Measured by the GPU."),
            "rapl": self.tr("Measured by the processor."),
            "estimate": self.tr("Estimated from the usual power: this computer cannot measure it."),
        }
        if source == "estimate":
            self.energy.value.set_full_text("≈ " + self.energy.value.full_text())
        lines = [sources.get(source, "")]
        if found.used_wh is not None:
            used = self.tr("Until now: {energy}, {co2} of CO₂, {cost}.").format(
                energy=energy_text(found.used_wh), co2=grams_text(float(measured.get("co2_g") or 0)),
                cost=money_text(float(measured.get("cost") or 0), str(measured.get("currency") or "JPY")),
            )  # fmt: skip
            lines.append(used)
        self.energy.setToolTip("\n".join(line for line in lines if line))
        self.energy.setAccessibleDescription(self.energy.toolTip())

    def _why_of(self, found: Reality, record: JobRecord) -> str:
        """The reason for the difference that matters most, as far as it is known."""
        if found.time.verdict == "more" or found.speed.verdict == "less":
            findings = record.health.findings if record.health else []
            for finding in findings:
                if finding.get("code") in _SLOW:
                    return translate(Sentence.from_json(finding["sentence"]))
            return self.tr("A step takes longer than when it was timed at the start: other programs may need the processor, or it is hot.")  # fmt: skip
        if found.memory.verdict == "more":
            return self.tr("It holds more memory than was forecast. The next plan here counts with what was measured.")  # fmt: skip
        return ""
