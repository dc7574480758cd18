"""One training on two processes: loses one, loses the first, is paused, and goes on on one device."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from safetensors.torch import load_file

from core import events as ev
from core.engine.launch import recorded_processes, start_worker
from core.errors import sentence_of
from core.files import read_json
from core.home import Home
from core.jobfolder import EventReader, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.sentences import values_from_json

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's"),
    pytest.mark.timeout(600),  # Three starts of three processes, on a machine that may be busy.
]

# Small rates: rounding must not grow to something that can be seen.
SIZES = {
    "steps": 60, "batch": 12, "micro_batch": 4, "evaluations": 6, "layers": 2, "precision": "fp32",
    "learning_rate": 0.004, "embedding_rate": 0.02, "head_rate": 0.002,
}  # fmt: skip


def events_of(folder: JobFolder, kind: type[Any]) -> list[Any]:
    reader = EventReader(folder)
    found: list[Any] = []
    while events := reader.poll():
        found += [event for event in events if isinstance(event, kind)]
    return found


def losses_of(folder: JobFolder) -> dict[int, float]:
    """By step; what a resumed attempt does again replaces what was there."""
    found: dict[int, float] = {}
    for event in events_of(folder, ev.Event):
        if isinstance(event, ev.Started):
            found = {step: loss for step, loss in found.items() if step <= event.from_step}
        elif isinstance(event, ev.Metrics):
            found |= dict(zip(event.columns["step"], event.columns["loss"], strict=True))  # type: ignore[arg-type]
    return found


def wait_for(condition: Callable[[], bool], folder: JobFolder) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, folder.stderr_file.read_text()
        time.sleep(0.02)


def pid_of(folder: JobFolder, rank: int) -> int:
    return int(read_json(folder.rank_file(rank))["pid"])


def ended(folder: JobFolder, attempt: int) -> ev.Ended:
    found = [event for event in events_of(folder, ev.Ended) if event.attempt == attempt]
    assert len(found) == 1, "each attempt has exactly one end"
    return found[0]


def words(end: ev.Ended) -> str:
    return sentence_of(end.code, values_from_json(end.values)).english()


def test_a_run_that_changes_its_number_of_devices_is_the_run_on_one(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Callable[..., Any]
) -> None:
    job = make_train_job(raised_home, "Stories", "whole", **SIZES)
    whole = train_here(raised_home, job.model_copy(update={"device": "cpu"}))
    decisions = whole.folder.read().config["decisions"]
    assert decisions["ranks"] == 1
    changed = job.model_copy(
        update={"version": "parts", "device": "cpu", "devices": 2, "decisions": decisions}
    )
    folder = JobFolder.create(raised_home.runs, "train", "parts", changed.model_dump(mode="json"))

    # The second process is killed: the first says so, and all end at once.
    worker = start_worker(folder)
    wait_for(lambda: len(events_of(folder, ev.Checkpoint)) >= 2, folder)
    psutil.Process(pid_of(folder, 1)).kill()
    assert worker.wait(timeout=60) == 1
    assert not recorded_processes(folder)
    end = ended(folder, 1)
    assert end.code == "rank-lost"
    assert "Process 2 of the 2" in words(end)
    assert [e.details["ranks"] for e in events_of(folder, ev.Started)] == [2]
    assert not (folder.stderr_file.read_text() or "").count("Traceback")

    # One device reads what two have written, and goes on.
    saved = events_of(folder, ev.Checkpoint)[-1]
    assert (folder.path / saved.path / "shards.json").is_file()

    def soon(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Evaluated) and event.step > saved.step:
            context.request_pause()

    alone = train_here(raised_home, folder, soon)
    assert alone.outcome == "paused"
    assert alone.of(ev.Started)[0].from_step == saved.step
    assert {"before": 2, "now": 1} in [e.sentence["values"] for e in alone.of(ev.Warned)]
    assert (folder.path / alone.of(ev.Checkpoint)[-1].path / "model.safetensors").is_file()

    # Two again, from what one has written. The first is killed: the launcher dies of it as well.
    begun = max(losses_of(folder))
    worker = start_worker(folder)
    wait_for(lambda: max(losses_of(folder)) > begun + 2, folder)
    psutil.Process(pid_of(folder, 0)).kill()
    assert worker.wait(timeout=60) == -signal.SIGKILL
    assert not recorded_processes(folder)

    # A third time; the launcher is told to stop, which is a pause.
    begun = events_of(folder, ev.Checkpoint)[-1].step
    worker = start_worker(folder)
    wait_for(lambda: len(events_of(folder, ev.Started)) == 4, folder)
    wait_for(lambda: max(losses_of(folder)) > begun, folder)
    worker.terminate()
    assert worker.wait(timeout=60) == 0
    assert ended(folder, 3).outcome == "died"  # Written by the fourth attempt.
    assert ended(folder, 4).outcome == "paused"

    last = train_here(raised_home, folder)
    assert last.outcome == "done"
    same(folder, whole.folder, raised_home.versions)


def same(folder: JobFolder, whole: JobFolder, versions: Path) -> None:
    """The curve, and the published version."""
    ours, theirs = losses_of(folder), losses_of(whole)
    assert set(ours) == set(theirs)
    assert ours == pytest.approx(theirs, abs=1e-3)
    one, two = (load_file(versions / name / "model.safetensors") for name in ("whole", "parts"))
    apart = sum(float((one[n] - two[n]).square().sum()) for n in one) ** 0.5
    assert apart < 0.02 * sum(float(w.square().sum()) for w in one.values()) ** 0.5
    figures = [read_json(versions / n / "version.json")["measures"] for n in ("whole", "parts")]
    bits = [f["heldout_bits_per_byte"] for f in figures]
    assert bits[0] == pytest.approx(bits[1], abs=2e-3)
