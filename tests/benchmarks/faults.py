"""What saving costs, and runs that are killed hundreds of times and must be the same run all the same."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

from core.engine.engine import Engine
from core.home import Home
from core.jobs.kinds import ReadJob
from tests.benchmarks._steps import call
from tests.benchmarks.common import Row, long_run
from tests.conftest import SAMPLE_TEXTS, train_job
from tests.faults.forks import Forks
from tests.faults.same_run import twins

_INTERVAL = 45.0
"""Seconds between two checkpoints, unless the user chooses otherwise."""
_STEPS, _KILLS = 60, 22


def run() -> list[Row]:
    return [*_cost(), *_kills(20 if long_run() else 5)]


def _cost() -> list[Row]:
    found = call("tests.benchmarks._saving", "9" if long_run() else "4")
    megabytes = found["bytes"] / 1e6
    return [
        {
            "name": "checkpoints 30M, share of wall clock", "unit": "%", "target": "≤ 3",
            "value": 100 * found["spent"] / _INTERVAL,
            "note": f"{megabytes:.0f} MB each {_INTERVAL:.0f} s; processor time of steps with and "
            f"without one differs by {found['difference']:.1f} s of {found['block']:.1f} s",
        },
        {
            "name": "the loop stands still for a checkpoint", "value": 1000 * found["stall"],
            "unit": "ms", "against": "writing it in the loop",
            "ratio": found["stall"] / found["waited"],
        },
    ]  # fmt: skip


def _kills(runs: int) -> list[Row]:
    """Each run in a home of its own; `Forks` says where each kill struck."""
    begun = time.monotonic()
    seen: Counter[str] = Counter()
    seed = time.time_ns() % 1_000_000
    with tempfile.TemporaryDirectory(prefix="terakoya-faults-") as place:
        raised = _raised(Path(place) / "raised")
        forks = Forks()
        try:
            for number in range(runs):
                home = Home(Path(place) / str(number))
                _copy(raised, home)
                job = train_job(home, "Stories", "whole", steps=_STEPS, evaluations=30)
                chance = random.Random(seed + number)
                seen.update(twins(home, forks, job, _STEPS, _KILLS, chance))
        finally:
            forks.close()
    kinds = Counter(
        "publishing" if "publishing" in where else "saving" if "checkpoints" in where else "else"
        for where in seen.elements()
    )
    return [
        {
            "name": f"{runs} runs of {_STEPS} steps, killed and resumed: kills survived",
            "value": float(seen.total()), "unit": "kills",
            "note": f"all bit for bit the undisturbed run; {kinds['saving']} in a checkpoint's writing, "
            f"{kinds['publishing']} in publishing; seed {seed}, {time.monotonic() - begun:.0f} s",
        }
    ]  # fmt: skip


def _raised(path: Path) -> Home:
    """A home with a corpus and a version, as the tests have it."""
    home = Home(path).prepare()
    engine = Engine(home)
    try:
        texts = [str(SAMPLE_TEXTS / f"stories-{language}.jsonl") for language in ("en", "ja")]
        reads = ReadJob.model_validate({"corpus": "Stories", "paths": texts})
        for kind, job in (("read", reads), ("train", None)):
            run = engine.submit(kind, job or train_job(home, "Stories", "Kiku"), kind)
            ended = engine.wait(run, 300)
            if ended.state != "done":
                raise RuntimeError(str(ended.error))
    finally:
        engine.close(keep_trainings=False)
    return home


def _copy(raised: Home, home: Home) -> None:
    shutil.copytree(raised.path, home.path)
