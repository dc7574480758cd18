"""Saving beside the loop: what is written is a copy, told of when it has its name, and not too dear."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from core import events as ev
from core.errors import NoSpace
from core.families.qwen3 import Qwen3Config
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import MeasureJob
from core.models.qwen3.init import initialise
from core.models.qwen3.model import Qwen3
from core.sentences import Sentence
from core.training import room as room_module
from core.training import saving as saving_module
from core.training.checkpoint import Checkpoints, RunState
from core.training.optimiser import Rates
from core.training.room import Leave, Room
from core.training.saving import Saver
from core.training.stepper import Stepper


class Bench:
    """A saver with a real stepper, folder and event file."""

    def __init__(self, path: Path, every: float) -> None:
        model = Qwen3(Qwen3Config(64, 1, 32, 2, 2, 16, 64, 16, True))
        initialise(model, 1)
        self.stepper = Stepper(model, torch.float32, Rates(1e-3, 1e-3, 1e-3), "muon", 0.9, 0.0, 1.0)
        self.folder = JobFolder.create(path / "runs", "measure", "saving", {})
        self.context = WorkerContext(
            Home(path), self.folder, self.folder.read(), MeasureJob(), 1,
            EventWriter(self.folder, 1),
        )  # fmt: skip
        self.checkpoints = Checkpoints(self.folder.checkpoints)
        self.saver = Saver(self.context, self.checkpoints, self.stepper, every, Room(self.context))
        self.commit = self.checkpoints.commit

    def told(self, kind: type[Any] = ev.Checkpoint) -> list[Any]:
        return [event for event in EventReader(self.folder).poll() if isinstance(event, kind)]

    def patch(self, commit: Callable[..., Path]) -> None:
        self.checkpoints.commit = commit  # type: ignore[method-assign]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, 40.0)
    yield bench
    bench.saver.close()
    bench.context.writer.close()


def test_the_loop_goes_on_while_a_copy_is_written_and_the_event_follows_the_name(
    bench: Bench,
) -> None:
    go_on, begun = threading.Event(), threading.Event()

    def commit(*arguments: Any) -> Path:
        begun.set()
        assert go_on.wait(30)
        return bench.commit(*arguments)

    bench.patch(commit)
    before = {name: w.clone() for name, w in bench.stepper.weights().items()}
    bench.saver.save(RunState(step=5), "time")
    assert begun.wait(30)
    assert not bench.saver.due()
    for weight in bench.stepper.weights().values():
        weight.add_(1.0)  # The next step.
    bench.saver.poll()
    assert bench.told() == []
    assert bench.checkpoints.newest() is None
    go_on.set()
    bench.saver.settle()
    assert [event.step for event in bench.told()] == [5]
    loaded = bench.checkpoints.newest()
    assert loaded is not None
    assert all(torch.equal(loaded[1][name], before[name]) for name in before)


def test_an_expensive_checkpoint_is_made_rarely_but_never_later_than_promised(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit(*arguments: Any) -> Path:
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass
        return bench.commit(*arguments)

    bench.patch(commit)
    bench.saver.save(RunState(step=5), "time")
    bench.saver.settle()
    assert not bench.saver.cheap(beside=0.5), "five per cent would be too much"
    assert bench.saver.cheap(beside=1e6), "beside a test that takes long it is nothing"
    clock = time.monotonic()
    monkeypatch.setattr(saving_module.time, "monotonic", lambda: clock + 39.9)
    assert bench.saver.cheap(beside=0.5)
    assert bench.saver.due(), "39.9 of 40 seconds, and writing takes its time too"
    assert bench.saver.spent >= 0.1
    assert bench.told(ev.Warned) == []


def test_a_promise_that_costs_more_than_three_per_cent_is_said_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 1.0)

    def commit(*arguments: Any) -> Path:
        time.sleep(0.2)
        return bench.commit(*arguments)

    bench.patch(commit)
    for step in (5, 6):
        bench.saver.save(RunState(step=step), "time", wait=True)
    said = [Sentence.from_json(warned.sentence).english() for warned in bench.told(ev.Warned)]
    assert len(said) == 1
    share = re.search(r"a checkpoint every 1 s costs about (\d+) % of the time", said[0])
    assert share is not None
    assert int(share[1]) >= 20
    bench.saver.close()
    bench.context.writer.close()


def test_where_memory_is_short_nothing_is_copied(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving_module, "memory", lambda: (1 << 30, 1000))
    threads: list[str] = []

    def commit(*arguments: Any) -> Path:
        threads.append(threading.current_thread().name)
        return bench.commit(*arguments)

    bench.patch(commit)
    bench.saver.save(RunState(step=5), "time")
    assert threads == [threading.current_thread().name]
    assert [event.step for event in bench.told()] == [5]


def test_the_best_is_held_in_memory_until_the_next_checkpoint(bench: Bench) -> None:
    state = RunState(step=5)
    bench.saver.note_best(state)
    best = {name: w.clone() for name, w in bench.stepper.weights().items()}
    for weight in bench.stepper.weights().values():
        weight.add_(1.0)
    state.step = 6
    bench.saver.save(state, "time")
    assert bench.saver.restore_best(state)
    assert all(torch.equal(w, best[name]) for name, w in bench.stepper.weights().items())
    again = Checkpoints(bench.folder.checkpoints)
    loaded = again.newest()
    assert loaded is not None
    assert loaded[0].best_kept == 5
    kept = again.best(5)
    assert kept is not None
    assert all(torch.equal(kept[name], best[name]) for name in best)


def test_a_full_disk_met_on_the_other_thread_is_waited_for_on_the_loop(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "LOOK_SECONDS", 0.01)
    fails = [True, True, False]

    def commit(*arguments: Any) -> Path:
        if fails.pop(0):
            raise NoSpace(path=str(bench.folder.path), needed=1)
        return bench.commit(*arguments)

    bench.patch(commit)
    bench.context.phase("training")
    bench.saver.save(RunState(step=5), "time")
    bench.saver.settle()
    assert [event.name for event in bench.told(ev.Phase)] == [
        "training", "waiting-for-room", "training",
    ]  # fmt: skip
    assert len(bench.told(ev.Warned)) == 1
    assert [event.step for event in bench.told()] == [5]


def test_who_does_not_want_to_wait_for_room_leaves(bench: Bench) -> None:
    def commit(*_: Any) -> Path:
        raise NoSpace(path=str(bench.folder.path), needed=1 << 40)

    bench.patch(commit)
    bench.folder.ask(1, "pause")
    with pytest.raises(Leave):
        bench.saver.save(RunState(step=5), "time", wait=True)
