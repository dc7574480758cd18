"""Why a GPU cannot be used, and what to do: what PyTorch says about this machine, in sentences.

PyTorch is asked in a process of its own, so that neither the window nor a command imports it."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.sentences import N_, Sentence

START = "start.bat" if sys.platform == "win32" else "./start.sh"
LEAST_MEMORY = 1 << 30
"""Bytes that must be free on a GPU: the driver's own share and the smallest model."""
_ASK_SECONDS = 120
_QUESTION = """
import json, torch
def card(i):
    found = {"name": "", "total": 0, "free": 0, "capability": "", "error": ""}
    try:
        facts = torch.cuda.get_device_properties(i)
        found["name"], found["total"] = facts.name, facts.total_memory
        found["capability"] = f"{facts.major}.{facts.minor}"
        torch.ones(8, device=f"cuda:{i}").sum().item()
        found["free"] = torch.cuda.mem_get_info(i)[0]
    except Exception as error:
        found["error"] = str(error)[:500]
    return found
answer = {"error": "", "cards": [], "architectures": [], "mps": torch.backends.mps.is_available()}
if torch.version.cuda or torch.version.hip:
    answer["architectures"] = torch.cuda.get_arch_list()
    try:
        torch.cuda.init()
        answer["cards"] = [card(i) for i in range(torch.cuda.device_count())]
    except Exception as error:
        answer["error"] = str(error)[:500]
print(json.dumps(answer))
"""


@dataclass(frozen=True, slots=True)
class Card:
    """A GPU as PyTorch sees it; `error`: its words when it could not compute there. Bytes."""

    name: str = ""
    total: int = 0
    free: int = 0
    capability: str = ""
    error: str = ""


@dataclass(frozen=True)
class TorchFacts:
    """What PyTorch here is built for, and, where it was asked, what it found.

    `version` is "" where there is none; `cuda` ("13.0") and `hip` say what it was built with;
    `error` holds its words when it could not begin with the GPUs at all.
    """

    version: str = ""
    cuda: str | None = None
    hip: str | None = None
    architectures: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    error: str = ""
    mps: bool = False
    broken: bool = field(default=False)
    """It is installed, but its process broke off without an answer."""

    @property
    def for_gpus(self) -> bool:
        return self.cuda is not None or self.hip is not None


# ---- asking --------------------------------------------------------------------------------------


@functools.cache
def build_facts() -> TorchFacts:
    """From the files of the installed PyTorch, without running it."""
    try:
        version = importlib.metadata.version("torch")
        spec = importlib.util.find_spec("torch")
    except (importlib.metadata.PackageNotFoundError, ImportError, ValueError):
        return TorchFacts()
    if spec is None or spec.origin is None:
        return TorchFacts()
    try:
        text = (Path(spec.origin).parent / "version.py").read_text(encoding="utf-8")
    except OSError:
        return TorchFacts(version)
    found = dict(re.findall(r"^(__version__|cuda|hip)\b[^=\n]*= '([^'\n]+)'", text, re.MULTILINE))
    return TorchFacts(found.get("__version__", version), found.get("cuda"), found.get("hip"))


@functools.cache
def torch_facts() -> TorchFacts:
    """The same, and what PyTorch finds: seconds, asked once. A build for the processor alone is
    not asked (it would say that there is no GPU), but on Apple's computers."""
    built = build_facts()
    if not built.version or not (built.for_gpus or sys.platform == "darwin"):
        return built
    try:
        answer = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _QUESTION], capture_output=True, text=True,
            encoding="utf-8", errors="replace", timeout=_ASK_SECONDS, check=True,
            stdin=subprocess.DEVNULL, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout  # fmt: skip
        return facts_of(built, json.loads(answer.strip().splitlines()[-1]))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError, KeyError, TypeError):
        return TorchFacts(built.version, built.cuda, built.hip, broken=True)


def facts_of(built: TorchFacts, answer: Mapping[str, Any]) -> TorchFacts:
    """`built` and the answer of PyTorch's process. Raises KeyError or TypeError when it is none."""
    cards = tuple(Card(**card) for card in answer["cards"])
    return TorchFacts(
        built.version, built.cuda, built.hip, tuple(answer["architectures"]), cards,
        str(answer["error"]), bool(answer["mps"]),
    )  # fmt: skip


# ---- judging -------------------------------------------------------------------------------------


def _say(text: str, **values: str) -> Sentence:
    return Sentence("Devices", text, values)


def cpu_build() -> Sentence:
    text = N_("Devices", "This PyTorch is built for the processor only. Delete the folder .venv and run {start} again: it then installs the build for this GPU.")  # fmt: skip
    return _say(text, start=START)


def no_driver() -> Sentence:
    text = N_("Devices", "It has no driver. Install NVIDIA's (on Ubuntu: sudo ubuntu-drivers install), restart the computer, and run {start} again.")  # fmt: skip
    return _say(text, start=START)


def no_rocm() -> Sentence:
    return _say(N_("Devices", "An AMD GPU needs the ROCm build of PyTorch, which exists for Linux. Install it into the folder .venv (pytorch.org says how)."))  # fmt: skip


