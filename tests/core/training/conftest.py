"""A training in this process: the worker's function itself, without the cost of a start."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import torch

from core import events as ev
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.attempts import last_attempt
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.training.job import run

Ask = Callable[[WorkerContext, ev.Event], None]


@dataclass
class Trained:
    """What became of one attempt."""

    outcome: str
    folder: JobFolder
    events: list[ev.Event]

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def losses(self) -> dict[int, float]:
        """By step."""
        found: dict[int, float] = {}
        for event in self.of(ev.Metrics):
            found |= dict(zip(event.columns["step"], event.columns["loss"], strict=True))
        return found


@pytest.fixture
def train_here() -> Iterator[Callable[..., Trained]]:
    """train_here(home, job_or_folder, ask=None): one attempt; `ask` sees each event as it is
    written and may ask something of the run."""
    threads = torch.get_num_threads()

    def train(home: Home, job: TrainJob | JobFolder, ask: Ask | None = None) -> Trained:
        folder = (
            job
            if isinstance(job, JobFolder)
            else JobFolder.create(home.runs, "train", job.version, job.model_dump(mode="json"))
        )
        attempt = last_attempt(folder).number + 1
        writer = EventWriter(folder, attempt)
        read = folder.read()
        config = TrainJob.model_validate(read.config)
        context = WorkerContext(home, folder, read, config, attempt, writer)
        emit = context.emit

        def watched(event: ev.Event) -> None:
            emit(event)
            if ask is not None:
                ask(context, event)

        context.emit = watched  # type: ignore[method-assign]
        try:
            outcome = run(context)
            writer.write(ev.Ended(outcome=outcome))
        finally:
            writer.close()
        reader = EventReader(folder)
        events = list(itertools.chain.from_iterable(iter(reader.poll, [])))
        mine = [event for event in events if event.attempt == attempt]
        return Trained(outcome, folder, mine)

    yield train
    torch.set_num_threads(threads)
