"""A disk that fills up while a training writes: it waits with a sentence, and nothing is lost."""

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
from core.sentences import Sentence
from core.training.checkpoint import Checkpoints, RunState
from core.versions.library import VersionLibrary
from tests.faults.same_run import decided, folder_of, same_weights, told

MakeJob = Callable[..., TrainJob]
STEPS = 60


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


def until(condition: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def endless(make: MakeJob, home: Home) -> TrainJob:
    return make(home, "Stories", "Ume", steps=1_000_000, evaluations=1000, checkpoint_seconds=1)


def wait_on_a_full_disk(engine: Engine, job: TrainJob) -> tuple[str, Path]:
    """A run that began, and waits for room by now; and what takes the room."""
    run = engine.submit("train", job, "Ume")
    until(lambda: engine.record(run).checkpoint is not None)
    ballast = engine.home.path / "ballast"
    fill(ballast)
    until(lambda: engine.record(run).phase == "waiting-for-room")
    return run, ballast


def test_a_training_waits_on_a_full_disk_and_then_is_the_run_it_would_have_been(
    home: Home, raised_home: Home, engine: Engine, make_train_job: MakeJob
) -> None:
    job = make_train_job(raised_home, "Stories", "Ume", steps=STEPS, evaluations=20)
    job = decided(raised_home, job, STEPS)
    assert job.decisions is not None
    job.decisions["plan"] |= {"batch": 32, "micro_batch": 32}  # Long enough for the disk to fill.
    whole = folder_of(raised_home, job, "whole")
    roomy = Engine(raised_home)
    roomy.resume(whole.id)
    run, ballast = wait_on_a_full_disk(engine, job.model_copy(update={"version": "waited"}))
    record = engine.record(run)
    said = Sentence.from_json(record.warnings[-1].sentence).english()
    assert "is full. Free at least" in said
    assert str(home.path) in said
    step = record.metrics.last("step")
    time.sleep(1)
    assert engine.record(run).state == "running"
    assert engine.record(run).metrics.last("step") == step, "no step while nobody could see it"
    ballast.unlink()
    assert engine.wait(run, 120).state == "done", engine.record(run).error
    assert roomy.wait(whole.id, 120).state == "done"
    roomy.close()
    assert told(JobFolder(home.runs / run)) == told(whole)
    shutil.copytree(home.versions / "waited", raised_home.versions / "waited")
    assert same_weights(raised_home, "whole", "waited")
    assert VersionLibrary(home).verify("waited") == []
    assert last_attempt(JobFolder(home.runs / run)).number == 1
    assert not JobFolder(home.runs / run).reserve_file.exists()


def test_a_training_that_waits_for_room_can_be_paused_and_later_finishes_when_there_is_room(
    home: Home, engine: Engine, make_train_job: MakeJob
) -> None:
    run, ballast = wait_on_a_full_disk(engine, endless(make_train_job, home))
    engine.pause(run)
    assert engine.wait(run, 60).state == "paused"
    ballast.unlink()
    assert Checkpoints(JobFolder(home.runs / run).checkpoints).newest() is not None
    engine.resume(run)
    until(lambda: engine.record(run).attempt == 2 and len(engine.record(run).metrics) > 0)
    fill(ballast)
    until(lambda: engine.record(run).phase == "waiting-for-room")
    engine.finish(run)  # A wish that is kept until it can be fulfilled.
    time.sleep(0.5)
    assert engine.record(run).phase == "waiting-for-room"
    ballast.unlink()
    assert engine.wait(run, 90).state == "done"
    assert VersionLibrary(home).verify("Ume") == []
    assert VersionLibrary(home).verify("Kiku") == []


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


def test_older_checkpoints_give_way_before_the_disk_is_full(small_disk: Path) -> None:
    checkpoints = Checkpoints(small_disk / "checkpoints", gigabytes=1.0)
    for step in range(1, 7):  # Each takes 12 MB of 64; without giving way the sixth would not fit.
        checkpoints.save(
            RunState(step=step), {"w": torch.ones(1 << 20)}, {"m": torch.ones(2 << 20)}
        )
    loaded = checkpoints.newest()
    assert loaded is not None
    assert loaded[0].step == 6


def columns(rows: int) -> dict[str, list[float | int | None]]:
    return {"step": list(range(rows))}


def test_an_event_that_does_not_fit_leaves_no_half_line(small_disk: Path) -> None:
    folder = JobFolder.create(small_disk / "runs", "train", "Ume", {})
    writer = EventWriter(folder, 1)
    writer.write(ev.Started())
    ballast = small_disk / "ballast"
    fill(ballast)
    with pytest.raises(NoSpace):
        for _ in range(100):
            writer.write(ev.Metrics(columns=columns(3000)))
    assert folder.events_file.read_bytes().endswith(b"\n")
    ballast.unlink()
    writer.write(ev.Heartbeat())
    writer.close()
    assert EventReader(folder).poll()[-1].event == "heartbeat"


def test_a_patient_writer_keeps_what_does_not_fit_and_can_still_be_asked_and_end(
    small_disk: Path,
) -> None:
    folder = JobFolder.create(small_disk / "runs", "train", "Ume", {})
    writer = EventWriter(folder, 1)
    writer.be_patient()
    writer.write(ev.Started())
    ballast = small_disk / "ballast"
    fill(ballast)
    for number in range(100):
        writer.write(ev.Metrics(columns={**columns(3000), "number": [number] * 3000}))
    assert writer.waiting
    folder.ask(1, "pause")
    assert folder.asked(1) == "pause"
    assert folder.events_file.read_bytes().endswith(b"\n")
    ballast.unlink()
    writer.room_again()
    writer.write(ev.Ended(outcome="paused"))
    writer.close()
    reader = EventReader(folder)
    events: list[ev.Event] = []
    while found := reader.poll():
        events += found
    numbers = [e.columns["number"][0] for e in events if isinstance(e, ev.Metrics)]
    assert numbers == list(range(100))
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
