"""What a run costs is told while it goes, settled after a minute, kept, and taken over by a resume."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from core import events as ev
from core.home import Home
from core.jobfolder import EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.planning.machine import Machine
from core.planning.measured import load_runs
from core.planning.plan import Text, make_plan
from core.power import PowerMeter, Rapl
from core.recipe import Recipe
from core.training import reckoning
from core.training.reckoning import Reckoning
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]


class Run:
    """A reckoning of a run whose clock is turned by hand."""

    def __init__(self, home: Home, folder: JobFolder, attempt: int, recipe: Recipe) -> None:
        self.events: list[dict[str, Any]] = []
        job = TrainJob(version="v", corpus="c", snapshot="s", tokenizer="t", recipe=recipe)
        self.writer = EventWriter(folder, attempt)
        context = WorkerContext(home, folder, folder.read(), job, attempt, self.writer)
        emit = context.emit

        def told(event: ev.Event) -> None:
            emit(event)
            assert isinstance(event, ev.Measured)
            self.events.append(event.data)

        context.emit = told  # type: ignore[method-assign]
        text = Text(train_tokens=400_000, vocabulary=1024)
        machine = Machine(measured=True, gflops_fp32=100, gflops_bf16=300, memory_bytes=8 << 30)
        plan = replace(make_plan(recipe, text, machine), seconds=500.0)
        split = SimpleNamespace(tokens=range(400_000))
        prepared: Any = SimpleNamespace(
            plan=plan, job=job, device=torch.device("cpu"), decisions={},
            store=SimpleNamespace(split=lambda side: split),
        )  # fmt: skip
        meter = PowerMeter([], lambda cores: 36.0, Rapl(Path("/no/such/folder")))
        self.reckoning = Reckoning(context, prepared, meter)

    def tick(
        self, step: int, elapsed: float, end: int = 1000, tests: float = 0.0
    ) -> dict[str, Any]:
        self.reckoning.tick(step, end, elapsed, tests, now=True)
        return self.events[-1]


@pytest.fixture
def begin(empty_home: Home) -> Callable[..., Run]:
    folder = JobFolder.create(empty_home.runs, "train", "v", {})
    attempts = iter(range(1, 9))

    def make(**recipe: Any) -> Run:
        return Run(empty_home, folder, next(attempts), Recipe(**(recipe or {"steps": 1000})))

    return make


def test_the_forecast_is_the_plans_until_a_minute_was_trained(begin: Callable[..., Run]) -> None:
    run = begin()
    run.reckoning.begin(0, 10.0)
    early = run.tick(100, 40.0)
    assert (early["seconds_forecast"], early["settled"]) == (500.0, False)
    assert early["seconds_now"] == pytest.approx(40 + 900 * 0.3, rel=0.05)
    late = run.tick(200, 70.0)
    assert late["settled"]
    assert late["seconds_forecast"] == pytest.approx(70 + 800 * 0.3, rel=0.05)
    slower = run.tick(300, 130.0)
    assert slower["seconds_forecast"] == late["seconds_forecast"], "settled for good"
    assert slower["seconds_now"] > late["seconds_forecast"] + 30


def test_tests_on_the_way_are_no_steps_but_are_still_to_come(begin: Callable[..., Run]) -> None:
    run = begin()
    run.reckoning.begin(0, 0.0)
    run.reckoning.pause(20.0)
    told = run.tick(100, 30.0, tests=0.2)
    assert told["step_seconds"] == pytest.approx(0.1)
    assert told["seconds_now"] == pytest.approx(30 + 900 * 0.3, rel=0.05)


def test_what_was_used_before_a_break_stays_used(begin: Callable[..., Run]) -> None:
    first = begin()
    first.reckoning.begin(0, 0.0)
    first.tick(100, 30.0)
    settled = first.tick(300, 90.0)
    first.writer.close()
    second = begin()
    second.reckoning.begin(250, 80.0)
    told = second.tick(300, 95.0)
    assert told["seconds_forecast"] == settled["seconds_forecast"]
    assert told["energy_wh"] > settled["energy_wh"]
    assert told["memory_peak"] >= settled["memory_peak"]
    second.writer.close()


def test_energy_is_priced_and_a_run_teaches_the_planner(
    begin: Callable[..., Run], empty_home: Home
) -> None:
    run = begin()
    run.reckoning.begin(0, 4.0)
    run.tick(50, 14.0)
    last = run.reckoning.finish(100, 26.0)
    assert last["watts"] == pytest.approx(36.0, rel=0.01)
    assert last["energy_source"] == "estimate"
    assert last["co2_g"] == pytest.approx(last["energy_wh"] * 0.473)
    assert last["cost"] == pytest.approx(last["energy_wh"] * 0.031)
    assert last["seconds_now"] == 26.0
    [kept] = load_runs(empty_home)
    assert kept.step_seconds == pytest.approx(0.22)
    assert kept.start_seconds == 4.0
    assert kept.memory_peak == last["memory_peak"] > 50 << 20


def test_a_moment_of_training_teaches_nothing(begin: Callable[..., Run], empty_home: Home) -> None:
    run = begin()
    run.reckoning.begin(0, 4.0)
    run.tick(5, 5.0)
    run.reckoning.finish(9, 6.0)
    assert load_runs(empty_home) == []


def test_a_real_run_keeps_what_it_took_with_its_version(
    raised_home: Home, make_train_job: MakeJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reckoning, "_LEAST_TRAINED", 0.0)
    done = train_here(raised_home, make_train_job(raised_home, "Stories", "Ume", steps=20))
    told = [event.data for event in done.of(ev.Measured)]
    assert len(told) >= 2
    assert {
        "seconds_forecast", "seconds_now", "memory_forecast", "memory_peak", "energy_wh", "watts",
        "energy_source", "co2_g", "cost", "currency",
    } <= set(told[-1])  # fmt: skip
    energies = [data["energy_wh"] for data in told]
    assert energies == sorted(energies) and energies[-1] > 0
    manifest = VersionLibrary(raised_home).get("Ume").manifest
    assert manifest.measures.energy_wh == manifest.decisions["measured"]["energy_wh"]
    assert not manifest.measures.energy_measured or told[-1]["energy_source"] != "estimate"
    [run] = load_runs(raised_home)[-1:]
    assert run.step_seconds > 0 and run.layers == done.of(ev.Planned)[0].plan["layers"]
