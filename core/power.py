"""What this computer's electricity meters say: RAPL of the processors, NVML of NVIDIA's GPUs.

Where none can be read (RAPL has belonged to the administrator since 2020) power is estimated from
the processor time that was really used, and marked so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from core.hardware import nvidia_smi, output_of

Source = Literal["nvml", "rapl", "estimate"]
POWERCAP = Path("/sys/class/powercap")
SAMPLE_SECONDS = 2.0
"""Between two questions to a GPU's driver, which each start a program."""


class Rapl:
    """Energy counters of the processor packages (Linux powercap, Intel and AMD). They count
    microjoules and begin again at `max_energy_range_uj`: ask more often than that takes."""

    def __init__(self, folder: Path = POWERCAP) -> None:
        self._zones: list[tuple[Path, int]] = []
        for zone in sorted(folder.glob("intel-rapl:*")) if folder.is_dir() else []:
            # "intel-rapl:0" is a package, "intel-rapl:0:1" a part of it that it already counts.
            if zone.name.count(":") != 1 or not _read(zone / "name").startswith("package"):
                continue
            most = _number(zone / "max_energy_range_uj")
            if most and _number(zone / "energy_uj") is not None:
                self._zones.append((zone / "energy_uj", most))
        self._last = [_number(file) for file, _ in self._zones]

    @property
    def readable(self) -> bool:
        return bool(self._zones)

    def joules(self) -> float:
        """Since the last call (or since this object was made), all packages together."""
        total = 0
        for index, (file, most) in enumerate(self._zones):
            now, before = _number(file), self._last[index]
            if now is None or before is None:
                continue
            total += now - before if now >= before else now + most - before
            self._last[index] = now
        return total / 1e6


class GpuMeter:
    """Energy of GPUs, from their power sampled on a thread: nvidia-smi takes too long to be asked
    between two steps."""

    def __init__(self, indices: Sequence[int], ask: Callable[[], list[float] | None]) -> None:
        """`ask`: watts of every GPU, or None when the driver does not tell."""
        self._indices, self._ask = indices, ask
        self._joules = 0.0
        self._told = False
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="power", daemon=True)
        self._thread.start()

    @property
    def readable(self) -> bool:
        """Whether the driver has told anything so far."""
        return self._told

    def joules(self) -> float:
        """Since the last call."""
        with self._lock:
            used, self._joules = self._joules, 0.0
        return used

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _sample(self) -> None:
        before: tuple[float, float] | None = None
        while True:
            watts, now = self._watts(), time.monotonic()
            if watts is not None:
                self._told = True
                if before is not None:
                    with self._lock:
                        self._joules += (now - before[0]) * (watts + before[1]) / 2
                before = (now, watts)
            if self._stop.wait(SAMPLE_SECONDS):
                return

    def _watts(self) -> float | None:
        told = self._ask()
        if told is None:
            return None
        own = [told[index] for index in self._indices if index < len(told)]
        return sum(own) if own else None


def gpu_watts() -> list[float] | None:
    """Power of every GPU in the driver's order; None where one is not told."""
    program = nvidia_smi()
    if program is None:
        return None
    answer = output_of([program, "--query-gpu=power.draw", "--format=csv,noheader,nounits"])
    try:
        return [float(line) for line in answer.splitlines()] or None
    except ValueError:  # "[N/A]"
        return None


@dataclass(frozen=True, slots=True)
class Used:
    """Energy since the last reading."""

    watt_hours: float
    seconds: float
    source: Source

    @property
    def watts(self) -> float:
        return 3600 * self.watt_hours / self.seconds if self.seconds > 0 else 0.0


class PowerMeter:
    """Energy that a training uses: meters where there are any, else an estimate.

    Args:
        gpus: The driver's numbers of the GPUs that train; empty: the processor does.
        estimate: Watts for so many busy cores, where nothing can be read.
    """

    def __init__(
        self, gpus: Sequence[int], estimate: Callable[[float], float], rapl: Rapl | None = None,
        ask: Callable[[], list[float] | None] = gpu_watts,
    ) -> None:  # fmt: skip
        self._rapl = Rapl() if rapl is None else rapl
        self._gpu = GpuMeter(gpus, ask) if gpus else None
        self._estimate = estimate
        self._process = psutil.Process()
        self._at, self._busy = time.monotonic(), self._cpu_seconds()

    def read(self) -> Used:
        """Since the last call; cheap."""
        now, busy = time.monotonic(), self._cpu_seconds()
        seconds, cores = now - self._at, busy - self._busy
        self._at, self._busy = now, busy
        cores = cores / seconds if seconds > 0 else 0.0
        host = self._rapl.joules() if self._rapl.readable else None
        if self._gpu is not None and self._gpu.readable:
            return Used((self._gpu.joules() + (host or 0.0)) / 3600, seconds, "nvml")
        if host is not None and self._gpu is None:
            return Used(host / 3600, seconds, "rapl")
        return Used(self._estimate(cores) * seconds / 3600, seconds, "estimate")

    def close(self) -> None:
        if self._gpu is not None:
            self._gpu.close()

    def _cpu_seconds(self) -> float:
        """Processor time of this process, all threads together."""
        times = self._process.cpu_times()
        return times.user + times.system


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _number(file: Path) -> int | None:
    text = _read(file)
    return int(text) if text.isdigit() else None
