"""Meters of electricity: counters that wrap, GPUs that are silent, an estimate where nothing tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core import power
from core.power import GpuMeter, PowerMeter, Rapl, gpu_watts

RANGE = 262_143_328_850


def zone(folder: Path, name: str, label: str, microjoules: int) -> Path:
    place = folder / name
    place.mkdir(parents=True)
    (place / "name").write_text(f"{label}\n")
    (place / "max_energy_range_uj").write_text(f"{RANGE}\n")
    (place / "energy_uj").write_text(f"{microjoules}\n")
    return place / "energy_uj"


def test_packages_are_summed_and_their_parts_are_not_counted_twice(tmp_path: Path) -> None:
    first = zone(tmp_path, "intel-rapl:0", "package-0", 1_000_000)
    second = zone(tmp_path, "intel-rapl:1", "package-1", 5_000_000)
    part = zone(tmp_path, "intel-rapl:0:0", "core", 0)
    psys = zone(tmp_path, "intel-rapl:2", "psys", 0)
    meter = Rapl(tmp_path)
    assert meter.readable
    for file, value in ((first, 3_000_000), (second, 5_500_000), (part, 10**9), (psys, 10**9)):
        file.write_text(str(value))
    assert meter.joules() == pytest.approx(2.5)
    assert meter.joules() == 0


def test_a_counter_that_begins_again_counts_on(tmp_path: Path) -> None:
    file = zone(tmp_path, "intel-rapl:0", "package-0", RANGE - 4_000_000)
    meter = Rapl(tmp_path)
    file.write_text("6000000")
    assert meter.joules() == pytest.approx(10.0)


@pytest.mark.parametrize("content", ["", "secret", None])
def test_a_counter_that_cannot_be_read_is_none(tmp_path: Path, content: str | None) -> None:
    file = zone(tmp_path, "intel-rapl:0", "package-0", 1)
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    assert not Rapl(tmp_path).readable
    assert not Rapl(tmp_path / "no such folder").readable


def test_a_counter_that_falls_silent_is_passed_over(tmp_path: Path) -> None:
    file = zone(tmp_path, "intel-rapl:0", "package-0", 1_000_000)
    meter = Rapl(tmp_path)
    file.unlink()
    assert meter.joules() == 0
    file.write_text("4000000")
    assert meter.joules() == pytest.approx(3.0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(power, "SAMPLE_SECONDS", 0.01)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_only_the_gpus_that_train_are_counted(quick: None) -> None:
    asked = threading.Semaphore(0)

    def ask() -> list[float]:
        asked.release()
        return [1000.0, 300.0, 100.0]

    begun = time.monotonic()
    meter = GpuMeter([1, 2], ask)
    until(lambda: meter.readable)
    for _ in range(4):
        assert asked.acquire(timeout=20)
    meter.close()
    used, most = meter.joules(), 400.0 * (time.monotonic() - begun)
    assert 0 < used <= most
    assert meter.joules() == 0


def test_the_source_is_the_best_that_tells(tmp_path: Path, quick: None) -> None:
    file = zone(tmp_path, "intel-rapl:0", "package-0", 0)
    plain = PowerMeter([], lambda cores: 50.0, Rapl(tmp_path))
    file.write_text("36000000")
    used = plain.read()
    assert (used.source, used.watt_hours) == ("rapl", pytest.approx(0.01))
    silent = PowerMeter([0], lambda cores: 50.0, Rapl(tmp_path / "none"), lambda: None)
    used = silent.read()
    assert used.source == "estimate"
    assert used.watts == pytest.approx(50.0)
    silent.close()
    card = PowerMeter([0], lambda cores: 50.0, Rapl(tmp_path / "none"), lambda: [200.0])
    assert card._gpu is not None
    until(lambda: bool(card._gpu and card._gpu.readable))
    assert card.read().source == "nvml"
    card.close()


def test_an_estimate_counts_the_processor_time_that_was_used(tmp_path: Path) -> None:
    told: list[float] = []

    def estimate(cores: float) -> float:
        told.append(cores)
        return 12.0 * cores

    meter = PowerMeter([], estimate, Rapl(tmp_path))
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    used = meter.read()
    assert used.watt_hours * 3600 == pytest.approx(12 * 0.2, rel=0.2, abs=0.3)
    assert 0 < told[0] < 64


def test_what_the_driver_does_not_tell_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(power, "nvidia_smi", lambda: None)
    assert gpu_watts() is None
    monkeypatch.setattr(power, "nvidia_smi", lambda: "nvidia-smi")
    for answer, watts in (("71.5\n300.25\n", [71.5, 300.25]), ("[N/A]\n", None), ("", None)):
        monkeypatch.setattr(power, "output_of", lambda command, answer=answer: answer)
        assert gpu_watts() == watts
