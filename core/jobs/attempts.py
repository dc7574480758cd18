"""Which attempt of a run is the newest, and how it ended: what its next writer must know."""

from __future__ import annotations

from dataclasses import dataclass

from core import events as ev
from core.jobfolder import EventWriter, JobFolder

_TOLD = (b'"started"', b'"checkpoint"', b'"rolled_back"', b'"ended"')
_HEAD = 64  # An event's name stands at the beginning of its line.


@dataclass(frozen=True, slots=True)
class LastAttempt:
    """`number` is 0 before the first; `end` is None while it is open; `step` is the newest
    checkpoint's, which a reader of its events can rely on."""

    number: int = 0
    end: ev.Ended | None = None
    step: int = 0

    @property
    def open(self) -> bool:
        return self.number > 0 and self.end is None


def last_attempt(folder: JobFolder) -> LastAttempt:
    """Reads the whole of events.jsonl, but decodes only the lines that matter."""
    number, end, step = 0, None, 0
    try:
        with folder.events_file.open("rb") as lines:
            for line in lines:
                if not any(name in line[:_HEAD] for name in _TOLD) or not line.endswith(b"\n"):
                    continue
                match ev.decode(line):
                    case ev.Started() as event:
                        number, end, step = max(number, event.attempt), None, event.from_step
                    case ev.Checkpoint() as event:
                        step = event.step
                    case ev.RolledBack() as event:
                        step = event.to_step
                    case ev.Ended() as event:
                        end = event
                    case _:
                        pass
    except OSError:
        pass
    return LastAttempt(number, end, step)


def write_end(folder: JobFolder, ended: ev.Ended, *before: ev.Event) -> None:
    """End the open attempt, after a last word `before` it; one that never said that it began is begun first, so that every
    attempt has one beginning and one end. Raises NoSpace or NoPermission."""
    last = last_attempt(folder)
    writer = EventWriter(folder, last.number if last.open else last.number + 1)
    try:
        if not last.open:
            writer.write(ev.Started(from_step=last.step))
        for event in (*before, ended):
            writer.write(event)
    finally:
        writer.close()
