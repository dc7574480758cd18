"""Runs with real workers: queue, adoption, wishes at every moment, deaths."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator

import psutil
import pytest

from core import events as ev
from core.engine import supervisor
from core.engine.engine import Engine, find_run
from core.engine.launch import let_go, recorded_processes, start_worker
from core.engine.record import JobRecord
from core.errors import NotFound, StateError
from core.home import Home, Trash
from core.jobfolder import EventReader, JobFolder
from core.jobs.kinds import EvaluateJob, TrainJob
from core.versions.library import VersionLibrary

MakeJob = Callable[..., TrainJob]
Opener = Callable[[], Engine]


@pytest.fixture
def open_engine(raised_home: Home) -> Iterator[Opener]:
    """open_engine(): another window on the same home. What still runs at the end is killed."""
    opened: list[Engine] = []

    def make() -> Engine:
        opened.append(Engine(raised_home))
        return opened[-1]

    yield make
    for path in raised_home.runs.iterdir():
        for process in recorded_processes(JobFolder(path)):
            process.kill()
    for engine in opened:
        engine.close(keep_trainings=False)


@pytest.fixture
def engine(open_engine: Opener) -> Engine:
    return open_engine()


@pytest.fixture
def endless(raised_home: Home, make_train_job: MakeJob) -> TrainJob:
    return make_train_job(raised_home, "Stories", "Ume", steps=1_000_000, evaluations=1000)


@pytest.fixture
def short(raised_home: Home, make_train_job: MakeJob) -> TrainJob:
    return make_train_job(raised_home, "Stories", "Take", steps=4, evaluations=1)


def until(condition: Callable[[], object], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def trains(engine: Engine, run: str) -> Callable[[], bool]:
    """Whether the run has made a step."""
    return lambda: len(engine.record(run).metrics) > 0


def told(home: Home, run: str) -> list[ev.Event]:
    reader = EventReader(JobFolder(home.runs / run))
    found: list[ev.Event] = []
    while events := reader.poll():
        found += events
    return found


def check_attempts(home: Home, run: str) -> list[str]:
    """Outcomes of all attempts; each has exactly one beginning and one end."""
    events = told(home, run)
    begun = Counter(e.attempt for e in events if isinstance(e, ev.Started))
    ended = Counter(e.attempt for e in events if isinstance(e, ev.Ended))
    assert begun == ended == Counter(range(1, len(begun) + 1))
    return [e.outcome for e in events if isinstance(e, ev.Ended)]


def kill_worker(home: Home, run: str) -> None:
    [process] = recorded_processes(JobFolder(home.runs / run))
    process.kill()


# ---- one training at a time ----------------------------------------------------------------------


def test_a_training_that_its_window_left_goes_on_and_others_wait_for_it(
    raised_home: Home, open_engine: Opener, endless: TrainJob, short: TrainJob
) -> None:
    first = open_engine()
    left = first.submit("train", endless, "Ume")
    until(trains(first, left))
    first.close(keep_trainings=True)
    second = open_engine()
    waits = second.submit("train", short, "Take")
    third = open_engine()
    assert {r.id: r.state for r in third.rescan()}[left] == "running"
    steps = len(third.record(left).metrics)
    until(lambda: len(third.record(left).metrics) > steps)
    assert second.record(waits).state == "queued"
    assert third.record(waits).state == "queued"
    third.pause(left)
    assert third.wait(left, 90).state == "paused"
    assert second.wait(waits, 90).state == "done"
    until(lambda: third.record(waits).state == "done")
    assert VersionLibrary(raised_home).get("Take").manifest.run == waits
    assert check_attempts(raised_home, left) == ["paused"]
    assert check_attempts(raised_home, waits) == ["done"]


def test_wishes_for_a_queued_run(
    raised_home: Home, open_engine: Opener, endless: TrainJob, short: TrainJob
) -> None:
    engine, other = open_engine(), open_engine()
    running = engine.submit("train", endless, "Ume")
    paused = engine.submit("train", short, "Take")
    elsewhere = engine.submit("train", short, "Take")
    until(lambda: engine.record(paused).state == "queued")
    engine.pause(paused)
    assert engine.wait(paused, 30).state == "paused"
    other.cancel(elsewhere)  # Asked in another window, heard by the one that waits.
    assert engine.wait(elsewhere, 30).state == "cancelled"
    until(lambda: other.record(elsewhere).state == "cancelled")
    assert not any(type(e).__name__ == "Phase" for e in told(raised_home, paused))
    assert check_attempts(raised_home, paused) == ["paused"]
    assert check_attempts(raised_home, elsewhere) == ["cancelled"]
    until(trains(engine, running))
    engine.resume(paused)
    assert engine.record(paused).state == "queued"
    engine.cancel(running)
    assert engine.wait(running, 90).state == "cancelled"
    assert engine.wait(paused, 90).state == "done"
    assert check_attempts(raised_home, paused) == ["paused", "done"]


# ---- wishes --------------------------------------------------------------------------------------


def test_a_paused_run_can_be_finished_at_once(
    raised_home: Home, engine: Engine, endless: TrainJob
) -> None:
    run = engine.submit("train", endless, "Ume")
    engine.pause(run)  # Before its worker has even begun: not lost.
    assert engine.wait(run, 90).state == "paused"
    with pytest.raises(StateError, match="Resume it first"):
        engine.finish(run)
    engine.resume(run)
    until(trains(engine, run))
    engine.pause(run)
    paused = engine.wait(run, 90)
    assert paused.state == "paused"
    curve = len(paused.metrics)
    engine.resume(run)
    engine.finish(run)  # While it is queued or starting.
    done = engine.wait(run, 90)
    assert done.state == "done"
    assert done.published is not None
    assert len(done.metrics) >= curve
    assert check_attempts(raised_home, run)[1:] == ["paused", "done"]
    with pytest.raises(StateError, match="Start a new one"):
        engine.resume(run)


def test_a_pause_in_the_queue_does_not_cut_the_curve(
    raised_home: Home, engine: Engine, endless: TrainJob, short: TrainJob
) -> None:
    run = engine.submit("train", endless, "Ume")
    until(trains(engine, run))
    engine.pause(run)
    before = engine.wait(run, 90)
    checkpoint = before.checkpoint
    assert checkpoint is not None
    blocker = engine.submit("train", endless.model_copy(update={"version": "Take"}), "Take")
    until(lambda: engine.record(blocker).state != "queued")
    engine.resume(run)
    engine.pause(run)
    again = engine.wait(run, 30)
    assert again.state == "paused"
    assert again.metrics.last("step") == checkpoint.step
    assert len(again.metrics) == len(before.metrics)


# ---- deaths --------------------------------------------------------------------------------------


def test_a_killed_worker_is_died_with_its_cause_said_once_and_resumes(
    raised_home: Home, open_engine: Opener, endless: TrainJob
) -> None:
    engine, onlooker = open_engine(), open_engine()
    run = engine.submit("train", endless, "Ume")
    until(lambda: engine.record(run).checkpoint is not None)
    onlooker.rescan()
    until(trains(onlooker, run))
    kill_worker(raised_home, run)
    died = engine.wait(run, 60)
    assert died.state == "died"
    assert died.error is not None
    assert "SIGKILL" in died.error.english()
    until(lambda: onlooker.record(run).state == "died")
    onlooker.resume(run)
    until(lambda: onlooker.record(run).state == "running")
    assert onlooker.record(run).attempt == 2
    engine.rescan()  # The first window sees that somebody else goes on with it.
    until(lambda: engine.record(run).state == "running")
    onlooker.finish(run)
    assert onlooker.wait(run, 90).state == "done"
    assert check_attempts(raised_home, run) == ["died", "done"]


def test_a_run_goes_on_while_the_thread_of_its_last_attempt_is_still_leaving(
    open_engine: Opener, endless: TrainJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine()
    run = engine.submit("train", endless, "Ume")
    until(lambda: engine.record(run).state == "running")

    def slowly(process: subprocess.Popen[bytes]) -> None:
        time.sleep(0.5)
        let_go(process)

    monkeypatch.setattr(supervisor, "let_go", slowly)
    engine.pause(run)
    until(lambda: not engine.record(run).active)
    engine.resume(run)
    engine.cancel(run)
    assert engine.wait(run, 60).state == "cancelled"


def test_a_run_that_died_with_its_window_is_found_and_buried(
    raised_home: Home, open_engine: Opener, endless: TrainJob
) -> None:
    folder = JobFolder.create(raised_home.runs, "train", "Ume", endless.model_dump(mode="json"))
    worker = start_worker(folder)
    until(lambda: any(isinstance(e, ev.Metrics) for e in told(raised_home, folder.id)))
    psutil.Process(worker.pid).kill()
    worker.wait()
    with folder.events_file.open("ab") as file:
        file.write(b'{"event": "metrics", "v": 1, "columns": {"st')  # Torn in the middle.
    for engine in (open_engine(), open_engine()):
        engine.rescan()
        assert engine.record(folder.id).state == "died"
    assert check_attempts(raised_home, folder.id) == ["died"]


def test_a_run_that_was_queued_when_the_machine_stopped_can_be_resumed(
    raised_home: Home, engine: Engine, short: TrainJob
) -> None:
    folder = JobFolder.create(raised_home.runs, "train", "Take", short.model_dump(mode="json"))
    engine.rescan()
    record = engine.record(folder.id)
    assert (record.state, record.resumable) == ("paused", True)
    engine.resume(folder.id)
    assert engine.wait(folder.id, 90).state == "done"


def test_a_failure_is_told_as_its_own_sentence(
    raised_home: Home, engine: Engine, short: TrainJob
) -> None:
    run = engine.submit("train", short.model_copy(update={"device": "tpu"}), "Take")
    failed = engine.wait(run, 60)
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.english() == "The device “tpu” is not available here. Available: cpu."
    engine.resume(run)
    assert engine.wait(run, 60).state == "failed"
    assert check_attempts(raised_home, run) == ["failed", "failed"]


# ---- others' jobs --------------------------------------------------------------------------------


def test_closing_a_window_leaves_the_jobs_of_another_alone(
    raised_home: Home, open_engine: Opener
) -> None:
    engine, other = open_engine(), open_engine()
    run = engine.submit("evaluate", EvaluateJob(versions=["Kiku"], opening="The"), "Kiku")
    until(lambda: (raised_home.runs / run / "ranks" / "0.json").exists())
    other.rescan()
    other.close()
    done = engine.wait(run, 90)
    assert done.state == "done", done.error
    assert check_attempts(raised_home, run) == ["done"]


def test_a_run_is_found_by_a_part_of_its_id_and_removed_to_the_trash(
    raised_home: Home, engine: Engine
) -> None:
    [run] = [p.name for p in raised_home.runs.iterdir() if "-train-" in p.name]
    assert find_run(engine, run[-4:], raised_home.runs).id == run
    with pytest.raises(NotFound):
        find_run(engine, "nothing-like-it", raised_home.runs)
    trashed = engine.remove(run)
    assert not (raised_home.runs / run).exists()
    assert [item.id for item in Trash(raised_home).list()] == [trashed.id]
    assert isinstance(engine.records(), list)
    with pytest.raises(NotFound):
        engine.record(run)


def test_a_damaged_run_does_not_hide_the_others(raised_home: Home, engine: Engine) -> None:
    broken = raised_home.runs / "20200101-000000-train-dead"
    broken.mkdir()
    (broken / "job.json").write_text('{"schema": 1, "kin')
    found: list[JobRecord] = engine.rescan()
    assert found
    assert broken.name not in {record.id for record in found}
