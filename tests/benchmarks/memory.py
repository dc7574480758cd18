"""Peak memory of a training process, beside transformers' and beside the planner's forecast."""

from __future__ import annotations

from tests.benchmarks._runs import short_runs
from tests.benchmarks._steps import SIZES, measured
from tests.benchmarks.common import Row


def run() -> list[Row]:
    """The same processes as in `throughput`, whose results are used again in one run of both; then
    real trainings in homes that have measured nothing yet."""
    rows: list[Row] = []
    for size in SIZES:
        if size == "124M":
            continue  # Minutes for a few steps: `throughput --long` has it.
        ours = measured("ours", size, "bf16", 4.0, 0)["peak_bytes"]
        theirs = measured("theirs", size, "bf16", 4.0, 0)["peak_bytes"]
        rows.append(
            {
                "name": f"peak memory, training {size}", "value": ours / 1e6, "unit": "MB",
                "target": "≤ 0.7×", "against": "transformers", "ratio": ours / theirs,
            }
        )  # fmt: skip
    for name, (plan, record) in short_runs().items():
        peak = record.measured["memory_peak"]
        rows.append(
            {
                "name": f"forecast of memory, {name}", "value": plan.memory_bytes / 1e6,
                "unit": "MB", "target": "0.9–1.1×", "against": f"measured {peak / 1e6:,.0f} MB",
                "ratio": plan.memory_bytes / peak,
            }
        )  # fmt: skip
    return rows
