"""What was measured of this machine, and what is assumed before it was."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

from pydantic import Field, PrivateAttr, ValidationError

from core.config import Config
from core.files import read_json
from core.hardware import disk_free
from core.home import Home
from core.planning.devices import device_named
from core.planning.energy import Prices, estimated_watts, load_prices
from core.planning.measured import Features, MeasuredRun, load_runs

START_SECONDS = 6.0
"""Start of a worker before any was measured: imports, opening tokens."""
GPU_WATTS = 250.0
HOST_WATTS = 60.0
"""A graphics card that no table knows, and the computer around it."""


class Machine(Config):
    """Speeds of the training device. `gflops` of large matrix products in billions per second."""

    device: str = "cpu"
    name: str = ""
    threads: int = 2
    gflops_fp32: float = 100.0
    gflops_bf16: float = 100.0
    memory_bytes: int = 8 << 30
    measured: bool = False
    runs: list[MeasuredRun] = Field(default=[], exclude=True)
    """What trainings took here (measured.json), oldest first; no part of machine.json."""
    prices: Prices = Field(default=Prices(), exclude=True)
    disk_free: int | None = Field(default=None, exclude=True)
    """Bytes free where the home is."""

    _known: dict[tuple[object, ...], list[tuple[Features, float]]] = PrivateAttr(
        default_factory=dict[tuple[object, ...], list[tuple[Features, float]]]
    )

    def known(
        self, what: str, ratio: Callable[[MeasuredRun], float | None]
    ) -> list[tuple[Features, float]]:
        """(features, measured ÷ formula) of the runs on this device, made once for each `what`.

        Args:
            ratio: None leaves a run out.
        """
        key = (what, self.device, self.gflops_fp32, self.gflops_bf16, id(self.runs))
        if key not in self._known:
            made = [(run.features, ratio(run)) for run in self.runs_like_this()]
            self._known[key] = [(at, value) for at, value in made if value]
        return self._known[key]

    def runs_like_this(self) -> list[MeasuredRun]:
        """Runs on this device."""
        return [r for r in self.runs if r.device == self.device and r.name in ("", self.name)]

    @property
    def start_seconds(self) -> float:
        """From a worker's birth to its first step."""
        known = [run.start_seconds for run in self.runs_like_this()[-5:] if run.start_seconds]
        return sorted(known)[len(known) // 2] if known else START_SECONDS

    def watts(self, memory: int) -> tuple[float, str]:
        """(power while training, whether it was "measured" or is "estimated")."""
        runs = [run for run in self.runs_like_this()[-9:] if run.watts]
        told = [run for run in runs if run.energy_source != "estimate"]
        if told or runs:
            known = sorted(run.watts or 0.0 for run in told or runs)
            return known[len(known) // 2], "measured" if told else "estimated"
        if self.device == "cpu":
            return estimated_watts(self.threads, memory), "estimated"
        card = device_named(self.name)
        return (card.watts if card else GPU_WATTS) + HOST_WATTS, "estimated"

    def full_watts(self) -> float:
        """Power of a processor with every core at work and all memory in use. What runs took counts
        where a meter told it: an estimate of one is of the share of the cores that was left to it."""
        watts, source = self.watts(self.memory_bytes)
        return watts if source == "measured" else estimated_watts(self.threads, self.memory_bytes)

    @property
    def precision(self) -> str:
        """bf16 where it is clearly faster."""
        return "bf16" if self.gflops_bf16 > 1.1 * self.gflops_fp32 else "fp32"

    @property
    def gflops(self) -> float:
        return max(self.gflops_bf16, self.gflops_fp32)


FRESH_SECONDS = 86_400.0


def is_fresh(home: Home, machine: Machine, device: str) -> bool:
    """Whether a training may rely on it: measured, on this device, within a day."""
    try:
        age = time.time() - home.machine_file.stat().st_mtime
    except OSError:
        return False
    return machine.measured and machine.device == device and age < FRESH_SECONDS


def best_of(old: Machine, new: Machine) -> Machine:
    """What was measured now, unless the same machine has shown more: it was busy then."""
    if not old.measured or (old.device, old.name, old.threads) != (
        new.device, new.name, new.threads,
    ):  # fmt: skip
        return new
    return new.model_copy(
        update={
            "gflops_fp32": max(old.gflops_fp32, new.gflops_fp32),
            "gflops_bf16": max(old.gflops_bf16, new.gflops_bf16),
        }
    )


def load_machine(home: Home) -> Machine:
    """The measured machine, or a cautious assumption from what can be seen at once."""
    try:
        machine = Machine.model_validate(read_json(home.machine_file))
    except (OSError, ValueError, ValidationError):
        machine = assumed()
    return in_home(machine, home)


def in_home(machine: Machine, home: Home) -> Machine:
    """With what this home knows of it: past runs, the price of electricity, room on the disk."""
    known: dict[str, Any] = {"runs": load_runs(home), "prices": load_prices(home)}
    with contextlib.suppress(OSError):
        known["disk_free"] = disk_free(home.path)
    return Machine(**{**machine.model_dump(), **known})


def assumed() -> Machine:
    """Before measuring: cores and memory are known, speeds are guessed low."""
    import os

    import psutil

    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 2
    return Machine(
        threads=cores, gflops_fp32=60.0 * cores, gflops_bf16=60.0 * cores,
        memory_bytes=psutil.virtual_memory().total,
    )  # fmt: skip
