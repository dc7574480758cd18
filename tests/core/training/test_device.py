"""A run that goes on on another device than it began on says so, and writes it down first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from core import events as ev
from core import hardware
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.attempts import last_attempt
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.reasons import error_for
from core.sentences import Sentence
from core.training.stepper import Stepper
from tests.core.training.conftest import Trained


def test_a_run_that_began_on_a_gpu_goes_on_on_the_processor_and_says_so(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Callable[..., Trained]
) -> None:
    def pause(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Evaluated) and event.step > 0:
            context.request_pause()

    job = make_train_job(raised_home, "Stories", "Ume", steps=8, evaluations=2)
    paused = train_here(raised_home, job, pause)
    assert paused.outcome == "paused"
    decisions = paused.folder.read().config["decisions"]
    assert decisions["machine"]["name"] == hardware.cpu_name()
    machine = {**decisions["machine"], "device": "cuda", "name": "NVIDIA H100"}
    plan = {**decisions["plan"], "threads": 4096}
    paused.folder.update_config({"decisions": {**decisions, "machine": machine, "plan": plan}})

    threads: list[int] = []

    def look(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Phase) and event.name == "training":
            threads.append(torch.get_num_threads())

    done = train_here(raised_home, paused.folder, look)
    assert done.outcome == "done"
    [warned] = [w for w in done.of(ev.Warned) if w.code == "device-changed"]
    said = Sentence.from_json(warned.sentence).english()
    assert f"began on “NVIDIA H100” and goes on on “{hardware.cpu_name()}”" in said
    after = done.folder.read().config["decisions"]
    assert (after["machine"]["device"], after["machine"]["name"]) == ("cpu", hardware.cpu_name())
    assert threads == [hardware.cores()] == [after["plan"]["threads"]]


def test_what_was_left_to_the_app_stays_on_the_processor_where_it_began_there() -> None:
    values = {"version": "a", "corpus": "b", "snapshot": "", "tokenizer": "", "recipe": {}}
    begun = {"plan": {}, "machine": {"device": "cpu"}}
    assert TrainJob(**values, decisions=begun).wanted_device == "cpu"  # type: ignore[arg-type]
    assert TrainJob(**values, decisions=begun, device="cuda").wanted_device == "cuda"  # type: ignore[arg-type]
    assert TrainJob(**values).wanted_device == "auto"  # type: ignore[arg-type]


def test_a_gpu_that_is_lost_in_the_middle_keeps_the_checkpoint_and_resume_goes_on(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Callable[..., Trained],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    job = make_train_job(raised_home, "Stories", "Ume", steps=8, evaluations=2)
    step = Stepper.step
    gone = False

    def note(context: WorkerContext, event: ev.Event) -> None:
        nonlocal gone
        gone = gone or isinstance(event, ev.Checkpoint)

    def lose(*arguments: Any) -> Any:
        if gone:
            raise torch.AcceleratorError("CUDA error: unspecified launch failure\nCompile with …")
        return step(*arguments)

    monkeypatch.setattr(Stepper, "step", lose)
    with pytest.raises(RuntimeError) as raised:
        train_here(raised_home, job, note)
    error = error_for(raised.value)
    assert error.code == "device-lost"
    assert "stopped answering in the middle of the work (unspecified launch failure)" in str(error)
    [folder] = [JobFolder(p) for p in raised_home.runs.iterdir() if last_attempt(JobFolder(p)).open]
    assert folder.has_checkpoint
    monkeypatch.setattr(Stepper, "step", step)
    again = train_here(raised_home, folder)
    assert again.outcome == "done"
    assert again.of(ev.Started)[0].from_step > 0
