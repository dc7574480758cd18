"""From a recipe, a corpus and a machine to a plan: sizes, steps, memory, time and energy.

One source of truth: the plan card, the command line and the worker all call `make_plan`.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.errors import joined
from core.families.registry import family_of
from core.planning.adapters import (
    Adapters,
    adapters_of,
    alpha_of,
    effective,
    trained_parameters,
    trains_tokens,
)
from core.planning.cautions import cautions
from core.planning.dial import LARGEST, SMALLEST, Shape
from core.planning.fit import LIMIT, fit_into_memory
from core.planning.machine import Machine
from core.planning.memory import memory_bytes, tries_precisions
from core.planning.rates import rates, warmup_of, weight_decay_of
from core.planning.shape import candidates, nearest
from core.planning.shares import Share, passes_to_json
from core.planning.teaching import Teaching
from core.planning.timing import step_seconds
from core.recipe import Recipe
from core.sentences import N_, Sentence

END_SHARE = 0.06
"""Share of a run in minutes that evaluation, publishing and samples take, at least."""
END_SECONDS = 4.0
MAX_PASSES = 8.0
"""Where time is left over. Last states after 4, 8 and 16 passes, with a weight decay of 0.1 (without), bits
per byte of unseen text: Shakespeare 1.89, 1.88 (2.06), 2.00 (2.79); Niimi 1.42, 1.42 (1.50), 1.69
(2.23); the sample stories 0.14, 0.12 (0.11), 0.11 (0.11)."""
_DISK_BYTES = 44
"""A parameter's share of the disk: four checkpoints of eight bytes (two, the one before the decay,
one being written), two states of four that were best, and the version."""
_MOST = 0.75
"""Share of its time below which a run is told to end early."""
_FEW_STEPS = 20
_FEW_WINDOWS = 8


@dataclass(frozen=True)
class Text:
    """What a plan must know of the corpus. `check_tokens`, `train_bytes`, `turn_tokens` (that the
    chat template writes): None where not known."""

    train_tokens: int
    vocabulary: int
    median_document_tokens: float = 0.0
    bytes_per_token: float = 3.0
    check_tokens: int | None = None
    train_bytes: int | None = None
    turn_tokens: tuple[int, ...] | None = None
    shares: tuple[Share, ...] = ()
    """Parts that do not all count once; `train_tokens` is then what a pass reads, with the weights."""

    @property
    def different_tokens(self) -> int:
        """Tokens to train on, each counted once."""
        counted = sum(share.tokens * share.weight for share in self.shares)
        if not counted:
            return self.train_tokens
        whole = sum(share.tokens for share in self.shares)
        return max(1, round(self.train_tokens * whole / counted))

    @property
    def turn_count(self) -> int | None:
        return None if self.turn_tokens is None else len(self.turn_tokens)


@dataclass(frozen=True)
class Plan:
    """Everything that is decided before the first step. Bytes, seconds, tokens, watt-hours.

    `adapter_parameters`: what LoRA trains (0: all weights are trained), with the base kept at
    `base_precision` (working, bf16, int8, int4) and one rate for all; `adapter_tokens`: whose rows it
    trains too. `teacher_bytes`: what of the
    memory a teacher takes. `continues`: it begins with a version's weights, which the rates allow for
    (None: an older plan, whose rates do not).
    `rule`: why these sizes, `warnings`: what will not go well, as sentences in JSON. What plans of
    older runs lack has a default.
    """

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
    family: str = "qwen3"
    experts: int = 0
    chosen: int = 0
    activation_checkpointing: bool = False
    optimiser_precision: str = "fp32"
    continues: bool | None = None
    weight_decay: float | None = None
    base_precision: str = ""
    adapter_parameters: int = 0
    teacher_bytes: int = 0
    adapter_alpha: float = 0.0
    adapter_tokens: list[int] = field(default_factory=list[int])
    memory_on: str = "host"
    watts: float = 0.0
    energy_wh: float = 0.0
    energy_source: str = "estimated"
    co2_g: float = 0.0
    cost: float = 0.0
    currency: str = ""
    warnings: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    parts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """How often each part of a mixed text is read (core.planning.shares)."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def over_memory(self) -> bool:
        return self.memory_bytes > self.memory_limit

    @property
    def adapters(self) -> Adapters | None:
        if not self.adapter_parameters:
            return None
        return Adapters(self.adapter_parameters, self.base_precision)

    @property
    def shape(self) -> Shape:
        return Shape(
            self.layers, self.width, self.heads, self.kv_heads, self.head_size, self.feed_forward,
            self.tied, self.family, self.experts, self.chosen,
        )  # fmt: skip


