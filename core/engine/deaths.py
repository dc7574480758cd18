"""Why a worker is gone, as the end that its supervisor writes for it."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from core import events as ev
from core.errors import DiedUnsaved, OutOfMemory, WorkerDied
from core.hardware import memory_kills
from core.jobfolder import JobFolder
from core.reasons import COMPUTER
from core.sentences import N_, Sentence, Value, values_to_json

STOPPED = Sentence("Errors", N_("Errors", "the program or the machine was stopped"))
GONE = Sentence("Errors", N_("Errors", "it is gone"))


def died(cause: Value, folder: JobFolder) -> ev.Ended:
    """The end of an attempt whose worker said nothing."""
    code = WorkerDied.code if folder.has_something else DiedUnsaved.code
    return ev.Ended(outcome="died", code=code, values=values_to_json({"cause": cause}))


@dataclass(frozen=True)
class Before:
    """What is noted when a worker starts: how long its log is, how often memory ran out."""

    log_bytes: int
    memory_kills: int

    @classmethod
    def now(cls, folder: JobFolder) -> Before:
        stderr = folder.stderr_file
        return cls(stderr.stat().st_size if stderr.exists() else 0, memory_kills())

    def end_of(self, code: int | None, folder: JobFolder) -> ev.Ended:
        """Out of memory, or signal or exit code with the worker's last words.

        Args:
            code: Exit code, or minus the signal; None for a worker of somebody else.
        """
        killed = sys.platform != "win32" and code in (None, -signal.SIGKILL)
        if killed and memory_kills() > self.memory_kills:
            values = values_to_json({"device": COMPUTER})
            return ev.Ended(outcome="died", code=OutOfMemory.code, values=values)
        cause = GONE if code is None else _in_words(code)
        last = last_line(folder.stderr_file, self.log_bytes)
        if not last:
            return died(cause, folder)
        text = N_("Errors", "{cause}: {words}")
        return died(Sentence("Errors", text, {"cause": cause, "words": last}), folder)


def _in_words(code: int) -> Value:
    if code >= 0:
        return Sentence("Errors", N_("Errors", "exit code {number}"), {"number": code})
    try:
        return signal.Signals(-code).name
    except ValueError:
        return Sentence("Errors", N_("Errors", "signal {number}"), {"number": -code})


def last_line(path: Path, since: int = 0, limit: int = 4096) -> str:
    """The last line after `since` bytes that is not blank, at most 200 characters."""
    try:
        with path.open("rb") as file:
            file.seek(max(since, path.stat().st_size - limit))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")
