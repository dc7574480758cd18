""" "Stop and save" at any moment: a short cool-down, measured, published, and longer if one likes."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from core import events as ev
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.context import WorkerContext
from core.jobs.extend import can_extend
from core.jobs.kinds import TrainJob
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]
LONG = {"steps": 4000, "evaluations": 40}


def rates_of(done: Trained) -> dict[int, float]:
    found: dict[int, float] = {}
    for event in done.of(ev.Metrics):
        found |= dict(zip(event.columns["step"], event.columns["rate"], strict=True))
    return found


def asks(word: str, from_step: int) -> Callable[[WorkerContext, ev.Event], None]:
    """Asks once the metrics have reached `from_step`."""

    def ask(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Metrics) and (event.columns["step"][-1] or 0) >= from_step:
            context.folder.ask(context.attempt, word)  # type: ignore[arg-type]

    return ask


def check_ended_well(home: Home, done: Trained, most: int) -> None:
    """Cooled down within a few steps, measured on unseen text, on the shelf."""
    assert done.outcome == "done"
    end = max(done.losses)
    assert end <= most
    rates = rates_of(done)
    fall = [rates[step] for step in range(end - 5, end + 1)]
    assert fall == sorted(fall, reverse=True)
    assert fall[-1] < 0.5 * fall[0]
    assert done.of(ev.Evaluated)[-1].step == end
    manifest = VersionLibrary(home).get("Ume").manifest
    assert manifest.measures.steps == end
    assert manifest.measures.heldout_bits_per_byte is not None
    assert VersionLibrary(home).verify("Ume") == []
    assert can_extend(done.folder)


def test_in_the_midst_of_the_warm_up(
    raised_home: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    job = make_train_job(raised_home, "Stories", "Ume", **LONG, warmup_steps=3000)
    done = train_here(raised_home, job, asks("finish", 1))
    check_ended_well(raised_home, done, 2000)


def test_while_the_learning_rate_falls_already(
    raised_home: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    job = make_train_job(raised_home, "Stories", "Ume", **LONG, decay_share=1.0)
    done = train_here(raised_home, job, asks("finish", 50))
    check_ended_well(raised_home, done, 3000)


def test_while_it_is_paused(raised_home: Home, make_train_job: MakeJob, train_here: Train) -> None:
    job = make_train_job(raised_home, "Stories", "Ume", **LONG)
    paused = train_here(raised_home, job, asks("pause", 20))
    assert paused.outcome == "paused"
    saved = max(paused.losses)
    paused.folder.ask(2, "finish")
    done = train_here(raised_home, paused.folder)
    check_ended_well(raised_home, done, saved + 200)


def test_before_the_first_step(
    raised_home: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    """Asked while the text is still turned into tokens: it is not left half done."""
    shutil.rmtree(raised_home.corpora / "Stories" / "tokens")
    job = make_train_job(raised_home, "Stories", "Ume", **LONG)
    folder = JobFolder.create(raised_home.runs, "train", "Ume", job.model_dump(mode="json"))
    folder.ask(1, "finish")
    check_ended_well(raised_home, train_here(raised_home, folder), 100)
