"""What is known of one run: its events folded into a record that screens and commands read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core import events as ev
from core.errors import sentence_of
from core.jobfolder import Job
from core.sentences import N_, Sentence, values_from_json

State = Literal["queued", "starting", "running", "paused", "done", "cancelled", "failed", "died"]
STATE_WORDS: dict[State, Sentence] = {
    "queued": Sentence("Errors", N_("Errors", "queued")),
    "starting": Sentence("Errors", N_("Errors", "starting")),
    "running": Sentence("Errors", N_("Errors", "running")),
    "paused": Sentence("Errors", N_("Errors", "paused")),
    "done": Sentence("Errors", N_("Errors", "done")),
    "cancelled": Sentence("Errors", N_("Errors", "cancelled")),
    "failed": Sentence("Errors", N_("Errors", "stopped by an error")),
    "died": Sentence("Errors", N_("Errors", "broken off")),
}
MAX_POINTS = 1_000_000


class MetricSeries:
    """Columns of metrics by step; grows by doubling, is thinned by min/max beyond a million."""

    def __init__(self) -> None:
        self._columns: dict[str, NDArray[np.float64]] = {"step": np.empty(1024)}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, columns: dict[str, list[float | int | None]]) -> None:
        """Append rows; a missing column or value is NaN."""
        added = len(columns["step"])
        self._reserve(self._length + added)
        for name in columns:
            if name not in self._columns:
                self._columns[name] = np.full(len(self._columns["step"]), np.nan)
        for name, column in self._columns.items():
            values = columns.get(name)
            rows = slice(self._length, self._length + added)
            column[rows] = np.nan if values is None else np.array(values, dtype=np.float64)
        self._length += added
        if self._length > MAX_POINTS:
            self._thin()

    def cut_after(self, step: int) -> None:
        """Drop rows of later steps: a resumed run writes them again."""
        steps = self._columns["step"][: self._length]
        self._length = int(np.searchsorted(steps, step, side="right"))

    def column(self, name: str) -> NDArray[np.float64]:
        """A view of the column's rows (empty when it was never written)."""
        if name not in self._columns:
            return np.empty(0)
        return self._columns[name][: self._length]

    def columns(self, *names: str) -> list[NDArray[np.float64]]:
        """Views of equal length, also while the supervisor's thread appends; a column that was
        never written is all NaN."""
        length = self._length
        found = [self._columns.get(name) for name in names]
        return [np.full(length, np.nan) if c is None else c[:length] for c in found]

    def last(self, name: str) -> float | None:
        """The newest finite value."""
        column = self.column(name)
        finite = np.flatnonzero(np.isfinite(column[-4096:]))
        return float(column[-4096:][finite[-1]]) if len(finite) else None

    def _reserve(self, wanted: int) -> None:
        size = len(self._columns["step"])
        if wanted <= size:
            return
        new = max(wanted, 2 * size)
        for name, column in self._columns.items():
            grown = np.full(new, np.nan)
            grown[: self._length] = column[: self._length]
            self._columns[name] = grown

    def _thin(self) -> None:
        """Keep of every four rows the one with the lowest and the one with the highest loss."""
        groups = self._length // 4
        loss = self.column("loss") if "loss" in self._columns else self.column("step")
        quads = np.nan_to_num(loss[: groups * 4].reshape(groups, 4))
        rows = np.stack([quads.argmin(1), quads.argmax(1)], 1)
        rows[rows[:, 0] == rows[:, 1]] = (0, 3)
        keep = (np.sort(rows, 1) + np.arange(groups)[:, None] * 4).ravel()
        keep = np.concatenate([keep, np.arange(groups * 4, self._length)])
        size = len(self._columns["step"])
        thinned: dict[str, NDArray[np.float64]] = {}
        for name, column in self._columns.items():  # New arrays: a reader may hold the old ones.
            thinned[name] = np.full(size, np.nan)
            thinned[name][: len(keep)] = column[keep]
        self._length = len(keep)
        self._columns = thinned


