"""Peak memory of a training process: what each part of it keeps, as a table that can be fitted."""

from __future__ import annotations

from dataclasses import dataclass

from core.planning.adapters import Adapters
from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.measured import MeasuredRun, correction, features


@dataclass(frozen=True, slots=True)
class Kept:
    """Numbers that one block keeps for each token until the backward pass, in units of…

    `widths`: the model's width; `heads`: all heads together (H·K); `shared`: key and value heads
    (G·K); `feed_forward`: the inner width; `rows`: the width again, for each expert that a token is
    sent to. Attention keeps no T × T scores on any device.
    """

    widths: float
    heads: float
    shared: float
    feed_forward: float
    rows: float


ON_CPU = Kept(widths=5.0, heads=5.0, shared=1.1, feed_forward=5.85, rows=9.0)
ON_GPU = Kept(widths=5.0, heads=6.0, shared=5.0, feed_forward=5.0, rows=4.0)
"""The first was fitted to the peaks of seventeen steppers and of real workers of 0.3 to 34 million
parameters (within 8 %, tests/benchmarks/memory.py), its rows to six of Mixtral's and Qwen3-MoE's school
sizes (within 20 %); the second is counted from what autograd saves."""
ENDS = 3.45
"""Widths a token that embedding, final norm and output layer keep."""
CHUNK_LOGITS = 8 << 20
LOGIT_BYTES = 6.5
"""Logits that are held at once (core.objectives), and what one takes with its gradient."""
UPDATE = 0.18
"""Copies that an optimiser step makes, and what the allocator holds back, beside the states."""
LEFT_BEHIND = 0.3
"""Of the activations in fp32: what those in bf16 have left of the heap between them."""
TRIED_UP_TO = 10_000_000
"""Parameters. Larger models are products nearly all through, whose speed the machine's own tells; a
second model beside them would only take memory."""
RUNTIME = 365 << 20
"""Python, torch and the libraries of a worker before it has a model."""
CUDA_RUNTIME = 700 << 20
"""The CUDA context and the libraries' workspaces, on the device."""


def memory_parts(
    shape: Shape, vocabulary: int, micro_batch: int, context: int, machine: Machine, *,
    batch: int | None = None, optimiser: str = "muon", precision: str | None = None,
    checkpointing: bool = False, optimiser_precision: str = "fp32",
    adapters: Adapters | None = None,
) -> dict[str, int]:  # fmt: skip
    """Bytes by purpose, before they are corrected by what was measured.

    `weights` (fp32 masters and the working copy), `gradients`, `optimiser`, `update`,
    `activations`, `logits`, `checkpoint` (the copy that is written beside the training),
    `runtime`; with `adapters` also `base`, the weights that are only read.
    """
    size = adapters.parameters if adapters else shape.parameters(vocabulary)
    number = 2 if (precision or machine.precision) == "bf16" else 4
    state = 2 if optimiser_precision == "bf16" else 4
    tables = vocabulary * shape.width * (1 if shape.tied else 2)
    twice = (
        tables if optimiser == "muon" and not adapters else size
    )  # AdamW keeps two moments, Muon one.
    whole = batch is None or micro_batch >= batch
    tokens, on_cpu = micro_batch * context, machine.device == "cpu"
    block = tokens * _block_numbers(shape, ON_CPU if on_cpu else ON_GPU) * number
    activations = block * shape.layers
    if checkpointing:  # Each block's input, and one block at a time in full.
        activations = tokens * shape.width * number * shape.layers + block
    states = {
        "weights": size * (4 if number == 4 else 6),  # In fp32 the masters themselves compute.
        "gradients": size * number if whole else size * (4 + number),
        "optimiser": (size + twice) * state,
    }
    base = 0
    if adapters:
        base = adapters.base_bytes(shape, vocabulary, number)
        base += adapters.scratch_bytes(shape, number)
    return states | {
        "base": base,
        "update": int(UPDATE * sum(states.values())),
        "activations": int(activations + ENDS * tokens * shape.width * number),
        "logits": int(min(tokens * vocabulary, CHUNK_LOGITS) * LOGIT_BYTES),
        "checkpoint": size * 4 + states["optimiser"] if on_cpu else 0,
        "runtime": RUNTIME if on_cpu else CUDA_RUNTIME,
    }


def _block_numbers(shape: Shape, kept: Kept) -> float:
    """What one block keeps for a token."""
    return (
        kept.widths * shape.width
        + kept.heads * shape.heads * shape.head_size
        + kept.shared * shape.kv_heads * shape.head_size
        + kept.feed_forward * shape.feed_forward * max(1, shape.chosen)
        + kept.rows * shape.width * shape.chosen
    )


def memory_bytes(
    shape: Shape, vocabulary: int, micro_batch: int, context: int, machine: Machine, *,
    batch: int | None = None, optimiser: str = "muon", precision: str | None = None,
    checkpointing: bool = False, optimiser_precision: str = "fp32", tried: bool = False,
    adapters: Adapters | None = None,
) -> int:  # fmt: skip
    """Peak bytes of the training process: on the device where it is a GPU, else of the host.

    `tried`: both precisions are timed before the first step (see `tries_precisions`).
    """
    raw = _formula(
        shape, vocabulary, micro_batch, context, machine, batch=batch, optimiser=optimiser,
        precision=precision, checkpointing=checkpointing, optimiser_precision=optimiser_precision,
        tried=tried, adapters=adapters,
    )  # fmt: skip

    def ratio(run: MeasuredRun) -> float | None:
        if bool(run.trained) != bool(adapters):
            return None
        return run.memory_peak / _formula(
            run.shape, run.vocabulary, max(1, run.micro_batch), run.context, machine,
            batch=run.batch, optimiser=run.optimiser, precision=run.precision,
            checkpointing=run.activation_checkpointing,
            optimiser_precision=run.optimiser_precision, tried=run.tried, adapters=run.adapters,
        )  # fmt: skip

    known = machine.known("memory", ratio)
    at = features(shape, vocabulary, batch or micro_batch, micro_batch, context)
    return int(raw * correction(at, known))


def tries_precisions(precision: str, device: str, parameters: int) -> bool:
    """Whether a run times both precisions before its first step (core.training.probe): where the
    recipe leaves it open and the model is small."""
    return precision == "auto" and device == "cpu" and parameters <= TRIED_UP_TO


def _formula(
    shape: Shape, vocabulary: int, micro_batch: int, context: int, machine: Machine, *,
    batch: int | None, optimiser: str, precision: str | None, checkpointing: bool,
    optimiser_precision: str, tried: bool, adapters: Adapters | None,
) -> float:  # fmt: skip
    parts = memory_parts(
        shape, vocabulary, micro_batch, context, machine, batch=batch, optimiser=optimiser,
        precision=precision, checkpointing=checkpointing, optimiser_precision=optimiser_precision,
        adapters=adapters,
    )  # fmt: skip
    training = sum(parts.values())
    if not tried:
        return float(training)
    rival = memory_parts(
        shape, vocabulary, micro_batch, context, machine, precision="fp32",
        checkpointing=checkpointing, adapters=adapters,
    )  # fmt: skip
    needed = ("weights", "base", "gradients", "activations", "logits", "runtime")
    beside = 6 * shape.parameters(vocabulary)
    if adapters:
        beside = 6 * adapters.parameters + adapters.base_bytes(shape, vocabulary, 2)
    probing = sum(rival[name] for name in needed) + beside
    probing += int(LEFT_BEHIND * rival["activations"])
    return float(max(training, probing))
