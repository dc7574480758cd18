"""Who is there: each process holds ranks/N.lock and keeps ranks/N.json fresh; who fell out, and why."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from core.errors import OutOfMemory, RankLost, TerakoyaError, error_of
from core.files import read_json, write_json
from core.hardware import memory_kills
from core.jobfolder import FRESH_SECONDS, JobFolder
from core.jobs.ranks import Place
from core.reasons import COMPUTER
from core.sentences import N_, Sentence, values_to_json

HEARTBEAT_SECONDS = 5.0
LOOK_SECONDS = 0.5
_VERDICT_SECONDS = 3.0
GRACE_SECONDS = 8.0
_GONE = Sentence("Errors", N_("Errors", "it is gone"))


class Roll:
    """The ranks of one run as the job folder shows them.

    A lock proves life on this host only: on a shared file system it may not reach over machines.
    There a fresh modification time of ranks/N.json does (compared with itself, never with a clock
    of this machine).
    """

    def __init__(self, folder: JobFolder, place: Place) -> None:
        self._folder, self._place = folder, place
        self._host = socket.gethostname()
        self._seen: dict[int, tuple[float, float]] = {}
        self._killed = memory_kills()
        self.complete = False  # Set once all have come: what earlier attempts left is none of ours.
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    # ---- own entry ---------------------------------------------------------------------------

    def beat(self) -> None:
        """Keep the own note fresh, from a thread, until `close`: see JobFolder.is_alive."""
        self._note(beats=True)

        def touch() -> None:
            while not self._stop.wait(HEARTBEAT_SECONDS):
                try:
                    os.utime(self._folder.rank_file(self._place.rank))
                except OSError:
                    continue

        self._start("heartbeat", touch)

    def confess(self, error: TerakoyaError) -> None:
        """Leave the reason of this rank's end for rank 0 to tell."""
        self._note(error={"code": error.code, "values": values_to_json(error.values)})

    def _note(self, **changes: Any) -> None:
        path = self._folder.rank_file(self._place.rank)
        write_json(path, {**read_json(path), **changes})

    # ---- the others --------------------------------------------------------------------------

    def verdict(self) -> TerakoyaError | None:
        """After a broken connection: the error of the rank that fell out; None when all are there.

        A killed process needs a moment until the system has given its lock back.
        """
        end = time.monotonic() + _VERDICT_SECONDS
        while (found := self.fallen()) is None and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def fallen(self) -> TerakoyaError | None:
        """The error of the first other rank that is gone, if one is."""
        gone: TerakoyaError | None = None
        if not self.complete:
            return None
        for rank in range(self._place.count):
            if rank == self._place.rank:
                continue
            entry = self._entry(rank)
            if entry.get("error"):
                return error_of(entry["error"]["code"], entry["error"]["values"])
            if gone is None and not self._lives(rank, entry):
                gone = self._reason(rank, str(entry.get("host", "?")))
        return gone

    def _reason(self, rank: int, host: str) -> TerakoyaError:
        """Killed for want of memory, if Linux has killed somebody for that since the start."""
        if host == self._host and memory_kills() > self._killed:
            return OutOfMemory(device=COMPUTER)
        return RankLost(rank=rank + 1, count=self._place.count, host=host, cause=_GONE)

    def _lives(self, rank: int, entry: dict[str, Any]) -> bool:
        if entry.get("host") == self._host:
            return self._folder.rank_lock(rank).is_held_elsewhere()
        try:
            touched = self._folder.rank_file(rank).stat().st_mtime
        except OSError:
            return True
        now = time.monotonic()
        before = self._seen.get(rank)
        if before is None or before[0] != touched:
            self._seen[rank] = (touched, now)
            return True
        return now - before[1] < FRESH_SECONDS

    def _entry(self, rank: int) -> dict[str, Any]:
        try:
            data = read_json(self._folder.rank_file(rank))
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def watch(self, lost: Callable[[TerakoyaError], None]) -> None:
        """Call `lost` (on a thread) when another rank is gone and this one has not noticed it by
        itself within GRACE_SECONDS: it may wait for a GPU that waits for the lost one."""

        def look() -> None:
            since: float | None = None
            while not self._stop.wait(LOOK_SECONDS):
                error = self.fallen()
                if error is None:
                    since = None
                elif since is None:
                    since = time.monotonic()
                elif time.monotonic() - since > GRACE_SECONDS:
                    lost(error)
                    return

        self._start("roll", look)

    def _start(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        if not self._stop.is_set() and self._threads:
            with contextlib.suppress(OSError, ValueError, TerakoyaError):
                self._note(beats=False)
        self._stop.set()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=2)
