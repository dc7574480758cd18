"""How a training is made to fit into memory: smaller pieces first, then what costs time, then what
costs exactness."""

from __future__ import annotations

from dataclasses import dataclass

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


def fit_into_memory(
    recipe: Recipe, shape: Shape, vocabulary: int, batch: int, context: int, machine: Machine
) -> Fit:
    """The first of these that fits, each only where the recipe leaves it open: a smaller
    micro-batch; activation checkpointing; optimiser state in bf16. Else what needs least."""
    limit = int(machine.memory_bytes * LIMIT)
    precision = machine.precision if recipe.precision == "auto" else recipe.precision

    parameters = shape.parameters(vocabulary)

    def need(micro: int, checkpointing: bool, state: str) -> int:
        return memory_bytes(
            shape, vocabulary, micro, context, machine, batch=batch, optimiser=recipe.optimiser,
            precision=precision, checkpointing=checkpointing, optimiser_precision=state,
            tried=tries_precisions(recipe.precision, machine.device, parameters),
        )  # fmt: skip

    def largest(checkpointing: bool, state: str) -> int:
        if recipe.micro_batch is not None:
            return min(recipe.micro_batch, batch)
        most = COMFORT * machine.memory_bytes
        if need(1, checkpointing, state) > most:  # The weights alone leave no comfort.
            most = limit
        micro = batch
        while micro > 1 and need(micro, checkpointing, state) > most:
            micro = -(-micro // 2)
        return micro

    wanted = recipe.activation_checkpointing
    tries = [
        (checkpointing, state)
        for state in _open(recipe.optimiser_precision, ("fp32", "bf16"))
        for checkpointing in ([False, True] if wanted == "auto" else [wanted == "on"])
    ]
    found: list[Fit] = []
    for checkpointing, state in tries:
        micro = largest(checkpointing, state)
        bytes_ = need(micro, checkpointing, state)
        notes = _notes(recipe, micro, batch, checkpointing, state)
        found.append(Fit(micro, checkpointing, state, bytes_, limit, notes))
        if bytes_ <= limit:
            return found[-1]
    return min(found, key=lambda fit: fit.memory_bytes)


def _open(chosen: str, order: tuple[str, ...]) -> tuple[str, ...]:
    return order if chosen == "auto" else (chosen,)


def _notes(
    recipe: Recipe, micro: int, batch: int, checkpointing: bool, state: str
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
    if recipe.optimiser_precision == "auto" and state == "bf16":
        text = N_("Plan", "To save memory, the optimiser remembers in bf16.")
        notes.append(Sentence("Plan", text))
    return notes
