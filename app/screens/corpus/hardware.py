"""What this computer has, for the first page: looked up on a thread, worded in both languages."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.context import AppContext
from app.formatting import amount_text, bytes_text
from app.screens.corpus.first_run import FirstRunPage
from core.hardware import cores, cpu_name, disk_free, disk_total, usage
from core.planning.machine import load_machine


class HardwareFinder(QObject):
    """Fills the first page's hardware card."""

    def __init__(self, context: AppContext, page: FirstRunPage, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._page = context, page
        self._seen: dict[str, Any] = {}

    def look(self) -> None:
        """Find out (elsewhere), then show."""
        self._context.bridge.background(self._look, self._show)

    def _look(self) -> dict[str, Any]:
        seen = usage()
        return {
            "cpu": cpu_name(), "cores": cores(), "gpu": seen.gpu, "memory": seen.memory_total,
            "memory_free": seen.memory_total - seen.memory_used,
            "disk": disk_free(self._context.home.path),
            "disk_total": disk_total(self._context.home.path), "machine": load_machine(self._context.home),
        }  # fmt: skip

    def _show(self, seen: dict[str, Any]) -> None:
        self._seen = seen
        self.retranslate()

    def retranslate(self) -> None:
        seen = self._seen
        if not seen:
            return
        gpu, machine = seen["gpu"], seen["machine"]
        rows = [
            (
                "ph.graphics-card" if gpu else "ph.cpu", "GPU",
                f"{gpu.name} · {gpu.memory_total / 1e9:.0f} GB" if gpu else self.tr("none found"),
                self.tr("ready") if gpu else self.tr("the processor does the work"),
            ),
            (
                "ph.cpu", "CPU", f"{seen['cpu']} · " + self.tr("{count} cores").format(count=seen["cores"]),
                self.tr("measured") if machine.measured else self.tr("not measured yet"),
            ),
            (
                "ph.stack-simple", self.tr("Memory"), f"{seen['memory'] / 1e9:.0f} GB",
                self.tr("{size} free").format(size=bytes_text(seen["memory_free"])),
            ),
            (
                "ph.hard-drive", self.tr("Storage"), bytes_text(seen["disk_total"]),
                self.tr("{size} free").format(size=bytes_text(seen["disk"])),
            ),
        ]  # fmt: skip
        limit = gpu.memory_total if gpu else seen["memory"]
        largest = min(350e6, limit * 0.8 / 18)  # fp32 masters, optimiser, gradients, copies.
        verdict = self.tr(
            "This computer can raise models of up to <b>{size}</b> parameters from nothing."
        ).format(size=amount_text(round(largest, -6)))
        self._page.set_hardware(rows, verdict)
