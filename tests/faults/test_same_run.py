"""Killed at any moment and resumed: the same losses and weights, bit for bit, as never disturbed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.home import Home
from core.jobs.kinds import TrainJob
from tests.faults.forks import Forks, Kill
from tests.faults.same_run import (
    OFTEN,
    check_nothing_lost,
    folder_of,
    same_weights,
    told,
    twins,
)

MakeJob = Callable[..., TrainJob]
STEPS, KILLS = 60, 22


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.close()


@pytest.fixture
def chance() -> random.Random:
    seed = time.time_ns() % 1_000_000
    print(f"seed {seed}")  # noqa: T201  Shown when the test fails.
    return random.Random(seed)


def test_killed_more_than_twenty_times_and_resumed_it_is_the_same_run(
    raised_home: Home, make_train_job: MakeJob, forks: Forks, chance: random.Random
) -> None:
    job = make_train_job(raised_home, "Stories", "whole", steps=STEPS, evaluations=30)
    seen = twins(raised_home, forks, job, STEPS, KILLS, chance)
    print(seen)  # noqa: T201
    assert len(seen) == KILLS
    assert sum("/.publishing-" in where for where in seen) >= 5


def test_a_run_in_minutes_that_was_killed_repeats_all_that_it_decided(
    raised_home: Home, make_train_job: MakeJob, forks: Forks, chance: random.Random
) -> None:
    """Its end moves with the machine's speed; each move is written down before it counts."""
    job = make_train_job(raised_home, "Stories", "minutes", steps=None, minutes=2, evaluations=100)
    killed = folder_of(raised_home, job, "minutes")
    quickly = {
        **OFTEN, "pace__RETIME_EVERY": 0.02, "pace___RETIME_BEYOND": 0.0,
            "pace__MAX_PASSES": 1e6, "watch__FETCH_INTERVAL": 0.01,
    }  # fmt: skip
    seen = [forks.run(killed, Kill("step", chance.randint(40, 120)), **quickly) for _ in range(5)]
    assert "ended" not in seen
    killed.ask(len(seen) + 1, "finish")
    seen.append(forks.run(killed, Kill("step", chance.randint(1, 20)), **quickly))
    seen.append(forks.run(killed, None, **quickly))
    print(seen)  # noqa: T201
    decisions: dict[str, Any] = killed.read().config["decisions"]
    assert len(decisions["anchors"]) > 2
    losses, measures = told(killed, asked=True)
    recipe = job.recipe.model_copy(update={"minutes": None, "steps": len(losses)})
    again = job.model_copy(update={"decisions": decisions, "recipe": recipe})
    repeated = folder_of(raised_home, again, "repeated")
    assert forks.run(repeated, None, **quickly) == "ended"
    assert told(repeated)[0] == losses
    assert same_weights(raised_home, "minutes", "repeated")
    check_nothing_lost(raised_home, killed, "minutes")
    assert {s: loss for s, loss in told(repeated)[1].items() if s in measures} == measures
