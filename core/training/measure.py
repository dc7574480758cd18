"""The job that measures this machine for the planner."""

from __future__ import annotations

from typing import cast

from core.files import write_json
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import MeasureJob
from core.models.devices import choose_device, device_name, measure_machine


def run(context: WorkerContext) -> WorkOutcome:
    """Worker function of the job kind "measure": writes home's machine.json."""
    job = cast(MeasureJob, context.config)
    device, warning = choose_device(job.device)
    context.started(device=device_name(device))
    if warning is not None:
        context.warn("device", warning)
    context.phase("measuring")
    machine = measure_machine(device)
    write_json(context.home.machine_file, machine.model_dump(mode="json"))
    context.result(machine.model_dump(mode="json"))
    return "done"
