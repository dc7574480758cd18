"""What of a plan is possible but will not go as one might think."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.planning.machine import Machine
from core.planning.shares import often_read
from core.planning.words import about, duration, gigabytes
from core.recipe import Recipe
from core.sentences import N_, Sentence

if TYPE_CHECKING:
    from core.planning.plan import Plan, Text

_LATE = 1.25
_SMALL_FOR_ADAPTERS = 20_000_000
"""Of 2.5M weights, 60 steps on another book than the parent's four, unseen bits per byte: all weights
1.59, adapters 2.24 (rank 64: 2.16; 200 steps: 2.12), from nothing 1.91."""


def cautions(
    plan: Plan, recipe: Recipe, text: Text, machine: Machine, whole: float | None
) -> list[Sentence]:
    """Sentences, the gravest first."""
    found: list[Sentence] = []
    if whole is not None and plan.step_seconds > whole:
        found.append(Sentence(
            "Plan",
            N_("Plan", "One step takes about {step} here, but the whole time is {whole}: choose a "
                       "smaller batch, a shorter context or a smaller model."),
            {"step": duration(plan.step_seconds), "whole": duration(whole)},
        ))  # fmt: skip
    elif whole is not None and plan.seconds > _LATE * whole:
        found.append(Sentence(
            "Plan",
            N_("Plan", "This takes about {time}, longer than the {whole} that you gave it."),
            {"time": duration(plan.seconds), "whole": duration(whole)},
        ))  # fmt: skip
    if plan.over_memory:
        found.append(Sentence(
            "Plan",
            N_("Plan", "About {needed} of memory would be needed and {limit} can be used: choose a "
                       "smaller model or a shorter context."),
            {"needed": gigabytes(plan.memory_bytes), "limit": gigabytes(plan.memory_limit)},
        ))  # fmt: skip
    if machine.disk_free is not None and plan.disk_bytes > machine.disk_free:
        found.append(Sentence(
            "Plan",
            N_("Plan", "Checkpoints and the version would take about {needed} of the disk, but {free} "
                       "are free: make room, or choose a smaller model."),
            {"needed": gigabytes(plan.disk_bytes), "free": gigabytes(machine.disk_free)},
        ))  # fmt: skip
    if (often := often_read(plan.parts)) is not None:
        found.append(often)
    if recipe.method == "lora" and plan.parameters < _SMALL_FOR_ADAPTERS:
        found.append(Sentence(
            "Plan",
            N_("Plan", "In a model as small as this an adapter learns far less than all weights do in the "
                       "same time: choose all weights, unless the file is to stay small or the parent to "
                       "remember all it knows."),
        ))  # fmt: skip
    if text.check_tokens is not None and text.check_tokens < plan.context:
        found.append(Sentence(
            "Plan",
            N_("Plan", "The context of {context} tokens is longer than the unseen text ({tokens}): it is "
                       "never tested in full."),
            {"context": plan.context, "tokens": about(text.check_tokens)},
        ))  # fmt: skip
    if whole is not None and (recipe.warmup_steps or 0) >= plan.steps:
        found.append(Sentence(
            "Plan",
            N_("Plan", "The warm-up of {warmup} steps is as long as the whole training here ({steps} "
                       "steps)."),
            {"warmup": recipe.warmup_steps or 0, "steps": plan.steps},
        ))  # fmt: skip
    return found
