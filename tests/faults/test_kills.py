"""SIGKILL at the worst moments: nothing published is lost, at most the steps since a checkpoint are."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from core import events as ev
from core.engine.engine import Engine
from core.engine.launch import start_worker
from core.home import Home
from core.jobfolder import EventReader, JobFolder
from core.jobs.kinds import TrainJob
from core.versions.library import VersionLibrary

MakeJob = Callable[..., TrainJob]


def kill_when(
    worker: subprocess.Popen[bytes], condition: Callable[[], object], seconds: float = 90
) -> bool:
    """False if the worker had ended before."""
    end = time.monotonic() + seconds
    while not condition():
        if worker.poll() is not None:
            return False
        assert time.monotonic() < end
        time.sleep(0.001)
    psutil.Process(worker.pid).kill()
    worker.wait()
    return True


def run_to_the_end(home: Home, run: str) -> None:
    engine = Engine(home)
    try:
        engine.rescan()
        assert engine.record(run).state in ("died", "done", "paused")
        if engine.record(run).state != "done":
            engine.resume(run)
            done = engine.wait(run, 120)
            assert done.state == "done", done.error
    finally:
        engine.close(keep_trainings=False)


def check(home: Home, run: str) -> None:
    """One version, whole; no left-overs; every attempt with one beginning and one end."""
    library = VersionLibrary(home)
    assert [e.name for e in library.list() if e.manifest.run == run] == ["Ume"]
    assert library.get("Ume").problem is None
    assert library.verify("Ume") == []
    assert library.verify("Kiku") == []
    assert list(home.versions.glob(".publishing-*")) == []
    assert list((home.runs / run / "checkpoints").glob(".*")) == []
    reader = EventReader(JobFolder(home.runs / run))
    events: list[ev.Event] = []
    while found := reader.poll():
        events += found
    begun = Counter(e.attempt for e in events if isinstance(e, ev.Started))
    ended = Counter(e.attempt for e in events if isinstance(e, ev.Ended))
    assert begun == ended == Counter(range(1, len(begun) + 1))
    steps: list[int] = []
    for event in events:  # As a reader sees it: every step once.
        if isinstance(event, ev.Started):
            steps = [s for s in steps if s <= event.from_step]
        elif isinstance(event, ev.Metrics):
            steps += [int(s or 0) for s in event.columns["step"]]
    assert steps == list(range(1, steps[-1] + 1))


@pytest.mark.parametrize(
    "half_done", ["runs/*/checkpoints/.step-*", "versions/.publishing-*/model.safetensors"]
)
def test_killed_while_it_writes(raised_home: Home, make_train_job: MakeJob, half_done: str) -> None:
    job = make_train_job(
        raised_home, "Stories", "Ume", steps=12, evaluations=4, width=320, layers=3,
        feed_forward=960,
    )  # fmt: skip
    folder = JobFolder.create(raised_home.runs, "train", "Ume", job.model_dump(mode="json"))
    for _ in range(2):
        kill_when(start_worker(folder), lambda: any(raised_home.path.glob(half_done)))
    run_to_the_end(raised_home, folder.id)
    check(raised_home, folder.id)


def test_killed_at_any_moment(raised_home: Home, make_train_job: MakeJob) -> None:
    job = make_train_job(raised_home, "Stories", "Ume", steps=120, evaluations=12)
    folder = JobFolder.create(raised_home.runs, "train", "Ume", job.model_dump(mode="json"))
    chance = random.Random()
    moments = [round(chance.uniform(0.05, 4.0), 2) for _ in range(3)]
    print(f"killed after {moments} seconds")  # noqa: T201  Shown when the test fails.
    for seconds in moments:
        end = time.monotonic() + seconds
        kill_when(start_worker(folder), lambda end=end: time.monotonic() > end)
    run_to_the_end(raised_home, folder.id)
    check(raised_home, folder.id)


def test_a_worker_that_hears_nothing_is_killed_after_the_ladder(
    raised_home: Home, make_train_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engine.supervisor.TERMINATE_AFTER", 0.3)
    monkeypatch.setattr("core.engine.supervisor.KILL_AFTER", 0.3)
    job = make_train_job(raised_home, "Stories", "Ume", steps=1_000_000, evaluations=1000)
    engine = Engine(raised_home)
    try:
        run = engine.submit("train", job, "Ume")
        end = time.monotonic() + 90
        while not len(engine.record(run).metrics):
            assert time.monotonic() < end
            time.sleep(0.02)
        pid = int(_rank(raised_home, run)["pid"])
        psutil.Process(pid).suspend()  # As a hung driver would.
        engine.pause(run)
        died = engine.wait(run, 60)
        assert died.state == "died"
        assert died.resumable
        assert not psutil.pid_exists(pid)
    finally:
        engine.close(keep_trainings=False)


def _rank(home: Home, run: str) -> dict[str, int]:
    from core.files import read_json

    path: Path = JobFolder(home.runs / run).rank_file(0)
    return read_json(path)
