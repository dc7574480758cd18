"""The job folder: the only thing that a supervisor and its workers share."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from core.errors import Damaged, NewerDocument, NoSpace, NotFound
from core.events import Ended, Event, decode, encode
from core.files import FileLock, friendly_os_errors, read_json, write_json
from core.processes import note
from core.reasons import reason_of
from core.sentences import N_, Sentence

SCHEMA = 1
FULL = (errno.ENOSPC, errno.EDQUOT)
_RESERVE = 256 << 10
_FEW = 8 << 20  # Bytes: room for many events.
START_AGAIN = Sentence("Errors", N_("Errors", "Start a new run."))
Ask = Literal["pause", "finish", "cancel"]
FRESH_SECONDS = 60.0
"""How long a sign of life from another machine counts; the clocks may differ by a part of it."""


def no_run(job_id: str) -> NotFound:
    """The error for an id that no run, or more than one, has."""
    what = Sentence("Errors", N_("Errors", "run"))
    text = N_("Errors", "Look at the list of runs (command: runs list).")
    return NotFound("id", what=what, name=job_id, hint=Sentence("Errors", text))


@dataclass(frozen=True)
class Job:
    """job.json: `config` is the full configuration as plain JSON, validated by the kind's class."""

    id: str
    kind: str
    title: str
    created: float
    config: dict[str, Any]


_TRIES = 20


