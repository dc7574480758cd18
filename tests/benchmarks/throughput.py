"""Training speed beside transformers on the same model and batch, in bf16 and as it comes (fp32)."""

from __future__ import annotations

from statistics import median

from core.families.qwen3 import Qwen3Config
from tests.benchmarks._steps import SIZES, measured
from tests.benchmarks.common import Row, long_run

TARGETS = {"30M": ("≥ 1.3× and 0.72 of the peak", "≥ 2.4×")}


def run() -> list[Row]:
    """Pairs, one after the other: only ratios from interleaved runs count on a shared machine."""
    pairs = 5 if long_run() else 2
    sizes = ["1M", "30M", "124M"] if long_run() else ["1M", "30M"]
    return [row for size in sizes for row in _rows(size, *SIZES[size], pairs)]


def _rows(size: str, config: Qwen3Config, batch: int, pairs: int) -> list[Row]:
    ours = [("ours", "bf16"), ("theirs", "bf16"), ("theirs", "fp32"), ("muon", "bf16")]
    found: dict[tuple[str, str], list[dict[str, float]]] = {key: [] for key in ours}
    for number in range(pairs):
        for (side, precision), results in found.items():
            results.append(measured(side, size, precision, 6.0, number))
    plain = found["ours", "bf16"]

    def ratio(key: tuple[str, str]) -> float:
        pairs = zip(plain, found[key], strict=True)
        return median(a["tokens_per_second"] / b["tokens_per_second"] for a, b in pairs)

    half, full = TARGETS.get(size, ("", ""))
    speed = median(r["tokens_per_second"] for r in plain)
    share = median(r["share"] for r in plain)
    muon = median(r["tokens_per_second"] for r in found["muon", "bf16"])
    rows: list[Row] = [
        {
            "name": f"training {size}, AdamW, bf16, {batch}×{config.context}", "value": speed,
            "unit": "tokens/s", "target": half, "against": "transformers, bf16",
            "ratio": ratio(("theirs", "bf16")), "note": f"{share:.2f} of the peak; Muon {muon:,.0f}",
        },
        {
            "name": f"training {size}, the same", "value": speed, "unit": "tokens/s",
            "target": full, "against": "transformers as it comes, fp32",
            "ratio": ratio(("theirs", "fp32")),
        },
    ]  # fmt: skip
    if long_run() and size == "30M":
        rows.append(_compiled(size, plain))
    return rows


def _compiled(size: str, plain: list[dict[str, float]]) -> Row:
    made = measured("compiled", size, "bf16", 6.0, 0)
    return {
        "name": f"training {size}, compiled", "value": made["tokens_per_second"], "unit": "tokens/s",
        "target": "0.80 of the peak", "against": "not compiled",
        "ratio": made["tokens_per_second"] / median(r["tokens_per_second"] for r in plain),
        "note": f"{made['share']:.2f} of the peak; first step {made['first_seconds']:.0f} s",
    }  # fmt: skip
