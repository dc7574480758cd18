"""A run that is killed again and again, and what it must be equal to."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from core import events as ev
from core.home import Home
from core.jobfolder import EventReader, JobFolder
from core.jobs.kinds import TrainJob
from core.versions.library import VersionLibrary
from tests.faults.forks import Forks, Kill

OFTEN = {
    "saving__LITTLE_SECONDS": 1e9, "threads__LEAST_SECONDS": 1e9, "threads__RETRY_SECONDS": 1e9,
}  # fmt: skip
"""A checkpoint after every test; what is decided about threads is decided beforehand."""
REACH = {"step": 6, "write": 60, "flush": 12, "rename": 14, "remove": 14}
"""How far off a kill is, in points of its kind: about the work of two checkpoints."""
SAVING, PUBLISHING = "/checkpoints/.", "/.publishing-"
_WITHIN = {"write": 24, "flush": 10, "rename": 6}


def decided(home: Home, job: TrainJob, steps: int) -> TrainJob:
    """With the decisions of this machine's earlier run, and another number of threads half way."""
    earlier = next(path for path in home.runs.glob("*-train-*"))
    decisions: dict[str, Any] = JobFolder(earlier).read().config["decisions"]
    plan = {
        **decisions["plan"], "steps": steps, "decay_from": steps * 2 // 5, "warmup": 10,
        "threads": 2,
    }  # fmt: skip
    changes = {
        "plan": plan, "anchors": [], "roll_backs": [],
        # The last one settles every step before it: a busy machine must not decide anew on the way.
        "threads": [{"step": steps // 2, "threads": 1}, {"step": steps, "threads": 1}],
    }  # fmt: skip
    return job.model_copy(update={"decisions": {**decisions, **changes}})


def folder_of(home: Home, job: TrainJob, version: str) -> JobFolder:
    config = job.model_copy(update={"version": version}).model_dump(mode="json")
    return JobFolder.create(home.runs, "train", version, config)


def told(folder: JobFolder, asked: bool = False) -> tuple[dict[int, float], dict[int, float]]:
    """Training and held-out loss by step. What a later attempt does again must be the same, unless it
    was `asked` for something else."""
    losses: dict[int, float] = {}
    measures: dict[int, float] = {}
    reader = EventReader(folder)
    while events := reader.poll():
        for event in events:
            if isinstance(event, ev.Started):
                assert max(losses, default=0) >= event.from_step, "no step without its loss"
                if asked:
                    losses = {s: loss for s, loss in losses.items() if s <= event.from_step}
                    measures = {s: loss for s, loss in measures.items() if s <= event.from_step}
            elif isinstance(event, ev.Metrics):
                rows = dict(zip(event.columns["step"], event.columns["loss"], strict=True))
                assert all(losses.get(step, loss) == loss for step, loss in rows.items())  # type: ignore[arg-type]
                losses |= rows  # type: ignore[arg-type]
            elif isinstance(event, ev.Evaluated) and event.loss is not None:
                assert measures.get(event.step, event.loss) == event.loss
                measures[event.step] = event.loss
    assert sorted(losses) == list(range(1, len(losses) + 1))
    return losses, measures


def same_weights(home: Home, one: str, two: str) -> bool:
    first, second = (load_file(home.versions / name / "model.safetensors") for name in (one, two))
    return set(first) == set(second) and all(first[n].equal(second[n]) for n in first)


def check_nothing_lost(home: Home, folder: JobFolder, version: str) -> None:
    """One version, whole; no left-overs; every attempt with one beginning and one end."""
    library = VersionLibrary(home)
    assert [e.name for e in library.list() if e.manifest.run == folder.id] == [version]
    assert library.get(version).problem is None
    assert library.verify(version) == []
    assert library.verify("Kiku") == []
    assert list(home.versions.glob(".publishing-*")) == []
    assert list(folder.checkpoints.glob(".*")) == []
    begun: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    reader = EventReader(folder)
    while events := reader.poll():
        begun.update(e.attempt for e in events if isinstance(e, ev.Started))
        ended.update(e.attempt for e in events if isinstance(e, ev.Ended))
        assert not [e for e in events if isinstance(e, ev.Warned) and "damaged" in e.code]
    assert begun == ended == Counter(range(1, len(begun) + 1))


def newest(folder: JobFolder) -> int:
    names = (Path(path).name[len("step-") :] for path in folder.checkpoints.glob("step-*"))
    return max(map(int, names), default=0)


def anywhere(chance: random.Random) -> Kill:
    """After some time, at a step, or at a system call: of any kind, or of a checkpoint's writing."""
    kind = chance.choice(["time", *REACH, *_WITHIN])
    if kind == "time":
        return Kill(seconds=round(chance.uniform(0.2, 0.9), 3))
    if kind in _WITHIN and chance.random() < 0.5:
        return Kill(kind, chance.randint(1, _WITHIN[kind]), within=SAVING)
    return Kill(kind, chance.randint(1, REACH[kind]))


def while_publishing(chance: random.Random) -> Kill:
    return Kill(chance.choice(["rename", "flush"]), chance.randint(1, 8), within=PUBLISHING)


def kill_often(
    attempt: Callable[[Kill | None], str], kills: int, chance: random.Random,
    through: Callable[[], bool],
) -> list[str]:  # fmt: skip
    """Kill a run at random moments until it is nearly `through`, the last times while it publishes;
    then let it end. Returns where it was killed."""
    seen: list[str] = []
    while len(seen) < kills:
        late = len(seen) >= kills - 5 or through()
        kill = while_publishing(chance) if late else anywhere(chance)
        where = attempt(kill)
        if where == "ended":
            return seen
        seen.append(f"{where} {kill.within}".strip())
    assert attempt(None) == "ended"
    return seen


def twins(
    home: Home, forks: Forks, job: TrainJob, steps: int, kills: int, chance: random.Random
) -> list[str]:
    """Two runs of one job, one undisturbed and one killed again and again: they must be the same."""
    job = decided(home, job, steps)
    whole, killed = folder_of(home, job, "whole"), folder_of(home, job, "killed")
    assert forks.run(whole, None, **OFTEN) == "ended"
    seen = kill_often(
        lambda kill: forks.run(killed, kill, **OFTEN), kills, chance,
        lambda: newest(killed) > steps - 10,
    )  # fmt: skip
    assert told(killed) == told(whole)
    assert same_weights(home, "whole", "killed")
    check_nothing_lost(home, killed, "killed")
    return seen