def old_driver(driver: str | None, cuda: str | None) -> Sentence:
    text = N_("Devices", "Its driver ({driver}) is too old for this PyTorch (CUDA {cuda}). Update the NVIDIA driver, or delete the folder .venv and run {start} again: it then installs a build for older drivers.")  # fmt: skip
    return _say(text, driver=driver or "?", cuda=cuda or "?", start=START)


def unknown_generation(capability: str, facts: TorchFacts) -> Sentence:
    """`capability`: the GPU's ("6.1")."""
    if facts.cuda and int(facts.cuda.split(".")[0]) >= 13:
        text = N_("Devices", "This PyTorch does not know its generation ({capability}). Delete the folder .venv and run {start} again: it then installs a build that knows it.")  # fmt: skip
    else:
        text = N_("Devices", "This PyTorch does not know its generation ({capability}). Update the driver, delete the folder .venv and run {start} again.")  # fmt: skip
    return _say(text, capability=capability, start=START)


def memory_taken(free: int, total: int) -> Sentence:
    """`free` of `total` bytes."""
    text = N_("Devices", "Its memory is used by another program: {free} of {total} GB are free. End that program (nvidia-smi shows it).")  # fmt: skip
    return _say(text, free=f"{free / 1e9:.1f}", total=f"{total / 1e9:.1f}")


def hidden() -> Sentence:
    text = N_("Devices", "It is hidden from this program ({name}={value}). Remove that variable, or start without it.")  # fmt: skip
    for name in ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"):
        if name in os.environ:
            return _say(text, name=name, value=os.environ[name][:40])
    return _say(N_("Devices", "The driver lists it, but PyTorch does not see it. Restart the computer; if that does not help, install the driver again."))  # fmt: skip


def broken_torch() -> Sentence:
    text = N_("Devices", "PyTorch breaks off when it looks for GPUs. Delete the folder .venv and run {start} again.")  # fmt: skip
    return _say(text, start=START)


_OLD_DRIVER = ("driver on your system is too old", "driver version is insufficient")
_GENERATION = ("no kernel image is available", "is not compatible with the current pytorch")
_EXCLUSIVE = ("busy or unavailable",)
_NO_MEMORY = ("out of memory", "alloc_failed", "not_initialized")  # cuBLAS and cuDNN without room.
_ABSENT = ("no cuda-capable device", "no cuda gpus are available", "no hip gpus are available")
_LOST = (
    "gpu is lost", "fallen off the bus", "uncorrectable ecc", "launch timed out",
    "unspecified launch failure", "unknown error", "device-side hardware", "hardware stack error",
    "device not ready", "initialization error", "driver shutting down", "system not yet initialized",
    "invalid device ordinal", "launch failure", "nvlink", "contained channel error",
)  # fmt: skip
_ACCELERATOR = ("cuda", "hip error", "nccl", "cudnn", "cublas", "rocm", "mps backend", "metal")


def reason_in(words: str, facts: TorchFacts, driver: str | None = None, capability: str = "",
              free: int = 0, total: int = 0) -> Sentence:  # fmt: skip
    """A sentence for what PyTorch said about a GPU that it could not use."""
    said = words.casefold()
    if any(sign in said for sign in _OLD_DRIVER):
        found = re.search(r"found version (\d+)", said)
        seen = f"CUDA {int(found[1]) // 1000}.{int(found[1]) % 1000 // 10}" if found else None
        return old_driver(driver or seen, facts.cuda)
    if any(sign in said for sign in _GENERATION):
        return unknown_generation(capability or "?", facts)
    if any(sign in said for sign in _EXCLUSIVE):
        return _say(N_("Devices", "Another program has it for itself alone. End that program (nvidia-smi shows it)."))  # fmt: skip
    if any(sign in said for sign in _NO_MEMORY):
        return memory_taken(free, total)
    if any(sign in said for sign in _ABSENT):
        return hidden()
    text = N_("Devices", "Its driver answers with an error ({words}). Restart the computer; if that does not help, install the driver again.")  # fmt: skip
    return _say(text, words=said_by(words))


def is_lost(words: str) -> bool:
    """Whether an error in the middle of a training means that the GPU or its driver is gone (and
    not that a program is wrong: an assertion on the device or a wrong address)."""
    said = words.casefold()
    known = any(sign in said for sign in (*_LOST, *_ABSENT, *_EXCLUSIVE, *_OLD_DRIVER))
    return known and any(sign in said for sign in _ACCELERATOR)


def said_by(words: str) -> str:
    """The first line of a GPU's error, without its ornaments."""
    line = next((line.strip() for line in words.splitlines() if line.strip()), "?")
    return line.removeprefix("CUDA error: ").removeprefix("HIP error: ").rstrip(".")[:120]


def knows(facts: TorchFacts, capability: str) -> bool:
    """Whether this build has code for a GPU of that capability ("8.9"): made for the same major
    generation and no newer one, or as PTX of an older one, which the driver translates."""
    try:
        major, minor = (int(part) for part in capability.split("."))
        made = [
            (kind, int(number[:-1]), int(number[-1]))
            for kind, number in re.findall(r"(sm|compute)_(\d{2,3})", " ".join(facts.architectures))
        ]
    except ValueError:
        return True
    if not made:
        return True
    return any(
        (kind == "sm" and a == major and b <= minor) or (kind == "compute" and (a, b) <= (major, minor))
        for kind, a, b in made
    )  # fmt: skip
