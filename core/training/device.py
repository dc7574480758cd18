"""What a training says of its device before it begins, and when it goes on on another one."""

from __future__ import annotations

from typing import Any

import torch

from core.hardware import cores
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.models.devices import choose_device, device_name
from core.sentences import N_, Sentence
from core.training.distributed.together import ranks


def tell_device(context: WorkerContext, job: TrainJob, device: torch.device) -> TrainJob:
    """Warn of a GPU that is passed over, and of another device than the run began on (also another
    computer's); that change is written down first, so that the next attempt stays there. Returns
    the job with its decisions as they are now."""
    warning = choose_device(job.wanted_device).warning if ranks() == 1 else None
    if warning is not None:
        context.warn("device", warning)
    if job.decisions is None or job.began_on is None:
        return job
    now, before = device_name(device), str(job.decisions["machine"].get("name") or job.began_on)
    if job.began_on == device.type and before in (now, job.began_on):
        return job
    decisions = _moved(job.decisions, device, now)
    context.folder.update_config({"decisions": decisions})
    text = N_("Warnings", "The run began on “{before}” and goes on on “{now}”: from here on its figures differ in their last digits, and so may its speed.")  # fmt: skip
    context.warn("device-changed", Sentence("Warnings", text, {"before": before, "now": now}))
    return job.model_copy(update={"decisions": decisions})


def _moved(decisions: dict[str, Any], device: torch.device, name: str) -> dict[str, Any]:
    """The decisions of a run that another device goes on with: no more threads than it has cores."""
    machine = {**decisions["machine"], "device": device.type, "name": name}
    plan: dict[str, Any] = {**decisions["plan"], "device": device.type}
    if plan["threads"] <= cores():
        return {**decisions, "plan": plan, "machine": machine}
    plan["threads"] = machine["threads"] = cores()
    return {**decisions, "plan": plan, "machine": machine, "threads": []}
