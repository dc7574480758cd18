"""A disk that fills up while a training writes: a sentence, and nothing lost."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from core import events as ev
from core.engine.engine import Engine
from core.errors import NoSpace
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.attempts import last_attempt
from core.jobs.kinds import TrainJob
from core.training.checkpoint import Checkpoints, RunState
from core.versions.library import VersionLibrary


@pytest.fixture
def home(raised_home: Home, small_disk: Path) -> Home:
    shutil.copytree(raised_home.path, small_disk / "home")
    return Home(small_disk / "home")


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    engine = Engine(home)
    yield engine
    engine.close(keep_trainings=False)


def fill(path: Path) -> None:
    """Write until not one byte more fits."""
    with path.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"\0" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC
                size //= 2


def until(condition: Callable[[], object], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_a_training_on_a_full_disk_says_so_and_goes_on_when_there_is_room(
    home: Home, engine: Engine, make_train_job: Callable[..., TrainJob]
) -> None:
    job = make_train_job(home, "Stories", "Ume", steps=1_000_000, evaluations=1000)
    run = engine.submit("train", job, "Ume")
    until(lambda: engine.record(run).checkpoint is not None)
    ballast = home.path / "ballast"
    fill(ballast)
    full = engine.wait(run, 90)
    assert full.state == "failed"
    assert full.error is not None
    assert "is full. Free at least" in full.error.english()
    ballast.unlink()
    kept = Checkpoints(JobFolder(home.runs / run).checkpoints).newest()
    assert kept is not None
    engine.resume(run)
    until(lambda: engine.record(run).attempt == 2 and len(engine.record(run).metrics) > 0)
    engine.finish(run)
    assert engine.wait(run, 90).state == "done"
    assert VersionLibrary(home).verify("Ume") == []
    assert VersionLibrary(home).verify("Kiku") == []
    assert last_attempt(JobFolder(home.runs / run)).number == 2


def test_a_checkpoint_that_does_not_fit_leaves_the_older_ones(small_disk: Path) -> None:
    checkpoints = Checkpoints(small_disk / "checkpoints")
    small = {"w": torch.ones(1000)}
    checkpoints.save(RunState(step=1), small, small)
    checkpoints.save(RunState(step=2), small, small)
    large = {"w": torch.ones(20 << 20)}
    with pytest.raises(NoSpace, match="what was saved is safe"):
        checkpoints.save(RunState(step=3), large, large)
    names = sorted(path.name for path in checkpoints.folder.iterdir())
    assert names == ["step-00000001", "step-00000002"]
    loaded = checkpoints.newest()
    assert loaded is not None
    assert loaded[0].step == 2


def test_an_event_that_does_not_fit_leaves_no_half_line(small_disk: Path) -> None:
    folder = JobFolder.create(small_disk / "runs", "train", "Ume", {})
    writer = EventWriter(folder, 1)
    writer.write(ev.Started())
    ballast = small_disk / "ballast"
    fill(ballast)
    columns: dict[str, list[float | int | None]] = {"step": list(range(3000))}
    with pytest.raises(NoSpace):
        for _ in range(100):
            writer.write(ev.Metrics(columns=columns))
    assert folder.events_file.read_bytes().endswith(b"\n")
    ballast.unlink()
    writer.write(ev.Heartbeat())
    writer.close()
    assert EventReader(folder).poll()[-1].event == "heartbeat"
