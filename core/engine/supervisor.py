"""A thread that looks after one run: waits in the queue, launches, listens, writes a dead one's end."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from core import events as ev
from core.engine.launch import cause_of, signal_workers, start_worker
from core.engine.record import JobRecord
from core.errors import TerakoyaError
from core.files import FileLock
from core.jobfolder import Ask, EventReader, EventWriter, JobFolder
from core.jobs.kinds import KINDS, JobKind

POLL_SECONDS = 0.05
TERMINATE_AFTER = 45.0
KILL_AFTER = 15.0


class JobSupervisor(threading.Thread):
    """Owns the record of one run. `changed` is called (on this thread) after each news.

    With `launch` it starts a worker; without, it follows one that lives already.
    """

    def __init__(
        self,
        folder: JobFolder,
        record: JobRecord,
        reader: EventReader,
        queue_lock: Path,
        changed: Callable[[str], None],
        launch: bool,
    ) -> None:
        super().__init__(name=f"job-{folder.id}", daemon=True)
        self.folder, self.record = folder, record
        self._reader, self._changed, self._launch = reader, changed, launch
        self._kind: JobKind = KINDS[record.job.kind]
        self._queue = FileLock(queue_lock)
        self._leave = threading.Event()
        self._ask: Ask | None = None
        self._asked_at = 0.0
        self._termed_at = 0.0
        self._news = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = folder.supervisor_lock()

    # ---- called from other threads -----------------------------------------------------------

    def ask(self, ask: Ask) -> None:
        """Pass a wish on; a queued run that is not launched yet simply ends."""
        self._ask = ask
        self.record.asked = ask
        self._asked_at = time.monotonic()
        if self.record.state == "running":
            self.folder.ask(self.record.attempt, ask)

    def leave(self) -> None:
        """Stop supervising; the worker goes on."""
        self._leave.set()

    # ---- the thread --------------------------------------------------------------------------

    def run(self) -> None:
        try:
            if self._launch and not self._wait_and_start():
                return
            self._follow()
        except TerakoyaError as error:
            self._fail(error)
        finally:
            self._queue.release()
            self.lock.release()
            self._changed(self.folder.id)

    def _fail(self, error: TerakoyaError) -> None:
        self.record.ended = ev.Ended(outcome="failed", code=error.code, values=dict(error.values))
        self.record.state = "failed"

    def _wait_and_start(self) -> bool:
        if self._kind.queued:
            self.record.state = "queued"
            self._changed(self.folder.id)
            while not self._queue.acquire():
                if self._leave.is_set():
                    return False
                if self._ask in ("pause", "cancel", "finish"):
                    self._end_unstarted()
                    return False
                time.sleep(0.2)
        self.record.state = "starting"
        self.record.asked = None
        self._changed(self.folder.id)
        self.process = start_worker(self.folder, self._kind)
        return True

    def _end_unstarted(self) -> None:
        """Asked to stop while queued: nothing has begun, so nothing is lost."""
        attempt = self.folder.attempts() + 1
        writer = EventWriter(self.folder, attempt)
        outcome = "cancelled" if self._ask == "cancel" else "paused"
        writer.write(ev.Started(from_step=0))
        writer.write(ev.Ended(outcome=outcome))
        writer.close()
        self._drain()

    def _follow(self) -> None:
        while not self._leave.is_set():
            if self._drain():
                self._changed(self.folder.id)
            if self.record.ended is not None and not self._alive():
                break
            if not self._alive() and not self._drain():
                if self.record.ended is None:
                    self._write_end_of_the_dead()
                break
            self._press_on()
            time.sleep(POLL_SECONDS)
        if self.process is not None and not self._leave.is_set():
            self.process.wait(timeout=30)

    def _drain(self) -> bool:
        events = self._reader.poll()
        for event in events:
            was = self.record.state
            self.record.apply(event)
            if self.record.state == "running" and was != "running" and self._ask:
                self.folder.ask(self.record.attempt, self._ask)  # Asked while it was starting.
        return bool(events)

    def _alive(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        return self.folder.is_alive()

    def _press_on(self) -> None:
        """The ladder: asked, SIGTERM, SIGKILL."""
        if self._ask in (None, "finish") or self.record.state not in ("running", "starting"):
            return
        now = time.monotonic()
        if not self._termed_at and now - self._asked_at > TERMINATE_AFTER:
            self._termed_at = now
            signal_workers(self.folder, hard=False)
        elif self._termed_at and now - self._termed_at > KILL_AFTER:
            signal_workers(self.folder, hard=True)
            if self.process is not None:
                self.process.kill()

    def _write_end_of_the_dead(self) -> None:
        code = None if self.process is None else self.process.wait()
        bury(self.folder, self.record, cause_of(code, self.folder.stderr_file))
        self._drain()


def bury(folder: JobFolder, record: JobRecord, cause: str) -> None:
    """Write the end of an attempt whose worker is gone without a word."""
    attempt = max(1, record.attempt)
    writer = EventWriter(folder, attempt)
    writer.write(ev.Ended(outcome="died", code="worker-died", values={"cause": cause}))
    writer.close()
