"""When a step finds no memory: smaller pieces of the same batch, said, and on."""

from __future__ import annotations

import torch

from core.errors import OutOfMemory
from core.jobs.context import WorkerContext
from core.jobs.relief import relieve
from core.models.devices import device_name
from core.objectives.batch import Batch
from core.planning.plan import Plan
from core.reasons import is_out_of_memory
from core.training.prepare import Prepared
from core.training.stepper import StepResult


def step_in_memory(
    context: WorkerContext, prepared: Prepared, batch: Batch, factor: float, step: int
) -> StepResult:
    """One step; where memory is not enough, again with half of the micro-batch, at last with
    activation checkpointing. Each change is written into the job folder first.

    Raises:
        OutOfMemory: Nothing is left to spare, or the weights were being changed.
    """
    stepper = prepared.stepper
    while True:
        try:
            return stepper.step(batch, prepared.plan.micro_batch, factor)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            stepper.drop_gradients()
            sentence = relieve(context.folder)
            if sentence is None or stepper.updating:  # Half changed: go on from a checkpoint.
                raise OutOfMemory(device=device_name(prepared.device)) from error
        if prepared.device.type == "cuda":
            torch.cuda.empty_cache()
        prepared.decisions["plan"] = context.folder.read().config["decisions"]["plan"]
        prepared.plan = Plan(**prepared.decisions["plan"])
        stepper.checkpointing = prepared.plan.activation_checkpointing
        context.warn("less-memory", sentence, step)