def make_plan(
    recipe: Recipe, text: Text, machine: Machine, fixed_shape: Shape | None = None,
    fixed_context: int | None = None, seconds_left: float | None = None,
    rule: Sentence | None = None, teacher: Teaching | None = None, continues: bool = False,
) -> Plan:  # fmt: skip
    """The plan of a run.

    Args:
        fixed_shape: The parent's, when training goes on from a version.
        fixed_context: The parent's context, likewise.
        seconds_left: Time that is left of `recipe.minutes` (the whole of it by default).
        rule: Why the shape is fixed, where it is not a parent's.
        teacher: Of a pupil.
        continues: Whether it begins with a version's weights.
    """
    recipe = effective(recipe)
    whole = _whole_seconds(recipe, seconds_left)
    budget = None
    if whole is not None:
        budget = max(3.0, whole * (1 - END_SHARE) - machine.start_seconds)
    shape, why = _shape(recipe, text, machine, budget, fixed_shape)
    why = rule or why
    return _complete(
        recipe, text, machine, shape, fixed_context, budget, whole, why, teacher, continues
    )


def _whole_seconds(recipe: Recipe, seconds_left: float | None) -> float | None:
    minutes = recipe.minutes
    if minutes is None and recipe.steps is None and recipe.epochs is None:
        minutes = 10.0
    if minutes is None:
        return None
    return minutes * 60 if seconds_left is None else seconds_left


# ---- size ----------------------------------------------------------------------------------------


def _shape(
    recipe: Recipe, text: Text, machine: Machine, budget: float | None, fixed: Shape | None
) -> tuple[Shape, Sentence]:
    if fixed is not None:
        return fixed, Sentence("Plan", N_("Plan", "The shape of the parent version is kept."))
    if recipe.parameters is not None or (recipe.layers and recipe.width):
        shape = nearest(recipe, text.vocabulary, recipe.parameters or SMALLEST)
        return shape, Sentence("Plan", N_("Plan", "You chose the size."))
    if budget is not None:
        return _best_shape(recipe, text, machine, budget)
    shape = nearest(recipe, text.vocabulary, _most_parameters(text))
    rule = N_("Plan", "Size by the amount of text: two parameters a token.")
    return shape, Sentence("Plan", rule)


def _most_parameters(text: Text) -> int:
    """Two parameters a token: a model much larger than its text learns it by heart instead, which
    the formula of `predicted_loss` does not know. A million is small enough for any text."""
    return max(2 * SMALLEST, min(LARGEST, 2 * text.different_tokens))


def _best_shape(
    recipe: Recipe, text: Text, machine: Machine, budget: float
) -> tuple[Shape, Sentence]:
    """The rung with the lowest predicted loss in the time: L = A/N^a + B/D^b with parameters N and
    effective tokens D (Hoffmann et al. 2022, eq. 10, with the published constants);
    repeated text counts less and less (Muennighoff et al. 2023, eq. 5)."""
    best: tuple[float, Shape] | None = None
    for shape in candidates(recipe, text.vocabulary):
        size = shape.parameters(text.vocabulary)
        context = _context(recipe, text, size, None)
        batch = _batch(recipe, size, context)
        # Windows of a large batch can be computed a few at a time.
        memory = memory_bytes(
            shape, text.vocabulary, min(batch, _FEW_WINDOWS), context, machine, batch=batch
        )
        too_large = size > 1.1 * _most_parameters(text) or memory > machine.memory_bytes * 0.8
        if too_large and best is not None:  # The smallest is always possible.
            continue
        one_step = step_seconds(
            shape, text.vocabulary, batch, context, machine, optimiser=recipe.optimiser
        )
        tokens = min(budget / one_step * batch * context, MAX_PASSES * text.different_tokens)
        loss = predicted_loss(size, tokens, text.different_tokens)
        if best is None or loss < best[0]:
            best = (loss, shape)
    assert best is not None
    return best[1], _by_time(0, 0.0)


def _by_time(tokens: int, passes: float) -> Sentence:
    return Sentence(
        "Plan",
        N_("Plan", "In this time the machine can read about {tokens} tokens ({passes} passes); this "
                   "size is predicted to learn most from them."),
        {"tokens": f"{tokens:,}", "passes": f"{passes:.1f}"},
    )  # fmt: skip


