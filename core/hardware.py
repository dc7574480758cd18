"""What this computer has, seen without torch: cheap enough to be asked every two seconds."""

from __future__ import annotations

import functools
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from core import accelerators
from core.sentences import Sentence

QUERY = (
    "name", "memory.total", "memory.used", "power.draw", "temperature.gpu", "utilization.gpu",
    "driver_version", "compute_cap",
)  # fmt: skip
_WSL_TOOL = "/usr/lib/wsl/lib/nvidia-smi"
_KERNEL_MODULE = Path("/proc/driver/nvidia/version")
_COUNTERS = (Path("/sys/fs/cgroup/memory.events"), Path("/proc/vmstat"))


@dataclass(frozen=True, slots=True)
class Gpu:
    """One NVIDIA GPU. Bytes, watts, degrees Celsius, share 0–1; None where it is not told.

    `driver` is the driver's version ("580.95.05"), `capability` the GPU's generation ("8.9").
    """

    name: str
    memory_total: int
    memory_used: int
    watts: float | None
    celsius: float | None
    busy: float | None
    driver: str | None = None
    capability: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """Something that can train here, or a sentence that says why it cannot (`fault`).

    `id` is what --device takes ("cpu", "cuda:0", "mps"; "" where there is no way to name it),
    `platform` one of CPU, CUDA, ROCm, Metal. Bytes; None where they are not told.
    """

    id: str
    platform: str
    name: str
    memory_total: int
    memory_used: int | None = None
    driver: str | None = None
    capability: str | None = None
    fault: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """The state of the machine now. `busy`: share of all cores, 0–1; `celsius`: the processor's;
    `gpu`: of `gpus` of them the one whose memory is used most."""

    memory_total: int
    memory_used: int
    busy: float
    gpu: Gpu | None
    celsius: float | None = None
    gpus: int = 0


# ---- processor and memory ------------------------------------------------------------------------


@functools.cache
def cpu_name() -> str:
    """The processor's marketing name without its ornaments."""
    name = _cpu_name_of_system() or platform.processor() or platform.machine() or "CPU"
    for ornament in ("(R)", "(TM)", "(tm)", " CPU", " Processor"):
        name = name.replace(ornament, "")
    return " ".join(name.split(" @")[0].split())


def _cpu_name_of_system() -> str:
    if sys.platform == "win32":
        import winreg

        place = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
                return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
        except OSError:
            return ""
    if sys.platform == "darwin":
        return output_of(["sysctl", "-n", "machdep.cpu.brand_string"]).strip()
    # "Hardware" and the device tree are where ARM boards tell their name.
    for line in _text(Path("/proc/cpuinfo")).splitlines():
        if line.startswith(("model name", "Hardware")):
            return line.partition(":")[2].strip()
    return _text(Path("/proc/device-tree/model")).strip("\0 \n")


@functools.cache
def cores() -> int:
    """Physical cores this process may use, or logical ones where the system does not tell."""
    physical = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    return max(1, min(physical, _allowed_threads()))


