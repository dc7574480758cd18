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

MAIN = Path(__file__).resolve().parents[2] / "main.py"


def worker_environment() -> dict[str, str]:
    """Threads that wait give their core back: with one core taken, spinning ones fall to a tenth."""
    environment = {name: value for name, value in os.environ.items() if name not in TOLD}
    environment.setdefault("OMP_WAIT_POLICY", "passive")
    environment.setdefault("PYTHONUNBUFFERED", "1")
    environment["PYTHONIOENCODING"] = "utf-8"
    environment["TOKENIZERS_PARALLELISM"] = "true"
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
    ranks = ["--ranks", str(count)] if count > 1 else []
    with friendly_os_errors(folder.stderr_file), folder.stderr_file.open("ab") as stderr:
        return subprocess.Popen(  # pyright: ignore[reportReturnType]
            [sys.executable, str(MAIN), "job", *ranks, str(folder.path)],
            stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr, env=worker_environment(),
            **own_session(),
        )  # fmt: skip


_left: list[subprocess.Popen[bytes]] = []


def let_go(process: subprocess.Popen[bytes]) -> None:
    """Stop looking after a worker. One that lives on is remembered, so that it is no zombie for
    longer than until the next call."""
    _left[:] = [left for left in [*_left, process] if left.poll() is None]


def recorded_processes(folder: JobFolder) -> list[psutil.Process]:
    """The living processes that ranks/N.json name: pid and start time must both agree."""
    found: list[psutil.Process] = []
    for path in sorted((folder.path / "ranks").glob("*.json")):
        try:
            data = read_json(path)
            process = psutil.Process(int(data["pid"]))
            if abs(process.create_time() - float(data["started"])) < 2:
                found.append(process)
        except (OSError, ValueError, KeyError, psutil.Error):
            continue
    return found


def signal_workers(folder: JobFolder, hard: bool) -> None:
    """SIGTERM (a worker pauses on it), or SIGKILL when it does not answer."""
    for process in recorded_processes(folder):
        with contextlib.suppress(psutil.Error):
            if hard:
                process.kill()
            else:
                process.terminate()
