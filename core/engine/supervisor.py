"""A thread that looks after one run: waits in the queue, launches, listens, writes a dead one's end."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core import events as ev
from core.engine.deaths import STOPPED, Before, died, memory_kills
from core.engine.launch import let_go, signal_workers, start_worker
from core.engine.queue import Place
from core.engine.record import JobRecord
from core.errors import OutOfMemory, TerakoyaError
from core.files import FileLock
from core.jobfolder import Ask, EventReader, JobFolder
from core.jobs.attempts import last_attempt, write_end
from core.jobs.kinds import KINDS, JobKind
from core.jobs.relief import CODE, relieve
from core.logs import RunLog
from core.reasons import error_for
from core.sentences import values_to_json

POLL_SECONDS = 0.05
QUEUE_SECONDS = 0.2
TAKE_OVER_SECONDS = 1.0
KILLS_SECONDS = 15.0
TERMINATE_AFTER = 45.0
KILL_AFTER = 15.0
_LEAVE_WITHIN = 20.0
_QUEUED_AFTER = 2.5


class JobSupervisor(threading.Thread):
    """Owns the record of one run. `changed` is called (on this thread) after each news.

    With `launch` it starts a worker; without, it follows one that lives already, or that another
    window or command is about to start. Only the holder of `lock` launches and writes ends.
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
        self.launch = launch
        self._reader, self._changed = reader, changed
        self._kind: JobKind = KINDS[record.job.kind]
        self._queue = FileLock(queue_lock)
        self._place = Place(folder)
        self._leave = threading.Event()
        self._left_at = 0.0
        self._ask: Ask | None = None
        self._asked_at = 0.0
        self._termed_at = 0.0
        self._looked_at = self._lived_at = time.monotonic()
        self._before = Before.now(folder)
        self._kills, self._kills_at = self._before.memory_kills, self._looked_at
        self._log = RunLog(folder.path, "supervisor")
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = folder.supervisor_lock()

    # ---- called from other threads -----------------------------------------------------------

    def ask(self, ask: Ask) -> None:
        """Pass a wish on. A run that has not begun yet finds it when it begins."""
        self._ask = ask
        self.record.asked = ask
        self._log.info("asked", reason=ask)
        self._asked_at = time.monotonic()
        running = self.record.state == "running"
        attempt = self.record.attempt if running else last_attempt(self.folder).number + 1
        self.folder.ask(attempt, ask)

    def leave(self) -> None:
        """Stop supervising; the worker goes on."""
        self._left_at = time.monotonic()
        self._leave.set()

    # ---- the thread --------------------------------------------------------------------------

    def run(self) -> None:
        try:
            if self.launch and not self._wait_and_start():
                return
            self._follow()
        except TerakoyaError as error:
            self._fail(error)
        except OSError as error:
            self._fail(error_for(error))
        finally:
            if self.process is not None:
                let_go(self.process)
            if self.launch:
                self._place.leave()
            self._queue.release()
            self.lock.release()
            self._changed(self.folder.id)

    def _fail(self, error: TerakoyaError) -> None:
        self.record.ended = ev.Ended(
            outcome="failed", code=error.code, values=values_to_json(error.values)
        )
        self.record.state = "failed"

    # ---- waiting -----------------------------------------------------------------------------

    def _wait_and_start(self) -> bool:
        if self._kind.queued:
            self._place.take()
            self._say("queued")
            attempt = last_attempt(self.folder).number + 1
            while not self._is_its_turn():
                if self._leave.is_set():
                    return False
                ask = self._ask or self.folder.asked(attempt)
                if ask is not None and not (ask == "finish" and self.folder.has_checkpoint):
                    self._end_unstarted(ask)
                    return False
                self._leave.wait(QUEUE_SECONDS)
            self._place.leave()
        self._start()
        return True

    def _start(self) -> None:
        self._say("starting")
        self._termed_at = 0.0
        self._before = Before.now(self.folder)
        self._kills, self._kills_at = self._before.memory_kills, time.monotonic()
        self.process = start_worker(self.folder)
        self._log.info("launched", worker=self.process.pid)

    def _is_its_turn(self) -> bool:
        """One lasting run at a time, in the order of the line: the lock is ours, and none lives on
        that a window left."""
        self._show_position()
        if self.record.queue_position != 1:
            self._queue.release()  # Whoever was moved before us must get it.
            return False
        return self._queue.acquire() and not any(
            JobFolder(path).is_alive() and self._is_queued(path)
            for path in self.folder.path.parent.iterdir()
            if path != self.folder.path and (path / "ranks").is_dir()
        )

    def _show_position(self) -> None:
        number = self._place.number()
        if number != self.record.queue_position:
            self.record.queue_position = number
            self._changed(self.folder.id)

    @staticmethod
    def _is_queued(path: Path) -> bool:
        try:
            kind = KINDS.get(JobFolder(path).read().kind)
        except TerakoyaError:
            return False
        return kind is not None and kind.queued

    def _end_unstarted(self, ask: Ask) -> None:
        """Asked to stop while queued: nothing has begun, so nothing is lost. (A run that goes on
        from a checkpoint and is asked to finish keeps its place instead.)"""
        write_end(self.folder, ev.Ended(outcome="cancelled" if ask == "cancel" else "paused"))
        self._drain()

    # ---- following ---------------------------------------------------------------------------

    def _follow(self) -> None:
        while not self._may_go():
            news = self._drain()
            if news:
                self._changed(self.folder.id)
            elif not self._alive() and not self._drain() and self._is_over() and not self._again():
                break
            self._note_kills()
            self._take_over()
            self._press_on()
            self._leave.wait(POLL_SECONDS)
            if self._leave.is_set():
                time.sleep(POLL_SECONDS)

    def _may_go(self) -> bool:
        """Asked to leave, and the worker has taken its lock: from then on others see it live."""
        if not self._leave.is_set():
            return False
        late = time.monotonic() - self._left_at > _LEAVE_WITHIN
        return late or not self._alive() or self.folder.is_alive()

    def _is_over(self) -> bool:
        """Nobody works on it. Writes the end of a worker that could not, if that is our task."""
        if not self.lock.held and not self.lock.acquire():
            return False  # Another window or command looks after it: its word will come.
        if self._drain():
            return False
        if self.record.ended is None:
            last = last_attempt(self.folder)
            if last.end is not None and self.process is None:
                self.record.apply(last.end)  # A resume elsewhere that was given up.
            elif last.number == 0 and self.process is None:
                self.record.state = "paused"  # Queued elsewhere, and never begun.
            else:
                self._bury()
        return True

    def _bury(self) -> None:
        """Say why the worker is gone; killed for want of memory, it may go on with less."""
        code = None if self.process is None else self.process.wait()
        end = self._before.end_of(code, self.folder)
        self._log.warning("buried", code=code, reason=end.code)
        words: list[ev.Event] = []
        if end.code == OutOfMemory.code and self._may_go_on():
            relief = relieve(self.folder)
            if relief is not None:
                end = end.model_copy(update={"again": True})
                words = [ev.Warned(code=CODE, sentence=relief.to_json())]
        write_end(self.folder, end, *words)
        self._drain()

    def _may_go_on(self) -> bool:
        return self._kind.lasting and self._ask in (None, "finish") and not self._leave.is_set()

    def _again(self) -> bool:
        """Start the next attempt of a run that was ended for it."""
        if self.record.ended is None or not self.record.ended.again or self._leave.is_set():
            return False
        self.launch, self.record.ended = True, None
        if self._kind.queued and not self._queue.held:
            return self._wait_and_start()
        self._start()
        return True

    def _note_kills(self) -> None:
        """A worker that disappears was killed for want of memory if the system has killed somebody
        in these last seconds; not if it did so yesterday."""
        if time.monotonic() - self._kills_at > KILLS_SECONDS:
            self._before = replace(self._before, memory_kills=self._kills)
            self._kills, self._kills_at = memory_kills(), time.monotonic()

    def _take_over(self) -> None:
        """Look after a run whose window is gone: its end and its place in the queue."""
        if self.launch or time.monotonic() - self._looked_at < TAKE_OVER_SECONDS:
            return
        self._looked_at = time.monotonic()
        if self._alive():
            self._lived_at = self._looked_at
            self.lock.acquire()
            if self._kind.queued:
                self._queue.acquire()
        elif self.record.state != "queued" and self._looked_at - self._lived_at > _QUEUED_AFTER:
            self.record.ended = None  # Held elsewhere without a worker: waiting to be started.
            self._say("queued")
        if self.record.state == "queued":
            self._show_position()

    def _drain(self) -> bool:
        events = self._reader.poll()
        for event in events:
            was = self.record.state
            self.record.apply(event)
            if self.record.state == "running" and was != "running" and self._ask:
                self.record.asked = self._ask
                self.folder.ask(self.record.attempt, self._ask)  # Asked while it was starting.
        return bool(events)

    def _say(self, state: str) -> None:
        self.record.state = "queued" if state == "queued" else "starting"
        if state != "queued":
            self.record.queue_position = None
        self._changed(self.folder.id)

    def _alive(self) -> bool:
        if self.process is not None and self.process.poll() is None:
            return True
        return self.folder.is_alive()  # Ranks outlive a launcher that was killed.

    def _press_on(self) -> None:
        """The ladder: asked, SIGTERM, SIGKILL."""
        if self._ask in (None, "finish") or self.record.state not in ("running", "starting"):
            return
        now = time.monotonic()
        if not self._termed_at and now - self._asked_at > TERMINATE_AFTER:
            self._termed_at = now
            self._log.warning("terminate")
            signal_workers(self.folder, hard=False)
        elif self._termed_at and now - self._termed_at > KILL_AFTER:
            self._log.warning("kill")
            signal_workers(self.folder, hard=True)
            if self.process is not None:
                self.process.kill()


def bury(folder: JobFolder) -> None:
    """Write the end of an attempt that stopped with its window."""
    write_end(folder, died(STOPPED, folder))
