"""A training as the papers do it: dropout, a cosine to a floor, Adam's own figures. It is paused, gone on
with and extended to the same weights, bit for bit."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from safetensors.torch import load_file

from core import events as ev
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.context import WorkerContext
from core.jobs.extend import create_extension, extension_job
from core.jobs.kinds import TrainJob
from tests.core.training.conftest import Trained
from tests.core.training.test_extend import LONG, SHORT, longer

Train = Callable[..., Trained]
HOW: dict[str, Any] = {
    "dropout": 0.1, "decay_shape": "cosine", "decay_floor": 0.1, "adam_beta2": 0.98,
    "adam_epsilon": 1e-6, "micro_batch": 4, "activation_checkpointing": "on",
}  # fmt: skip


@pytest.fixture
def done(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Train
) -> tuple[Home, TrainJob, Trained]:
    job = make_train_job(raised_home, "Stories", "Ume", steps=SHORT, evaluations=6, **HOW)
    return raised_home, job, train_here(raised_home, job)


def weights(home: Home, version: str) -> dict[str, Any]:
    return load_file(home.versions / version / "model.safetensors")


def assert_same(home: Home, one: str, two: str) -> None:
    first, second = weights(home, one), weights(home, two)
    assert set(first) == set(second)
    assert all(first[name].equal(second[name]) for name in first)


def again(job: TrainJob, folder: JobFolder, version: str, **changes: Any) -> TrainJob:
    """With the decisions of this machine's first run."""
    decisions = {**folder.read().config["decisions"], "anchors": [], "roll_backs": []}
    recipe = job.recipe.model_copy(update=changes)
    return job.model_copy(update={"version": version, "recipe": recipe, "decisions": decisions})


def test_it_ends_at_its_floor_and_its_files_say_how_it_was_trained(
    done: tuple[Home, TrainJob, Trained],
) -> None:
    home, _, trained = done
    rates = [rate for event in trained.of(ev.Metrics) for rate in event.columns["rate"]]
    assert rates[-1] == pytest.approx(0.1 * max(rates), rel=0.05)
    assert trained.of(ev.Planned)[0].plan["decay"] == {"shape": "cosine", "floor": 0.1}
    config = json.loads((home.versions / "Ume" / "config.json").read_text(encoding="utf-8"))
    assert config["attention_dropout"] == 0.1
    card = (home.versions / "Ume" / "README.md").read_text(encoding="utf-8")
    for word in ("ropout", "0.98", "cosine"):
        assert word in card


def test_a_pause_changes_nothing(done: tuple[Home, TrainJob, Trained], train_here: Train) -> None:
    home, job, trained = done

    def pause(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Metrics) and (event.columns["step"][-1] or 0) >= 20:
            context.request_pause()

    paused = train_here(home, again(job, trained.folder, "Take"), pause)
    assert paused.outcome == "paused"
    resumed = train_here(home, paused.folder)
    assert resumed.outcome == "done"
    step = resumed.of(ev.Started)[0].from_step
    assert 20 <= step < SHORT
    assert resumed.losses == {n: loss for n, loss in trained.losses.items() if n > step}
    assert_same(home, "Ume", "Take")


def test_what_is_left_out_makes_another_model(
    done: tuple[Home, TrainJob, Trained], train_here: Train
) -> None:
    home, job, trained = done
    train_here(home, again(job, trained.folder, "Take", dropout=0.0))
    first, second = weights(home, "Ume"), weights(home, "Take")
    assert not any(first[name].equal(second[name]) for name in first if "proj" in name)


def test_it_is_extended_to_the_longer_run(
    done: tuple[Home, TrainJob, Trained], train_here: Train
) -> None:
    home, job, trained = done
    long = train_here(home, longer(job, trained.folder, "Matsu"))
    extended = create_extension(
        trained.folder, extension_job(trained.folder, "Take", steps=LONG - SHORT)
    )
    made = train_here(home, extended)
    begun = made.of(ev.Started)[0].from_step
    assert made.losses == {step: loss for step, loss in long.losses.items() if step > begun}
    assert_same(home, "Matsu", "Take")
