"""The machine beside a training: does another program take its cores, is memory short, is it hot?

Read on a thread, because a driver's tool may take a second to answer.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.hardware import cpu_celsius, nvidia_smi
from core.training.health import Reading

_EVERY = 5.0
_HOT_CELSIUS = 97.0
_SWAPPED_BYTES = 20 << 20
"""To and from the disk in a second: more than what is put away once and forgotten."""
# nvidia-smi's clocks_throttle_reasons: hardware slow-down, its thermal and its power brake, and the
# driver's thermal limit. Its power cap (4) is how a GPU always works, and no fault.
_GPU_SLOWED = 0x08 | 0x20 | 0x40 | 0x80
_GPU_QUERY = "clocks_throttle_reasons.active"
_CPUS = Path("/sys/devices/system/cpu")


def gpu_slowed(answer: str) -> bool:
    """Whether any line of nvidia-smi's answer names a reason of heat or a power brake."""
    for line in answer.split():
        try:
            if int(line, 16) & _GPU_SLOWED:
                return True
        except ValueError:  # "[N/A]" of a GPU that does not tell.
            continue
    return False


def cpu_slowed(folder: Path = _CPUS) -> int:
    """How often the processor has slowed itself down for heat, summed over its cores (Linux)."""
    total = 0
    for file in folder.glob("cpu[0-9]*/thermal_throttle/core_throttle_count"):
        try:
            total += int(file.read_text())
        except (OSError, ValueError):
            continue
    return total


@dataclass
class Meter:
    """Differences since the last reading. `gpu`: ask the NVIDIA driver too."""

    gpu: bool

    def __post_init__(self) -> None:
        self._self = psutil.Process()
        self._throttled = cpu_slowed()
        self._swapped = self._swap()
        psutil.cpu_percent()
        self._self.cpu_percent()

    def read(self, seconds: float) -> Reading:
        """Over the last `seconds`, which must have passed since the last call."""
        everything = psutil.cpu_percent() / 100
        own = self._self.cpu_percent() / 100 / (psutil.cpu_count() or 1)
        throttled, swapped = cpu_slowed(), self._swap()
        hot = throttled > self._throttled or (cpu_celsius() or 0.0) >= _HOT_CELSIUS
        moved = (swapped - self._swapped) / max(1e-3, seconds)
        self._throttled, self._swapped = throttled, swapped
        if self.gpu:
            hot = hot or gpu_slowed(_ask_driver())
        return Reading(max(0.0, everything - own), moved > _SWAPPED_BYTES, hot)

    def _swap(self) -> int:
        try:
            swap = psutil.swap_memory()
        except (OSError, RuntimeError):  # A container may hide it.
            return 0
        return swap.sin + swap.sout


def _ask_driver() -> str:
    program = nvidia_smi()
    if program is None:
        return ""
    try:
        return subprocess.run(
            [program, f"--query-gpu={_GPU_QUERY}", "--format=csv,noheader"],
            capture_output=True, encoding="utf-8", errors="replace", timeout=4, check=True,
            stdin=subprocess.DEVNULL, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""


class Vitals:
    """The newest reading, renewed every few seconds until closed."""

    def __init__(self, gpu: bool, make: Callable[[bool], Meter] = Meter) -> None:
        self.reading = Reading()
        self._closed = threading.Event()
        self._thread = threading.Thread(
            target=self._watch, args=(gpu, make), name="vitals", daemon=True
        )
        self._thread.start()

    def _watch(self, gpu: bool, make: Callable[[bool], Meter]) -> None:
        try:
            meter = make(gpu)
            while not self._closed.wait(_EVERY):
                self.reading = meter.read(_EVERY)
        except (OSError, psutil.Error):
            self.reading = Reading()  # Health is a courtesy: a system that hides itself is none.

    def close(self) -> None:
        self._closed.set()
        self._thread.join(timeout=5)
