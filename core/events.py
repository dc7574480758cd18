"""The one vocabulary of events, written by workers and read by window, command line and tests."""

from __future__ import annotations

import json
import math
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

SCHEMA = 1


class Event(BaseModel):
    """A line of events.jsonl. `seq` counts within the file, `time` is Unix seconds."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    event: ClassVar[str] = ""

    v: int = SCHEMA
    seq: int = 0
    time: float = 0.0
    attempt: int = 0


class Started(Event):
    """First event of an attempt. Readers drop metrics, evaluated and sampled of later steps."""

    event: ClassVar[str] = "started"
    from_step: int = 0
    pid: int = 0
    device: str = ""
    details: dict[str, Any] = {}


class Phase(Event):
    """What the worker does now: reading, tokenizing, measuring, training, evaluating, publishing…"""

    event: ClassVar[str] = "phase"
    name: str


class Progress(Event):
    """`done` of `total` (`unit`: files, bytes, steps, documents…); `eta` in seconds if known."""

    event: ClassVar[str] = "progress"
    done: float
    total: float | None = None
    unit: str = ""
    eta: float | None = None
    detail: str = ""


class Planned(Event):
    """What was decided for this run, before the first step: sizes, steps, decay, precision…"""

    event: ClassVar[str] = "planned"
    plan: dict[str, Any]


class Metrics(Event):
    """Columns of equal length, `step` among them; a number that is not finite is None."""

    event: ClassVar[str] = "metrics"
    columns: dict[str, list[float | int | None]]


class Evaluated(Event):
    """Held-out measure while training. `loss` in nats per token; `bits_per_byte` beside it.
    `details`: `held_out` is False where nothing was, and what is learnt was measured."""

    event: ClassVar[str] = "evaluated"
    step: int
    loss: float | None
    bits_per_byte: float | None = None
    best: bool = False
    details: dict[str, Any] = {}

    @property
    def held_out(self) -> bool:
        return self.details.get("held_out") is not False


class Sampled(Event):
    """Text that the model wrote at `step` after `prompt`."""

    event: ClassVar[str] = "sampled"
    step: int
    prompt: str
    text: str


class Guessed(Event):
    """ "Guess and check" on a held-out sentence.

    `cells` are shortest runs of tokens that are valid UTF-8:
    `{text, probability, rank, alternatives: [[text, probability], …]}`.
    """

    event: ClassVar[str] = "guessed"
    step: int
    cells: list[dict[str, Any]]


class Checkpoint(Event):
    event: ClassVar[str] = "checkpoint"
    step: int
    path: str
    reason: str = ""


class Published(Event):
    event: ClassVar[str] = "published"
    version: str
    version_id: str
    path: str


class Result(Event):
    """What a job found, for jobs whose purpose is an answer (evaluate, measure, read)."""

    event: ClassVar[str] = "result"
    data: dict[str, Any]


class Measured(Event):
    """What a run costs, forecast beside measured; a key is None while its figure is not known.

    `data`: `seconds_forecast` (of the whole run, settled once it trained for a minute) and
    `seconds_now` (the whole as it looks now); `memory_forecast` and `memory_peak` (bytes);
    `watts`, `energy_wh` so far, `energy_source` (nvml, rapl or estimate); `co2_g` and `cost` so far,
    `currency`.
    """

    event: ClassVar[str] = "measured"
    data: dict[str, Any]


class Forgetting(Event):
    """What a run with a parent does to what the parent knew: on the parent's own unseen text.

    `data`: `text` (name of the corpus), `how` (it is measured: see the manifest), `before` and `after` (bits per byte; `after` is None until
    the last step), then also `low` and `high` (95 % of the difference), `verdict` (better, worse,
    unclear) and `sentence` as JSON.
    """

    event: ClassVar[str] = "forgetting"
    data: dict[str, Any]


class Health(Event):
    """How the training fares, in words; written when the findings change, the most important first.

    `findings`: `{code, level, sentence, advice}`, level one of good, note, warn, bad; both sentences
    as JSON (core.sentences). Empty: nothing to say yet.
    """

    event: ClassVar[str] = "health"
    step: int
    findings: list[dict[str, Any]] = []


class RolledBack(Event):
    """The run went wrong at `step` and goes on from its state at `to_step`, with the learning rate
    times `factor` from there. Readers drop metrics, evaluated and sampled of later steps."""

    event: ClassVar[str] = "rolled_back"
    step: int
    to_step: int
    reason: str = ""
    factor: float = 1.0


class Warned(Event):
    """`sentence` is a marked sentence as JSON (core.sentences)."""

    event: ClassVar[str] = "warned"
    code: str
    sentence: dict[str, Any]
    step: int | None = None


class Heartbeat(Event):
    event: ClassVar[str] = "heartbeat"


Outcome = Literal["done", "paused", "cancelled", "failed", "died"]


class Ended(Event):
    """Exactly one for each attempt, by the worker in `finally` or by the supervisor of a dead one.

    `code` and `values` name an error of core.errors when the outcome is failed or died. `again`:
    the supervisor starts the next attempt at once.
    """

    event: ClassVar[str] = "ended"
    outcome: Outcome
    code: str = ""
    values: dict[str, Any] = {}
    again: bool = False


_TYPES: dict[str, type[Event]] = {
    kind.event: kind
    for kind in (
        Started, Phase, Progress, Planned, Metrics, Evaluated, Sampled, Guessed, Checkpoint,
        Published, Result, Measured, Forgetting, Health, RolledBack, Warned, Heartbeat, Ended,
    )
}  # fmt: skip


def finite(value: Any) -> Any:
    """`value` with every NaN and infinity, at any depth, replaced by None: JSON has neither."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(v) for v in value]
    return value


def encode(event: Event) -> bytes:
    """One line of JSON, with its line feed."""
    data = {"event": event.event, **finite(event.model_dump())}
    try:
        return (json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
    except UnicodeEncodeError:  # A file name that is no valid text.
        return (json.dumps(data, allow_nan=False) + "\n").encode("ascii")


def decode(line: bytes) -> Event | None:
    """The event of a line; None when it is unknown or not an event at all."""
    try:
        data = json.loads(line)
        kind = _TYPES.get(data["event"])
        return kind.model_validate(data) if kind else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
