"""A worker process: job FOLDER. Reads the configuration, runs, and says how it ended."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core import events as ev
from core.errors import OutOfMemory, TerakoyaError
from core.home import Home
from core.jobfolder import EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import KINDS
from core.sentences import values_to_json


def main(arguments: list[str]) -> int:
    """`job FOLDER`, or `job --resident NAME HOME`. Returns 0 when the end was written."""
    if len(arguments) == 3 and arguments[0] == "--resident":
        from core.resident import main as serve

        return serve(arguments[1], Path(arguments[2]))
    if len(arguments) != 1 or not (Path(arguments[0]) / "job.json").is_file():
        print("job needs the folder of a run (one that holds job.json).", file=sys.stderr)  # noqa: T201
        return 2
    return run_job(JobFolder(Path(arguments[0]).absolute()))


def run_job(folder: JobFolder) -> int:
    """Run the next attempt of a job; exactly one `ended` event is written for it."""
    import psutil

    lock = folder.rank_lock(0)
    if not lock.acquire():
        print(f"{folder.path} is already being worked on.", file=sys.stderr)  # noqa: T201
        return 2
    _be_modest()
    attempt = folder.attempts() + 1
    writer = EventWriter(folder, attempt)
    folder.write_rank(0, psutil.Process().create_time())
    ended = ev.Ended(outcome="failed", code="fault", values={"detail": "no outcome"})
    try:
        ended = _attempt(folder, writer, attempt)
    finally:
        with contextlib.suppress(TerakoyaError, OSError):
            writer.write(ended)
        writer.close()
        lock.release()
    return 0 if ended.outcome in ("done", "paused", "cancelled") else 1


def _attempt(folder: JobFolder, writer: EventWriter, attempt: int) -> ev.Ended:
    try:
        job = folder.read()
        kind = KINDS[job.kind]
        config = kind.config.model_validate(job.config)
        context = WorkerContext(Home(folder.home), folder, job, config, attempt, writer)
        signal.signal(signal.SIGTERM, lambda *_: context.request_pause())
        signal.signal(signal.SIGINT, lambda *_: context.request_pause())
        return ev.Ended(outcome=_function(kind.function)(context))
    except TerakoyaError as error:
        return _failed(error)
    except MemoryError:
        traceback.print_exc()
        return _failed(OutOfMemory(device="cpu"))
    except Exception as error:
        traceback.print_exc()
        if "out of memory" in str(error).casefold() or "can't allocate memory" in str(error):
            return _failed(OutOfMemory(device="cuda" if "CUDA" in str(error) else "cpu"))
        detail = f"{type(error).__name__}: {error}"
        return ev.Ended(outcome="failed", code="fault", values={"detail": detail[:500]})


def _failed(error: TerakoyaError) -> ev.Ended:
    values: dict[str, Any] = values_to_json(error.values)
    return ev.Ended(outcome="failed", code=error.code, values=values)


def _function(dotted: str) -> Callable[[WorkerContext], Any]:
    module, name = dotted.split(":")
    return getattr(importlib.import_module(module), name)


def _be_modest() -> None:
    """Leave the machine usable: low priority, first to go when memory runs out."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
