"""Whole distillations: the pupil, its teacher's part in it, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from core import events as ev
from core.errors import UsageError
from core.home import Home
from core.jobs.kinds import TrainJob
from core.models.load import load_model
from core.recipe import Recipe
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]


def distilling(home: Home, job: TrainJob, teacher: str = "Kiku", **changes: object) -> TrainJob:
    entry = VersionLibrary(home).get(teacher)
    recipe = Recipe(**({"steps": 12, "batch": 4, "seed": 7, "objective": "distil"} | changes))  # type: ignore[arg-type]
    return job.model_copy(update={"recipe": recipe, "teacher": entry.id, "version": "Pupil"})


def test_a_pupil_learns_and_remembers_its_teacher(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Train
) -> None:
    teacher = make_train_job(raised_home, "Stories", "Teacher", steps=60, layers=4, batch=8)
    train_here(raised_home, teacher)
    entry = VersionLibrary(raised_home).get("Teacher")
    job = distilling(raised_home, teacher, "Teacher", steps=20)
    done = train_here(raised_home, job)
    pupil = VersionLibrary(raised_home).get("Pupil")
    assert [(p.id, p.relation) for p in pupil.manifest.parents] == [(entry.id, "distilled")]
    assert pupil.manifest.series == entry.manifest.series
    model, taught = load_model(pupil.path), load_model(entry.path)
    assert (model.config.layers, model.config.width) == (2, taught.config.width)
    assert pupil.manifest.decisions["pupil"] == {
        "teacher": entry.id, "begins_with_layers": [0, 2],
    }  # fmt: skip
    [plan] = [event.plan for event in done.of(ev.Planned)]
    assert plan["objective"]["teacher"]["name"] == "Teacher"
    scores = [event.bits_per_byte for event in done.of(ev.Evaluated)]
    baseline = plan["baselines"]["unigram"]
    gain = (baseline - scores[-1]) / (
        baseline - cast(float, entry.manifest.measures.heldout_bits_per_byte)
    )
    assert gain > 0.8, (baseline, scores)


def test_a_killed_distillation_goes_on_bit_for_bit(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Train
) -> None:
    job = distilling(raised_home, make_train_job(raised_home, "Stories", "x"), hidden_share=0.5)
    whole = train_here(raised_home, job)

    def ask(context: Any, event: ev.Event) -> None:
        if isinstance(event, ev.Metrics) and event.columns["step"][-1] >= 5:  # type: ignore[operator]
            context.folder.ask(context.attempt, "pause")

    decided = whole.folder.read().config["decisions"]  # A busy machine may decide otherwise.
    again = job.model_copy(update={"version": "Again", "decisions": {**decided, "fixed": True}})
    parts = train_here(raised_home, again, ask)
    if parts.outcome == "paused":  # A fast machine has ended before it was heard.
        first = parts.losses
        parts = train_here(raised_home, parts.folder)
        assert {**first, **parts.losses} == whole.losses
    library = VersionLibrary(raised_home)
    one, two = library.get("Pupil").manifest.hashes, library.get("Again").manifest.hashes
    assert one["model.safetensors"] == two["model.safetensors"]


def test_a_teacher_of_another_vocabulary_is_refused_by_both_names(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Train
) -> None:
    train_here(
        raised_home, make_train_job(raised_home, "Stories", "Other", vocabulary=400, steps=2)
    )
    job = distilling(raised_home, make_train_job(raised_home, "Stories", "x"), "Other")
    kiku = VersionLibrary(raised_home).get("Kiku")
    with pytest.raises(
        UsageError, match=r"“Other” and the version “Kiku”.*different tokens"
    ) as caught:
        train_here(raised_home, job.model_copy(update={"parent": kiku.id}))
    assert caught.value.field == "teacher"


def test_a_bert_teaches_a_distilbert_of_half_its_layers(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Train
) -> None:
    masked = make_train_job(
        raised_home, "Stories", "Bert", steps=40, batch=8, layers=2, objective="masked",
        family="bert", next_sentence=False,
    )  # fmt: skip
    train_here(raised_home, masked)
    job = distilling(raised_home, masked, "Bert", steps=40)
    done = train_here(raised_home, job)
    pupil, teacher = (VersionLibrary(raised_home).get(name) for name in ("Pupil", "Bert"))
    model = load_model(pupil.path)
    assert (pupil.manifest.family, pupil.manifest.kind) == ("distilbert", "fill")
    assert model.config.layers == 1
    assert pupil.manifest.decisions["pupil"]["begins_with_layers"] == [0]
    scores = [event.loss for event in done.of(ev.Evaluated)]
    assert scores[-1] < scores[0]  # It begins with its teacher's weights and learns.
    facts = done.of(ev.Planned)[0].plan["objective"]
    assert (facts["teacher_share"], facts["hidden_share"]) == pytest.approx((5 / 7, 1 / 7))
    assert teacher.id in [p.id for p in pupil.manifest.parents]
