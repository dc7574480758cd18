"""Which device and precision a run uses."""

from __future__ import annotations

import time

import torch

from core.errors import UnknownDevice
from core.planning.machine import Machine


def resolve_device(wanted: str) -> torch.device:
    """ "auto" is CUDA where there is one. Raises UnknownDevice with what there is."""
    available = ["cpu"]
    if torch.cuda.is_available():
        available.append("cuda")
        available += [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if wanted == "auto":
        return torch.device("cuda" if "cuda" in available else "cpu")
    if wanted not in available:
        raise UnknownDevice("device", device=wanted, available=", ".join(available))
    return torch.device(wanted)


def device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    from core.hardware import cpu_name

    return cpu_name()


def measure_machine(device: torch.device) -> Machine:
    """Speed of large matrix products in fp32 and bf16, about two seconds."""
    import psutil

    memory = psutil.virtual_memory().total
    if device.type == "cuda":
        memory = torch.cuda.get_device_properties(device).total_memory
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
    n = 4096 if device.type == "cuda" else 1024
    a = torch.randn(n, n, device=device).to(dtype)
    b = torch.randn(n, n, device=device).to(dtype)
    best = 0.0
    end = time.perf_counter() + 0.5
    torch.mm(a, b)
    while time.perf_counter() < end:
        start = time.perf_counter()
        torch.mm(a, b)
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = max(best, 2 * n**3 / (time.perf_counter() - start) / 1e9)
    return best
