"""What a recipe will cost: parameters, memory, time, text; recalculated with every knob."""

from __future__ import annotations

from typing import Literal

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.formatting import bytes_text, compact, duration, energy_text, grams_text, money_text
from app.messages import translate
from app.widgets.controls import Button, IconLabel, Label, Meter
from app.widgets.layout import STRETCH, column, holder, row
from core.planning.plan import Plan
from core.planning.shares import passes_sentence
from core.sentences import Sentence

_MARGIN = 10
WayOut = Literal["size", "lora", ""]
"""What is offered where memory is short: a smaller size, LoRA, or nothing."""


class PlanCard(QFrame):
    """`smaller`: offered when the plan needs more memory than there is; `way_out` says what it does."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "sunk")
        self._names: list[Label] = []
        self._values: list[Label] = []
        self._notes: list[Label] = []
        self._lines: list[QWidget] = []
        self._bar = Meter(4)
        self._parts = Label("faint", wrap=True)
        self._rule = Label("faint", wrap=True)
        self._warnings = Label("small", "warn", wrap=True)
        self.smaller = Button("small", "ph.arrow-down")
        self.smaller.setVisible(False)
        lines = [
            self._line("ph.cube"), self._line("ph.cpu"), self._bar, self._line("ph.clock"),
            self._line("ph.lightning"), self._line("ph.book-open"),
        ]  # fmt: skip
        self.setLayout(
            column(
                *lines,
                self._parts,
                self._rule,
                self._warnings,
                self.smaller,
                margins=_MARGIN,
                spacing=6,
            )
        )
        self.setMinimumWidth(200)
        self._plan: Plan | None = None
        self.way_out: WayOut = "size"

    def _line(self, icon_name: str) -> QWidget:
        name, value, note = Label("small"), Label("small"), Label("faint")
        self._names.append(name)
        self._values.append(value)
        self._notes.append(note)
        line = holder(row(IconLabel(icon_name, 14, "ink3"), name, STRETCH, value, note, spacing=5))
        self._lines.append(line)
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_notes()

    def _fit_notes(self) -> None:
        """Where a line has no room for all, its remark goes (screen readers still hear it)."""
        room = self.width() - 2 * _MARGIN - 2
        for line, note in zip(self._lines, self._notes, strict=True):
            note.setVisible(True)
            note.setVisible(line.sizeHint().width() <= room)

    def show_plan(self, plan: Plan | None, way_out: WayOut = "size") -> None:
        self._plan, self.way_out = plan, way_out
        self.retranslate()

    def retranslate(self) -> None:
        texts = (
            self.tr("Parameters"), self.tr("Memory"), self.tr("Time"), self.tr("Energy"),
            self.tr("Reads"),
        )  # fmt: skip
        for name, text in zip(self._names, texts, strict=True):
            name.setText(text)
        lora = self.way_out == "lora"
        self.smaller.set_text(
            self.tr("Take LoRA instead") if lora else self.tr("Choose a size that fits")
        )
        plan = self._plan
        if plan is None:
            for value, note in zip(self._values, self._notes, strict=True):
                value.setText("—")
                note.setText("")
            self._bar.set_value(0)
            self._rule.setText("")
            self._parts.setVisible(False)
            self._show_warnings(None)
            self._explain_energy(None)
            self.setAccessibleName("")
            return
        size, memory, time, energy, text = self._values
        size.setText(f"<b>{compact(plan.parameters)}</b>")
        memory.setText(f"<b>{bytes_text(plan.memory_bytes)}</b>")
        time.setText("<b>" + self.tr("about {time}").format(time=duration(plan.seconds)) + "</b>")
        energy.setText(f"<b>≈ {energy_text(plan.energy_wh)}</b>")
        read = self.tr("{count} tokens").format(count=compact(plan.tokens_total))
        times = self.tr("{count} times").format(count=f"{plan.passes:.1f}")
        text.setText(f"<b>{read if plan.parts else times}</b>")
        passes = passes_sentence(plan.parts)
        self._parts.setText(translate(passes) if passes is not None else "")
        self._parts.setVisible(passes is not None)
        notes = (
            self.tr("1 layer")
            if plan.layers == 1
            else self.tr("{count} layers").format(count=plan.layers),
            f"/ {bytes_text(plan.memory_limit)}",
            "",
            money_text(plan.cost, plan.currency) if plan.currency else "",
            "" if plan.parts else read,
        )
        for note, words in zip(self._notes, notes, strict=True):
            note.setText(words)
        self._fit_notes()
        share = plan.memory_bytes / max(1, plan.memory_limit)
        self._bar.set_value(share, "shu" if plan.over_memory else "aiText")
        self.smaller.setVisible(plan.over_memory and bool(self.way_out))
        self._rule.setText(translate(Sentence.from_json(plan.rule)) if plan.rule else "")
        self._show_warnings(plan)
        self._explain_energy(plan)
        self.setAccessibleName(
            ", ".join(
                f"{n.text()} {v.text()} {o.text()}".replace("<b>", "").replace("</b>", "")
                for n, v, o in zip(self._names, self._values, self._notes, strict=True)
            )
            + (f", {self._parts.text()}" if passes is not None else "")
        )

    def brief(self) -> str:
        """The plan in one line, for where the card is out of sight; "" without one."""
        if self._plan is None:
            return ""
        plan = self._plan
        time = self.tr("about {time}").format(time=duration(plan.seconds))
        return f"{compact(plan.parameters)} · {bytes_text(plan.memory_bytes)} · {time}"

    def _show_warnings(self, plan: Plan | None) -> None:
        words = [translate(Sentence.from_json(w)) for w in plan.warnings] if plan else []
        self._warnings.setText("\n".join(words))
        self._warnings.setVisible(bool(words))

    def _explain_energy(self, plan: Plan | None) -> None:
        """What the figure rests on, and its CO₂."""
        text = ""
        if plan is not None:
            source = self.tr("Estimated from the usual power of such a processor ({watts} W).")
            if plan.energy_source == "measured":
                source = self.tr(
                    "From the power that was measured here while training ({watts} W)."
                )
            text = source.format(watts=f"{plan.watts:.0f}")
            text += "\n" + self.tr("CO₂: about {co2}, cost: {cost}. Price and CO₂ of your electricity: see the settings.").format(co2=grams_text(plan.co2_g), cost=money_text(plan.cost, plan.currency))  # fmt: skip
        for label in (self._names[3], self._values[3], self._notes[3]):
            label.setToolTip(text)
