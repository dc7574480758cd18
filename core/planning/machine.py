"""What was measured of this machine, and what is assumed before it was."""

from __future__ import annotations

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