def _allowed_threads() -> int:
    """Logical processors granted by the affinity mask and, in a container, by its quota."""
    logical = psutil.cpu_count() or 1
    if sys.platform == "linux":
        logical = min(logical, len(os.sched_getaffinity(0)))
        quota, _, period = _text(Path("/sys/fs/cgroup/cpu.max")).strip().partition(" ")
        if quota.isdigit() and period.isdigit() and int(period) > 0:
            logical = min(logical, -(-int(quota) // int(period)))
    return logical


def memory() -> tuple[int, int]:
    """Total and available bytes; the limit of a container or a batch job counts as its machine's
    memory."""
    seen = psutil.virtual_memory()
    total, available = seen.total, seen.available
    for limit, used in _limits():
        total, available = min(total, limit), max(0, min(available, limit - used))
    return total, available


def _limits() -> list[tuple[int, int]]:
    """(limit, used) of the control groups this process is in (Linux), of version 2 or 1; every
    group above limits it too."""
    if sys.platform != "linux":
        return []
    found: list[tuple[int, int]] = []
    groups = {"": "/", "memory": "/"}
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _, controllers, place = (line + "::").split(":")[:3]
        for name in controllers.split(","):
            groups[name] = place
    for name, limit_file, used_file in (
        ("", "memory.max", "memory.current"),
        ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        root = Path("/sys/fs/cgroup") / name
        here = root / groups[name].lstrip("/")
        for folder in (here, *(above for above in here.parents if above.is_relative_to(root))):
            limit, used = (_text(folder / file).strip() for file in (limit_file, used_file))
            if limit.isdigit() and int(limit) < 1 << 60:
                found.append((int(limit), int(used) if used.isdigit() else 0))
    return found


def memory_kills() -> int:
    """How many processes Linux has killed for want of memory, here or in this container."""
    total = 0
    for path in _COUNTERS:
        try:
            lines = path.read_text(encoding="ascii").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    return total


def cpu_celsius() -> float | None:
    """The hottest sensor of the processor, where the system shows one (Linux)."""
    if sys.platform != "linux":
        return None
    try:
        sensors = psutil.sensors_temperatures()
    except OSError:
        return None
    readings = [
        reading.current
        for chip in ("coretemp", "k10temp", "zenpower", "cpu_thermal")
        for reading in sensors.get(chip, [])
    ]
    return max(readings, default=None)


def disk_free(path: Path) -> int:
    """Free bytes of the disk that holds `path` (or its nearest existing parent)."""
    return _disk(path).free


def disk_total(path: Path) -> int:
    """Size of that disk in bytes."""
    return _disk(path).total


def _disk(path: Path):
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path)


def usage(with_gpu: bool = True) -> Usage:
    """Memory and load now (load: since the last call)."""
    total, available = memory()
    found = gpus() if with_gpu else []
    return Usage(
        total, total - available, psutil.cpu_percent() / 100,
        max(found, key=lambda gpu: gpu.memory_used, default=None), cpu_celsius(), len(found),
    )  # fmt: skip


# ---- NVIDIA --------------------------------------------------------------------------------------


@functools.cache
def nvidia_smi() -> str | None:
    """Where the driver's own tool is; Windows' subsystem for Linux keeps it off the path."""
    found = shutil.which("nvidia-smi")
    if found is None and os.access(_WSL_TOOL, os.X_OK):
        return _WSL_TOOL
    return found


def nvidia_driver() -> bool:
    """Whether an NVIDIA driver is installed, seen without asking it."""
    return nvidia_smi() is not None or _KERNEL_MODULE.exists()


def gpus() -> list[Gpu]:
    """Every NVIDIA GPU as nvidia-smi tells, in the driver's order; empty without driver, or if it
    does not answer. Up to a second: never on the window's thread."""
    program = nvidia_smi()
    if program is None:
        return []
    answer = output_of([program, f"--query-gpu={','.join(QUERY)}", "--format=csv,noheader,nounits"])
    return [gpu for line in answer.splitlines() if (gpu := parse_gpu(line)) is not None]


def parse_gpu(line: str) -> Gpu | None:
    """One line of nvidia-smi's answer to `QUERY`; None where it is no such line."""
    fields = [field.strip() for field in line.split(",")]
    if len(fields) != len(QUERY):
        return None
    total, used = _number(fields[1]) or 0.0, _number(fields[2]) or 0.0
    watts, celsius, busy = (_number(field) for field in fields[3:6])
    driver, capability = (field if field[:1].isdigit() else None for field in fields[6:8])
    return Gpu(
        fields[0], int(total) << 20, int(used) << 20, watts, celsius,
        None if busy is None else busy / 100, driver, capability,
    )  # fmt: skip


# ---- what can train ------------------------------------------------------------------------------


def devices() -> list[Device]:
    """Every GPU and, last, the processor; a GPU that cannot train says why and what to do.

    Asks the driver and, where there is a GPU, PyTorch in a process of its own: up to some seconds
    at the first call, so never on the window's thread.
    """
    total, available = memory()
    processor = Device("cpu", "CPU", cpu_name(), total, total - available)
    facts = accelerators.torch_facts()
    return [*_gpu_devices(gpus(), facts), *_apple(facts, total), processor]


def _gpu_devices(seen: list[Gpu], facts: accelerators.TorchFacts) -> list[Device]:
    if facts.hip is not None:
        cards = [
            Device(f"cuda:{i}", "ROCm", card.name, card.total, max(0, card.total - card.free) if card.free else None,
                   fault=_card_fault(card, None, facts))
            for i, card in enumerate(facts.cards)
        ]  # fmt: skip
        if cards or not facts.error:
            return cards
        return [Device("", "ROCm", "AMD GPU", 0, fault=accelerators.reason_in(facts.error, facts))]
    found = [_nvidia_device(place, seen, facts) for place in range(len(seen))]
    if not found and facts.cards:  # PyTorch sees them, nvidia-smi is not there (a container).
        found = [
            Device(f"cuda:{i}", "CUDA", card.name, card.total, capability=card.capability,
                   fault=_card_fault(card, None, facts))
            for i, card in enumerate(facts.cards)
        ]  # fmt: skip
    if not found:
        found = _silent(facts)
    if amd_gpu():
        found.append(Device("", "ROCm", "AMD GPU", 0, fault=accelerators.no_rocm()))
    return found


def _silent(facts: accelerators.TorchFacts) -> list[Device]:
    """NVIDIA's GPUs on the bus that no driver speaks for (Linux)."""
    if not nvidia_driver():
        fault = accelerators.no_driver()
    elif not facts.for_gpus:
        fault = accelerators.cpu_build()
    elif facts.broken:
        fault = accelerators.broken_torch()
    else:
        fault = accelerators.reason_in(facts.error, facts)
    return [Device("", "CUDA", "NVIDIA GPU", 0, fault=fault) for _ in range(nvidia_on_bus())]


def _nvidia_device(place: int, seen: list[Gpu], facts: accelerators.TorchFacts) -> Device:
    """The GPU that nvidia-smi lists at `place`. PyTorch numbers GPUs by its own rule (and only those
    that it may see): paired by name."""
    gpu = seen[place]
    alike = [i for i, card in enumerate(facts.cards) if card.name == gpu.name]
    nth = sum(1 for other in seen[:place] if other.name == gpu.name)
    index = alike[nth] if nth < len(alike) else None
    if index is None and len(facts.cards) == len(seen):
        index = place
    fault = None
    if not facts.for_gpus:
        fault = accelerators.cpu_build()
    elif facts.broken:
        fault = accelerators.broken_torch()
    elif facts.error:
        fault = accelerators.reason_in(facts.error, facts, gpu.driver, gpu.capability or "")
    elif index is None:
        fault = accelerators.hidden()
    else:
        fault = _card_fault(facts.cards[index], gpu, facts)
    return Device(
        "" if index is None else f"cuda:{index}", "CUDA", gpu.name, gpu.memory_total,
        gpu.memory_used, gpu.driver, gpu.capability, fault,
    )  # fmt: skip


def _card_fault(
    card: accelerators.Card, gpu: Gpu | None, facts: accelerators.TorchFacts
) -> Sentence | None:
    """Why a GPU that PyTorch sees cannot train; None where it can."""
    free = gpu.memory_total - gpu.memory_used if gpu else card.free
    total = gpu.memory_total if gpu else card.total
    if card.capability and not facts.hip and not accelerators.knows(facts, card.capability):
        return accelerators.unknown_generation(card.capability, facts)
    if gpu is not None and total > 0 and free < accelerators.LEAST_MEMORY:
        return accelerators.memory_taken(free, total)
    if card.error:
        driver = gpu.driver if gpu else None
        return accelerators.reason_in(card.error, facts, driver, card.capability, free, total)
    return None


def _apple(facts: accelerators.TorchFacts, memory_total: int) -> list[Device]:
    """The GPU of Apple's processors, which shares the main memory."""
    return [Device("mps", "Metal", cpu_name(), memory_total)] if facts.mps else []


def nvidia_on_bus(bus: Path = Path("/sys/bus/pci/devices")) -> int:
    """How many display or 3D controllers of NVIDIA the kernel finds, with a driver or without."""
    try:
        return sum(
            _text(place / "vendor").strip() == "0x10de"
            and _text(place / "class").startswith(("0x0300", "0x0302"))
            for place in bus.iterdir()
        )
    except OSError:
        return 0


def amd_gpu(nodes: Path = Path("/sys/class/kfd/kfd/topology/nodes")) -> bool:
    """Whether the kernel offers an AMD GPU for computing (Linux)."""
    try:
        return any(
            re.search(r"^simd_count [1-9]", _text(path), re.MULTILINE) is not None
            for path in nodes.glob("*/properties")
        )
    except OSError:
        return False


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def output_of(command: list[str]) -> str:
    """What a small system program says; empty when it fails or takes more than four seconds."""
    try:
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=4, check=True,
            stdin=subprocess.DEVNULL, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
