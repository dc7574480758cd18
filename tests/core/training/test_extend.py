"""A finished run that is trained longer is the longer run: bit for bit, on one device."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from safetensors.torch import load_file

from core import events as ev
from core.engine.engine import Engine
from core.errors import CannotExtend, UsageError
from core.home import Home
from core.jobfolder import EventReader, JobFolder
from core.jobs.extend import can_extend, create_extension, extension_job
from core.jobs.kinds import TrainJob
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]
SHORT, LONG, STABLE = 60, 120, 24
"""The shorter run is stable for its first 24 of 60 steps, the longer one for 48 of 120."""


def longer(job: TrainJob, done: JobFolder, version: str) -> TrainJob:
    """The run of `LONG` steps that this machine would have done in the place of `done`."""
    decisions: dict[str, Any] = done.read().config["decisions"]
    plan = {**decisions["plan"], "steps": LONG, "decay_from": int(LONG * 0.4)}
    recipe = job.recipe.model_copy(update={"steps": LONG})
    changes = {"plan": plan, "anchors": [], "roll_backs": []}
    return job.model_copy(
        update={"version": version, "recipe": recipe, "decisions": {**decisions, **changes}}
    )


def curve(folder: JobFolder) -> dict[int, float]:
    """Training loss by step, as a reader of the whole file sees it."""
    found: dict[int, float] = {}
    reader = EventReader(folder)
    while events := reader.poll():
        for event in events:
            if isinstance(event, ev.Metrics):
                found |= dict(zip(event.columns["step"], event.columns["loss"], strict=True))  # type: ignore[arg-type]
    return found


@pytest.fixture
def finished(
    raised_home: Home, make_train_job: MakeJob, train_here: Train
) -> tuple[Home, TrainJob, JobFolder]:
    job = make_train_job(raised_home, "Stories", "Ume", steps=SHORT, evaluations=6)
    done = train_here(raised_home, job)
    assert done.outcome == "done"
    return raised_home, job, done.folder


def test_a_run_that_is_extended_equals_the_longer_run_bit_for_bit(
    finished: tuple[Home, TrainJob, JobFolder], train_here: Train
) -> None:
    home, job, short = finished
    long = train_here(home, longer(job, short, "Matsu"))
    assert can_extend(short)
    extended = create_extension(short, extension_job(short, "Take", steps=LONG - SHORT))
    done = train_here(home, extended)
    assert done.outcome == "done"
    assert done.of(ev.Started)[0].from_step == STABLE
    assert min(done.losses) == STABLE + 1
    whole = long.losses
    assert sorted(whole) == list(range(1, LONG + 1))
    assert done.losses == {step: loss for step, loss in whole.items() if step > STABLE}
    assert curve(extended) == whole, "the curve of the steps before is shown too"
    one, two = (load_file(home.versions / n / "model.safetensors") for n in ("Matsu", "Take"))
    assert set(one) == set(two)
    assert all(one[name].equal(two[name]) for name in one)


def test_it_becomes_the_next_edition_of_its_series_and_can_be_extended_again(
    finished: tuple[Home, TrainJob, JobFolder], train_here: Train
) -> None:
    home, _, short = finished
    first = VersionLibrary(home).get("Ume").manifest
    shutil.rmtree(home.versions / "Ume")  # As when it was removed meanwhile.
    made = create_extension(short, extension_job(short, "Take", epochs=0.05))
    steps = JobFolder(made.path).read().config["decisions"]["plan"]["steps"]
    assert steps > SHORT
    shutil.rmtree(short.path)  # Its files are the new run's own.
    train_here(home, made)
    manifest = VersionLibrary(home).get("Take").manifest
    assert [(p.id, p.relation) for p in manifest.parents] == [(first.id, "succeeds")]
    assert manifest.series == "Ume"
    assert manifest.measures.steps == steps
    assert can_extend(made)
    again = extension_job(made, "Matsu", steps=10)
    assert again.extends is not None
    assert again.extends.version == "Take"
    assert again.extends.step == int(steps * 0.4)


def test_how_much_longer_is_said_in_one_way(
    finished: tuple[Home, TrainJob, JobFolder],
) -> None:
    _, _, short = finished
    for length in ({}, {"steps": 5, "minutes": 1.0}):
        with pytest.raises(CannotExtend, match="only one of them"):
            extension_job(short, "Take", **length)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="Steps must be at least 1"):
        extension_job(short, "Take", steps=0)
    with pytest.raises(UsageError, match=r"Minutes must be at least 0\.2"):
        extension_job(short, "Take", minutes=0.01)
    timed = extension_job(short, "Take", minutes=1.0)
    assert (timed.recipe.minutes, timed.recipe.steps, timed.recipe.epochs) == (1.0, None, None)
    assert timed.decisions is not None
    plan = timed.decisions["plan"]
    seconds = (plan["steps"] - STABLE) * plan["step_seconds"]
    assert seconds == pytest.approx(54, abs=2 * plan["step_seconds"])


def test_what_has_not_ended_well_or_lost_its_state_cannot_be_extended(
    finished: tuple[Home, TrainJob, JobFolder], make_train_job: MakeJob, train_here: Train
) -> None:
    home, _, short = finished
    job = make_train_job(home, "Stories", "Matsu", steps=5000, evaluations=100)
    paused = train_here(
        home, job, lambda c, e: isinstance(e, ev.Metrics) and c.folder.ask(c.attempt, "pause")
    )
    assert not can_extend(paused.folder)
    with pytest.raises(CannotExtend, match="has not published"):
        extension_job(paused.folder, "Take", steps=5)
    waiting = extension_job(short, "Take", steps=5)
    for kept in short.checkpoints.glob("step-*/keep"):
        shutil.rmtree(kept.parent)
    assert not can_extend(short)
    with pytest.raises(CannotExtend, match="before its learning rate fell"):
        Engine(home).extend(short.id, "Take", steps=5)
    with pytest.raises(CannotExtend, match="before its learning rate fell"):
        create_extension(short, waiting)


def test_without_the_state_it_came_from_a_longer_run_does_not_begin_anew(
    finished: tuple[Home, TrainJob, JobFolder], train_here: Train
) -> None:
    home, _, short = finished
    made = create_extension(short, extension_job(short, "Take", steps=5))
    for file in made.checkpoints.glob("*/model.safetensors"):
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.unlink()
        file.write_bytes(data)
    with pytest.raises(CannotExtend, match="is not there any more"):
        train_here(home, made)
