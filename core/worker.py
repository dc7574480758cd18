"""A worker process: job FOLDER. Reads the configuration, runs, and says how it ended."""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core import events as ev
from core.awake import kept_awake
from core.errors import Damaged, DiedUnsaved, NotTogether, TerakoyaError, WorkerDied
from core.files import FileLock
from core.home import Home
from core.jobfolder import START_AGAIN, EventWriter, JobFolder
from core.jobs.attempts import last_attempt, write_end
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import KINDS
from core.jobs.ranks import Place, own_place
from core.logs import RunLog
from core.processes import loading
from core.reasons import error_for, reason_of
from core.sentences import N_, Sentence, values_to_json

_LOCK_SECONDS = 3.0
_UNKNOWN = Sentence("Errors", N_("Errors", "it is gone"))
_NO_END = Sentence("Errors", N_("Errors", "a job did not say how it ended"))


def main(arguments: list[str]) -> int:
    """`job FOLDER`, the same with several processes (`job --ranks N FOLDER`), or `job --resident
    NAME HOME`. Returns 0 when the end was written."""
    if len(arguments) == 3 and arguments[0] == "--resident":
        from core.resident import main as serve

        return serve(arguments[1], Path(arguments[2]))
    ranks = 1
    if len(arguments) == 3 and arguments[0] == "--ranks" and arguments[1].isdigit():
        ranks, arguments = int(arguments[1]), arguments[2:]
    if len(arguments) != 1 or not (Path(arguments[0]) / "job.json").is_file():
        print("job needs the folder of a run (one that holds job.json).", file=sys.stderr)  # noqa: T201
        return 2
    folder = JobFolder(Path(arguments[0]).absolute())
    if ranks > 1:
        return _function("core.training.distributed.launch:launch")(folder, ranks)
    place = own_place()
    if place.alone:
        return run_job(folder)
    code = run_job(folder) if place.rank == 0 else _follow(folder, place)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # Connections to other ranks are not torn down in order: a lost one blocks that.


def _follow(folder: JobFolder, place: Place) -> int:
    """Every rank but the first: obeys rank 0 and writes no event."""
    lock = folder.rank_lock(place.rank)
    if not _take(lock):
        print(f"{lock.path} is held by another process.", file=sys.stderr)  # noqa: T201
        return 2
    _be_modest()
    folder.write_rank(place.rank)
    for number in (signal.SIGTERM, signal.SIGINT):  # Rank 0 is asked as well, and tells us.
        signal.signal(number, signal.SIG_IGN)
    try:
        job = folder.read()
        kind = KINDS[job.kind]
        config = kind.config.model_validate(job.config)
    except (TerakoyaError, KeyError, ValidationError):
        return 0  # Rank 0 says what is wrong with it.
    log = RunLog(folder.path, "worker", place.rank)
    log.info("worker", ranks=place.count)
    code: int = _function(kind.follower)(folder, place, config) if kind.follower else 0
    log.info("ended", code=code)
    return code


def run_job(folder: JobFolder) -> int:
    """Run the next attempt of a job; exactly one `ended` event is written for it."""
    lock = folder.rank_lock(0)
    if not _take(lock):
        print(f"{folder.path} is already being worked on.", file=sys.stderr)  # noqa: T201
        return 2
    _be_modest()
    last = last_attempt(folder)
    if last.open:  # Its worker died and nobody was there to say so.
        code = WorkerDied.code if folder.has_something else DiedUnsaved.code
        values = values_to_json({"cause": _UNKNOWN})
        write_end(folder, ev.Ended(outcome="died", code=code, values=values))
    log = RunLog(folder.path, "worker")
    writer = _LoggedWriter(folder, last.number + 1, log)
    folder.write_rank(0)
    log.info("worker", attempt=last.number + 1, **_versions())
    attempt = _Attempt(folder, writer, last.number + 1, log)
    ended = ev.Ended(outcome="failed", code="fault", values=values_to_json({"detail": _NO_END}))
    try:
        ended = attempt.run()
    finally:
        with contextlib.suppress(TerakoyaError, OSError):
            if attempt.context is None or not attempt.context.begun:
                writer.write(ev.Started(from_step=last.step))  # It failed before it could say so.
            writer.write(ended)
        writer.close()
        lock.release()
    return 0 if ended.outcome in ("done", "paused", "cancelled") else 1


class _LoggedWriter(EventWriter):
    """Whatever happens is said in the run's log as well, without its texts."""

    def __init__(self, folder: JobFolder, attempt: int, log: RunLog) -> None:
        super().__init__(folder, attempt)
        self._log = log

    def write(self, event: ev.Event) -> None:
        if not self.ended:
            self._log.event(event)
        super().write(event)


def _versions() -> dict[str, str]:
    found = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
    }
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        found["torch"] = importlib.metadata.version("torch")
    return found


def _take(lock: FileLock) -> bool:
    """The rank's lock. Somebody who merely looks whether it is held has it for an instant."""
    end = time.monotonic() + _LOCK_SECONDS
    while not lock.acquire():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class _Attempt:
    """One attempt: the job's function, and every way in which it can end as an event."""

    def __init__(self, folder: JobFolder, writer: EventWriter, number: int, log: RunLog) -> None:
        self._folder, self._writer, self._number, self._log = folder, writer, number, log
        self.context: WorkerContext | None = None

    def run(self) -> ev.Ended:
        try:
            return ev.Ended(outcome=self._work())
        except TerakoyaError as error:
            return _failed(error)
        except Exception as error:
            traceback.print_exc()
            self._log.failure(error)
            return _failed(error_for(error))

    def _work(self) -> WorkOutcome:
        job = self._folder.read()
        kind = KINDS.get(job.kind)
        if kind is None:
            text = N_("Errors", "its kind “{name}” is not known")
            raise _unreadable(self._folder, Sentence("Errors", text, {"name": job.kind}))
        try:
            config = kind.config.model_validate(job.config)
        except ValidationError as error:
            raise _unreadable(self._folder, reason_of(error)) from error
        if not own_place().alone and not kind.follower:
            raise NotTogether(path=str(self._folder.path), kind=job.kind)
        context = self.context = WorkerContext(
            Home(self._folder.home), self._folder, job, config, self._number, self._writer
        )
        signal.signal(signal.SIGTERM, lambda *_: context.request_pause())
        signal.signal(signal.SIGINT, lambda *_: context.request_pause())
        with kept_awake(self._log) if kind.lasting else contextlib.nullcontext():
            return _function(kind.function)(context)


def _unreadable(folder: JobFolder, reason: Sentence) -> Damaged:
    return Damaged(path=str(folder.job_file), reason=reason, hint=START_AGAIN)


def _failed(error: TerakoyaError) -> ev.Ended:
    values: dict[str, Any] = values_to_json(error.values)
    return ev.Ended(outcome="failed", code=error.code, values=values, again=error.again)


def _function(dotted: str) -> Callable[..., Any]:
    module, name = dotted.split(":")
    with loading():
        return getattr(importlib.import_module(module), name)


def _be_modest() -> None:
    """Leave the machine usable: low priority, first to go when memory runs out."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
