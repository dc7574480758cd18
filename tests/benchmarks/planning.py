"""The planner's forecast of a step's time against the time it takes."""

from __future__ import annotations

from core.planning.timing import step_seconds
from tests.benchmarks._steps import SIZES, measured, shape_of
from tests.benchmarks.common import Row


def run() -> list[Row]:
    """Before a training times its own steps, the plan card knows only the machine's products."""
    import torch

    from core.models.devices import measure_machine

    machine = measure_machine(torch.device("cpu"))
    rows: list[Row] = []
    for size, (config, batch) in SIZES.items():
        real = measured("muon", size, "bf16", 4.0, 0)["step_seconds"]
        shape = shape_of(config)
        forecast = step_seconds(shape, config.vocabulary, batch, config.context, machine)
        rows.append(
            {
                "name": f"forecast of a step, {size}", "value": forecast * 1000, "unit": "ms",
                "target": "0.5–2×", "against": "measured", "ratio": forecast / real,
            }
        )  # fmt: skip
    return rows
