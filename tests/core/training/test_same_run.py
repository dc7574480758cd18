"""A run that is killed and resumed is the run that was never killed: bit for bit, on one device."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable

import psutil
import pytest
from safetensors.torch import load_file

from core import events as ev
from core.engine.launch import start_worker
from core.home import Home
from core.jobfolder import EventReader, JobFolder
from core.jobs.kinds import TrainJob

STEPS = 40


def losses_of(folder: JobFolder) -> dict[int, float]:
    """By step; what a resumed attempt does again replaces what was there."""
    found: dict[int, float] = {}
    reader = EventReader(folder)
    while events := reader.poll():
        for event in events:
            if isinstance(event, ev.Started):
                found = {s: loss for s, loss in found.items() if s <= event.from_step}
            elif isinstance(event, ev.Metrics):
                found |= dict(zip(event.columns["step"], event.columns["loss"], strict=True))  # type: ignore[arg-type]
    return found


def measures_of(folder: JobFolder) -> dict[int, float]:
    found: dict[int, float] = {}
    reader = EventReader(folder)
    while events := reader.poll():
        found |= {e.step: e.loss or 0.0 for e in events if isinstance(e, ev.Evaluated)}
    return found


def finish(worker: subprocess.Popen[bytes], folder: JobFolder) -> None:
    assert worker.wait(timeout=120) == 0, folder.stderr_file.read_text()


def kill_at(worker: subprocess.Popen[bytes], folder: JobFolder, step: int) -> int:
    """SIGKILL once the metrics have reached `step`; returns the last step that they tell of."""
    end = time.monotonic() + 120
    while (last := max(losses_of(folder), default=0)) < step:
        assert worker.poll() is None, folder.stderr_file.read_text()
        assert time.monotonic() < end
        time.sleep(0.01)
    psutil.Process(worker.pid).kill()
    worker.wait()
    return last


def slow(job: TrainJob) -> TrainJob:
    """Steps long enough to be killed between, and a checkpoint every few of them."""
    changes = {"steps": STEPS, "batch": 32, "evaluations": 8, "layers": 2, "micro_batch": 24}
    return job.model_copy(update={"recipe": job.recipe.model_copy(update=changes)})


@pytest.mark.parametrize("optimiser", ["muon"])
def test_killed_twice_and_resumed_gives_the_same_losses_and_weights(
    raised_home: Home, make_train_job: Callable[..., TrainJob], optimiser: str
) -> None:
    job = slow(make_train_job(raised_home, "Stories", "whole", optimiser=optimiser))
    whole = JobFolder.create(raised_home.runs, "train", "whole", job.model_dump(mode="json"))
    finish(start_worker(whole), whole)
    # What a machine decides is part of the run: the second one begins with the same decisions.
    decisions = whole.read().config["decisions"]
    other = job.model_copy(update={"version": "killed", "decisions": decisions})
    killed = JobFolder.create(raised_home.runs, "train", "killed", other.model_dump(mode="json"))
    chance = random.Random()
    first, second = sorted(chance.sample(range(8, STEPS - 6), 2))
    print(f"killed at {first} and {second}")  # noqa: T201  Shown when the test fails.
    kill_at(start_worker(killed), killed, first)
    kill_at(start_worker(killed), killed, second)
    finish(start_worker(killed), killed)
    assert losses_of(killed) == losses_of(whole)
    assert measures_of(killed) == measures_of(whole)
    one = load_file(raised_home.versions / "whole" / "model.safetensors")
    two = load_file(raised_home.versions / "killed" / "model.safetensors")
    assert set(one) == set(two)
    assert all(one[name].equal(two[name]) for name in one)
