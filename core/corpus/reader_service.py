"""A reader process: reads files that may be broken or hostile, with a bound on its memory."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa

from core.corpus.gathering import GivenFile, Stopped, gather
from core.corpus.manifest import FileVerdict
from core.home import Home
from core.jobs.kinds import CleaningOptions
from core.resident import Operation, Request

_MOST = 1536 << 20
_BEAT_SECONDS = 0.1


def memory_limit() -> int:
    """Bytes that one reader process may use: 1.5 GB, or a third of a smaller machine's memory."""
    return min(_MOST, psutil.virtual_memory().total // 3)


def operations(home: Home) -> dict[str, Operation]:
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    _limit_memory()
    return {"gather": _gather}


def _limit_memory() -> None:
    """Whatever asks for more gets a MemoryError. (Elsewhere than on Linux the pool looks after it.)"""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = memory_limit()
        if hard == resource.RLIM_INFINITY or hard > limit:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _gather(request: Request) -> dict[str, Any]:
    """{files, options, out} → {rows}; updates: {file} as it gets on, {file, verdict}."""
    params = request.params
    files = [GivenFile.model_validate(file) for file in params["files"]]
    told, last = 0.0, -1

    def beat(number: int, verdict: FileVerdict | None) -> None:
        nonlocal told, last
        if request.cancelled():  # Nobody is there any more to hear of it.
            raise Stopped
        now = time.monotonic()
        if verdict is not None:
            request.update({"file": number, "verdict": verdict.model_dump(mode="json")})
        elif number != last or now - told > _BEAT_SECONDS:
            request.update({"file": number})
        else:
            return
        told, last = now, number

    options = CleaningOptions.model_validate(params["options"])
    with tempfile.TemporaryDirectory(dir=Path(params["out"]).parent) as scratch:
        return {"rows": gather(files, options, Path(params["out"]), Path(scratch), beat)}
