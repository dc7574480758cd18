"""What a worker hands to the function of its job: configuration, events out, wishes in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from core import events as ev
from core.config import Config
from core.home import Home
from core.jobfolder import Ask, EventWriter, Job, JobFolder
from core.sentences import Sentence

WorkOutcome = Literal["done", "paused", "cancelled"]
ASK_INTERVAL = 0.05
PROGRESS_INTERVAL = 0.1


@dataclass
class WorkerContext:
    """Given to `run(context) -> WorkOutcome`; errors are raised as core.errors, never printed."""

    home: Home
    folder: JobFolder
    job: Job
    config: Config
    attempt: int
    writer: EventWriter
    begun: bool = False
    phase_name: str = ""
    patiently: Callable[[Callable[[], Any]], Any] = lambda act: act()
    """Does what writes something; a training puts its own way of waiting for room here."""
    _asked: Ask | None = None
    _asked_at: float = 0.0
    _signalled: bool = False
    _progress_at: float = field(default=0.0)

    def emit(self, event: ev.Event) -> None:
        self.writer.write(event)

    def started(self, from_step: int = 0, device: str = "", **details: Any) -> None:
        """First event of the attempt; says from which step it goes on."""
        import os

        self.begun = True
        self.emit(ev.Started(from_step=from_step, pid=os.getpid(), device=device, details=details))

    def phase(self, name: str) -> None:
        self._progress_at, self.phase_name = 0.0, name
        self.emit(ev.Phase(name=name))

    def progress(
        self,
        done: float,
        total: float | None = None,
        unit: str = "",
        eta: float | None = None,
        detail: str = "",
    ) -> None:
        """Say how far the phase is; calls that come too fast are dropped, but never the last."""
        now = time.monotonic()
        if now - self._progress_at < PROGRESS_INTERVAL and done != total:
            return
        self._progress_at = now
        self.emit(ev.Progress(done=done, total=total, unit=unit, eta=eta, detail=detail))

    def warn(self, code: str, sentence: Sentence, step: int | None = None) -> None:
        self.emit(ev.Warned(code=code, sentence=sentence.to_json(), step=step))

    def decide(self, changes: dict[str, Any]) -> None:
        """Write what this machine decided into job.json, before it takes effect."""
        self.patiently(lambda: self.folder.update_config(changes))

    def result(self, data: dict[str, Any]) -> None:
        self.emit(ev.Result(data=data))

    def asked(self) -> Ask | None:
        """What the user wants: pause, finish, cancel or nothing; the latest word counts. Reads the
        disk 20 times a second at most, so it may be called at every step."""
        now = time.monotonic()
        if now - self._asked_at >= ASK_INTERVAL:
            self._asked_at = now
            self._asked = self.folder.asked(self.attempt) or self._asked
        if self._signalled and self._asked != "cancel":
            return "pause"
        return self._asked

    def stopping(self) -> bool:
        """Whether to leave now: asked for a pause or a cancel."""
        return self.asked() in ("pause", "cancel")

    def request_pause(self) -> None:
        """A signal asks for a pause; the function sees it at its next step."""
        self._signalled = True
