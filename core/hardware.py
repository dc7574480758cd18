"""What this computer has, seen without torch: cheap enough to be asked every two seconds."""

from __future__ import annotations

import functools
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Gpu:
    """One NVIDIA GPU. Bytes, watts, degrees Celsius, share 0–1; None where it is not told."""

    name: str
    memory_total: int
    memory_used: int
    watts: float | None
    celsius: float | None
    busy: float | None


@dataclass(frozen=True, slots=True)
class Usage:
    """The state of the machine now. `busy`: share of all cores, 0–1."""

    memory_total: int
    memory_used: int
    busy: float
    gpu: Gpu | None


@functools.cache
def cpu_name() -> str:
    """The processor's marketing name without its ornaments."""
    name = ""
    if sys.platform.startswith("linux"):
        try:
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
                if line.startswith("model name"):
                    name = line.partition(":")[2].strip()
                    break
        except OSError:
            pass
    name = name or platform.processor() or platform.machine() or "CPU"
    for ornament in ("(R)", "(TM)", "(tm)", " CPU", " Processor"):
        name = name.replace(ornament, "")
    return name.split(" @")[0].strip()


def cores() -> int:
    """Physical cores, or logical ones where the system does not tell."""
    return psutil.cpu_count(logical=False) or psutil.cpu_count() or 1


def disk_free(path: Path) -> int:
    """Free bytes of the disk that holds `path` (or its nearest existing parent)."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


@functools.cache
def nvidia_smi() -> str | None:
    return shutil.which("nvidia-smi")


def nvidia_driver() -> bool:
    """Whether an NVIDIA driver is installed, seen without asking it."""
    return nvidia_smi() is not None or Path("/proc/driver/nvidia/version").exists()


def gpu() -> Gpu | None:
    """The first GPU as nvidia-smi tells; up to a second: never on the window's thread."""
    program = nvidia_smi()
    if program is None:
        return None
    query = "name,memory.total,memory.used,power.draw,temperature.gpu,utilization.gpu"
    try:
        answer = subprocess.run(
            [program, f"--query-gpu={query}", "--format=csv,noheader,nounits"],
            capture_output=True, text=True, timeout=4, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return _parse(answer)


def _parse(answer: str) -> Gpu | None:
    lines = answer.strip().splitlines()
    if not lines:
        return None
    fields = [field.strip() for field in lines[0].split(",")]
    if len(fields) < 6:
        return None
    watts, celsius, busy = (_number(field) for field in fields[3:6])
    total, used = _number(fields[1]) or 0, _number(fields[2]) or 0
    return Gpu(
        fields[0], int(total) << 20, int(used) << 20, watts, celsius,
        None if busy is None else busy / 100,
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def usage(with_gpu: bool = True) -> Usage:
    """Memory and load now (load: since the last call)."""
    memory = psutil.virtual_memory()
    return Usage(
        memory.total, memory.total - memory.available, psutil.cpu_percent() / 100,
        gpu() if with_gpu else None,
    )  # fmt: skip
