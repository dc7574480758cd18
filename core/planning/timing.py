"""Seconds of an optimiser step: matrix products at the speed that was measured of them, numbers that
are only moved, and calls; corrected by what trainings took."""

from __future__ import annotations

from core.planning.adapters import Adapters
from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.measured import MeasuredRun, correction, features

PRODUCTS, MUON = 1.015, 0.88
"""What matrix products of a model and of Muon cost beside large square ones."""
IN_BLOCKS, AT_ENDS, IN_UPDATE = 4_700.0, 11_400.0, 1_680.0
IN_CALLS = 2.4e9
"""Everything else, in operations of matrix products that take as long: for each number of a block's
width and inner width that a token moves; of the width before and behind the blocks; of a weight
that is updated; and of a block's calls. Fitted on a CPU to twelve steps of 0.3 to 34 million
parameters, timed in turns with products (within 9 %; tests/benchmarks/planning.py)."""
GPU_SHARE, GPU_LAYER_SECONDS = 0.55, 0.0004
"""Not measured here: the share of the products' speed that is aimed at, and a block's launches."""
_CHECKPOINTING = 4 / 3
"""Forward and backward are three parts of work; the forward pass once more is a fourth."""
_FROZEN = 2 / 3


def model_work(shape: Shape, vocabulary: int, tokens: int, context: int) -> float:
    """Floating-point operations of forward and backward passes over `tokens`: 6 for each weight
    that multiplies (Kaplan et al. 2020; experts that lie idle do not) and 12 · layers · width ·
    context for attention."""
    size = shape.active_parameters(vocabulary) - vocabulary * shape.width * (0 if shape.tied else 1)
    attention = 12 * shape.layers * shape.heads * shape.head_size * context
    return (6.0 * size + attention) * tokens


def muon_work(shape: Shape) -> float:
    """Floating-point operations of five Newton–Schulz steps on every hidden matrix: for m × n with
    m ≤ n, each step multiplies m·m·n twice and m·m·m once."""
    across, shared = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    matrices = [(shape.width, across)] * 2 + [(shape.width, shared)] * 2
    matrices += [(shape.width, shape.feed_forward)] * 3 * max(1, shape.experts)
    total = 0.0
    for rows, columns in matrices:
        m, n = sorted((rows, columns))
        total += 5 * 2 * (2 * m * m * n + m * m * m)
    return total * shape.layers


def _formula(
    shape: Shape, vocabulary: int, batch: int, context: int, machine: Machine, optimiser: str,
    pieces: int, checkpointing: bool, precision: str, adapters: Adapters | None,
) -> float:  # fmt: skip
    tokens = batch * context
    again = _CHECKPOINTING if checkpointing else 1.0
    work = model_work(shape, vocabulary, tokens, context) * again
    trained = shape.parameters(vocabulary)
    if adapters:  # No gradients of the base's weights, a third of the work.
        again = 1.5 if checkpointing else 1.0
        trained = adapters.parameters
        work = model_work(shape, vocabulary, tokens, context) * again * _FROZEN
        work += 6.0 * trained * tokens
    update = muon_work(shape) if optimiser == "muon" and not adapters else 0.0
    speed = 1e9 * (machine.gflops_bf16 if precision == "bf16" else machine.gflops_fp32)
    if machine.device != "cpu":
        return (work + update) / (speed * GPU_SHARE) + GPU_LAYER_SECONDS * (
            shape.layers + 1
        ) * pieces
    inner = shape.feed_forward + shape.width if shape.experts else shape.feed_forward
    across = shape.width + inner * max(1, shape.chosen)  # Rows go to each expert and come back.
    moved = again * IN_BLOCKS * tokens * shape.layers * across
    moved += AT_ENDS * tokens * shape.width + IN_UPDATE * trained
    calls = IN_CALLS * (shape.layers + 1) * pieces
    return (PRODUCTS * work + moved + calls) / speed + MUON * update / (1e9 * machine.gflops)


def step_seconds(
    shape: Shape, vocabulary: int, batch: int, context: int, machine: Machine, *,
    optimiser: str = "muon", micro_batch: int | None = None, checkpointing: bool = False,
    precision: str | None = None, adapters: Adapters | None = None,
) -> float:  # fmt: skip
    """Seconds of one optimiser step of `batch` windows."""
    micro = min(batch, micro_batch or batch)
    precision = precision or machine.precision
    raw = _formula(
        shape, vocabulary, batch, context, machine, optimiser, -(-batch // micro), checkpointing,
        precision, adapters,
    )  # fmt: skip

    def ratio(run: MeasuredRun) -> float | None:
        if run.precision != precision or bool(run.trained) != bool(adapters):
            return None
        return run.step_seconds / _formula(
            run.shape, run.vocabulary, run.batch, run.context, machine, run.optimiser,
            -(-run.batch // max(1, run.micro_batch)), run.activation_checkpointing,
            run.precision, run.adapters,
        )  # fmt: skip

    known = machine.known(f"time {precision}", ratio)
    return raw * correction(features(shape, vocabulary, batch, micro, context), known)
