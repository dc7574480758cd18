"""What is seen of the machine without torch."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core import accelerators, hardware
from core.accelerators import Card, TorchFacts

H100 = "NVIDIA H100 80GB HBM3, 81559, 1024, 123.45, 45, 67, 580.95.05, 9.0"
LAPTOP = "NVIDIA GeForce MX150, 2002, 3, [N/A], 51, [N/A], 535.183.01, 6.1"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's ways")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    hardware.nvidia_smi.cache_clear()
    yield
    hardware.nvidia_smi.cache_clear()


def test_a_line_of_nvidia_smi_becomes_a_gpu_in_our_units() -> None:
    gpu = hardware.parse_gpu(H100)
    assert gpu is not None
    assert (gpu.name, gpu.driver, gpu.capability) == ("NVIDIA H100 80GB HBM3", "580.95.05", "9.0")
    assert (gpu.memory_total, gpu.memory_used) == (81559 << 20, 1024 << 20)
    assert (gpu.watts, gpu.celsius, gpu.busy) == (123.45, 45.0, 0.67)


def test_what_a_gpu_does_not_tell_is_none() -> None:
    gpu = hardware.parse_gpu(LAPTOP)
    assert gpu is not None
    assert (gpu.watts, gpu.busy, gpu.celsius) == (None, None, 51.0)


@pytest.mark.parametrize("line", ["", "No devices were found", "a, b, c"])
def test_other_lines_are_no_gpu(line: str) -> None:
    assert hardware.parse_gpu(line) is None


@linux
@pytest.mark.parametrize(
    ("text", "code", "count"),
    [(f"{H100}\n{LAPTOP}", 0, 2), ("No devices were found", 6, 0), ("", 9, 0)],
)
def test_gpus_are_asked_through_the_drivers_tool(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, code: int, count: int
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\ncat <<'X'\n{text}\nX\nexit {code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert hardware.nvidia_driver()
    assert len(hardware.gpus()) == count
    assert (hardware.usage().gpu is None) is (count == 0)


def test_memory_and_cores_are_those_of_this_machine() -> None:
    total, available = hardware.memory()
    assert 0 <= available <= total <= psutil.virtual_memory().total
    assert 1 <= hardware.cores() <= (psutil.cpu_count() or 1)
    assert hardware.cpu_name().strip() == hardware.cpu_name() != ""
    usage = hardware.usage(with_gpu=False)
    assert usage.memory_total == total
    assert 0 <= usage.busy <= 1
    assert usage.gpu is None


@linux
@pytest.mark.parametrize(
    ("limit", "used", "expected"),
    [
        ("1073741824", "1000000000", (1 << 30, (1 << 30) - 1_000_000_000)),
        ("max", "5", None),
        ("", "", None),
    ],
)
def test_the_limit_of_a_container_counts_as_its_memory(
    monkeypatch: pytest.MonkeyPatch, limit: str, used: str, expected: tuple[int, int] | None
) -> None:
    files = {"memory.max": limit + "\n", "memory.current": used + "\n"}
    monkeypatch.setattr(hardware, "_text", lambda path: files.get(path.name, ""))
    if expected is None:
        assert hardware.memory()[0] == psutil.virtual_memory().total
    else:
        assert hardware.memory() == expected


@linux
def test_the_tightest_group_of_a_batch_job_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of both versions; a number near 2**63 means no limit there."""
    seen = psutil.virtual_memory().total
    files = {
        "/proc/self/cgroup": "5:memory:/slurm/job_7/step_0\n4:cpu,cpuacct:/\n0::/user.slice/a.scope\n",
        "/sys/fs/cgroup/user.slice/memory.max": "3000000000\n",
        "/sys/fs/cgroup/user.slice/memory.current": "2500000000\n",
        "/sys/fs/cgroup/memory/slurm/job_7/memory.limit_in_bytes": "2000000000\n",
        "/sys/fs/cgroup/memory/slurm/job_7/memory.usage_in_bytes": "100\n",
        "/sys/fs/cgroup/memory/slurm/job_7/step_0/memory.limit_in_bytes": "9223372036854771712\n",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    }
    monkeypatch.setattr(hardware, "_text", lambda path: files.get(str(path), ""))
    assert hardware.memory() == (2_000_000_000, 500_000_000)
    files.clear()
    assert hardware.memory()[0] == seen


@linux
def test_the_quota_of_a_container_limits_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_text", lambda path: "100000 100000\n")
    hardware.cores.cache_clear()
    try:
        assert hardware.cores() == 1
    finally:
        hardware.cores.cache_clear()


def test_free_space_is_that_of_the_nearest_folder(tmp_path: Path) -> None:
    deep = hardware.disk_free(tmp_path / "not" / "there" / "yet")
    assert deep == pytest.approx(psutil.disk_usage(str(tmp_path)).free, rel=0.05)


# ---- what can train ------------------------------------------------------------------------------

GIB = 1 << 30
CPU_BUILD = TorchFacts("2.13.0+cpu")
CUDA = TorchFacts(
    "2.13.0+cu130", "13.0", None, ("sm_75", "sm_80", "sm_90", "sm_120", "compute_120")
)


def cuda(*cards: Card, error: str = "") -> TorchFacts:
    return replace(CUDA, cards=cards, error=error)


