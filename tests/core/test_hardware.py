"""What is seen of the machine without torch."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core import hardware

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
    assert (hardware.gpu() is None) is (count == 0)


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