def _early() -> Sentence:
    """Of a run in minutes that is done before its time is over."""
    words = N_("Plan", "It ends before the time is over, after {passes} passes: reading more often brings little.")  # fmt: skip
    return Sentence("Plan", words, {"passes": f"{MAX_PASSES:.0f}"})


def predicted_loss(parameters: int, tokens: float, unique: int) -> float:
    """Relative loss for comparing sizes (not a forecast of nats)."""
    repeats = max(0.0, tokens / max(1, unique) - 1)
    effective = tokens if repeats == 0 else unique * (1 + 15.4 * (1 - math.exp(-repeats / 15.4)))
    return 406.4 / parameters**0.34 + 410.7 / max(1.0, effective) ** 0.28


# ---- the rest ------------------------------------------------------------------------------------


def _complete(
    recipe: Recipe, text: Text, machine: Machine, shape: Shape, fixed_context: int | None,
    budget: float | None, whole: float | None, rule: Sentence, teacher: Teaching | None,
    continues: bool,
) -> Plan:  # fmt: skip
    context = _context(recipe, text, shape.parameters(text.vocabulary), fixed_context)
    parameters = shape.parameters(text.vocabulary, context)
    batch = _batch(recipe, parameters, context)
    if budget is not None and recipe.batch is None and recipe.micro_batch is None:
        batch = _batch_for_time(batch, shape, text, context, machine, recipe, budget)
    precision = _precision(recipe, machine)
    taken, free = 0, machine
    if teacher is not None:
        taken = teacher.bytes(1, context, precision)
        free = machine.model_copy(update={"memory_bytes": max(1, machine.memory_bytes - taken)})
    fit = fit_into_memory(recipe, shape, text.vocabulary, batch, context, free, text.turn_count)
    one_step = step_seconds(
        shape, text.vocabulary, batch, context, machine, optimiser=recipe.optimiser,
        micro_batch=fit.micro_batch, checkpointing=fit.activation_checkpointing,
        precision=precision,
        adapters=adapters_of(recipe, shape, fit.base_precision, text.turn_count),
    )  # fmt: skip
    if teacher is not None:
        taken = teacher.bytes(fit.micro_batch, context, precision)
        one_step += teacher.seconds(batch, context, machine, precision)
    steps = _steps(recipe, text, batch, context, budget, one_step)
    trained = trained_parameters(recipe, shape, text.turn_count) if recipe.method == "lora" else 0
    if "tokens" in rule.values:
        tokens = steps * batch * context
        rule = _by_time(tokens, tokens / max(1, text.different_tokens))
    early = [] if budget is None or steps * one_step > _MOST * budget else [_early()]
    plan = Plan(
        parameters=parameters, layers=shape.layers, width=shape.width, heads=shape.heads,
        kv_heads=shape.kv_heads, head_size=shape.head_size, feed_forward=shape.feed_forward,
        family=shape.family, experts=shape.experts, chosen=shape.chosen,
        tied=shape.tied, vocabulary=text.vocabulary, context=context, batch=batch,
        micro_batch=fit.micro_batch, steps=steps, decay_from=0, warmup=0, tokens_total=0, passes=0,
        matrix_rate=0, embedding_rate=0, head_rate=0, precision=precision, teacher_bytes=taken,
        threads=machine.threads, device=machine.device, step_seconds=one_step, seconds=0,
        memory_bytes=fit.memory_bytes, memory_limit=int(machine.memory_bytes * LIMIT),
        disk_bytes=int((trained or parameters) * _DISK_BYTES), rule=joined([rule, *early, *fit.notes]).to_json(),
        activation_checkpointing=fit.activation_checkpointing,
        optimiser_precision=fit.optimiser_precision, base_precision=fit.base_precision,
        adapter_parameters=trained, adapter_alpha=alpha_of(recipe) if trained else 0.0,
        adapter_tokens=list(text.turn_tokens or ()) if trains_tokens(recipe) else [],
        memory_on="host" if machine.device == "cpu" else "device", continues=continues,
    )  # fmt: skip
    return with_steps(plan, recipe, text, machine, steps, one_step, whole)


