"""SIGKILL at the worst moments: nothing published is lost, at most the steps since a checkpoint are."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from core.engine.engine import Engine
from core.engine.launch import start_worker
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import TrainJob
from tests.faults.same_run import check_nothing_lost, told

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


def test_killed_while_it_writes_a_checkpoint_and_while_it_publishes(
    raised_home: Home, make_train_job: MakeJob
) -> None:
    """Whole processes, as the window starts them. (Many more kills, of forks, are in test_same_run.)"""
    job = make_train_job(
        raised_home, "Stories", "Ume", steps=6, evaluations=3, width=320, layers=3,
        feed_forward=960,
    )  # fmt: skip
    folder = JobFolder.create(raised_home.runs, "train", "Ume", job.model_dump(mode="json"))
    for half_done in ("runs/*/checkpoints/.step-*", "versions/.publishing-*/model.safetensors"):
        kill_when(start_worker(folder), lambda found=half_done: any(raised_home.path.glob(found)))
    run_to_the_end(raised_home, folder.id)
    check_nothing_lost(raised_home, folder, "Ume")
    assert len(told(folder)[0]) == 6


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
