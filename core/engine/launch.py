"""Starting and stopping worker processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from core.engine.ranks import ranks_of
from core.files import friendly_os_errors, read_json
from core.jobfolder import JobFolder
from core.jobs.ranks import TOLD
from core.processes import living

MAIN = Path(__file__).resolve().parents[2] / "main.py"


_SPINS = "1000"
"""Some 20 µs: long enough to wait for the next operation of a small model without falling asleep (a
step of 1M takes 60 ms instead of 100), short enough to give the core back to another program."""
_KEPT = str(8 << 30)
"""Bytes of memory that a training gives back and takes again at every step: asking the system for
them each time cost a tenth of a small step."""


def worker_environment() -> dict[str, str]:
    """Threads that wait long give their core back: with one core taken, spinning ones fall to a
    tenth. (The second name is GNU's, and overrides the first there.)"""
    environment = {name: value for name, value in os.environ.items() if name not in TOLD}
    environment.setdefault("OMP_WAIT_POLICY", "passive")
    environment.setdefault("GOMP_SPINCOUNT", _SPINS)
    environment.setdefault("PYTHONUNBUFFERED", "1")
    environment["PYTHONIOENCODING"] = "utf-8"
    environment["TOKENIZERS_PARALLELISM"] = "true"
    return environment


def training_environment() -> dict[str, str]:
    """As for every worker; and glibc keeps what is freed."""
    environment = worker_environment()
    environment.setdefault("MALLOC_MMAP_THRESHOLD_", _KEPT)
    environment.setdefault("MALLOC_TRIM_THRESHOLD_", _KEPT)
    return environment


def own_session() -> dict[str, Any]:
    """Popen arguments that put a worker out of reach of the terminal's Ctrl-C."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        return {"creationflags": flags}
    return {"start_new_session": True}


def start_worker(folder: JobFolder) -> subprocess.Popen[bytes]:
    """Launch `main.py job FOLDER`, on all devices that it uses; its words go to stderr.log."""
    count = ranks_of(folder)
    training = folder.read().kind == "train"
    environment = training_environment() if training else worker_environment()
    ranks = ["--ranks", str(count)] if count > 1 else []
    with friendly_os_errors(folder.stderr_file), folder.stderr_file.open("ab") as stderr:
        return subprocess.Popen(  # pyright: ignore[reportReturnType]
            [sys.executable, str(MAIN), "job", *ranks, str(folder.path)],
            stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr, env=environment,
            **own_session(),
        )  # fmt: skip


_left: list[subprocess.Popen[bytes]] = []


def let_go(process: subprocess.Popen[bytes]) -> None:
    """Stop looking after a worker. One that lives on is remembered, so that it is no zombie for
    longer than until the next call."""
    _left[:] = [left for left in [*_left, process] if left.poll() is None]


def recorded_processes(folder: JobFolder) -> list[psutil.Process]:
    """The living processes that ranks/N.json name; never one that merely has the same number."""
    found: list[psutil.Process] = []
    for path in sorted((folder.path / "ranks").glob("*.json")):
        try:
            process = living(read_json(path))
        except (OSError, ValueError, AttributeError):
            continue
        if process is not None:
            found.append(process)
    return found


def signal_workers(folder: JobFolder, hard: bool) -> None:
    """SIGTERM (a worker pauses on it), or SIGKILL when it does not answer."""
    for process in recorded_processes(folder):
        with contextlib.suppress(psutil.Error):
            if hard:
                process.kill()
            else:
                process.terminate()
