"""A full disk: the run waits, says how much is missing and where, and goes on when there is room."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from core.errors import NoSpace
from core.hardware import disk_free
from core.jobfolder import Ask
from core.jobs.context import WorkerContext
from core.sentences import N_, Sentence

WAITING = "waiting-for-room"
"""Name of the phase."""
LOOK_SECONDS = 2.0
"""Between two looks at the disk."""
TRY_SECONDS = 30.0
"""After which it is tried anyhow: the user's quota is nothing that can be looked at."""
_ASK_SECONDS = 0.05
_T = TypeVar("_T")


class Leave(Exception):
    """The user asked for a pause or a cancel while nothing could be written: the run goes on from its
    last checkpoint."""

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        self.ask: Ask = ask


class Room:
    """`waited`: seconds that this attempt has waited, which are no work."""

    def __init__(self, context: WorkerContext) -> None:
        self._context = context
        self.waited = 0.0
        context.writer.be_patient()
        context.patiently = self.patiently

    def patiently(self, act: Callable[[], _T]) -> _T:
        """Do `act`, which writes something; again, once there is room, as often as the disk is full.

        Raises:
            Leave: The user does not want to wait.
        """
        begun: float | None = None
        before = self._context.phase_name
        while True:
            try:
                done = act()
            except NoSpace as full:
                if begun is None:
                    begun = time.monotonic()
                    self._say(full)
                self._wait(full)
            else:
                if begun is not None:
                    self.waited += time.monotonic() - begun
                    self._context.phase(before)
                return done

    def look(self) -> None:
        """Where events wait in memory, wait for room: nobody would see what the run does."""
        if self._context.writer.waiting:
            self.patiently(self._context.writer.room_again)

    def _say(self, full: NoSpace) -> None:
        path, needed = str(full.values["path"]), float(str(full.values["needed"]))
        missing = max(1, round(needed - disk_free(Path(path)) / (1 << 20)))
        self._context.phase(WAITING)
        text = N_("Warnings", "The disk with {path} is full. Free at least {missing} MB more: the run waits, and goes on by itself.")  # fmt: skip
        self._context.warn(
            "disk-full", Sentence("Warnings", text, {"path": path, "missing": missing})
        )

    def _wait(self, full: NoSpace) -> None:
        path, needed = Path(str(full.values["path"])), int(float(str(full.values["needed"]))) << 20
        begun = looked = time.monotonic()
        while True:
            asked = self._context.asked()
            if asked in ("pause", "cancel"):
                raise Leave(asked)
            time.sleep(_ASK_SECONDS)
            now = time.monotonic()
            if now - looked < LOOK_SECONDS:
                continue
            looked = now
            if disk_free(path) > needed or now - begun > TRY_SECONDS:
                return
