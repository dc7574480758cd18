"""How much memory several ranks need: what is sharded counts once, what each needs counts for each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.jobs.ranks import Place, own_place
from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.memory import memory_parts
from core.planning.plan import Plan

_MASTER = 4
HELD_BACK = 1.25
"""Beyond what is asked for: buffers of gloo and of the allocator. Fitted to the peaks of two ranks
with 0.1, 6 and 26 million parameters (809, 1,245 and 2,391 MB; within 3 %)."""


def memory_of_ranks(plan: Plan, optimiser: str, machine: Machine, place: Place) -> int:
    """Peak bytes: of all ranks of this host together where they share its memory, else of the first
    GPU, which also holds the copy that is evaluated."""
    shape = Shape(
        plan.layers, plan.width, plan.heads, plan.kv_heads, plan.head_size, plan.feed_forward,
        plan.tied,
    )  # fmt: skip
    share = -(-plan.batch // place.count)
    parts = memory_parts(
        shape, plan.vocabulary, min(share, plan.micro_batch), plan.context, machine, batch=share,
        optimiser=optimiser, precision=plan.precision, checkpointing=plan.activation_checkpointing,
        optimiser_precision=plan.optimiser_precision,
    )  # fmt: skip
    size = plan.parameters
    number = 2 if plan.precision == "bf16" else 4
    tables = plan.vocabulary * plan.width * (1 if plan.tied else 2) * number
    pieces = -(-share // plan.micro_batch)
    # Whole gradients only where several pieces add up before they are shared out.
    gradients = size * _MASTER if pieces > 1 else 2 * size * number // max(1, plan.layers)
    each = parts["activations"] + parts["logits"] + tables + gradients
    # Masters, gradients, and what an update copies of both.
    sharded = (4 * size * _MASTER + parts["optimiser"]) / place.count
    evaluated = size * number
    if plan.device == "cuda":
        return int(parts["runtime"] + each + sharded + evaluated)
    gathered = 2 * size * _MASTER  # By rank 0, for the best state.
    held = place.local_count * (each + sharded) + evaluated + gathered
    return int(place.local_count * parts["runtime"] + HELD_BACK * held)


def with_memory_of_ranks(
    context: WorkerContext, job: TrainJob, decisions: dict[str, Any], plan: Plan
) -> Plan:
    """The plan with that forecast, written down."""
    place = own_place()
    machine = Machine.model_validate(decisions["machine"])
    needed = memory_of_ranks(plan, job.recipe.optimiser, machine, place)
    decisions["plan"] = {**decisions["plan"], "memory_bytes": needed}
    context.folder.update_config({"decisions": decisions})
    return replace(plan, memory_bytes=needed)
