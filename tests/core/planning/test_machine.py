"""What is known of the machine: measured again after a day, the better of two kept."""

from __future__ import annotations

import os
import time

import pytest

from core.files import write_json
from core.home import Home
from core.planning.machine import FRESH_SECONDS, Machine, best_of, is_fresh, load_machine
from core.planning.measured import MeasuredRun

BUSY = Machine(name="this one", gflops_fp32=40, gflops_bf16=200, measured=True)
FREE = Machine(name="this one", gflops_fp32=180, gflops_bf16=190, measured=True)


def test_a_measurement_is_relied_on_for_a_day(empty_home: Home) -> None:
    assert not is_fresh(empty_home, load_machine(empty_home), "cpu")
    write_json(empty_home.machine_file, BUSY.model_dump(mode="json"))
    loaded = load_machine(empty_home)
    assert loaded.model_dump() == BUSY.model_dump()
    assert loaded.disk_free is not None and loaded.disk_free > 0
    assert is_fresh(empty_home, load_machine(empty_home), "cpu")
    assert not is_fresh(empty_home, load_machine(empty_home), "cuda")
    old = time.time() - FRESH_SECONDS - 10
    os.utime(empty_home.machine_file, (old, old))
    assert not is_fresh(empty_home, load_machine(empty_home), "cpu")


@pytest.mark.parametrize("content", ["", "{", '{"gflops": "fast"}', "[]"])
def test_a_damaged_measurement_is_none(empty_home: Home, content: str) -> None:
    empty_home.machine_file.write_text(content)
    assert not load_machine(empty_home).measured


def test_the_same_machine_keeps_its_best_figures_another_one_none() -> None:
    both = best_of(BUSY, FREE)
    assert (both.gflops_fp32, both.gflops_bf16) == (180, 200)
    other = FREE.model_copy(update={"name": "another"})
    assert best_of(BUSY, other) == other
    assert best_of(Machine(name="this one", gflops_fp32=999), FREE) == FREE


@pytest.mark.parametrize(
    ("fp32", "bf16", "wanted"), [(100, 105, "fp32"), (100, 120, "bf16"), (100, 20, "fp32")]
)
def test_bf16_is_used_where_it_clearly_pays(fp32: float, bf16: float, wanted: str) -> None:
    assert Machine(gflops_fp32=fp32, gflops_bf16=bf16).precision == wanted


def test_a_share_of_the_cores_is_not_taken_for_the_whole_machine() -> None:
    """A run beside others was left a quarter of a core, which an estimate of its power tells of."""
    sizes = dict.fromkeys(("layers", "width", "heads", "kv_heads", "head_size", "feed_forward", "vocabulary", "context", "batch", "micro_batch"), 1)  # fmt: skip
    told = {"device": "cpu", "precision": "fp32", "tied": True, "step_seconds": 1.0, "watts": 3.0}
    run = MeasuredRun.model_validate({**sizes, **told})
    machine = Machine(threads=4, memory_bytes=10**10, runs=[run])
    assert machine.watts(0) == (3.0, "estimated")
    assert machine.full_watts() == pytest.approx(4 * 12 + 10 * 0.3725)
    metered = run.model_copy(update={"watts": 40.0, "energy_source": "rapl"})
    assert Machine(threads=4, runs=[run, metered]).full_watts() == 40.0
