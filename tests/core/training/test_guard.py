"""A run that goes wrong: the step left out, the way back, and the same run after a kill."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from core import events as ev
from core.files import write_json
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.objectives.batch import Batch
from core.training.batches import Batches
from core.training.guard import Guard, WentWrong, drop_abandoned, skipped_words
from core.training.saving import Saver
from core.training.stepper import Stepper
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
STEPS = 30
"""Tests and checkpoints at 10, 20 and 30, and a checkpoint before the rate falls, at 12."""


@pytest.fixture(autouse=True)
def _always_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every test, also on a machine so busy that saving is dear."""
    monkeypatch.setattr(Saver, "cheap", lambda _saver, beside: True)


@pytest.fixture
def job(raised_home: Home, make_train_job: Callable[..., TrainJob]) -> TrainJob:
    return make_train_job(raised_home, "Stories", "Ume", steps=STEPS, evaluations=3)


@dataclass
class Poison:
    """Gradients of chosen steps are no numbers, each as often as is said."""

    times: dict[int, int]
    step: int = -1

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        get, step = Batches.get, Stepper.step

        def got(batches: Batches, number: int) -> Batch:
            self.step = number
            return get(batches, number)

        def stepped(stepper: Stepper, batch: Batch, micro: int, factor: float) -> object:
            hooks = []
            if self.step >= 0 and self.times.get(self.step, 0) > 0:
                self.times[self.step] -= 1
                weight = next(iter(stepper.model.parameters()))
                hooks = [weight.register_hook(lambda slope: slope * math.nan)]
            try:
                return step(stepper, batch, micro, factor)
            finally:
                for hook in hooks:
                    hook.remove()

        monkeypatch.setattr(Batches, "get", got)
        monkeypatch.setattr(Stepper, "step", stepped)


def weights_of(home: Home, version: str) -> dict[str, torch.Tensor]:
    return load_file(home.versions / version / "model.safetensors")


def rates(events: list[ev.Event]) -> dict[int, float]:
    """By step."""
    found: dict[int, float] = {}
    for event in events:
        if isinstance(event, ev.Metrics):
            pairs = zip(event.columns["step"], event.columns["rate"], strict=True)
            found |= {int(step or 0): float(rate or 0) for step, rate in pairs}
    return found


def codes(trained: Trained) -> list[str]:
    return [warning.code for warning in trained.of(ev.Warned)]


def same_decisions(job: TrainJob, trained: Trained, version: str) -> TrainJob:
    """The job once more, with what this machine decided the first time, but nothing of its fate."""
    decisions = {**trained.folder.read().config["decisions"], "roll_backs": []}
    return job.model_copy(update={"decisions": decisions, "version": version})


