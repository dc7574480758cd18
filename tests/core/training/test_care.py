"""Early stopping, and what is told of a run's health while it trains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core import events as ev
from core.corpus.tokens import TokenSplit
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.objectives import causal
from core.objectives.windows import WindowSource
from core.training import care
from core.training.care import _noise, last_good, patience
from core.training.checkpoint import Checkpoints, RunState
from core.training.health import Run
from core.training.saving import Saver
from core.versions.library import VersionLibrary
from tests.conftest import tiny_recipe
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]


@pytest.fixture(autouse=True)
def _always_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every test, also on a machine so busy that saving is dear."""
    monkeypatch.setattr(Saver, "cheap", lambda _saver, beside: True)


@pytest.fixture
def greedy(
    raised_home: Home, make_train_job: Callable[..., TrainJob], monkeypatch: pytest.MonkeyPatch
) -> TrainJob:
    """A run that reads a page of text again and again until it knows it by heart."""

    def page(split: TokenSplit, *more: Any) -> WindowSource:
        few = TokenSplit(split.tokens[:2000], np.array([0, 2000]), np.array([6000]))
        return WindowSource(few, *more)

    def read_often(blind: float, every: int, fresh: bool, _tokens: int, *more: Any) -> Run:
        return Run(blind, every, fresh, 2000, *more)

    monkeypatch.setattr(causal, "WindowSource", page)
    monkeypatch.setattr(care, "Run", read_often)
    return make_train_job(
        raised_home, "Stories", "Ume", steps=200, evaluations=20, batch=8, early_stopping=2
    )


def test_a_run_that_learns_by_heart_stops_by_itself_and_publishes_the_best(
    raised_home: Home, greedy: TrainJob, train_here: Train
) -> None:
    done = train_here(raised_home, greedy)
    assert done.outcome == "done"
    losses = {e.step: e.loss for e in done.of(ev.Evaluated)}
    best = min(losses, key=lambda step: losses[step])
    assert 0 < best < max(done.losses) == max(losses) < 200
    [said] = done.of(ev.Warned)
    assert said.code == "stopped-early"
    assert said.sentence["values"] == {"count": 2, "step": best}
    measures = VersionLibrary(raised_home).get("Ume").manifest.measures
    assert measures.best_step == best
    assert measures.heldout_loss < losses[max(losses)] - 0.1
    *_, before, last = done.of(ev.Health)
    [finding] = before.findings
    assert (finding["code"], finding["level"]) == ("overfitting", "warn")
    assert finding["sentence"]["values"]["step"] == best
    percent = 100 * (losses[max(losses)] / losses[best] - 1)
    assert finding["sentence"]["values"]["percent"] == round(percent)
    assert "stops by itself" in finding["advice"]["text"]
    [finding] = last.findings
    assert (finding["code"], last.step) == ("overfitting", max(losses))
    assert "For the next run" in finding["advice"]["text"]


def test_a_run_killed_between_two_worse_tests_stops_at_the_same_step(
    raised_home: Home, greedy: TrainJob, train_here: Train
) -> None:
    whole = train_here(raised_home, greedy)
    last = max(whole.losses)
    decisions = dict(whole.folder.read().config["decisions"])
    assert decisions["anchors"][-1]["end"] == last
    decisions |= {"anchors": [], "finishing": False}
    job = greedy.model_copy(update={"version": "Momo", "decisions": decisions})
    folder = JobFolder.create(raised_home.runs, "train", "Momo", job.model_dump(mode="json"))

    class Killed(BaseException):
        """Like SIGKILL: nothing is written any more."""

    def kill(_: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Metrics) and event.columns["step"][-1] >= last - 5:  # type: ignore[operator]
            raise Killed

    with pytest.raises(Killed):
        train_here(raised_home, folder, kill)
    resumed = train_here(raised_home, folder)
    assert 0 < resumed.of(ev.Started)[0].from_step < last
    assert max(resumed.losses) == last
    assert [w.code for w in resumed.of(ev.Warned)] == ["stopped-early"]
    one, two = (load_file(raised_home.versions / n / "model.safetensors") for n in ("Ume", "Momo"))
    assert all(one[name].equal(two[name]) for name in one)


def test_a_run_without_early_stopping_goes_on_to_its_end_and_publishes_the_best_all_the_same(
    raised_home: Home, greedy: TrainJob, train_here: Train
) -> None:
    changes = {"early_stopping": 0, "steps": 50, "evaluations": 5}
    job = greedy.model_copy(update={"recipe": greedy.recipe.model_copy(update=changes)})
    done = train_here(raised_home, job)
    assert max(done.losses) == 50
    assert done.of(ev.Warned) == []
    best = VersionLibrary(raised_home).get("Ume").manifest.measures.best_step
    assert best is not None
    assert best < 50


def test_the_last_good_state_is_one_that_every_such_run_has_unless_it_lies_far_back(
    tmp_path: Path,
) -> None:
    checkpoints = Checkpoints(tmp_path)
    weights = {"w": torch.zeros(2)}

    def last(until: int, decay: int | None = None) -> int | None:
        found = last_good(checkpoints, until, 10, decay)
        return found[0].step if found else None

    assert last(99) is None
    for step in (20, 33, 37, 61):  # The test's at 30, 40 … were too dear to save.
        checkpoints.save(RunState(step=step), weights, {})
    assert last(19) is None
    assert last(38) == 20
    assert last(38, decay=33) == 33
    assert last(99) == 61
    (tmp_path / "step-00000061" / "model.safetensors").write_bytes(b"damaged")
    assert last(99) == 37


@pytest.mark.parametrize(
    ("recipe", "tests", "expected"),
    [
        ({}, 20, 3),
        ({}, 9, 0),  # Few tests: it ends by itself soon enough.
        ({"steps": None, "minutes": 4.9}, 20, 0),
        ({"steps": None, "minutes": 5.0}, 20, 3),
        ({"early_stopping": 0}, 20, 0),
        ({"early_stopping": 5}, 4, 5),
        ({"early_stopping": 5, "keep_best": False}, 20, 0),
    ],
)
def test_how_patient_a_run_is_follows_from_its_recipe(
    recipe: dict[str, object], tests: int, expected: int
) -> None:
    assert patience(tiny_recipe(**recipe), tests) == expected


def test_the_noise_of_a_difference_is_that_of_a_bootstrap_over_the_passages() -> None:
    rng = np.random.default_rng(5)
    tokens = rng.integers(300, 700, 60)
    best = tokens * rng.normal(3.0, 0.8, 60)
    now = best + tokens * rng.normal(0.02, 0.1, 60)
    drawn = rng.integers(0, 60, (4000, 60))
    losses = (now - best)[drawn].sum(1) / tokens[drawn].sum(1)
    assert _noise(now, best, tokens) == pytest.approx(losses.std(), rel=0.06)
    assert _noise(now, best[:50], tokens) == 0.0  # Another sample: not to be compared.
