"""A short measurement of the chosen model before its first step: memory, threads, precision, speed.

What it finds is written into the job folder; learning rates are zero, and the model is made anew.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import torch

from core.errors import OutOfMemory
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.models.devices import device_name
from core.objectives.base import Objective
from core.objectives.batch import Batch
from core.planning.adapters import effective
from core.planning.machine import Machine, in_home
from core.planning.memory import tries_precisions
from core.planning.plan import Plan, Text, settled
from core.reasons import is_out_of_memory
from core.training.batches import Batches
from core.training.compiling import compile_if_faster
from core.training.distributed.together import ranks
from core.training.stepper import Stepper
from core.training.threads import candidates, fastest

PROBE_STEPS = 4
_ENOUGH_SECONDS = 4.0
_SLOW_SECONDS = 1.0
_LONG_SECONDS = 10.0
_TRIES = 3
_CLEARLY = 0.97


def settle(
    context: WorkerContext, job: TrainJob, decisions: dict[str, Any],
    make: Callable[[Plan], Stepper], objective: Objective, text: Text,
    seconds_left: Callable[[], float | None],
) -> dict[str, Any]:  # fmt: skip
    """The decisions with steps, decay, threads, precision and micro-batch as measured.

    Raises:
        OutOfMemory: Not even one window fits.
    """
    plan = Plan(**decisions["plan"])
    batches = Batches(objective.source(plan.context, plan.batch, 0), 0)
    with contextlib.closing(batches):
        batch = batches.get(0)
        stepper, plan, first = _fitting(make, plan, batch)
        alone = ranks() == 1
        if stepper.device.type == "cpu" and alone and first < _SLOW_SECONDS:
            plan = replace(plan, threads=_measured_threads(stepper, batch, plan))
        tried = alone and tries_precisions(
            effective(job.recipe).precision, stepper.device.type, plan.parameters
        )
        if tried:
            stepper, plan = _faster_precision(make, stepper, plan, batch)
        compiled = False
        if alone:
            compiled = compile_if_faster(context, stepper, job.recipe.compile, batch, plan)
        one_step = _time_step(stepper, batch, plan, first)
    machine = in_home(Machine.model_validate(decisions["machine"]), context.home)
    made = settled(plan, job.recipe, text, machine, one_step, seconds_left(), tried)
    kept = {"threads": plan.threads, "precision": plan.precision, "micro_batch": plan.micro_batch,
            "activation_checkpointing": plan.activation_checkpointing}  # fmt: skip
    found = {"compiled": compiled, "precisions_tried": tried}
    decisions = {**decisions, "plan": {**made.to_json(), **kept}, **found}
    context.folder.update_config({"decisions": decisions})
    return decisions


def _fitting(
    make: Callable[[Plan], Stepper], plan: Plan, batch: Batch
) -> tuple[Stepper, Plan, float]:
    """(stepper, plan, seconds of one micro-batch) with as many windows at once as memory holds."""
    while True:
        stepper = make(plan)
        try:
            return stepper, plan, max(stepper.time(batch, plan.micro_batch), 1e-9)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            if plan.micro_batch > 1:
                plan = replace(plan, micro_batch=plan.micro_batch // 2)
            elif not plan.activation_checkpointing:
                plan = replace(plan, activation_checkpointing=True)
            else:
                raise OutOfMemory(device=device_name(stepper.device)) from error
        del stepper


def _faster_precision(
    make: Callable[[Plan], Stepper], stepper: Stepper, plan: Plan, batch: Batch
) -> tuple[Stepper, Plan]:
    """bf16 or fp32, whichever takes a step of this very model sooner; in doubt the machine's."""
    other = "fp32" if plan.precision == "bf16" else "bf16"
    rival_plan = replace(plan, precision=other)
    rival = make(rival_plan)
    times: dict[str, list[float]] = {plan.precision: [], other: []}
    rival.time(batch, plan.micro_batch)
    for _ in range(_TRIES):  # In turns: what else the machine does meets both.
        times[plan.precision].append(stepper.time(batch, plan.micro_batch))
        times[other].append(rival.time(batch, plan.micro_batch))
    if min(times[other]) < _CLEARLY * min(times[plan.precision]):
        return rival, rival_plan
    return stepper, plan


def _time_step(stepper: Stepper, batch: Batch, plan: Plan, first: float) -> float:
    """Seconds of one whole step."""
    pieces = -(-plan.batch // (plan.micro_batch * ranks()))
    if pieces > 1 and first * pieces > _LONG_SECONDS:
        # A whole step would be minutes in which nobody is heard.
        return pieces * min(first, stepper.time(batch, plan.micro_batch))
    times: list[float] = []
    for _ in range(PROBE_STEPS):
        begun = time.perf_counter()
        result = stepper.step(batch, plan.micro_batch, 0.0)
        float(result.loss)  # Waits for the device.
        times.append(time.perf_counter() - begun)
        if sum(times) > _ENOUGH_SECONDS and len(times) > 1:
            break
    return median(times[1:] or times)


def _measured_threads(stepper: Stepper, batch: Batch, plan: Plan) -> int:
    """Large products always gain from threads; whether short steps do is measured."""
    seconds: dict[int, float] = {}
    for count in candidates(plan.threads):
        torch.set_num_threads(count)
        seconds[count] = min(stepper.time(batch, plan.micro_batch) for _ in range(_TRIES))
    chosen = fastest(seconds)
    torch.set_num_threads(chosen)
    return chosen