def card(name: str, capability: str, error: str = "") -> Card:
    return Card(name, 80 * GIB, 70 * GIB, capability, error)


HOPPER, PASCAL = card("NVIDIA H100 80GB HBM3", "9.0"), card("NVIDIA GeForce MX150", "6.1")
FULL = H100.replace("1024", "81200")
OLD_WORDS = "The NVIDIA driver on your system is too old (found version 12020)."


@pytest.mark.parametrize(
    ("lines", "facts", "expected"),
    [
        ([H100], cuda(HOPPER), [("cuda:0", "CUDA", "")]),
        ([H100], CPU_BUILD, [("", "CUDA", "built for the processor only. Delete the folder .venv")]),
        ([FULL], cuda(HOPPER), [("cuda:0", "CUDA", "used by another program: 0.4 of 85.5 GB are free")]),
        ([H100, LAPTOP], cuda(HOPPER, PASCAL), [("cuda:0", "CUDA", ""), ("cuda:1", "CUDA", "generation (6.1)")]),
        # PyTorch orders by speed, nvidia-smi by slot: they are paired by name.
        ([LAPTOP, H100], cuda(HOPPER, PASCAL), [("cuda:1", "CUDA", "generation (6.1)"), ("cuda:0", "CUDA", "")]),
        ([LAPTOP], cuda(error=OLD_WORDS), [("", "CUDA", "Its driver (535.183.01) is too old for this PyTorch (CUDA 13.0)")]),
        ([H100, H100], cuda(HOPPER), [("cuda:0", "CUDA", ""), ("", "CUDA", "PyTorch does not see it")]),
        ([H100], cuda(replace(HOPPER, error="CUDA error: unknown error")), [("cuda:0", "CUDA", "answers with an error (unknown error)")]),
        ([H100], replace(CUDA, broken=True), [("", "CUDA", "breaks off when it looks for GPUs")]),
        ([], cuda(HOPPER), [("cuda:0", "CUDA", "")]),
        ([], CPU_BUILD, []),
        ([], replace(CPU_BUILD, hip="6.4", cards=(Card("AMD Radeon RX 7900 XTX", 24 * GIB, 20 * GIB, "11.0"),)), [("cuda:0", "ROCm", "")]),
        ([], replace(CPU_BUILD, mps=True), [("mps", "Metal", "")]),
    ],
    ids=[
        "fine", "a build for the processor", "memory taken", "a generation too old", "another order",
        "an old driver", "hidden", "broken", "a torch that breaks off", "no nvidia-smi", "no GPU", "AMD", "Apple",
    ],
)  # fmt: skip
def test_every_gpu_is_listed_with_what_keeps_it_from_training(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], facts: TorchFacts,
    expected: list[tuple[str, str, str]],
) -> None:  # fmt: skip
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(hardware, "gpus", lambda: [g for g in map(hardware.parse_gpu, lines) if g])
    monkeypatch.setattr(hardware, "nvidia_on_bus", lambda: 0)
    monkeypatch.setattr(hardware, "amd_gpu", lambda: False)
    monkeypatch.setattr(accelerators, "torch_facts", lambda: facts)
    *found, processor = hardware.devices()
    assert (processor.id, processor.fault) == ("cpu", None)
    assert [(device.id, device.platform) for device in found] == [e[:2] for e in expected]
    for device, (_, _, words) in zip(found, expected, strict=True):
        assert (device.fault is None) == (words == "")
        if device.fault is not None:
            assert words in device.fault.english()


def test_a_gpu_without_a_driver_is_seen_on_the_bus(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, vendor, kind in (("a", "0x10de", "0x030200"), ("b", "0x10de", "0x040300"), ("c", "0x8086", "0x030000")):  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / "vendor").write_text(vendor + "\n")
        (tmp_path / name / "class").write_text(kind + "\n")
    assert hardware.nvidia_on_bus(tmp_path) == 1
    monkeypatch.setattr(hardware, "nvidia_on_bus", lambda: 1)
    monkeypatch.setattr(hardware, "gpus", list)
    monkeypatch.setattr(hardware, "amd_gpu", lambda: False)
    monkeypatch.setattr(hardware, "nvidia_driver", lambda: False)
    monkeypatch.setattr(accelerators, "torch_facts", lambda: CPU_BUILD)
    [gpu, _] = hardware.devices()
    assert gpu.fault is not None
    assert gpu.fault.english().startswith("It has no driver. Install NVIDIA's")


def test_an_amd_gpu_is_one_that_computes(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "properties").write_text("cpu_cores_count 8\nsimd_count 0\n")
    assert not hardware.amd_gpu(tmp_path)
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "properties").write_text("cpu_cores_count 0\nsimd_count 192\n")
    assert hardware.amd_gpu(tmp_path)


def test_a_variable_that_hides_a_gpu_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert "(CUDA_VISIBLE_DEVICES=1)" in accelerators.hidden().english()


def test_of_several_gpus_the_one_that_works_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [LAPTOP, H100, H100.replace("1024", "5000")]
    monkeypatch.setattr(hardware, "gpus", lambda: [g for g in map(hardware.parse_gpu, lines) if g])
    seen = hardware.usage()
    assert seen.gpu is not None
    assert (seen.gpus, seen.gpu.memory_used) == (3, 5000 << 20)
