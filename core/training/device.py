"""What a training says of its device before it begins, and when it goes on on another one."""

from __future__ import annotations

import torch

from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.models.devices import choose_device, device_name
from core.sentences import N_, Sentence


def tell_device(context: WorkerContext, job: TrainJob, device: torch.device) -> TrainJob:
    """Warn of a GPU that is passed over, and of a device of another kind than the run began on;
    that change is written down first, so that the next attempt stays there. Returns the job with
    its decisions as they are now."""
    warning = choose_device(job.wanted_device).warning
    if warning is not None:
        context.warn("device", warning)
    if job.decisions is None or job.began_on in (None, device.type):
        return job
    before = str(job.decisions["machine"].get("name") or job.began_on)
    machine = {**job.decisions["machine"], "device": device.type, "name": device_name(device)}
    decisions = {**job.decisions, "machine": machine}
    context.folder.update_config({"decisions": decisions})
    text = N_("Warnings", "The run began on “{before}” and goes on on “{now}”: from here on its figures differ in their last digits, and its speed by much.")  # fmt: skip
    context.warn("device-changed", Sentence("Warnings", text, {"before": before, "now": device_name(device)}))  # fmt: skip
    return job.model_copy(update={"decisions": decisions})