@dataclass
class JobRecord:
    """A run as its events tell it. Fold events in with `apply`; everything else only reads."""

    job: Job
    state: State = "queued"
    attempt: int = 0
    started_at: float | None = None
    ended_at: float | None = None
    last_event_at: float | None = None
    device: str = ""
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    """What else the attempt said of itself when it started: `ranks`, how many train together."""
    phase: str = ""
    progress: ev.Progress | None = None
    plan: dict[str, Any] = field(default_factory=dict[str, Any])
    metrics: MetricSeries = field(default_factory=MetricSeries)
    evaluations: list[ev.Evaluated] = field(default_factory=list[ev.Evaluated])
    samples: list[ev.Sampled] = field(default_factory=list[ev.Sampled])
    guesses: ev.Guessed | None = None
    checkpoint: ev.Checkpoint | None = None
    published: ev.Published | None = None
    result: dict[str, Any] | None = None
    measured: dict[str, Any] = field(default_factory=dict[str, Any])
    forgetting: dict[str, Any] = field(default_factory=dict[str, Any])
    """Of a run with a parent, see core.events.Forgetting."""
    health: ev.Health | None = None
    warnings: list[ev.Warned] = field(default_factory=list[ev.Warned])
    ended: ev.Ended | None = None
    asked: str | None = None
    queue_position: int | None = None
    """1 for the run whose turn comes next; None for one that does not wait."""

    @property
    def id(self) -> str:
        return self.job.id

    @property
    def active(self) -> bool:
        return self.state in ("queued", "starting", "running")

    @property
    def resumable(self) -> bool:
        return self.state in ("paused", "died", "failed")

    @property
    def best(self) -> ev.Evaluated | None:
        return next((e for e in reversed(self.evaluations) if e.best), None)

    @property
    def error(self) -> Sentence | None:
        """Why it failed or died."""
        if self.ended is None or self.ended.outcome not in ("failed", "died"):
            return None
        return sentence_of(self.ended.code, values_from_json(self.ended.values))

    def apply(self, event: ev.Event) -> None:
        """Fold one event in. Unknown events change nothing but the time."""
        self.last_event_at = event.time
        match event:
            case ev.Started():
                self._begin(event)
            case ev.Phase():
                self.phase, self.progress = event.name, None
            case ev.Progress():
                self.progress = event
            case ev.Planned():
                self.plan = event.plan
            case ev.Metrics():
                self.metrics.extend(event.columns)
            case ev.Evaluated():
                self.evaluations.append(event)
            case ev.Sampled():
                self.samples.append(event)
            case ev.Guessed():
                self.guesses = event
            case ev.Checkpoint():
                self.checkpoint = event
            case ev.Published():
                self.published = event
            case ev.Result():
                self.result = event.data
            case ev.Measured():
                self.measured = event.data
            case ev.Forgetting():
                self.forgetting = event.data
            case ev.Health():
                self.health = event
            case ev.RolledBack():
                self._cut_after(event.to_step)
            case ev.Warned():
                self.warnings.append(event)
            case ev.Ended():
                self.ended, self.ended_at = event, event.time
                self.state = "starting" if event.again else event.outcome
                self.asked = self.queue_position = None
            case _:
                pass

    def _begin(self, event: ev.Started) -> None:
        self.attempt, self.device, self.state = event.attempt, event.device, "running"
        self.details = event.details
        self.started_at = self.started_at or event.time
        self.ended = self.ended_at = self.queue_position = None
        self._cut_after(event.from_step)

    def _cut_after(self, step: int) -> None:
        """Forget what belongs to later steps: they are done again."""
        self.metrics.cut_after(step)
        if self.checkpoint is not None and self.checkpoint.step > step:
            self.checkpoint = None
        if self.health is not None and self.health.step > step:
            self.health = None
        self.evaluations = [e for e in self.evaluations if e.step <= step]
        self.samples = [s for s in self.samples if s.step <= step]