class JobFolder:
    """Reads and writes one `runs/<id>/`. Cheap to make; holds no file open."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(
        cls, runs: Path, kind: str, title: str, config: Mapping[str, Any],
        fill: Callable[[JobFolder], None] | None = None,
    ) -> JobFolder:  # fmt: skip
        """Make a new job folder under `runs`; job.json is written last, so a half one is invisible.

        `fill` puts in what the run finds there from the beginning.
        """
        folder = cls._new(runs, kind)
        job_id = folder.id
        with friendly_os_errors(folder.path):
            if fill is not None:
                fill(folder)
        folder._write(Job(job_id, kind, title, time.time(), dict(config)))
        return folder

    @classmethod
    def _new(cls, runs: Path, kind: str) -> JobFolder:
        """A folder that nobody has: two runs of one second may draw the same digits."""
        for attempt in range(_TRIES):
            name = f"{time.strftime('%Y%m%d-%H%M%S')}-{kind}-{secrets.token_hex(2)}"
            folder = cls(runs / name)
            try:
                with friendly_os_errors(folder.path):
                    (folder.path / "ranks").mkdir(parents=True)
            except FileExistsError:
                if attempt + 1 == _TRIES:
                    raise
            else:
                return folder
        raise AssertionError  # The last try returns or raises.

    @classmethod
    def find(cls, runs: Path, job_id: str) -> JobFolder:
        """Raises NotFound."""
        folder = cls(runs / job_id)
        if os.sep in job_id or "/" in job_id or not folder.job_file.is_file():
            raise no_run(job_id)
        return folder

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def home(self) -> Path:
        """The home this run lies in: paths in job.json are relative to it."""
        return self.path.parent.parent

    @property
    def job_file(self) -> Path:
        return self.path / "job.json"

    @property
    def events_file(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def control_file(self) -> Path:
        return self.path / "control"

    @property
    def stderr_file(self) -> Path:
        return self.path / "stderr.log"

    @property
    def reserve_file(self) -> Path:
        """Room for a few words on a full disk, see EventWriter.be_patient."""
        return self.path / "reserve"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def has_checkpoint(self) -> bool:
        """Whether a resumed run finds something to go on from."""
        return any(self.checkpoints.glob("step-*"))

    @property
    def has_something(self) -> bool:
        """Whether anything is kept of what it did: a checkpoint, or the parts of a reading."""
        return self.has_checkpoint or (self.path / "parts" / "read.jsonl").exists()

    def rank_file(self, rank: int) -> Path:
        return self.path / "ranks" / f"{rank}.json"

    def rank_lock(self, rank: int) -> FileLock:
        return FileLock(self.path / "ranks" / f"{rank}.lock")

    def supervisor_lock(self) -> FileLock:
        return FileLock(self.path / "supervisor.lock")

    def read(self) -> Job:
        """Raises Damaged or NewerDocument."""
        try:
            data = read_json(self.job_file)
            if data["schema"] > SCHEMA:
                raise NewerDocument(path=str(self.job_file))
            return Job(self.id, data["kind"], data["title"], data["created"], data["config"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Damaged(
                path=str(self.job_file), reason=reason_of(error), hint=START_AGAIN
            ) from error

    def update_config(self, changes: Mapping[str, Any]) -> Job:
        """Write decisions (sizes, steps, decay) into job.json, so that a resumed run repeats them."""
        job = self.read()
        job = Job(job.id, job.kind, job.title, job.created, {**job.config, **changes})
        self._write(job)
        return job

    def _write(self, job: Job) -> None:
        write_json(
            self.job_file,
            {
                "schema": SCHEMA,
                "kind": job.kind,
                "title": job.title,
                "created": job.created,
                "config": job.config,
            },  # fmt: skip
        )

    # ---- asking ------------------------------------------------------------------------------

    def ask(self, attempt: int, ask: Ask) -> None:
        """Raises NoSpace or NoPermission."""
        try:
            write_json(self.control_file, {"attempt": attempt, "ask": ask})
        except NoSpace:
            if not self.reserve_file.exists():
                raise
            self.reserve_file.unlink(missing_ok=True)  # A run that waits for room must be heard.
            write_json(self.control_file, {"attempt": attempt, "ask": ask})

    def asked(self, attempt: int) -> Ask | None:
        """What the user wants of this attempt; a request for another attempt is ignored."""
        try:
            data = read_json(self.control_file)
        except (OSError, ValueError):
            return None
        if not isinstance(data, dict) or data.get("attempt") != attempt:
            return None
        ask = data.get("ask")
        return ask if ask in get_args(Ask) else None

    # ---- life --------------------------------------------------------------------------------

    def write_rank(self, rank: int) -> None:
        """Note this process as the one that works as `rank` (core.processes)."""
        write_json(self.rank_file(rank), note())

    def is_alive(self) -> bool:
        """Whether any rank of this host holds its lock, or one of another machine shows that it lives.

        A lock may not reach over a shared file system. So the ranks of a training on several
        machines keep the time of their notes fresh as long as they work (`beats` in the note).
        """
        ranks = self.path / "ranks"
        return any(FileLock(path).is_held_elsewhere() for path in ranks.glob("*.lock")) or any(
            map(_beats_elsewhere, ranks.glob("*.json"))
        )


def _beats_elsewhere(path: Path) -> bool:
    try:
        if abs(time.time() - path.stat().st_mtime) > FRESH_SECONDS:
            return False
        data = read_json(path)
        return bool(data.get("beats")) and data.get("host") != socket.gethostname()
    except (OSError, ValueError, AttributeError):
        return False


class EventWriter:
    """Appends events of one attempt (rank 0 only; or the supervisor for a dead worker's end)."""

    def __init__(self, folder: JobFolder, attempt: int) -> None:
        self._attempt = attempt
        self._path, self._reserve = folder.events_file, folder.reserve_file
        self._lock = threading.RLock()
        self._patient = False
        self._waiting: list[bytes] = []
        with friendly_os_errors(self._path, _FEW):
            self._seq = _cut_incomplete_line(self._path)
            self._fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self.ended = False

    def write(self, event: Event) -> None:
        """Stamp and append in one write, so that a reader sees whole lines. Not after `Ended`.

        Raises:
            NoSpace: The disk is full, and this is no patient writer, or the event is `Ended`.
        """
        with self._lock:
            if self.ended:
                return
            self._seq += 1
            stamp = {"seq": self._seq, "time": time.time(), "attempt": self._attempt}
            self._waiting.append(encode(event.model_copy(update=stamp)))
            last = isinstance(event, Ended)
            if last and self._patient:
                self._reserve.unlink(missing_ok=True)
            try:
                self.flush()
            except NoSpace:
                if last or not self._patient:
                    self._waiting.pop()
                    self._seq -= 1
                    raise
            if last:
                os.fsync(self._fd)
                self.ended = True

    # ---- on a full disk ----------------------------------------------------------------------

    def be_patient(self) -> None:
        """From now on events that do not fit wait in memory, and a small file is given up for them,
        so that a run can still say that the disk is full, be asked, and end."""
        self._patient = True
        self._lay_by()

    @property
    def waiting(self) -> bool:
        """Whether events wait in memory."""
        return bool(self._waiting)

    def flush(self) -> None:
        """Append what waits. Raises NoSpace."""
        with self._lock, friendly_os_errors(self._path, _FEW):
            while self._waiting:
                try:
                    self._append(self._waiting[0])
                except OSError as error:
                    if error.errno not in FULL or not self._give_up_some():
                        raise
                    self._append(self._waiting[0])
                del self._waiting[0]

    def sync(self) -> None:
        """Append what waits, and make sure that all is on the disk. Raises NoSpace."""
        with self._lock:
            self.flush()
            with friendly_os_errors(self._path, _FEW):
                os.fsync(self._fd)

    def _lay_by(self) -> None:
        with contextlib.suppress(OSError):
            if not self._reserve.exists() or self._reserve.stat().st_size < _RESERVE:
                self._reserve.write_bytes(os.urandom(_RESERVE))

    def _give_up_some(self) -> bool:
        """Half of the reserve for events; the other half for what the user asks, and the end."""
        try:
            if not self._patient or self._reserve.stat().st_size < _RESERVE:
                return False
            os.truncate(self._reserve, _RESERVE // 2)
        except OSError:
            return False
        return True

    def _append(self, line: bytes) -> None:
        """All of `line` or nothing: a disk that fills up in the middle leaves no broken line."""
        begin = os.fstat(self._fd).st_size
        try:
            written = 0
            while written < len(line):
                written += os.write(self._fd, line[written:])
        except OSError:
            os.ftruncate(self._fd, begin)
            raise

    def room_again(self) -> None:
        """The disk has room: append what waits and lay something by again. Raises NoSpace."""
        self.flush()
        if self._patient:
            self._lay_by()

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
            if self._patient:
                self._reserve.unlink(missing_ok=True)


def _cut_incomplete_line(path: Path) -> int:
    """Cut what a killed writer left of its last line; returns the number of whole lines."""
    if not path.exists():
        return 0
    data = path.read_bytes()
    end = data.rfind(b"\n") + 1
    if end < len(data):
        with path.open("rb+") as file:
            file.truncate(end)
            os.fsync(file.fileno())
    return data.count(b"\n")


class EventReader:
    """Reads events.jsonl incrementally; an incomplete last line waits for its rest."""

    def __init__(self, folder: JobFolder) -> None:
        self._path = folder.events_file
        self._offset = 0

    def poll(self, limit_bytes: int = 8 << 20) -> list[Event]:
        """The events that were appended since the last call (at most about `limit_bytes`)."""
        try:
            with self._path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size < self._offset:
                    self._offset = 0  # Replaced by a restored folder: begin again.
                if size == self._offset:
                    return []
                file.seek(self._offset)
                data = file.read(limit_bytes)
                if len(data) == limit_bytes:
                    data += file.readline()  # A line is never cut, however long it is.
        except OSError:
            return []
        end = data.rfind(b"\n") + 1
        self._offset += end
        events = (decode(line) for line in data[:end].splitlines())
        return [event for event in events if event is not None]
