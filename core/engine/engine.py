"""The engine: runs of a home, started, followed and ended; no Qt, no torch."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from core.config import Config
from core.engine.deaths import STOPPED, died
from core.engine.queue import Place
from core.engine.record import STATE_WORDS, JobRecord
from core.engine.resident import ResidentClient
from core.engine.supervisor import JobSupervisor, bury
from core.errors import StateError, TerakoyaError
from core.files import FileLock
from core.home import Home, Trash, Trashed
from core.jobfolder import Ask, EventReader, JobFolder, no_run
from core.jobs.attempts import last_attempt
from core.jobs.extend import can_extend, create_extension, extension_job
from core.jobs.kinds import KINDS
from core.sentences import N_, Sentence
from core.versions.library import VersionLibrary

_GOES_ON = Sentence("Errors", N_("Errors", "It is already going on."))
_START_NEW = Sentence("Errors", N_("Errors", "Start a new one instead."))
_STOP = Sentence("Errors", N_("Errors", "Stop it first."))
_RESUME = Sentence("Errors", N_("Errors", "Resume it first."))
_OVER = Sentence("Errors", N_("Errors", "It has ended."))
_LETTING_GO = 2.0
"""Seconds in which the thread of a run that has ended lets go of it; it takes hundredths."""
_IN_USE = Sentence("Errors", N_("Errors", "in use"))
_ANOTHER = Sentence("Errors", N_("Errors", "Another Terakoya is working on it."))


class Engine:
    """One for each window or command. All methods may be called from any thread."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._records: dict[str, JobRecord] = {}
        self._supervisors: dict[str, JobSupervisor] = {}
        self._residents: dict[str, ResidentClient] = {}
        self._changed: set[str] = set()
        self._lock = threading.Lock()

    # ---- runs --------------------------------------------------------------------------------

    def submit(self, kind: str, config: Config, title: str = "") -> str:
        """Make the job folder and start (or queue) its worker; returns the run's id."""
        folder = JobFolder.create(
            self.home.runs, kind, title or kind, config.model_dump(mode="json")
        )
        self._supervise(folder, JobRecord(folder.read()), EventReader(folder), launch=True)
        return folder.id

    def can_extend(self, run_id: str) -> bool:
        """Whether a run that has ended could be trained longer, see `extend`. Raises NotFound."""
        return can_extend(JobFolder.find(self.home.runs, run_id))

    def extend(
        self, run_id: str, name: str, *, minutes: float | None = None, steps: int | None = None,
        epochs: float | None = None,
    ) -> str:  # fmt: skip
        """Train a finished run longer, as the version `name` (the next edition of its series): from
        the state before its decay, by a run of its own, whose id is returned.

        Exactly one of `minutes` (that it may take), `steps` and `epochs` (more than the run had).

        Raises:
            NotFound, CannotExtend, BadName, NameTaken, NoSpace, NoPermission
        """
        old = JobFolder.find(self.home.runs, run_id)
        VersionLibrary(self.home).ensure_free(name)
        job = extension_job(old, name, minutes=minutes, steps=steps, epochs=epochs)
        folder = create_extension(old, job)
        record, reader = self._read(folder)
        self._supervise(folder, record, reader, launch=True)
        return folder.id

    def resume(self, run_id: str, device: str | None = None, devices: int | None = None) -> None:
        """Go on with a run that was paused, died or failed; with `device` ("cpu", "cuda", "auto"),
        there from now on, with `devices` on so many at once. Raises NotFound or StateError."""
        record = self.record(run_id)
        if record.active:
            raise StateError(run=run_id, state=STATE_WORDS[record.state], hint=_GOES_ON)
        if record.state in ("done", "cancelled"):
            raise StateError(run=run_id, state=STATE_WORDS[record.state], hint=_START_NEW)
        if (before := self._supervisors.get(run_id)) is not None:
            before.join(_LETTING_GO)  # Its end is told a moment before its lock is free.
        folder = JobFolder.find(self.home.runs, run_id)
        wanted = {"device": device, "devices": devices}
        if changes := {name: value for name, value in wanted.items() if value is not None}:
            folder.update_config(changes)
        fresh, reader = self._read(folder)
        fresh.ended = None
        self._supervise(folder, fresh, reader, launch=True)

    def pause(self, run_id: str) -> None:
        self._ask(run_id, "pause")

    def finish(self, run_id: str) -> None:
        self._ask(run_id, "finish")

    def cancel(self, run_id: str) -> None:
        self._ask(run_id, "cancel")

    def move_in_queue(self, run_id: str, by: int) -> bool:
        """Let a waiting run change places with the one before (-1) or after it (+1); False where
        there is none, or where it does not wait. Raises NotFound."""
        folder = JobFolder.find(self.home.runs, run_id)
        return self.record(run_id).state == "queued" and Place(folder).move(by)

    def remove(self, run_id: str) -> Trashed:
        """Move a run that has ended to the trash. Raises NotFound or StateError."""
        record = self.record(run_id)
        if record.active:
            raise StateError(run=run_id, state=STATE_WORDS[record.state], hint=_STOP)
        trashed = Trash(self.home).put(JobFolder.find(self.home.runs, run_id).path)
        with self._lock:
            self._records.pop(run_id, None)
        return trashed

    def record(self, run_id: str) -> JobRecord:
        """Raises NotFound."""
        with self._lock:
            known = self._records.get(run_id)
        if known is not None:
            return known
        folder = JobFolder.find(self.home.runs, run_id)
        return self._adopt(folder)

    def records(self) -> list[JobRecord]:
        """Every run that was looked at (see `rescan`), newest first."""
        with self._lock:
            return sorted(self._records.values(), key=lambda r: r.job.created, reverse=True)

    def rescan(self) -> list[JobRecord]:
        """Read the runs of the home from disk; follows those that live without us (also those that
        somebody else resumed), and writes the end of those that died with the machine."""
        if self.home.runs.is_dir():
            for path in sorted(self.home.runs.iterdir()):
                folder = JobFolder(path)
                if not folder.job_file.is_file() or not self._is_news(folder):
                    continue
                try:
                    self._adopt(folder)
                except TerakoyaError:
                    continue  # A damaged job.json: `runs list` names it.
        return self.records()

    def poll(self) -> set[str]:
        """Ids of the runs that changed since the last call."""
        with self._lock:
            changed, self._changed = self._changed, set()
        return changed

    def wait(self, run_id: str, timeout: float | None = None) -> JobRecord:
        """Block until the run has ended (for the command line)."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            supervisor = self._supervisors.get(run_id)
            if supervisor is None or not supervisor.is_alive():
                return self.record(run_id)
            if end is not None and time.monotonic() > end:
                return self.record(run_id)
            supervisor.join(timeout=0.1)

    def resident(self, name: str) -> ResidentClient:
        """The resident worker `library`, `laboratory` or `chat`; its process starts with the first request."""
        with self._lock:
            if name not in self._residents:
                self._residents[name] = ResidentClient(name, self.home.path)
            return self._residents[name]

    def close(self, keep_trainings: bool = True) -> None:
        """Stop residents and short jobs of ours; trainings go on, or are paused and saved. Runs
        that another window or command started are left alone."""
        for resident in self._residents.values():
            resident.close()
        waiting: list[JobSupervisor] = []
        for supervisor in list(self._supervisors.values()):
            if not supervisor.is_alive():
                continue
            lasting = KINDS[supervisor.record.job.kind].lasting
            kept = lasting and keep_trainings and supervisor.record.state != "queued"
            if kept or not (supervisor.launch or (lasting and not keep_trainings)):
                supervisor.leave()
            else:
                supervisor.ask("pause")
            waiting.append(supervisor)
        for supervisor in waiting:
            supervisor.join(timeout=90)

    # ---- inside ------------------------------------------------------------------------------

    def _ask(self, run_id: str, ask: Ask) -> None:
        record = self.record(run_id)
        supervisor = self._supervisors.get(run_id)
        if not record.active:
            hint = _RESUME if record.resumable else _OVER
            raise StateError(run=run_id, state=STATE_WORDS[record.state], hint=hint)
        if supervisor is not None and supervisor.is_alive():
            supervisor.ask(ask)

    def _is_news(self, folder: JobFolder) -> bool:
        """A run that was not looked at yet, or that goes on without our doing."""
        with self._lock:
            if folder.id not in self._records:
                return True
            supervisor = self._supervisors.get(folder.id)
        if supervisor is not None and supervisor.is_alive():
            return False
        return folder.is_alive() or folder.supervisor_lock().is_held_elsewhere()

    def _adopt(self, folder: JobFolder) -> JobRecord:
        record, reader = self._read(folder)
        alive = folder.is_alive()
        if alive or folder.supervisor_lock().is_held_elsewhere():
            if record.ended is None:
                record.state = "running" if alive and record.attempt else "queued"
            self._supervise(folder, record, reader, launch=False)
            return record
        if record.ended is None and record.attempt:
            self._bury(folder, record, reader)
        elif record.ended is None:
            record.state = "paused"  # Queued, and never begun.
        elif record.ended.again:
            record.state = record.ended.outcome  # Its window went before it could start it again.
        with self._lock:
            self._records[folder.id] = record
        return record

    def _bury(self, folder: JobFolder, record: JobRecord, reader: EventReader) -> None:
        """Its worker and its window are gone: write the end, unless somebody else just does."""
        lock = folder.supervisor_lock()
        try:
            if lock.acquire() and last_attempt(folder).open:
                bury(folder)
        except TerakoyaError:  # A disk that is full or read-only: at least say it.
            record.apply(died(STOPPED, folder))
        finally:
            lock.release()
        for event in reader.poll():
            record.apply(event)

    def _read(self, folder: JobFolder) -> tuple[JobRecord, EventReader]:
        record, reader = JobRecord(folder.read()), EventReader(folder)
        while events := reader.poll():
            for event in events:
                record.apply(event)
        return record, reader

    def _supervise(
        self, folder: JobFolder, record: JobRecord, reader: EventReader, launch: bool
    ) -> None:
        supervisor = JobSupervisor(
            folder, record, reader, self.home.queue_lock_file, self._note, launch
        )
        if launch and not _take(supervisor.lock):
            raise StateError(run=folder.id, state=_IN_USE, hint=_ANOTHER)
        with self._lock:
            self._records[folder.id] = record
            self._supervisors[folder.id] = supervisor
        if launch:
            record.state = "queued" if KINDS[record.job.kind].queued else "starting"
        supervisor.start()

    def _note(self, run_id: str) -> None:
        with self._lock:
            self._changed.add(run_id)


def _take(lock: FileLock) -> bool:
    """Somebody who merely looks whether a lock is held has it for an instant."""
    for _ in range(10):
        if lock.acquire():
            return True
        time.sleep(0.01)
    return False


def find_run(engine: Engine, run_id: str, runs: Path) -> JobRecord:
    """A run by id or by a unique beginning or end of it. Raises NotFound."""
    names = [p.name for p in runs.iterdir()] if runs.is_dir() else []
    matches = [n for n in names if n == run_id] or [
        n for n in names if n.startswith(run_id) or n.endswith(run_id)
    ]
    if len(matches) != 1:
        raise no_run(run_id)
    return engine.record(matches[0])
