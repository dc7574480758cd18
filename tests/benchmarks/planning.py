"""The planner's forecasts of time against what trainings took.

Three of them: from the speed of products alone; from a run of another size on the same machine;
and the forecast of the end that a run makes itself once it trained for a minute.
"""

from __future__ import annotations

from core.recipe import Recipe
from tests.benchmarks._runs import RECIPES, bench, short_runs
from tests.benchmarks.common import Row, long_run

_SETTLED_STEPS_SECONDS = 120.0


def run() -> list[Row]:
    rows = [_of_a_step(name) for name in RECIPES]
    names = ["1.3M", "3.7M"] if long_run() else ["1.3M"]
    for name in names:
        rows += _of_a_run(name)
    return rows


def _of_a_step(name: str) -> Row:
    plan, record = short_runs()[name]
    real = record.measured["step_seconds"]
    return {
        "name": f"forecast of a step, {name}", "value": plan.step_seconds * 1000, "unit": "ms",
        "target": "0.5–2×", "against": f"measured {real * 1000:,.0f} ms",
        "ratio": plan.step_seconds / real,
    }  # fmt: skip


def _of_a_run(name: str) -> list[Row]:
    """Two minutes of steps, in a home that has trained the recipe for a moment before."""
    vocabulary, values = RECIPES[name]
    with bench() as known:
        taught = known.train(vocabulary, Recipe(steps=150, evaluations=2, **values), name)
        steps = max(100, int(_SETTLED_STEPS_SECONDS / taught.measured["step_seconds"]))
        recipe = Recipe(steps=steps, **values)
        plan = known.plan(vocabulary, recipe)
        told = known.train(vocabulary, recipe, name).measured
    real = told["seconds_now"]

    def row(what: str, forecast: float, target: str) -> Row:
        return {
            "name": f"{what}, {name}", "value": forecast, "unit": "s", "target": target,
            "against": f"took {real:.0f} s", "ratio": forecast / real,
        }  # fmt: skip

    return [
        row("plan of a run like one before", plan.seconds, "0.7–1.4×"),
        row("forecast after a minute", told["seconds_forecast"], "0.85–1.15×"),
    ]
