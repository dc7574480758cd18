"""Training speed at two sizes, beside transformers on the same model, batch and precision."""

from __future__ import annotations

from statistics import median

from tests.benchmarks._steps import SIZES, measured
from tests.benchmarks.common import Row, long_run


def run() -> list[Row]:
    """Pairs, one after the other: only ratios from interleaved runs count on a shared machine."""
    pairs = 5 if long_run() else 2
    peak = _peak_gflops()
    rows: list[Row] = [
        {"name": "bf16 matrix products", "value": peak, "unit": "GFLOP/s", "note": "measured peak"}
    ]
    for size, (config, batch) in SIZES.items():
        ours, theirs, muon = [], [], []
        for number in range(pairs):
            ours.append(measured("ours", size, "bf16", 4.0, number)["tokens_per_second"])
            theirs.append(measured("theirs", size, "bf16", 4.0, number)["tokens_per_second"])
        muon.append(measured("muon", size, "bf16", 4.0, 0)["tokens_per_second"])
        work = 6 * (config.parameters - config.vocabulary * config.width)
        work += 12 * config.layers * config.heads * config.head_size * config.context
        speed = median(ours)
        rows.append(
            {
                "name": f"training {size}, AdamW, bf16, {batch}×{config.context}",
                "value": speed, "unit": "tokens/s", "against": "transformers",
                "ratio": median(a / b for a, b in zip(ours, theirs, strict=True)),
                "note": f"{work * speed / 1e9 / peak:.0%} of the peak; Muon {median(muon):,.0f}",
            }
        )  # fmt: skip
    return rows


def _peak_gflops() -> float:
    import torch

    from core.models.devices import measure_machine

    return measure_machine(torch.device("cpu")).gflops_bf16
