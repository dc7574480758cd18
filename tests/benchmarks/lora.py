"""Training adapters beside transformers with peft: the same model, batch, rank and precision."""

from __future__ import annotations

from statistics import median

from tests.benchmarks._steps import SIZES, call
from tests.benchmarks.common import Row, long_run

SECONDS = 6.0
MIB = 1 << 20


def run() -> list[Row]:
    """Pairs in turns, each in a fresh process: only ratios count on a shared machine."""
    pairs = 3 if long_run() else 1
    sizes = ["30M", "124M"] if long_run() else ["30M"]
    rows: list[Row] = []
    for size in sizes:
        for precision in ("fp32", "bf16"):
            rows += _rows(size, precision, "ours", "theirs", pairs, "LoRA")
        rows += _rows(size, "bf16", "dora", "theirs-dora", pairs, "DoRA")
        rows += _rows(size, "bf16", "int8", "theirs", pairs, "LoRA on int8")
    return rows


def _rows(size: str, precision: str, side: str, other: str, pairs: int, title: str) -> list[Row]:
    config, batch = SIZES[size]
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    for _ in range(pairs):
        for name, results in ((side, ours), (other, theirs)):
            results.append(call("tests.benchmarks._adapters", name, size, precision, str(SECONDS)))
    both = list(zip(ours, theirs, strict=True))
    speed = median(a["tokens_per_second"] / b["tokens_per_second"] for a, b in both)
    memory = median(a["peak_bytes"] / b["peak_bytes"] for a, b in both)
    against = f"transformers + peft, {precision}"
    name = f"{title} {size}, {precision}, {batch}×{config.context}"
    return [
        {
            "name": name, "value": median(r["tokens_per_second"] for r in ours),
            "unit": "tokens/s", "target": "≥ 1.2×", "against": against, "ratio": speed,
        },
        {
            "name": f"{name}, memory", "value": median(r["peak_bytes"] for r in ours) / MIB,
            "unit": "MiB", "target": "≤ 0.8×", "against": against, "ratio": memory,
        },
    ]  # fmt: skip
