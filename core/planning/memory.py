"""Peak memory of a training process: what each part of it keeps, as a table that can be fitted."""

from __future__ import annotations

from dataclasses import dataclass

from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.measured import MeasuredRun, correction, features


@dataclass(frozen=True, slots=True)
class Kept:
    """Numbers that one block keeps for each token until the backward pass, in units of…

    `widths`: the model's width; `heads`: all heads together (H·K); `shared`: key and value heads
    (G·K); `feed_forward`: the inner width. `scores`: of each head's T × T matrix.
    """

    widths: float
    heads: float
    shared: float
    feed_forward: float
    scores: float


PLAIN = Kept(widths=5.0, heads=6.0, shared=5.0, feed_forward=5.0, scores=3.0)
"""Attention by plain products (a CPU, up to a context of 512): three T × T matrices stay."""
FUSED = Kept(widths=5.0, heads=6.0, shared=5.0, feed_forward=5.0, scores=0.0)
PLAIN_UP_TO = 512
CHUNK_LOGITS = 8 << 20
"""Logits that are held at once (core.objectives)."""
LOGIT_BYTES = 10
RUNTIME = 420 << 20
"""Python, torch and the libraries of a worker before it has a model."""
CUDA_RUNTIME = 700 << 20
"""The CUDA context and the libraries' workspaces, on the device."""
SLACK = 1.15
"""Share that the allocator holds beyond what is asked for."""


def memory_parts(
    shape: Shape, vocabulary: int, micro_batch: int, context: int, machine: Machine, *,
    batch: int | None = None, optimiser: str = "muon", precision: str | None = None,
    checkpointing: bool = False, optimiser_precision: str = "fp32",
) -> dict[str, int]:  # fmt: skip
    """Bytes by purpose, before they are corrected by what was measured.

    `weights` (fp32 masters and the working copy), `gradients`, `optimiser`, `activations`,
    `logits`, `runtime`.
    """
    size = shape.parameters(vocabulary)
    number = 2 if (precision or machine.precision) == "bf16" else 4
    state = 2 if optimiser_precision == "bf16" else 4
    tables = vocabulary * shape.width * (1 if shape.tied else 2)
    twice = tables if optimiser == "muon" else size  # AdamW keeps two moments, Muon one.
    whole = batch is None or micro_batch >= batch
    tokens = micro_batch * context
    activations = tokens * _block_bytes(shape, context, machine, number) * shape.layers
    if checkpointing:  # Each block's input, and one block at a time in full.
        one = activations // max(1, shape.layers)
        activations = tokens * shape.width * number * shape.layers + one
    activations += tokens * shape.width * number * 3  # Embedding, final norm, their gradient.
    return {
        "weights": size * (4 + number),
        "gradients": size * number if whole else size * (4 + number),
        "optimiser": (size + twice) * state,
        "activations": int(activations),
        "logits": min(tokens * vocabulary, CHUNK_LOGITS) * LOGIT_BYTES + tables * 4,
        "runtime": RUNTIME if machine.device == "cpu" else CUDA_RUNTIME,
    }


def _block_bytes(shape: Shape, context: int, machine: Machine, number: int) -> float:
    """What one block keeps for a token."""
    kept = PLAIN if machine.device == "cpu" and context <= PLAIN_UP_TO else FUSED
    numbers = (
        kept.widths * shape.width
        + kept.heads * shape.heads * shape.head_size
        + kept.shared * shape.kv_heads * shape.head_size
        + kept.feed_forward * shape.feed_forward
        + kept.scores * shape.heads * context
    )
    return numbers * number


def memory_bytes(
    shape: Shape, vocabulary: int, micro_batch: int, context: int, machine: Machine, *,
    batch: int | None = None, optimiser: str = "muon", precision: str | None = None,
    checkpointing: bool = False, optimiser_precision: str = "fp32",
) -> int:  # fmt: skip
    """Peak bytes of the training process: on the device where it is a GPU, else of the host."""
    raw = _formula(
        shape, vocabulary, micro_batch, context, machine, batch=batch, optimiser=optimiser,
        precision=precision, checkpointing=checkpointing, optimiser_precision=optimiser_precision,
    )  # fmt: skip

    def ratio(run: MeasuredRun) -> float | None:
        return run.memory_peak / _formula(
            run.shape, run.vocabulary, max(1, run.micro_batch), run.context, machine,
            batch=run.batch, optimiser=run.optimiser, precision=run.precision,
            checkpointing=run.activation_checkpointing,
            optimiser_precision=run.optimiser_precision,
        )  # fmt: skip

    known = machine.known("memory", ratio)
    at = features(shape, vocabulary, batch or micro_batch, micro_batch, context)
    return int(raw * correction(at, known))


def _formula(
    shape: Shape, vocabulary: int, micro_batch: int, context: int, machine: Machine, *,
    batch: int | None, optimiser: str, precision: str | None, checkpointing: bool,
    optimiser_precision: str,
) -> float:  # fmt: skip
    parts = memory_parts(
        shape, vocabulary, micro_batch, context, machine, batch=batch, optimiser=optimiser,
        precision=precision, checkpointing=checkpointing, optimiser_precision=optimiser_precision,
    )  # fmt: skip
    return (sum(parts.values()) - parts["runtime"]) * SLACK + parts["runtime"]
