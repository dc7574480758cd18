"""Which run is shown, on what and how it computes, and what can be done with it."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QWidget

from app.messages import translate
from app.screens.training.devices import computing_text, device_text
from app.widgets.combo import ComboBox
from app.widgets.controls import Button, ElidedLabel, IconLabel, Label
from app.widgets.layout import column, holder, row
from core.engine.record import JobRecord
from core.hardware import Device


class RunHeader(QWidget):
    """The combo box appears when there is more than one run."""

    def __init__(self) -> None:
        super().__init__()
        self._label, self.runs = Label("small"), ComboBox()
        self.runs.setProperty("dense", "true")
        self._choice = holder(row(self._label, (self.runs, 1), spacing=8))
        self._icon, self.device = IconLabel("ph.cpu", 14, "ink3"), ElidedLabel("small")
        self._unused_icon, self._unused = (
            IconLabel("ph.warning", 14, "warn"),
            Label("small", "warn"),
        )
        self.longer = Button("small", "ph.arrow-line-right")
        self.copy = Button("small", "ph.clipboard-text")
        self.computing = Label("faint", wrap=True)
        upper = row(
            (self._choice, 3),
            self._icon,
            (self.device, 1),
            self._unused_icon,
            self._unused,
            self.longer,
            self.copy,
        )
        self.setLayout(column(upper, self.computing, spacing=4))
        self._record: JobRecord | None = None
        self._expert = self._copied = False
        self.longer.setVisible(False)
        self.copy.setVisible(False)

    def list_runs(self, runs: list[JobRecord], shown: str) -> None:
        """Newest first."""
        words = {
            "queued": self.tr("waiting"), "starting": self.tr("starting"),
            "running": self.tr("running"), "paused": self.tr("paused"), "done": self.tr("done"),
            "cancelled": self.tr("cancelled"), "failed": self.tr("failed"), "died": self.tr("died"),
        }  # fmt: skip
        self._choice.setVisible(len(runs) > 1)
        self.runs.clear()
        for record in runs:
            day = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.job.created))
            self.runs.addItem(f"{record.job.title} · {day} · {words[record.state]}", record.id)
        self.runs.setCurrentIndex(self.runs.findData(shown))

    def show_record(self, record: JobRecord | None, devices: list[Device]) -> None:
        self._record = record
        together = _together(record)
        text = device_text(record.device if record else "", together, devices)
        self._icon.setVisible(bool(text))
        self.device.setVisible(bool(text))
        self.device.set_full_text(text)
        self._show_unused(record, devices)
        computing = computing_text(record.plan) if record else ""
        self.computing.setText(
            self.tr("How it computes: {how}").format(how=computing) if computing else ""
        )
        self.computing.setVisible(self._expert and bool(computing))
        self.copy.setVisible(record is not None and record.state in ("failed", "died"))
        self.setVisible(record is not None)

    def _show_unused(self, record: JobRecord | None, devices: list[Device]) -> None:
        """A GPU that is there while the processor works: never in silence."""
        faults = [f"{d.name}: {translate(d.fault)}" for d in devices if d.fault is not None]
        on_gpu = any(d.name == (record.device if record else "") for d in devices if d.platform != "CPU")  # fmt: skip
        shown = bool(faults) and record is not None and record.active and not on_gpu
        for part in (self._unused_icon, self._unused):
            part.setVisible(shown)
            part.setToolTip("\n".join(faults))
        self._unused.setText(self.tr("GPU not used"))
        self._unused.setAccessibleDescription(" ".join(faults))

    def set_expert(self, expert: bool) -> None:
        self._expert = expert
        self.computing.setVisible(expert and bool(self.computing.text()))

    def retranslate(self) -> None:
        self._label.setText(self.tr("Shown"))
        self.runs.setAccessibleName(self.tr("Training that is shown"))
        self.longer.set_text(self.tr("Train longer…"))
        self.longer.setToolTip(self.tr("A new edition that goes on where this one stood before its cool-down"))  # fmt: skip
        self.show_copied(self._copied)
        self.copy.setToolTip(self.tr("What a report of this fault needs, without your texts and names"))  # fmt: skip

    def show_copied(self, copied: bool) -> None:
        """The button itself says for a while that it is done."""
        self._copied = copied
        self.copy.set_text(self.tr("Copied") if copied else self.tr("Copy diagnostics"))
        self.copy.set_icon("ph.check" if copied else "ph.clipboard-text")


def _together(record: JobRecord | None) -> int:
    """How many processes train together."""
    if record is None:
        return 1
    told = record.details.get("ranks")
    return told if isinstance(told, int) else 1
