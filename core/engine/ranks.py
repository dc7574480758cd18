"""With how many processes a job works on this machine."""

from __future__ import annotations

import sys

import psutil
from pydantic import ValidationError

from core.errors import TerakoyaError
from core.hardware import devices, gpus
from core.jobfolder import JobFolder
from core.jobs.kinds import KINDS, TrainJob


def ranks_of(folder: JobFolder) -> int:
    """1 for everything but trainings. Of these, what the job says (`devices`), else what it began
    with, else one for each GPU that can be used (and one where there is none).

    A run that has begun goes on with fewer where there are fewer now, and says so. One that has not
    begins as a single process where too many are wanted: that one tells why it cannot.
    """
    try:
        job = folder.read()
        kind = KINDS.get(job.kind)
        config = kind.config.model_validate(job.config) if kind else None
    except (TerakoyaError, ValidationError):
        return 1  # The worker says what is wrong.
    if not isinstance(config, TrainJob):
        return 1
    if config.recipe.method == "lora":
        return 1  # Adapters are small: there is nothing to share out.
    if config.recipe.objective != "causal":
        return 1  # What several devices minimise together is the loss of the next token.
    decisions = config.decisions or {}
    begun = decisions.get("ranks")
    device = config.wanted_device
    if (config.devices or begun) == 1 or device == "mps":
        return 1
    most = 0 if device == "cpu" else usable_gpus(device)
    wanted = config.devices or begun or most
    if most == 0:  # Several processes on the processor only if it was chosen for them.
        if config.devices is None or decisions.get("machine", {}).get("device") == "cuda":
            return 1
        most = psutil.cpu_count() or 1
    if wanted <= most:
        return max(1, wanted)
    return most if begun else 1


def usable_gpus(wanted: str) -> int:
    """How many GPUs can train one model together: all, if every one can be used and they are of
    one kind (the slowest would hold the others up). 0 where there is none."""
    if wanted not in ("auto", "cuda"):
        return 1
    if sys.platform == "win32" or len(gpus()) < 2:  # NCCL is for Linux only.
        return min(1, len(gpus()))
    found = [device for device in devices() if device.platform in ("CUDA", "ROCm")]
    alike = len({device.name for device in found}) == 1
    whole = all(device.id and device.fault is None for device in found)
    return len(found) if alike and whole else min(1, len(found))
