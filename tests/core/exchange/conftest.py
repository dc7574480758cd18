"""Imports and exports done in this process, without the cost of starting a worker."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from core import events as ev
from core.exchange import exporting, importing
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import ExportJob, ImportJob


@dataclass
class Done:
    outcome: str
    events: list[ev.Event]
    folder: JobFolder

    @property
    def result(self) -> dict[str, Any]:
        [found] = [e for e in self.events if isinstance(e, ev.Result)]
        return found.data

    @property
    def warnings(self) -> list[str]:
        return [e.code for e in self.events if isinstance(e, ev.Warned)]

    @property
    def checks(self) -> dict[str, bool]:
        return {check["name"]: check["ok"] for check in self.result["checks"]}


Ask = Callable[[WorkerContext, ev.Event], None]


def _do(home: Home, kind: str, config: Any, ask: Ask | None = None) -> Done:
    folder = JobFolder.create(home.runs, kind, "", config.model_dump(mode="json"))
    writer = EventWriter(folder, 1)
    context = WorkerContext(home, folder, folder.read(), config, 1, writer)
    emit = context.emit

    def watched(event: ev.Event) -> None:
        emit(event)
        if ask is not None:
            ask(context, event)

    context.emit = watched  # type: ignore[method-assign]
    try:
        outcome = (importing if kind == "import" else exporting).run(context)
    finally:
        writer.close()
    reader = EventReader(folder)
    return Done(outcome, list(itertools.chain.from_iterable(iter(reader.poll, []))), folder)


@pytest.fixture(scope="session")
def bring() -> Callable[..., Done]:
    """bring(home, path, version="Guest", ask=None, hub="")"""

    def work(
        home: Home, path: Any = "", version: str = "Guest", ask: Ask | None = None, hub: str = ""
    ) -> Done:
        return _do(home, "import", ImportJob(version=version, path=str(path), hub=hub), ask)

    return work


@pytest.fixture(scope="session")
def hand_out() -> Callable[..., Done]:
    """hand_out(home, version, to, format, quantisation="q8_0", ask=None)"""

    def work(
        home: Home, version: str, to: Any, form: Any, quantisation: Any = "q8_0",
        ask: Ask | None = None,
    ) -> Done:  # fmt: skip
        job = ExportJob(version=version, to=str(to), format=form, quantisation=quantisation)
        return _do(home, "export", job, ask)

    return work
