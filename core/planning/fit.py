"""How a training is made to fit into memory: smaller pieces first, then what costs time, then what
costs exactness."""

from __future__ import annotations

from dataclasses import dataclass

from core.planning.adapters import WORKING, adapters_of, bases
from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.memory import memory_bytes, tries_precisions
from core.recipe import Recipe
from core.sentences import N_, Sentence

LIMIT = 0.9
COMFORT = 0.5
"""Shares of the memory: what a training may take, and up to what its pieces are not made smaller."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What was chosen; `notes` say what was done for want of memory."""

    micro_batch: int
    activation_checkpointing: bool
    optimiser_precision: str
    memory_bytes: int
    memory_limit: int
    notes: list[Sentence]
    base_precision: str = ""


def fit_into_memory(
    recipe: Recipe, shape: Shape, vocabulary: int, batch: int, context: int, machine: Machine,
    turn_tokens: int | None = None,
) -> Fit:  # fmt: skip
    """The first of these that fits, each only where the recipe leaves it open: a smaller
    micro-batch; activation checkpointing; optimiser state in bf16 (with LoRA, whose state is small,
    rather the base in int8). Else what needs least."""
    limit = int(machine.memory_bytes * LIMIT)
    precision = machine.precision if recipe.precision == "auto" else recipe.precision

    parameters = shape.parameters(vocabulary)

    def need(micro: int, checkpointing: bool, state: str, base: str) -> int:
        return memory_bytes(
            shape, vocabulary, micro, context, machine, batch=batch, optimiser=recipe.optimiser,
            precision=precision, checkpointing=checkpointing, optimiser_precision=state,
            tried=tries_precisions(recipe.precision, machine.device, parameters),
            adapters=adapters_of(recipe, shape, base, turn_tokens),
        )  # fmt: skip

    def largest(checkpointing: bool, state: str, base: str) -> int:
        if recipe.micro_batch is not None:
            return min(recipe.micro_batch, batch)
        most = COMFORT * machine.memory_bytes
        if need(1, checkpointing, state, base) > most:  # The weights alone leave no comfort.
            most = limit
        micro = batch
        while micro > 1 and need(micro, checkpointing, state, base) > most:
            micro = -(-micro // 2)
        return micro

    wanted = recipe.activation_checkpointing
    tries = [
        (checkpointing, state, base)
        for state in _open(recipe.optimiser_precision, ("fp32", "bf16"))
        for base in bases(recipe) or ("",)
        for checkpointing in ([False, True] if wanted == "auto" else [wanted == "on"])
    ]
    found: list[Fit] = []
    for checkpointing, state, base in tries:
        micro = largest(checkpointing, state, base)
        bytes_ = need(micro, checkpointing, state, base)
        notes = _notes(recipe, micro, batch, checkpointing, state, base)
        found.append(Fit(micro, checkpointing, state, bytes_, limit, notes, base))
        if bytes_ <= limit:
            return found[-1]
    return min(found, key=lambda fit: fit.memory_bytes)


def _open(chosen: str, order: tuple[str, ...]) -> tuple[str, ...]:
    return order if chosen == "auto" else (chosen,)


def _notes(
    recipe: Recipe, micro: int, batch: int, checkpointing: bool, state: str, base: str
) -> list[Sentence]:
    notes: list[Sentence] = []
    if recipe.micro_batch is None and micro < batch:
        text = N_("Plan", "To save memory, {micro} of the {batch} windows are computed at a time.")
        notes.append(Sentence("Plan", text, {"micro": micro, "batch": batch}))
    if recipe.activation_checkpointing == "auto" and checkpointing:
        text = N_(
            "Plan", "To save memory, intermediate results are computed twice instead of kept."
        )
        notes.append(Sentence("Plan", text))
    if recipe.base_precision == "auto" and base not in ("", WORKING):
        text = N_("Plan", "To save memory, the frozen base is kept in int8.")
        notes.append(Sentence("Plan", text))
    if recipe.optimiser_precision == "auto" and state == "bf16":
        text = N_("Plan", "To save memory, the optimiser remembers in bf16.")
        notes.append(Sentence("Plan", text))
    return notes
