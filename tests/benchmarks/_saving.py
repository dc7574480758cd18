"""What a checkpoint of a 30M training costs: `python -m tests.benchmarks._saving PAIRS` prints JSON."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks._steps import SIZES

_STEPS = 5


def _measure(pairs: int, home: Path) -> dict[str, Any]:
    """Blocks of steps, in turn without and with a checkpoint that is written beside them."""
    import torch

    from core.home import Home
    from core.jobfolder import EventWriter, JobFolder
    from core.jobs.context import WorkerContext
    from core.jobs.kinds import MeasureJob
    from core.models.qwen3.init import initialise
    from core.models.qwen3.model import Qwen3
    from core.objectives.batch import Batch
    from core.training.checkpoint import Checkpoints, RunState
    from core.training.optimiser import Rates
    from core.training.room import Room
    from core.training.saving import Saver
    from core.training.stepper import Stepper
    from core.training.tensorfile import tensor_bytes

    config, _ = SIZES["30M"]
    model = Qwen3(config)
    initialise(model, 1)
    stepper = Stepper(model, torch.bfloat16, Rates(1e-3, 1e-3, 1e-3), "muon", 0.9, 0.0, 1.0)
    folder = JobFolder.create(home / "runs", "measure", "saving", {})
    job = folder.read()
    writer = EventWriter(folder, 1)
    context = WorkerContext(Home(home), folder, job, MeasureJob(), 1, writer)
    checkpoints = Checkpoints(folder.checkpoints)
    saver = Saver(context, checkpoints, stepper, 45.0, Room(context))
    tokens = torch.randint(config.vocabulary, (1, config.context + 1))
    batch = Batch(tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous(), None)

    def block(step: int, saves: bool) -> float:
        begun = time.process_time()  # Of all threads: other programs do not count.
        if saves:
            saver.save(RunState(step=step), "time")
        for _ in range(_STEPS):
            float(stepper.step(batch, 1, 0.01).loss)
            saver.poll()
        saver.settle()
        return time.process_time() - begun

    block(0, saves=False)
    without, beside, stalls, spent = [], [], [], []
    for pair in range(pairs):
        for saves in (False, True) if pair % 2 else (True, False):
            before = saver.spent
            (beside if saves else without).append(block(pair + 1, saves))
            if saves:
                spent.append(saver.spent - before)
                stalls.append(saver.copying)
    size = tensor_bytes(stepper.weights()) + tensor_bytes(stepper.optimiser.state())
    waited = time.monotonic()
    saver.save(RunState(step=10_000), "pause", wait=True)
    waited = time.monotonic() - waited
    saver.close()
    return {
        "bytes": size, "steps": _STEPS, "block": median(without),
        "difference": median(b - w for b, w in zip(beside, without, strict=True)),
        "spent": median(spent), "stall": max(stalls), "waited": waited,
    }  # fmt: skip


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="terakoya-saving-") as place:
        sys.stdout.write(json.dumps(_measure(int(sys.argv[1]), Path(place))) + "\n")
