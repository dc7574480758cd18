"""From a recipe, a corpus and a machine to a plan: sizes, steps, memory and time.

One source of truth: the plan card, the command line and the worker all call `make_plan`.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from core.planning.dial import LARGEST, SMALLEST, Shape, rung, shape_for, shapes
from core.planning.machine import Machine
from core.recipe import Recipe
from core.sentences import N_, Sentence

START_SECONDS = 6.0
"""Start of a worker: imports, opening tokens."""
END_SHARE = 0.06
"""Share of a run in minutes that evaluation, publishing and samples take, at least."""
MAX_PASSES = 16.0
WARMUP_STEPS = 10
_HEADROOM = 1.15
_DISK_BYTES = 44
"""A parameter's share of the disk: four checkpoints of eight bytes (two, the one before the decay,
one being written), two states of four that were best, and the version."""


@dataclass(frozen=True)
class Text:
    """What a plan must know of the corpus."""

    train_tokens: int
    vocabulary: int
    median_document_tokens: float = 0.0
    bytes_per_token: float = 3.0


@dataclass(frozen=True)
class Plan:
    """Everything that is decided before the first step. Bytes, seconds, tokens."""

    parameters: int
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    feed_forward: int
    tied: bool
    vocabulary: int
    context: int
    batch: int
    micro_batch: int
    steps: int
    decay_from: int
    warmup: int
    tokens_total: int
    passes: float
    matrix_rate: float
    embedding_rate: float
    head_rate: float
    precision: str
    threads: int
    device: str
    step_seconds: float
    seconds: float
    memory_bytes: int
    memory_limit: int
    disk_bytes: int
    rule: dict[str, Any] = field(default_factory=dict[str, Any])

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def over_memory(self) -> bool:
        return self.memory_bytes > self.memory_limit


def make_plan(
    recipe: Recipe, text: Text, machine: Machine, fixed_shape: Shape | None = None,
    fixed_context: int | None = None, seconds_left: float | None = None,
) -> Plan:  # fmt: skip
    """The plan of a run.

    Args:
        fixed_shape: The parent's, when training goes on from a version.
        fixed_context: The parent's context, likewise.
        seconds_left: Time that is left of `recipe.minutes` (the whole of it by default).
    """
    minutes = recipe.minutes
    if minutes is None and recipe.steps is None and recipe.epochs is None:
        minutes = 10.0
    budget = None
    if minutes is not None:
        whole = minutes * 60 if seconds_left is None else seconds_left
        budget = max(3.0, whole * (1 - END_SHARE) - START_SECONDS)
    shape, rule = _shape(recipe, text, machine, budget, fixed_shape)
    return _complete(recipe, text, machine, shape, fixed_context, budget, rule)


def _shape(
    recipe: Recipe, text: Text, machine: Machine, budget: float | None, fixed: Shape | None
) -> tuple[Shape, Sentence]:
    if fixed is not None:
        return fixed, Sentence("Plan", N_("Plan", "The shape of the parent version is kept."))
    if recipe.parameters is not None:
        shape = shape_for(recipe.parameters, text.vocabulary)
        rule = Sentence("Plan", N_("Plan", "You chose the size."))
    elif budget is not None:
        shape, rule = _best_shape(recipe, text, machine, budget)
    else:
        shape = shape_for(_most_parameters(text), text.vocabulary)
        rule = Sentence("Plan", N_("Plan", "Size by the amount of text: two parameters a token."))
    return _override(shape, recipe), rule


def _most_parameters(text: Text) -> int:
    """Two parameters a token: a model much larger than its text learns it by heart instead, which
    the formula of `predicted_loss` does not know. A million is small enough for any text."""
    return max(2 * SMALLEST, min(LARGEST, 2 * text.train_tokens))


def _override(shape: Shape, recipe: Recipe) -> Shape:
    """Apply what an expert set by hand."""
    if (
        not any(
            (recipe.layers, recipe.width, recipe.feed_forward, recipe.head_size, recipe.kv_heads)
        )
        and recipe.tied_embeddings is None
    ):
        return shape
    base = rung(recipe.layers or shape.layers, recipe.width or shape.width)
    head_size = recipe.head_size or base.head_size
    heads = max(1, base.width // head_size)
    kv_heads = recipe.kv_heads or (
        heads // 2 if base.kv_heads < base.heads and heads % 2 == 0 else heads
    )
    while heads % kv_heads:
        kv_heads -= 1
    tied = base.tied if recipe.tied_embeddings is None else recipe.tied_embeddings
    return Shape(
        base.layers, base.width, heads, kv_heads, head_size,
        recipe.feed_forward or base.feed_forward, tied,
    )  # fmt: skip


def _best_shape(
    recipe: Recipe, text: Text, machine: Machine, budget: float
) -> tuple[Shape, Sentence]:
    """The rung with the lowest predicted loss in the time: L = A/N^a + B/D^b with parameters N and
    effective tokens D (Hoffmann et al. 2022, eq. 10, with the published constants);
    repeated text counts less and less (Muennighoff et al. 2023, eq. 5)."""
    best: tuple[float, Shape, float] | None = None
    for shape in shapes(text.vocabulary):
        size = shape.parameters(text.vocabulary)
        context = _context(recipe, text, size, None)
        batch = _batch(recipe, size, context, 1)
        memory = memory_bytes(shape, text.vocabulary, batch, context, machine)
        too_large = size > 1.1 * _most_parameters(text) or memory > machine.memory_bytes * 0.8
        if too_large and best is not None:  # The smallest is always possible.
            continue
        tokens = (
            budget / step_seconds(shape, text.vocabulary, batch, context, machine) * batch * context
        )
        tokens = min(tokens, MAX_PASSES * text.train_tokens)
        loss = predicted_loss(size, tokens, text.train_tokens)
        if best is None or loss < best[0]:
            best = (loss, shape, tokens)
    assert best is not None
    passes = best[2] / max(1, text.train_tokens)
    rule = Sentence(
        "Plan",
        N_("Plan", "In this time the machine can read about {tokens} tokens ({passes} passes); this "
                   "size is predicted to learn most from them."),
        {"tokens": f"{best[2]:,.0f}", "passes": f"{passes:.1f}"},
    )  # fmt: skip
    return best[1], rule


def predicted_loss(parameters: int, tokens: float, unique: int) -> float:
    """Relative loss for comparing sizes (not a forecast of nats)."""
    repeats = max(0.0, tokens / max(1, unique) - 1)
    effective = tokens if repeats == 0 else unique * (1 + 15.4 * (1 - math.exp(-repeats / 15.4)))
    return 406.4 / parameters**0.34 + 410.7 / max(1.0, effective) ** 0.28


def _complete(
    recipe: Recipe, text: Text, machine: Machine, shape: Shape, fixed_context: int | None,
    budget: float | None, rule: Sentence,
) -> Plan:  # fmt: skip
    parameters = shape.parameters(text.vocabulary)
    context = _context(recipe, text, parameters, fixed_context)
    seconds_of = step_seconds(shape, text.vocabulary, 1, context, machine)
    guess = int((budget or 60) / max(1e-6, seconds_of))
    batch = _batch(recipe, parameters, context, guess)
    one_step = step_seconds(shape, text.vocabulary, batch, context, machine)
    steps = _steps(recipe, text, batch, context, budget, one_step)
    micro = recipe.micro_batch or _micro_batch(shape, text.vocabulary, batch, context, machine)
    tokens = steps * batch * context
    training = steps * one_step
    matrix, embedding, head = rates(recipe, steps)
    warmup = warmup_of(recipe, steps)
    return Plan(
        parameters=parameters, layers=shape.layers, width=shape.width, heads=shape.heads,
        kv_heads=shape.kv_heads, head_size=shape.head_size, feed_forward=shape.feed_forward,
        tied=shape.tied, vocabulary=text.vocabulary, context=context, batch=batch,
        micro_batch=min(micro, batch), steps=steps,
        decay_from=int(steps * (1 - recipe.decay_share)), warmup=warmup, tokens_total=tokens,
        passes=tokens / max(1, text.train_tokens), matrix_rate=matrix, embedding_rate=embedding,
        head_rate=head, precision=_precision(recipe, machine), threads=machine.threads,
        device=machine.device, step_seconds=one_step,
        seconds=training + START_SECONDS + END_SHARE * training + 4,
        memory_bytes=memory_bytes(shape, text.vocabulary, micro, context, machine),
        memory_limit=int(machine.memory_bytes * 0.9), disk_bytes=int(parameters * _DISK_BYTES),
        rule=rule.to_json(),
    )  # fmt: skip


def _precision(recipe: Recipe, machine: Machine) -> str:
    return machine.precision if recipe.precision == "auto" else recipe.precision


def _context(recipe: Recipe, text: Text, parameters: int, fixed: int | None) -> int:
    """Longer for larger models; never so long that the corpus has no eight windows."""
    if recipe.context is not None:
        return recipe.context
    if fixed is not None:
        return fixed
    wanted = 128 if parameters < 3_000_000 else 256 if parameters < 12_000_000 else 512
    while wanted > 16 and text.train_tokens < 8 * wanted:
        wanted //= 2
    return wanted


def _batch(recipe: Recipe, parameters: int, context: int, steps: int) -> int:
    """About 2,048 tokens for the smallest models and short runs, more with size and length."""
    if recipe.batch is not None:
        return recipe.batch
    tokens = 2048 * (max(parameters, 1e6) / 1e6) ** 0.5
    windows = tokens / context
    return max(1, min(512, round(windows) if windows < 8 else 4 * round(windows / 4)))


def _micro_batch(shape: Shape, vocabulary: int, batch: int, context: int, machine: Machine) -> int:
    """The largest halving of the batch that fits into half of the memory."""
    micro = batch
    while micro > 1 and memory_bytes(shape, vocabulary, micro, context, machine) > (
        machine.memory_bytes // 2
    ):
        micro = (micro + 1) // 2
    return micro


def _steps(
    recipe: Recipe, text: Text, batch: int, context: int, budget: float | None, one_step: float
) -> int:
    if recipe.steps is not None:
        return recipe.steps
    per_pass = max(1.0, (text.train_tokens - 1) / (batch * context))
    if recipe.epochs is not None:
        return max(1, round(recipe.epochs * per_pass))
    assert budget is not None
    return max(8, int(min(budget / one_step, MAX_PASSES * per_pass)))


def warmup_of(recipe: Recipe, steps: int) -> int:
    """Steps of warm-up: as chosen, else ten, but never more than a quarter of a short run."""
    if recipe.warmup_steps is not None:
        return min(recipe.warmup_steps, steps)
    return min(WARMUP_STEPS, steps // 4)


def rates(recipe: Recipe, steps: int) -> tuple[float, float, float]:
    """Peak rates of matrices, embedding and output layer: high for short runs, falling with the
    fourth root of the steps beyond 700 (learning.md: 0.1 for embeddings, 0.05 in long runs)."""
    long = (max(steps, 700) / 700) ** -0.25
    muon = recipe.optimiser == "muon"
    matrix = recipe.learning_rate or (0.08 * long if muon else 0.002 * long)
    embedding = recipe.embedding_rate or ((0.1 if muon else 0.01) * long)
    head = recipe.head_rate or ((0.015 if muon else 0.002) * long)
    return matrix, embedding, head


def step_seconds(
    shape: Shape, vocabulary: int, batch: int, context: int, machine: Machine
) -> float:
    """Seconds of one optimiser step: floating-point work at the share of the peak that a width
    reaches, plus a fixed cost for each layer."""
    tokens = batch * context
    size = shape.parameters(vocabulary) - vocabulary * shape.width * (0 if shape.tied else 1)
    attention = 12 * shape.layers * shape.heads * shape.head_size * context
    work = (6 * size + attention) * tokens
    share = min(0.7, 0.22 * (shape.width / 128) ** 0.75)
    overhead = 0.0012 * (shape.layers + 1) * (1.0 if machine.device == "cpu" else 0.3)
    return work / (machine.gflops * 1e9 * share) + overhead


def memory_bytes(
    shape: Shape, vocabulary: int, micro_batch: int, context: int, machine: Machine
) -> int:
    """Peak memory of the training process: weights, gradients, optimiser state, activations."""
    size = shape.parameters(vocabulary)
    width = 2 if machine.precision == "bf16" else 4
    fixed = size * (4 + width + width + 4)
    tables = vocabulary * shape.width * (1 if shape.tied else 2)
    fixed += tables * 4  # AdamW keeps a second moment for these.
    tokens = micro_batch * context
    per_layer = tokens * (14 * shape.width + 5 * shape.feed_forward) * width
    plain = context <= 512 and machine.device == "cpu"
    scores = micro_batch * shape.heads * context * context * (3 * width if plain else 0)
    logits = min(tokens * vocabulary, 8 << 20) * 10
    runtime = 420 << 20
    return int((fixed + shape.layers * (per_layer + scores) + logits) * _HEADROOM) + runtime
