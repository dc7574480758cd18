"""What was measured of this machine, and what is assumed before it was."""

from __future__ import annotations

import time

from pydantic import ValidationError

from core.config import Config
from core.files import read_json
from core.home import Home


class Machine(Config):
    """Speeds of the training device. `gflops` of large matrix products in billions per second."""

    device: str = "cpu"
    name: str = ""
    threads: int = 2
    gflops_fp32: float = 100.0
    gflops_bf16: float = 100.0
    memory_bytes: int = 8 << 30
    measured: bool = False

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
        return Machine.model_validate(read_json(home.machine_file))
    except (OSError, ValueError, ValidationError):
        return assumed()


def assumed() -> Machine:
    """Before measuring: cores and memory are known, speeds are guessed low."""
    import os

    import psutil

    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 2
    return Machine(
        threads=cores, gflops_fp32=60.0 * cores, gflops_bf16=60.0 * cores,
        memory_bytes=psutil.virtual_memory().total,
    )  # fmt: skip
