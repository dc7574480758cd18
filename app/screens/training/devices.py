"""What can train here, as the training tab shows it: names, the choice, and why a GPU is not used."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame

from app.messages import translate
from app.widgets.combo import ComboBox
from app.widgets.controls import Banner, Label
from app.widgets.layout import column
from core.hardware import Device, cpu_name
from core.planning.devices import device_named
from core.planning.machine import Machine, assumed
from core.sentences import N_

_PRODUCTS = 0.7
"""Share of the maker's peak that large matrix products reach, before it is measured."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("DeviceChoice", text)


def usable(devices: list[Device]) -> list[Device]:
    """Those that can train, in the order of the driver, the processor last."""
    return [device for device in devices if device.id and device.fault is None]


def automatic(devices: list[Device]) -> list[Device]:
    """What a run takes by itself: all GPUs where they are of one kind and can all be used (Linux),
    else the first that can, else the processor; Apple's GPU only where it is chosen."""
    gpus = [device for device in devices if device.platform in ("CUDA", "ROCm")]
    can = [gpu for gpu in usable(devices) if gpu in gpus]
    whole = can == gpus and len({gpu.name for gpu in can}) == 1 and sys.platform == "linux"
    if can:
        return can if whole else can[:1]
    return [device for device in usable(devices) if device.platform == "CPU"]


def chosen_by_itself(devices: list[Device]) -> str:
    """The same in words."""
    taken = automatic(devices)
    name = taken[0].name if taken else cpu_name()
    return f"{len(taken)} × {name}" if len(taken) > 1 else name


def device_text(device: str, together: int, devices: list[Device]) -> str:
    """A run's device in words: "AMD EPYC", "2 × NVIDIA H100"; "" where none is told yet."""
    if not device:
        return ""
    known = next((d for d in devices if d.id == device), None)
    name = known.name if known else cpu_name() if device == "cpu" else device
    if together > 1:
        if name == cpu_name():
            return _tr(N_("DeviceChoice", "{name}, {count} processes")).format(
                name=name, count=together
            )
        return f"{together} × {name}"  # noqa: RUF001
    return name


def machine_for(choice: str, machine: Machine, devices: list[Device]) -> Machine:
    """The machine that a plan counts with: `machine` where it was measured on the device that will
    be used, else what the maker's figures (or, of a processor, a cautious guess) say of that one.

    Args:
        choice: What TrainJob.device takes.
    """
    can = automatic(devices) if choice == "auto" else usable(devices)
    device = next((d for d in can if choice in ("auto", d.id)), None)
    if device is None or device.id.partition(":")[0] == machine.device:
        return machine
    if device.id == "cpu":
        guess = assumed()
    else:
        known = device_named(device.name)
        peak = _PRODUCTS * known.tflops * 1000 if known else machine.gflops
        guess = machine.model_copy(
            update={
                "device": device.id.partition(":")[0], "name": device.name,
                "gflops_bf16": peak, "gflops_fp32": peak / 4, "memory_bytes": device.memory_total,
                "measured": False,
            }
        )  # fmt: skip
    return guess.model_copy(
        update={"runs": machine.runs, "prices": machine.prices, "disk_free": machine.disk_free}
    )


def computing_text(plan: dict[str, Any]) -> str:
    """How a run computes: "bf16 · 2 threads · compiled · micro-batch 8 × 4"."""
    parts = [str(plan.get("precision") or "")]
    device = str(plan.get("device") or "cpu")
    if (threads := plan.get("threads")) and device == "cpu":
        one = _tr(N_("DeviceChoice", "1 thread"))
        many = _tr(N_("DeviceChoice", "{count} threads"))
        parts.append(one if threads == 1 else many.format(count=threads))
    if plan.get("compiled"):
        parts.append(_tr(N_("DeviceChoice", "compiled")))
    batch, micro = plan.get("batch"), plan.get("micro_batch")
    if batch and micro and micro < batch:
        words = _tr(N_("DeviceChoice", "micro-batch {size} × {count}"))  # noqa: RUF001
        parts.append(words.format(size=micro, count=-(-batch // micro)))
    elif batch:
        parts.append(_tr(N_("DeviceChoice", "batch {size}")).format(size=batch))
    if plan.get("activation_checkpointing"):
        parts.append(_tr(N_("DeviceChoice", "activation checkpointing")))
    if plan.get("optimiser_precision") == "bf16":
        parts.append(_tr(N_("DeviceChoice", "optimiser in bf16")))
    return " · ".join(part for part in parts if part)


class DeviceChoice(QFrame):
    """The device of the next training, where there is a choice, and a sentence for every GPU that
    is there and cannot be used."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._label, self.combo = Label("small"), ComboBox()
        self._fault = Banner("ph.warning", "warn", small=True)
        self.combo.activated.connect(self.changed)
        self.setLayout(column(self._label, self.combo, self._fault, spacing=6))
        self._devices: list[Device] = []
        self._known = False
        self.show_devices([], known=False)

    def show_devices(self, devices: list[Device], known: bool = True) -> None:
        """`known` False: they have not been looked up yet."""
        chosen = self.value()
        self._devices, self._known = devices, known
        can = usable(devices)
        self.combo.clear()
        self.combo.addItem(
            _tr(N_("DeviceChoice", "automatic: {name}")).format(name=chosen_by_itself(devices)),
            "auto",
        )
        for device in can:
            self.combo.addItem(device.name if device.id != "cpu" else cpu_name(), device.id)
        self.choose(chosen if len(can) > 1 else "auto")
        faults = [f"{device.name}: {translate(device.fault)}" for device in devices if device.fault]
        self._label.setText(_tr(N_("DeviceChoice", "Computes on")))
        self.combo.setAccessibleName(self._label.text())
        self._fault.text.setText("\n".join(dict.fromkeys(faults)))
        self._fault.setVisible(bool(faults))
        for part in (self._label, self.combo):
            part.setVisible(len(can) > 1)
        self.setVisible(len(can) > 1 or bool(faults))

    def retranslate(self) -> None:
        self.show_devices(self._devices, self._known)

    def machine(self, machine: Machine) -> Machine:
        """What a plan for the choice counts with."""
        return machine_for(self.value(), machine, self._devices)

    def value(self) -> str:
        """What TrainJob.device takes."""
        return str(self.combo.currentData() or "auto")

    def choose(self, device: str) -> None:
        index = self.combo.findData(device)
        self.combo.setCurrentIndex(max(0, index))
