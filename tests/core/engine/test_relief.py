"""A training that the system kills for want of memory goes on by itself with less."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import hardware
from core.engine.engine import Engine
from core.engine.launch import recorded_processes
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import TrainJob
from core.jobs.relief import relieve
from core.logs import read_log
from core.sentences import Sentence


def until(condition: Callable[[], object], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def make(home: Home, config: dict[str, Any]) -> JobFolder:
    return JobFolder.create(home.runs, "train", "Kiku", config)


def test_less_and_less_memory_is_taken_until_nothing_is_left_to_spare(empty_home: Home) -> None:
    plan = {"batch": 12, "micro_batch": 5, "activation_checkpointing": False}
    folder = make(empty_home, {"decisions": {"plan": plan, "anchors": [3]}})
    told: list[str] = []
    sizes: list[tuple[int, bool]] = []
    while sentence := relieve(folder):
        told.append(sentence.english())
        decisions = folder.read().config["decisions"]
        assert (decisions["anchors"], decisions["plan"]["batch"]) == ([3], 12)
        plan = decisions["plan"]
        sizes.append((plan["micro_batch"], plan["activation_checkpointing"]))
    assert sizes == [(2, False), (1, False), (1, True)]
    assert "goes on with 2 windows at once instead of 5." in told[0]
    assert "computes parts of each step twice" in told[-1]


def test_a_run_that_was_killed_while_it_tried_its_first_steps_tries_smaller_ones(
    empty_home: Home,
) -> None:
    recipe = {"batch": 4, "micro_batch": None, "activation_checkpointing": "auto"}
    tried = {"micro_batch": 2, "activation_checkpointing": False}
    folder = make(empty_home, {"recipe": recipe, "tried": tried, "decisions": None})
    assert relieve(folder) is not None
    assert folder.read().config["recipe"]["micro_batch"] == 1
    assert relieve(folder) is not None
    assert folder.read().config["recipe"]["activation_checkpointing"] == "on"
    assert relieve(folder) is None
    assert relieve(make(empty_home, {"recipe": recipe, "decisions": None})) is None


def test_a_worker_that_the_system_kills_is_started_again_with_less(
    raised_home: Home,
    make_train_job: Callable[..., TrainJob],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    counter = tmp_path / "vmstat"
    counter.write_text("oom_kill 7\n")
    monkeypatch.setattr(hardware, "_COUNTERS", (counter,))
    job = make_train_job(raised_home, "Stories", "Ume", steps=1_000_000, evaluations=1000, seed=3)
    engine = Engine(raised_home)
    states: set[str] = set()
    try:
        run = engine.submit("train", job, "Ume")
        folder = JobFolder(raised_home.runs / run)
        until(lambda: len(engine.record(run).metrics) > 0)
        counter.write_text("oom_kill 8\n")
        [worker] = recorded_processes(folder)
        worker.kill()

        def goes_on() -> bool:
            record = engine.record(run)
            states.add(record.state)
            assert record.active
            return record.attempt == 2 and record.phase == "training"

        until(goes_on)
        assert states <= {"running", "starting"}
        record = engine.record(run)
        assert record.started_at is not None
        [warned] = [w for w in record.warnings if w.code == "out-of-memory"]
        said = Sentence.from_json(warned.sentence).english()
        assert "goes on with 2 windows at once instead of 4." in said
        plan = folder.read().config["decisions"]["plan"]
        assert (plan["batch"], plan["micro_batch"]) == (4, 2)
        engine.cancel(run)
        assert engine.wait(run, 60).state == "cancelled"
    finally:
        engine.close(keep_trainings=False)
    lines = read_log(folder.path)
    assert [line["event"] for line in lines if line["process"] == "supervisor"] == [
        "launched", "buried", "launched", "asked",
    ]  # fmt: skip
    assert sum(line["event"] == "awake" for line in lines) == 2
    assert {"worker", "started", "phase", "ended"} <= {line["event"] for line in lines}
    assert "Ume" not in str(lines)
    assert "Stories" not in str(lines)
