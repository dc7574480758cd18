"""Which device a run uses, and what is said when it is not the one that was hoped for."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from typing import NamedTuple

import torch

from core import accelerators, hardware
from core.accelerators import TorchFacts
from core.errors import DeviceUnusable, UnknownDevice
from core.planning.machine import Machine
from core.sentences import N_, Sentence


class Choice(NamedTuple):
    """`warning`: why a GPU that is there is passed over; None where nothing is to be said."""

    device: torch.device
    warning: Sentence | None = None


@dataclass(frozen=True, slots=True)
class _Tried:
    """A GPU that PyTorch numbers `index`, after a small computation on it. Bytes."""

    index: int
    name: str
    free: int
    fault: Sentence | None


def resolve_device(wanted: str) -> torch.device:
    """The device of `choose_device`, for where nothing can be said."""
    return choose_device(wanted).device


@functools.cache
def choose_device(wanted: str) -> Choice:
    """For "auto" the best GPU that works, else the processor, never in silence: each GPU computes
    something before it is chosen.

    Args:
        wanted: auto, cpu, cuda, cuda:N or mps.

    Raises:
        DeviceUnusable: That very device is there, but cannot be used.
        UnknownDevice: It is not there at all.
    """
    if wanted == "cpu":
        return Choice(torch.device("cpu"))
    if wanted == "mps":
        return Choice(_mps())
    if wanted == "auto" and not (torch.version.cuda or torch.version.hip):
        return _without_gpus()
    cards, problem = _try_cards()
    if wanted == "auto":
        return _best(cards, problem)
    return Choice(_that_one(wanted, cards, problem))


def _without_gpus() -> Choice:
    """This PyTorch is for the processor; so it is said where a GPU is there all the same."""
    device = torch.device("cpu")
    if torch.backends.mps.is_available():
        text = N_("Warnings", "It works on the processor. This Mac's GPU can be chosen as the device (mps).")  # fmt: skip
        return Choice(device, Sentence("Warnings", text))
    for found in hardware.devices():
        if found.platform == "CUDA" and found.fault is not None:
            return Choice(device, _instead(found.name, found.fault, hardware.cpu_name()))
    return Choice(device)


def _best(cards: list[_Tried], problem: Sentence | None) -> Choice:
    """The one with most room of those that work; the first of equals."""
    usable = [card for card in cards if card.fault is None]
    broken = next((card for card in cards if card.fault is not None), None)
    if not usable:
        cpu, name = torch.device("cpu"), hardware.cpu_name()
        if broken is not None and broken.fault is not None:
            return Choice(cpu, _instead(broken.name, broken.fault, name))
        if problem is not None and (name_seen := _gpu_seen()):
            return Choice(cpu, _instead(name_seen, problem, name))
        return Choice(cpu)
    best = max(usable, key=lambda card: card.free >> 30)
    device = torch.device("cuda", best.index)
    if broken is not None and broken.fault is not None:
        return Choice(device, _instead(broken.name, broken.fault, best.name))
    return Choice(device)


def _that_one(wanted: str, cards: list[_Tried], problem: Sentence | None) -> torch.device:
    names = ["cuda", *(f"cuda:{card.index}" for card in cards)]
    if wanted == "cuda" and (working := [card for card in cards if card.fault is None]):
        return torch.device("cuda", max(working, key=lambda card: card.free >> 30).index)
    found = next((c for c in cards if wanted in ("cuda", f"cuda:{c.index}")), None)
    if found is not None and found.fault is None:
        return torch.device("cuda", found.index)
    reason = found.fault if found is not None else problem
    if reason is None and not cards and wanted.startswith("cuda"):
        reason = next((d.fault for d in hardware.devices() if d.platform == "CUDA" and d.fault), None)  # fmt: skip
    seen = found.name if found is not None else _gpu_seen()
    if reason is not None and seen and wanted.startswith("cuda"):
        raise DeviceUnusable("device", device=f"{wanted} ({seen})", reason=reason)
    available = ["cpu", *(names if cards else [])]
    raise UnknownDevice("device", device=wanted, available=", ".join(available))


def _mps() -> torch.device:
    if not torch.backends.mps.is_available():
        raise UnknownDevice("device", device="mps", available="cpu")
    return torch.device("mps")


def _instead(name: str, fault: Sentence, other: str) -> Sentence:
    text = N_("Warnings", "The GPU “{name}” is not used; “{other}” is used instead. {reason}")
    return Sentence("Warnings", text, {"name": name, "other": other, "reason": fault})


def _gpu_seen() -> str:
    """The name of a GPU that the driver or the kernel knows; "" where there is none."""
    seen = hardware.gpus()
    if seen:
        return seen[0].name
    return "NVIDIA GPU" if hardware.nvidia_on_bus() or torch.version.hip else ""


# ---- trying --------------------------------------------------------------------------------------


def _facts() -> TorchFacts:
    return TorchFacts(
        torch.__version__, torch.version.cuda, torch.version.hip, tuple(torch.cuda.get_arch_list())
    )


def _try_cards() -> tuple[list[_Tried], Sentence | None]:
    """Every GPU that PyTorch sees; and why it sees none, where it says so."""
    facts = _facts()
    try:
        torch.cuda.init()
        count = torch.cuda.device_count()
    except (RuntimeError, AssertionError) as error:  # AssertionError: a build without GPUs.
        if not facts.for_gpus:
            return [], None
        driver = next((gpu.driver for gpu in hardware.gpus()), None)
        return [], accelerators.reason_in(str(error), facts, driver)
    return [_try(index, facts) for index in range(count)], None


def _try(index: int, facts: TorchFacts) -> _Tried:
    name, capability, total, free = f"GPU {index}", "", 0, 0
    try:
        known = torch.cuda.get_device_properties(index)
        name, total = known.name, known.total_memory
        capability = f"{known.major}.{known.minor}"
        if not facts.hip and not accelerators.knows(facts, capability):
            return _Tried(index, name, 0, accelerators.unknown_generation(capability, facts))
        free = torch.cuda.mem_get_info(index)[0]
        if free < accelerators.LEAST_MEMORY:
            return _Tried(index, name, free, accelerators.memory_taken(free, total))
        float(torch.ones(8, device=f"cuda:{index}").sum())
    except RuntimeError as error:
        fault = accelerators.reason_in(str(error), facts, None, capability, free, total)
        return _Tried(index, name, 0, fault)
    return _Tried(index, name, free, None)


# ---- measuring -----------------------------------------------------------------------------------


def device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return hardware.cpu_name()


def measure_machine(device: torch.device) -> Machine:
    """Speed of large matrix products in fp32 and bf16, about two seconds. Its memory is what this
    process may have of it: of a GPU, what other programs leave."""
    memory = hardware.memory()[0]
    if device.type == "cuda":
        memory = torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device)
    return Machine(
        device=device.type,
        name=device_name(device),
        threads=torch.get_num_threads(),
        gflops_fp32=_gflops(device, torch.float32),
        gflops_bf16=_gflops(device, torch.bfloat16),
        memory_bytes=memory,
        measured=True,
    )


def _gflops(device: torch.device, dtype: torch.dtype) -> float:
    """Billions of floating-point operations a second of [n, n] products; the best of a few."""
    n = 1024 if device.type == "cpu" else 4096
    a = torch.randn(n, n, device=device).to(dtype)
    b = torch.randn(n, n, device=device).to(dtype)
    best = 0.0
    end = time.perf_counter() + 0.5
    torch.mm(a, b)
    while time.perf_counter() < end:
        start = time.perf_counter()
        torch.mm(a, b)
        if device.type != "cpu":
            torch.accelerator.synchronize()
        best = max(best, 2 * n**3 / (time.perf_counter() - start) / 1e9)
    return best