def with_steps(
    plan: Plan, recipe: Recipe, text: Text, machine: Machine, steps: int, one_step: float,
    whole: float | None = None, tried: bool | None = None,
) -> Plan:  # fmt: skip
    """The plan with another number of steps, or another measured time of one: everything that
    follows from them anew.

    Args:
        whole: Seconds that the user gave the run, where it is measured in time.
        tried: Whether both precisions were timed, which takes memory; None: not known yet.
    """
    recipe = effective(recipe)
    if tried is None:
        tried = tries_precisions(recipe.precision, plan.device, plan.parameters)
    training = steps * one_step
    seconds = training * (1 + END_SHARE) + machine.start_seconds + END_SECONDS
    memory = memory_bytes(
        plan.shape, plan.vocabulary, plan.micro_batch, plan.context, machine, batch=plan.batch,
        optimiser=recipe.optimiser, precision=plan.precision,
        checkpointing=plan.activation_checkpointing, optimiser_precision=plan.optimiser_precision,
        tried=tried, adapters=plan.adapters,
    ) + plan.teacher_bytes  # fmt: skip
    watts, source = machine.watts(memory)
    energy = watts * seconds / 3600
    matrix, embedding, head = rates(
        recipe, steps, plan.width, bool(plan.continues), family_of(plan.family).kind == "encoder"
    )
    tokens = steps * plan.batch * plan.context
    passes = tokens / max(1, text.different_tokens)
    made = replace(
        plan, steps=steps, step_seconds=one_step, seconds=seconds, memory_bytes=memory,
        decay_from=int(steps * (1 - recipe.decay_share)), warmup=warmup_of(recipe, steps),
        tokens_total=tokens, passes=passes, matrix_rate=matrix, embedding_rate=embedding,
        head_rate=head, weight_decay=weight_decay_of(recipe, passes, bool(plan.continues)), watts=watts, energy_source=source,
        energy_wh=energy, co2_g=machine.prices.co2_grams(energy),
        cost=machine.prices.cost(energy), currency=machine.prices.currency,
        parts=passes_to_json(text.shares, tokens / max(1, text.train_tokens)),
    )  # fmt: skip
    found = cautions(made, recipe, text, machine, whole)
    return replace(made, warnings=[sentence.to_json() for sentence in found])


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


def _batch(recipe: Recipe, parameters: int, context: int) -> int:
    """About 2,048 tokens for the smallest models and short runs, more with size and length; room
    for a micro-batch that was set."""
    if recipe.batch is not None:
        return recipe.batch
    tokens = 2048 * (max(parameters, 1e6) / 1e6) ** 0.5
    windows = tokens / context
    batch = max(1, min(512, round(windows) if windows < 8 else 4 * round(windows / 4)))
    return max(batch, recipe.micro_batch or 1)


def _batch_for_time(
    batch: int, shape: Shape, text: Text, context: int, machine: Machine, recipe: Recipe,
    budget: float,
) -> int:  # fmt: skip
    """A smaller batch where the time would end after a handful of steps."""
    while batch > 1:
        one_step = step_seconds(
            shape, text.vocabulary, batch, context, machine, optimiser=recipe.optimiser,
            adapters=adapters_of(recipe, shape, tokens=text.turn_count),
        )  # fmt: skip
        if budget / one_step >= _FEW_STEPS:
            break
        batch //= 2
    return batch


def _steps(
    recipe: Recipe, text: Text, batch: int, context: int, budget: float | None, one_step: float
) -> int:
    if recipe.steps is not None:
        return recipe.steps
    per_pass = max(1.0, (text.train_tokens - 1) / (batch * context))
    if recipe.epochs is not None:
        return max(1, round(recipe.epochs * per_pass))
    assert budget is not None
    most = MAX_PASSES * per_pass * text.different_tokens / text.train_tokens
    return max(1, int(min(budget / one_step, most)))


def settled(
    plan: Plan, recipe: Recipe, text: Text, machine: Machine, one_step: float,
    seconds_left: float | None, tried: bool | None = None,
) -> Plan:  # fmt: skip
    """The plan once a step was timed: a run in minutes gets the steps that its time holds.

    Args:
        one_step: Measured seconds of a step.
        seconds_left: Of a run in minutes.
        tried: Whether both precisions were timed for it.
    """
    budget = None
    if seconds_left is not None:
        budget = max(0.0, seconds_left * (1 - END_SHARE) - END_SECONDS)
    steps = _steps(recipe, text, plan.batch, plan.context, budget, one_step)
    return with_steps(plan, recipe, text, machine, steps, one_step, seconds_left, tried)
