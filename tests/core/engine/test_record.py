"""Events folded into what screens and commands read."""

from __future__ import annotations

import numpy as np
import pytest

from core import events as ev
from core.engine import record as module
from core.engine.record import JobRecord, MetricSeries
from core.jobfolder import Job


@pytest.fixture
def record() -> JobRecord:
    return JobRecord(Job("id", "train", "Ume", 0.0, {}))


def metrics(begin: int, end: int) -> ev.Metrics:
    steps = list(range(begin, end))
    return ev.Metrics(columns={"step": list(steps), "loss": [5.0 - s / 10 for s in steps]})


def test_a_resumed_attempt_takes_back_what_came_after_its_checkpoint(record: JobRecord) -> None:
    for event in (
        ev.Started(attempt=1), metrics(1, 21), ev.Evaluated(step=10, loss=4.0, best=True),
        ev.Evaluated(step=20, loss=3.0, best=True), ev.Sampled(step=20, prompt="", text="x"),
        ev.Checkpoint(step=20, path=""), ev.Ended(outcome="died", code="worker-died"),
    ):  # fmt: skip
        record.apply(event)
    assert record.state == "died"
    assert record.resumable
    assert record.error is not None
    record.apply(ev.Started(attempt=2, from_step=12))
    assert record.state == "running"
    assert record.metrics.column("step").tolist() == list(range(1, 13))
    assert [e.step for e in record.evaluations] == [10]
    assert record.samples == []
    assert record.checkpoint is None
    assert record.best is not None
    assert record.best.step == 10
    record.apply(metrics(13, 15))
    assert record.metrics.column("step").tolist() == list(range(1, 15))


def test_a_run_that_was_rolled_back_takes_back_what_it_did_since(record: JobRecord) -> None:
    finding = {"code": "learning", "level": "good", "sentence": {}, "advice": {}}
    for event in (
        ev.Started(attempt=1), metrics(1, 21), ev.Evaluated(step=10, loss=4.0, best=True),
        ev.Evaluated(step=20, loss=9.0), ev.Health(step=10, findings=[finding]),
    ):  # fmt: skip
        record.apply(event)
    assert record.health is not None
    assert record.health.findings == [finding]
    record.apply(ev.Health(step=19, findings=[]))
    record.apply(ev.RolledBack(step=20, to_step=10, reason="diverged", factor=0.5))
    record.apply(metrics(11, 13))
    assert record.state == "running"
    assert record.metrics.column("step").tolist() == list(range(1, 13))
    assert [e.step for e in record.evaluations] == [10]
    assert record.health is None


def test_columns_may_come_late_and_may_lack_values() -> None:
    series = MetricSeries()
    series.extend({"step": [1, 2], "loss": [1.0, None]})
    series.extend({"step": [3], "loss": [2.0], "rate": [0.5]})
    loss, rate, nothing = series.columns("loss", "rate", "nothing")
    assert np.array_equal(loss, [1.0, np.nan, 2.0], equal_nan=True)
    assert np.array_equal(rate, [np.nan, np.nan, 0.5], equal_nan=True)
    assert np.isnan(nothing).all()
    assert series.last("rate") == 0.5
    assert series.last("nothing") is None


def test_a_long_series_is_thinned_but_keeps_its_peaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_POINTS", 1000)
    series = MetricSeries()
    rng = np.random.default_rng(0)
    values = rng.normal(size=5000)
    values[[777, 3333]] = 50.0, -50.0
    for begin in range(0, 5000, 50):
        chunk = values[begin : begin + 50]
        steps = range(begin, begin + 50)
        series.extend({"step": list(steps), "loss": chunk.tolist()})
        assert len(series) <= 1050
    steps, loss = series.columns("step", "loss")
    assert (np.diff(steps) > 0).all()
    assert steps[-1] == 4999
    assert (values[steps.astype(int)] == loss).all()
    assert loss.max() == 50.0
    assert loss.min() == -50.0


def test_a_view_taken_before_the_series_grows_stays_valid() -> None:
    series = MetricSeries()
    series.extend({"step": [1, 2, 3], "loss": [1.0, 2.0, 3.0]})
    view = series.column("loss")
    series.extend({"step": list(range(4, 5000)), "loss": [0.0] * 4996})
    assert view.tolist() == [1.0, 2.0, 3.0]


def test_what_a_run_cost_is_what_was_last_measured_also_after_a_resume(record: JobRecord) -> None:
    for event in (
        ev.Started(attempt=1),
        ev.Measured(data={"energy_wh": 1.0, "energy_source": "estimate"}),
        ev.Measured(data={"energy_wh": 2.0, "energy_source": "estimate"}),
        ev.Started(attempt=2),
    ):
        record.apply(event)
    assert record.measured["energy_wh"] == 2.0, "what was used stays used"