def test_a_gradient_that_is_no_number_changes_nothing_and_is_said_once(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train_here(raised_home, job)
    decisions = same_decisions(job, whole, "Sumire").decisions
    Poison({11: 1, 15: 1}).install(monkeypatch)
    before: dict[int, dict[str, torch.Tensor]] = {}
    seen = Stepper.step

    def kept(stepper: Stepper, batch: Batch, micro: int, factor: float) -> object:
        before[len(before)] = {n: w.clone() for n, w in stepper.masters.items()}
        before[len(before) - 1] |= {n: t.clone() for n, t in stepper.optimiser.state().items()}
        return seen(stepper, batch, micro, factor)

    monkeypatch.setattr(Stepper, "step", kept)
    done = train_here(
        raised_home, job.model_copy(update={"version": "Sumire", "decisions": decisions})
    )
    assert done.outcome == "done"
    assert codes(done) == ["step-skipped"]
    assert done.of(ev.RolledBack) == []
    [said] = done.of(ev.Warned)
    assert said.step == 12
    assert said.sentence["values"]["step"] == 12
    for step in (11, 15):
        assert all(before[step][n].equal(before[step + 1][n]) for n in before[step])
    assert not all(before[10][n].equal(before[11][n]) for n in before[10])
    # Up to there it is the undisturbed run; the step counts as done, so both end alike.
    assert all(done.losses[s] == whole.losses[s] for s in range(1, 13))
    assert done.losses[13] != whole.losses[13]
    assert max(done.losses) == STEPS


def test_three_in_a_row_go_back_to_the_checkpoint_with_half_the_rate(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    Poison({14: 1, 15: 1, 16: 1}).install(monkeypatch)
    done = train_here(raised_home, job)
    assert done.outcome == "done"
    assert codes(done) == ["step-skipped", "rolled-back"]
    [back] = done.of(ev.RolledBack)
    assert (back.to_step, back.reason, back.factor) == (12, "not-a-number", 0.5)
    [decided] = done.folder.read().config["decisions"]["roll_backs"]
    assert (decided["to"], decided["from"]) == (12, back.step)
    place = done.events.index(back)
    was, rows = rates(done.events[:place]), rates(done.events[place:])
    assert max(was) >= 17
    assert sorted(rows) == list(range(13, STEPS + 1))
    assert all(rows[s] == pytest.approx(was[s] / 2) for s in range(13, 18))
    text = (VersionLibrary(raised_home).get("Ume").path / "metrics.jsonl").read_text("utf-8")
    curve = [json.loads(line) for line in text.splitlines()]
    steps = [s for row in curve for s in row.get("metrics", {"step": []})["step"]]
    assert steps == list(range(1, STEPS + 1))  # None twice.
    assert [row["step"] for row in curve if "step" in row] == [0, 10, 20, 30]
    health = done.of(ev.Health)[-1]
    assert "rolled-back" in [f["code"] for f in health.findings]


def test_a_run_killed_before_or_after_its_way_back_ends_with_the_same_weights(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = {14: 1, 15: 1, 16: 1}
    with monkeypatch.context() as patch:
        Poison(dict(poison)).install(patch)
        whole = train_here(raised_home, job)
    assert len(whole.of(ev.RolledBack)) == 1

    class Killed(BaseException):
        """Like SIGKILL: nothing is written any more."""

    def kill(where: Callable[[ev.Event], bool]) -> Callable[[WorkerContext, ev.Event], None]:
        def look(_: WorkerContext, event: ev.Event) -> None:
            if where(event):
                raise Killed

        return look

    moments: dict[str, Callable[[ev.Event], bool]] = {
        "before": lambda e: isinstance(e, ev.Metrics) and e.columns["step"][-1] >= 13,  # type: ignore[operator]
        "decided": lambda e: isinstance(e, ev.RolledBack),
        "after": lambda e: isinstance(e, ev.Checkpoint) and e.step == 20,
    }
    whole_weights = weights_of(raised_home, "Ume")
    for name, where in moments.items():
        again = same_decisions(job, whole, name)
        folder = JobFolder.create(raised_home.runs, "train", name, again.model_dump(mode="json"))
        left = dict(poison)
        with monkeypatch.context() as patch:
            Poison(left).install(patch)
            with pytest.raises(Killed):
                train_here(raised_home, folder, kill(where))
        with monkeypatch.context() as patch:
            # Nothing decided yet: the same gradients are met once more.
            Poison(dict(poison) if name == "before" else left).install(patch)
            resumed = train_here(raised_home, folder)
        assert resumed.outcome == "done"
        assert resumed.of(ev.Started)[0].from_step == (20 if name == "after" else 12)
        found = weights_of(raised_home, name)
        assert all(found[n].equal(whole_weights[n]) for n in found), name


def test_a_loss_that_runs_away_though_it_is_finite_goes_back_to_where_it_was_good(
    raised_home: Home, make_train_job: Callable[..., TrainJob], train_here: Train,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    job = make_train_job(raised_home, "Stories", "Ume", steps=200, evaluations=5)
    step, went_back = Stepper.step, []

    def uphill(stepper: Stepper, batch: Batch, micro: int, factor: float) -> object:
        up = stepper.optimiser.steps > 95 and not went_back
        return step(stepper, batch, micro, -factor if up else factor)

    def look(_: WorkerContext, event: ev.Event) -> None:
        went_back.extend([event] if isinstance(event, ev.RolledBack) else [])

    monkeypatch.setattr(Stepper, "step", uphill)
    done = train_here(raised_home, job, look)
    assert done.outcome == "done"
    [back] = done.of(ev.RolledBack)
    assert (back.reason, back.to_step) == ("diverged", 80)
    losses = {e.step: e.loss for e in done.of(ev.Evaluated)}
    assert losses[200] < losses[80]
    assert VersionLibrary(raised_home).get("Ume").manifest.measures.best_step == 200


def test_the_worst_that_can_happen_again_and_again_ends_with_a_sentence(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    Poison(dict.fromkeys(range(12, 99), 99)).install(monkeypatch)
    done = train_here(raised_home, job)
    assert done.outcome == "done"
    assert [back.to_step for back in done.of(ev.RolledBack)] == [12, 12, 12]
    factors = [r["factor"] for r in done.folder.read().config["decisions"]["roll_backs"]]
    assert math.prod(factors) == 0.125
    assert codes(done)[-1] == "diverged"
    assert all(bool(w.isfinite().all()) for w in weights_of(raised_home, "Ume").values())


# ---- the rules themselves ------------------------------------------------------------------------


def guard(**changes: object) -> Guard:
    return Guard(**{"skips": True, "start_loss": 6.9, "roll_backs": []} | changes)  # type: ignore[arg-type]


def test_where_a_step_cannot_be_left_out_the_first_bad_one_goes_back() -> None:
    watch = guard(skips=False)
    watch.add(1, 5.0, 1.0)
    with pytest.raises(WentWrong) as caught:
        watch.add(2, 5.0, math.inf)
    assert (caught.value.reason, caught.value.good) == ("not-a-number", 1)


def test_two_bad_steps_and_a_good_one_in_turn_go_on_for_ever() -> None:
    watch = guard()
    for step in range(1, 300):
        watch.add(step, 5.0 if step % 3 == 0 else math.nan, 1.0)
    assert watch.skipped == 200
    with pytest.raises(WentWrong):
        for step in (300, 301, 302):
            watch.add(step, math.nan, 1.0)


def noisy(step: int, spread: float) -> float:
    return spread * math.sin(12.9898 * step) * math.cos(4.1414 * step)


def test_spikes_and_a_rise_by_less_than_half_of_what_was_learnt_do_not_go_back() -> None:
    watch = guard()
    for step in range(1, 2000):
        loss = 2.0 + 4.9 * math.exp(-step / 100) + noisy(step, 0.3)
        loss += 8.0 if step % 90 < 8 else 0.0  # A spike of eight steps.
        loss += 0.9 if step > 1000 else 0.0
        watch.add(step, loss, 1.0)


def test_a_loss_that_has_run_away_goes_back_to_where_it_was_lowest() -> None:
    watch = guard()
    with pytest.raises(WentWrong) as caught:
        for step in range(1, 2000):
            loss = 2.0 + 4.9 * math.exp(-step / 100) + noisy(step, 0.1)
            watch.add(step, loss + max(0.0, 0.05 * (step - 700)), 1.0)
    assert caught.value.reason == "diverged"
    assert 600 < caught.value.good <= 720


def test_a_guard_that_was_written_down_decides_at_the_same_step() -> None:
    losses = [2.0 + 4.9 * math.exp(-s / 50) + max(0.0, 0.05 * (s - 300)) for s in range(1, 600)]

    def fails_at(watch: Guard, begin: int) -> tuple[int, int]:
        for step in range(begin, 600):
            try:
                watch.add(step, losses[step - 1], 1.0)
            except WentWrong as fault:
                return step, fault.good
        raise AssertionError

    whole = fails_at(guard(), 1)
    first, second = guard(), guard()
    for step in range(1, 330):
        first.add(step, losses[step - 1], 1.0)
    second.load(json.loads(json.dumps(first.state())))
    assert fails_at(second, 330) == whole


def test_rates_after_two_ways_back_are_halved_from_each_on() -> None:
    watch = guard(roll_backs=[{"to": 100, "factor": 0.5}, {"to": 40, "factor": 0.5}])
    assert [watch.factor(s) for s in (39, 40, 99, 100, 500)] == [1.0, 0.5, 0.5, 0.25, 0.25]


def test_checkpoints_of_steps_that_were_taken_back_are_removed_and_no_others(
    tmp_path: Path,
) -> None:
    kinds = {"step-00000010": 0, "step-00000015": 0, "best-00000014": 0, "step-00000012": 1}
    for name, known in kinds.items():
        write_json(
            tmp_path / name / "state.json", {"step": int(name[5:]), "extra": {"roll_backs": known}}
        )
    (tmp_path / "step-00000020").mkdir()  # Damaged: no business of ours.
    drop_abandoned(tmp_path, [{"to": 10, "factor": 0.5}])
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "step-00000010", "step-00000012", "step-00000020",
    ]  # fmt: skip


def test_steps_left_out_are_said_ever_more_rarely() -> None:
    said = [n for n in range(1, 300) if skipped_words(n, n) is not None]
    assert said == [1, 4, 16, 64, 256]
