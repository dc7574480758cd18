"""Peak memory of a training process, beside transformers' and beside the planner's forecast."""

from __future__ import annotations

from core.planning.machine import Machine
from core.planning.memory import memory_bytes
from tests.benchmarks._steps import SIZES, measured, shape_of
from tests.benchmarks.common import Row

BF16 = Machine(gflops_fp32=1.0, gflops_bf16=2.0)


def run() -> list[Row]:
    """The same processes as in `throughput`, whose results are used again in one run of both."""
    rows: list[Row] = []
    for size, (config, batch) in SIZES.items():
        ours = measured("ours", size, "bf16", 4.0, 0)["peak_bytes"]
        theirs = measured("theirs", size, "bf16", 4.0, 0)["peak_bytes"]
        forecast = memory_bytes(shape_of(config), config.vocabulary, batch, config.context, BF16)
        rows += [
            {
                "name": f"peak memory, training {size}", "value": ours / 1e6, "unit": "MB",
                "against": "transformers", "ratio": ours / theirs,
            },
            {
                "name": f"forecast of it, {size}", "value": forecast / 1e6, "unit": "MB",
                "target": "0.8–1.3×", "against": "measured", "ratio": forecast / ours,
            },
        ]  # fmt: skip
    return rows
