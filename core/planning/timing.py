"""Seconds of an optimiser step: floating-point work at the share of the peak that a width reaches,
bytes that are only moved, and a fixed cost for each layer; corrected by what was measured."""

from __future__ import annotations

from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.measured import MeasuredRun, correction, features

_CHECKPOINTING = 4 / 3
"""Forward and backward are three parts of work; the forward pass once more is a fourth."""


def model_work(shape: Shape, vocabulary: int, tokens: int, context: int) -> float:
    """Floating-point operations of forward and backward passes over `tokens`: 6 for each weight
    that multiplies (Kaplan et al. 2020) and 12 · layers · width · context for attention."""
    size = shape.parameters(vocabulary) - vocabulary * shape.width * (0 if shape.tied else 1)
    attention = 12 * shape.layers * shape.heads * shape.head_size * context
    return (6.0 * size + attention) * tokens


def muon_work(shape: Shape) -> float:
    """Floating-point operations of five Newton–Schulz steps on every hidden matrix: for m × n with
    m ≤ n, each step multiplies m·m·n twice and m·m·m once."""
    across, shared = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    matrices = [(shape.width, across)] * 2 + [(shape.width, shared)] * 2
    matrices += [(shape.width, shape.feed_forward)] * 3
    total = 0.0
    for rows, columns in matrices:
        m, n = sorted((rows, columns))
        total += 5 * 2 * (2 * m * m * n + m * m * m)
    return total * shape.layers


def _formula(
    shape: Shape, vocabulary: int, batch: int, context: int, machine: Machine, optimiser: str,
    pieces: int, checkpointing: bool,
) -> float:  # fmt: skip
    share = min(0.7, 0.22 * (shape.width / 128) ** 0.75)
    speed = machine.gflops * 1e9 * share
    work = model_work(shape, vocabulary, batch * context, context)
    if checkpointing:
        work *= _CHECKPOINTING
    if optimiser == "muon":
        work += muon_work(shape)
    overhead = 0.0012 * (shape.layers + 1) * (1.0 if machine.device == "cpu" else 0.3)
    return work / speed + overhead * pieces


def step_seconds(
    shape: Shape, vocabulary: int, batch: int, context: int, machine: Machine, *,
    optimiser: str = "muon", micro_batch: int | None = None, checkpointing: bool = False,
    precision: str | None = None,
) -> float:  # fmt: skip
    """Seconds of one optimiser step of `batch` windows."""
    micro = min(batch, micro_batch or batch)
    raw = _formula(
        shape, vocabulary, batch, context, machine, optimiser, -(-batch // micro), checkpointing
    )
    precision = precision or machine.precision

    def ratio(run: MeasuredRun) -> float | None:
        if run.precision != precision:
            return None
        return run.step_seconds / _formula(
            run.shape, run.vocabulary, run.batch, run.context, machine, run.optimiser,
            -(-run.batch // max(1, run.micro_batch)), run.activation_checkpointing,
        )  # fmt: skip

    known = machine.known(f"time {precision}", ratio)
    return raw * correction(features(shape, vocabulary, batch, micro, context), known)
