"""What trainings took is remembered, survives damage, and makes the next forecast right."""

from __future__ import annotations

import time

import pytest

from core.files import read_json, write_json
from core.home import Home
from core.planning.dial import Shape, rung
from core.planning.energy import CURRENCY, GRID_FACTOR, Prices, load_prices
from core.planning.machine import Machine, load_machine
from core.planning.measured import MOST_RUNS, MeasuredRun, load_runs, measured_file, remember
from core.planning.memory import memory_bytes
from core.planning.plan import Text, make_plan
from core.planning.timing import step_seconds
from core.recipe import Recipe

PLAIN = Machine(
    threads=2, name="CPU", gflops_fp32=185, gflops_bf16=410, memory_bytes=24 << 30, measured=True
)


def a_run(shape: Shape | None = None, **changes: object) -> MeasuredRun:
    shape = shape or rung(4, 192)
    values: dict[str, object] = {
        "device": "cpu", "name": "CPU", "precision": "bf16", "layers": shape.layers,
        "width": shape.width, "heads": shape.heads, "kv_heads": shape.kv_heads,
        "head_size": shape.head_size, "feed_forward": shape.feed_forward, "tied": shape.tied,
        "vocabulary": 2048, "context": 128, "batch": 16, "micro_batch": 16, "step_seconds": 0.3,
        "memory_peak": 900 << 20, "watts": 31.0, "energy_source": "rapl",
    }  # fmt: skip
    return MeasuredRun.model_validate({**values, **changes})


def knowing(*runs: MeasuredRun) -> Machine:
    return Machine(**{**PLAIN.model_dump(), "runs": list(runs)})


def test_a_run_comes_back_from_its_file(empty_home: Home) -> None:
    remember(empty_home, a_run())
    remember(empty_home, a_run(batch=8))
    first, second = load_runs(empty_home)
    assert (first.batch, second.batch, first.step_seconds) == (16, 8, 0.3)
    assert abs(first.time - time.time()) < 60
    assert load_machine(empty_home).runs == [first, second]


def test_the_same_recipe_is_kept_once_and_old_ones_are_dropped(empty_home: Home) -> None:
    for seconds in (0.3, 0.4):
        remember(empty_home, a_run(step_seconds=seconds))
    assert [run.step_seconds for run in load_runs(empty_home)] == [0.4]
    runs = [a_run(batch=n + 1).model_dump(mode="json") for n in range(MOST_RUNS)]
    write_json(measured_file(empty_home), {"schema_version": 1, "runs": runs})
    remember(empty_home, a_run(batch=500))
    kept = load_runs(empty_home)
    assert (len(kept), kept[0].batch, kept[-1].batch) == (MOST_RUNS, 2, 500)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 1, "runs": 3}', "\0\0"])
def test_a_damaged_file_costs_only_what_stood_in_it(empty_home: Home, text: str) -> None:
    measured_file(empty_home).write_text(text)
    assert load_runs(empty_home) == []
    remember(empty_home, a_run())
    assert len(load_runs(empty_home)) == 1


def test_a_damaged_entry_costs_itself_and_a_newer_file_is_left_alone(empty_home: Home) -> None:
    good = a_run().model_dump(mode="json")
    bad = [{**good, "step_seconds": "soon"}, {**good, "step_seconds": 0}, 7, {**good, "later": 1}]
    write_json(measured_file(empty_home), {"schema_version": 1, "runs": bad})
    assert len(load_runs(empty_home)) == 1
    newer = {"schema_version": 2, "runs": "other"}
    write_json(measured_file(empty_home), newer)
    remember(empty_home, a_run())
    assert read_json(measured_file(empty_home)) == newer


def test_a_forecast_for_a_measured_recipe_is_what_was_measured() -> None:
    run = a_run()
    machine = knowing(run)
    assert step_seconds(run.shape, 2048, 16, 128, machine) == pytest.approx(0.3, rel=0.03)
    assert memory_bytes(run.shape, 2048, 16, 128, machine) == pytest.approx(900 << 20, rel=0.03)


def test_what_was_measured_counts_less_the_less_it_resembles() -> None:
    run = a_run(step_seconds=2 * step_seconds(rung(4, 192), 2048, 16, 128, PLAIN))
    machine = knowing(run)

    def factor(layers: int, width: int, batch: int) -> float:
        shape = rung(layers, width)
        sizes = (shape, 2048, batch, 128)
        return step_seconds(*sizes, machine) / step_seconds(*sizes, PLAIN)

    near = [factor(4, 192, 16), factor(5, 256, 16), factor(8, 512, 16), factor(24, 1024, 512)]
    assert near == sorted(near, reverse=True)
    assert near[0] == pytest.approx(2, rel=0.03) and 1 < near[-1] < near[1]


def test_one_busy_moment_does_not_spoil_the_rest() -> None:
    honest = [a_run(batch=n, step_seconds=step_seconds(rung(4, 192), 2048, n, 128, PLAIN)) for n in
              (12, 16, 20, 24)]  # fmt: skip
    busy = a_run(batch=18, step_seconds=50.0)
    plain = step_seconds(rung(4, 192), 2048, 18, 128, PLAIN)
    assert step_seconds(rung(4, 192), 2048, 18, 128, knowing(*honest, busy)) < 1.6 * plain


def test_runs_of_another_device_or_precision_teach_nothing() -> None:
    machine = knowing(
        a_run(device="cuda", step_seconds=9.0), a_run(name="Other", step_seconds=9.0),
        a_run(precision="fp32", step_seconds=9.0, memory_peak=0),
    )  # fmt: skip
    sizes = (rung(4, 192), 2048, 16, 128)
    assert step_seconds(*sizes, machine) == step_seconds(*sizes, PLAIN)
    assert memory_bytes(*sizes, machine) == memory_bytes(*sizes, PLAIN)


def test_a_plan_uses_the_power_and_the_start_that_were_measured() -> None:
    text = Text(train_tokens=400_000, vocabulary=2048)
    guess = make_plan(Recipe(steps=100), text, PLAIN)
    assert guess.energy_source == "estimated" and guess.watts == pytest.approx(24, abs=2)
    machine = knowing(a_run(start_seconds=20.0))
    known = make_plan(Recipe(steps=100), text, machine)
    assert (known.energy_source, known.watts) == ("measured", 31.0)
    assert machine.start_seconds == 20.0
    assert known.energy_wh == pytest.approx(31 * known.seconds / 3600)
    assert known.co2_g == pytest.approx(known.energy_wh / 1000 * GRID_FACTOR)


def test_electricity_is_priced_as_the_preferences_say(empty_home: Home) -> None:
    assert load_prices(empty_home) == Prices()
    write_json(
        empty_home.settings_file, {"grid_factor": 20, "price_per_kwh": 0.25, "currency": "EUR"}
    )
    prices = load_prices(empty_home)
    assert (prices.co2_grams(500), prices.cost(500), prices.currency) == (10.0, 0.125, "EUR")
    write_json(
        empty_home.settings_file, {"grid_factor": -1, "price_per_kwh": "dear", "currency": 3}
    )
    assert load_prices(empty_home) == Prices(currency=CURRENCY)


def test_a_hundred_plans_are_made_while_a_slider_moves() -> None:
    """Counted, not timed: every shape looks at every run once, and formulas of runs are kept."""
    machine = knowing(*(a_run(batch=n + 1) for n in range(MOST_RUNS)))
    calls = 0

    def ratio(run: MeasuredRun) -> float:
        nonlocal calls
        calls += 1
        return 1.0

    for _ in range(100):
        machine.known("test", ratio)
    assert calls == MOST_RUNS
