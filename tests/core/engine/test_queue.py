"""The line of waiting runs: one order over all windows, whoever is gone does not hold it up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from core.engine.engine import Engine
from core.engine.queue import Place
from core.files import FileLock
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import EvaluateJob


@pytest.fixture
def waiting(empty_home: Home) -> Iterator[Callable[[str], JobFolder]]:
    """waiting(title): a run that stands in the line, with a supervisor that lives."""
    locks: list[FileLock] = []

    def make(title: str) -> JobFolder:
        folder = JobFolder.create(empty_home.runs, "train", title, {})
        locks.append(folder.supervisor_lock())
        assert locks[-1].acquire()
        Place(folder).take()
        return folder

    yield make
    for lock in locks:
        lock.release()


def numbers(*folders: JobFolder) -> list[int | None]:
    return [Place(folder).number() for folder in folders]


def test_who_comes_later_stands_behind_also_when_the_clock_went_back(
    waiting: Callable[[str], JobFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = waiting("a")
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    monkeypatch.setattr(time, "strftime", lambda *_: "19700101-000000")
    second, third = waiting("b"), waiting("c")
    assert numbers(first, second, third) == [1, 2, 3]
    Place(first).leave()
    assert numbers(first, second, third) == [None, 1, 2]
    fourth = waiting("d")
    assert numbers(second, third, fourth) == [1, 2, 3]


def test_a_run_whose_program_is_gone_holds_nobody_up(
    waiting: Callable[[str], JobFolder], empty_home: Home
) -> None:
    gone = JobFolder.create(empty_home.runs, "train", "gone", {})
    Place(gone).take()  # Its window was killed: nobody holds its lock.
    damaged = JobFolder.create(empty_home.runs, "train", "damaged", {})
    (damaged.path / "queued.json").write_text('{"ticket": ')
    assert numbers(waiting("a"), waiting("b")) == [1, 2]


def test_neighbours_change_places(waiting: Callable[[str], JobFolder]) -> None:
    a, b, c = waiting("a"), waiting("b"), waiting("c")
    assert Place(c).move(-1)
    assert numbers(a, b, c) == [1, 3, 2]
    assert Place(a).move(1)
    assert numbers(a, b, c) == [2, 3, 1]
    assert not Place(c).move(-1)
    assert not Place(b).move(1)
    assert numbers(a, b, c) == [2, 3, 1]


def test_runs_of_several_windows_begin_in_the_order_of_their_coming(empty_home: Home) -> None:
    """The workers fail at once (this is no training's configuration): what counts is when."""
    job = EvaluateJob(versions=[])
    busy = FileLock(empty_home.queue_lock_file)
    assert busy.acquire()
    engines = [Engine(empty_home), Engine(empty_home)]
    try:
        runs: list[str] = []
        for index in range(4):
            engine = engines[index % 2]
            runs.append(engine.submit("train", job, f"run {index}"))
            wait_for(lambda: engine.record(runs[-1]).queue_position == len(runs))  # noqa: B023
        onlooker = Engine(empty_home)
        engines.append(onlooker)
        onlooker.rescan()
        wait_for(lambda: [onlooker.record(run).queue_position for run in runs] == [1, 2, 3, 4])
        assert engines[0].move_in_queue(runs[3], -1)
        wait_for(lambda: engines[1].record(runs[3]).queue_position == 3)
        busy.release()
        ends = [engines[index % 2].wait(run, 120) for index, run in enumerate(runs)]
        assert {end.state for end in ends} == {"failed"}
        assert [end.queue_position for end in ends] == [None] * 4
        begun = [end.started_at or 0.0 for end in ends]
        assert sorted(range(4), key=lambda i: begun[i]) == [0, 1, 3, 2]
    finally:
        busy.release()
        for engine in engines:
            engine.close(keep_trainings=False)


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
