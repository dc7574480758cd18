"""Curves of real trainings, as health sees them; recorded from run folders with

    python -m tests.core.training.curves RUN_FOLDER NAME

and kept beside this file. The corpora and recipes stand in each file's `about`.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core import events as ev
from core.jobfolder import EventReader, JobFolder
from core.training.health import Health, Run
from core.training.schedule import Schedule

FOLDER = Path(__file__).parent / "curves"
NOISE = 0.01
"""Nats: about what a test on 20 kB of unseen text differs by chance from another."""


@dataclass(frozen=True)
class Curve:
    """Losses and gradient norms of steps 1, 2, …; `tests` by step, of which 0 comes first."""

    about: str
    run: Run
    tokens_per_step: int
    schedule: Schedule
    losses: list[float]
    norms: list[float]
    tests: dict[int, float]

    @classmethod
    def load(cls, name: str) -> Curve:
        data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        anchors = Schedule.anchors_from(data["schedule"])
        return cls(
            data["about"], Run(**data["run"]), data["tokens_per_step"],
            Schedule(data["run"]["warmup"], 0, 0, anchors), data["losses"], data["norms"],
            {int(step): loss for step, loss in data["tests"].items()},
        )  # fmt: skip

    def play(self, health: Health, begin: int = 0, end: int | None = None) -> dict[int, list[str]]:
        """Feed steps after `begin` up to `end`; returns the findings' codes where they changed."""
        told: dict[int, list[str]] = {}
        if begin == 0:
            health.test(0, self.tests[0], 0.0, 0, self.schedule.factor(0))
        last: list[str] = [finding.code for finding in health.findings()]
        for step in range(begin + 1, (end or len(self.losses)) + 1):
            factor = self.schedule.factor(step - 1)
            health.add(step, self.losses[step - 1], self.norms[step - 1], factor)
            if step in self.tests:
                tokens = step * self.tokens_per_step
                health.test(step, self.tests[step], NOISE, tokens, factor)
            codes = [finding.code for finding in health.findings()]
            if codes != last:
                told[step] = last = codes
        return told


def record(folder: Path, name: str) -> None:
    """Write the curve of a run that has ended."""
    reader = EventReader(JobFolder(folder))
    rows: dict[int, tuple[float, float]] = {}
    tests: dict[int, float] = {}
    plan: dict[str, Any] = {}
    while events := reader.poll():
        for event in events:
            if isinstance(event, ev.Planned):
                plan = event.plan
            elif isinstance(event, ev.Evaluated) and event.loss is not None:
                tests[event.step] = round(event.loss, 4)
            elif isinstance(event, ev.Metrics):
                columns = event.columns
                for step, *row in zip(
                    columns["step"], columns["loss"], columns["gradient_norm"], strict=True
                ):
                    rows[int(step or 0)] = (round(row[0] or 0.0, 3), round(row[1] or 0.0, 3))
    config = JobFolder(folder).read().config
    given = {k: v for k, v in config["recipe"].items() if v is not None}
    decisions = config["decisions"]
    every = max(1, plan["steps"] // config["recipe"]["evaluations"])
    run = Run(
        math.log(plan["vocabulary"]), every, plan["parent"] is None,
        round(plan["tokens_total"] / plan["passes"]), plan["warmup"],
    )  # fmt: skip
    data = {
        "about": f"{config['corpus']}: {json.dumps(given)}",
        "run": asdict(run),
        "tokens_per_step": plan["batch"] * plan["context"],
        "schedule": decisions["anchors"] or plan["schedule"],
        "losses": [rows[s][0] for s in sorted(rows)], "norms": [rows[s][1] for s in sorted(rows)],
        "tests": tests,
    }  # fmt: skip
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(data, separators=(",", ":"))
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(Path(sys.argv[1]), sys.argv[2])
