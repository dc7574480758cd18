"""What the machine does now: memory, load, power and heat where they are told."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.controls import Card, ElidedLabel, IconLabel, Label, Meter
from app.widgets.layout import STRETCH, holder, row
from core.hardware import Usage, cores, cpu_name


class DeviceCard(Card):
    """GPU where there is one, else processor and main memory."""

    def __init__(self) -> None:
        super().__init__(titled=False, margins=(12, 10, 12, 10), spacing=5)
        self._name = ElidedLabel("head")
        self._memory_label, self._memory = Label("faint"), Label("small")
        self._meter = Meter()
        self._left, self._busy = Label("small"), Label("faint")
        self._heat_icon = IconLabel("ph.thermometer-simple", 14, "ink3")
        self._heat = Label("small")
        self._heat_icon.setVisible(False)
        self._heat.setVisible(False)
        self.add(
            row(IconLabel("ph.cpu"), (self._name, 1), spacing=6),
            row(self._memory_label, STRETCH, self._memory, spacing=4),
            self._meter, 2,
            row(self._left, 6, self._heat_icon, self._heat, STRETCH, self._busy, spacing=3),
        )  # fmt: skip
        self._seen: Usage | None = None
        self.retranslate()

    def show_usage(self, seen: Usage) -> None:
        self._seen = seen
        self.retranslate()

    def retranslate(self) -> None:
        self._memory_label.setText(self.tr("Memory"))
        seen = self._seen
        if seen is None:
            self._name.set_full_text(cpu_name())
            return
        gpu = seen.gpu
        name = gpu.name if gpu else cpu_name()
        if seen.gpus > 1:
            name = self.tr("{name} (the busiest of {count})").format(name=name, count=seen.gpus)
        self._name.set_full_text(name)
        used, total = (
            (gpu.memory_used, gpu.memory_total) if gpu else (seen.memory_used, seen.memory_total)
        )
        self._memory.setText(f"<b>{used / 1e9:.1f}</b> / {total / 1e9:.1f} GB")
        self._meter.set_value(used / max(1, total))
        busy = gpu.busy if gpu and gpu.busy is not None else seen.busy
        self._busy.setText(
            self.tr("{share} % busy").format(share=f"{busy * 100:.0f}")
            if busy >= 0.05
            else self.tr("idle")
        )
        if gpu and gpu.watts is not None:
            self._left.setText(f"{gpu.watts:.0f} W")
        else:
            self._left.setText(self.tr("{count} cores").format(count=cores()))
        celsius = gpu.celsius if gpu else seen.celsius
        self._heat_icon.setVisible(celsius is not None)
        self._heat.setVisible(celsius is not None)
        if celsius is not None:
            self._heat.setText(f"{celsius:.0f} °C")
        self.setAccessibleName(
            f"{self._name.full_text()}: {used / 1e9:.1f} / {total / 1e9:.1f} GB, {self._busy.text()}"
        )
        self.setToolTip(self.accessibleName())


class DeviceRail(QWidget):
    """The same for the folded shelf: a bar and a figure."""

    def __init__(self) -> None:
        super().__init__()
        self._meter = Meter(5)
        self._text = Label("tick")
        self._meter.setFixedWidth(32)
        layout: QVBoxLayout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(4)
        for item in (IconLabel("ph.cpu"), self._meter, self._text):
            layout.addWidget(holder(row(STRETCH, item, STRETCH)))

    def show_usage(self, seen: Usage) -> None:
        gpu = seen.gpu
        used, total = (
            (gpu.memory_used, gpu.memory_total) if gpu else (seen.memory_used, seen.memory_total)
        )
        self._meter.set_value(used / max(1, total))
        self._text.setText(f"{used / 1e9:.1f} GB")
