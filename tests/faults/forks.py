"""Workers without the seconds of their imports: a server imports torch once and forks each attempt.

The kills are real: SIGKILL, sent by the server after a while, or by the worker to itself at the n-th
point of a kind (before and after every step, write, flush, rename and removal).

`Forks` is the tests' side; `python -m tests.faults.forks` the server's.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.jobfolder import JobFolder

KINDS: dict[str, tuple[str, ...]] = {
    "rename": ("rename", "replace", "link", "mkdir"),
    "write": ("write",),
    "flush": ("fsync",),
    "remove": ("unlink", "rmdir", "truncate"),
}
"""The system calls behind each kind of point; "step" is an optimiser step."""


@dataclass(frozen=True, slots=True)
class Kill:
    """At the `at`-th point of `kind`, of those alone whose path holds `within`; or after `seconds`."""

    kind: str = ""
    at: int = 0
    within: str = ""
    seconds: float = 0.0


class Forks:
    """The server, for tests: `run` makes one attempt of a run."""

    def __init__(self) -> None:
        root = Path(__file__).resolve().parents[2]
        environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "PYTHONPATH": str(root)}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forks"], cwd=root, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, folder: JobFolder, kill: Kill | None = None, **settings: float) -> str:
        """One attempt; "ended", or where it was killed. `settings` are constants of modules in
        core.training, as module__NAME."""
        kill = kill or Kill()
        word = {
            "folder": str(folder.path), "kind": kill.kind, "at": kill.at,
            "within": kill.within, "seconds": kill.seconds, "settings": settings,
        }  # fmt: skip
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(word) + "\n")
        self._server.stdin.flush()
        answer = json.loads(self._server.stdout.readline())
        if answer["signal"]:
            assert answer["signal"] == signal.SIGKILL, folder.stderr_file.read_text()
            return str(answer["where"] or f"after {kill.seconds} s")
        assert answer["code"] == 0, folder.stderr_file.read_text()
        return "ended"

    def close(self) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(timeout=30)
        self._server.stdout.close()


# ---- the server's side -----------------------------------------------------------------------------


def _serve() -> None:
    for module in ("core.training.job", "core.worker"):
        importlib.import_module(module)
    for line in sys.stdin:
        word = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os._exit(_attempt(word, writing))
        os.close(writing)
        if word["seconds"]:
            _kill_after(pid, word["seconds"])
        _, status = os.waitpid(pid, 0)
        with os.fdopen(reading) as told:
            where = told.read()
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        answer = {"signal": killed, "code": code, "where": where}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _kill_after(pid: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is not None:
            return
        time.sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _attempt(word: dict[str, Any], writing: int) -> int:
    from core.worker import run_job

    folder = JobFolder(Path(word["folder"]))
    log = os.open(folder.stderr_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(log, number)
    for name, value in word["settings"].items():
        module, _, constant = name.partition("__")
        importlib.import_module(f"core.training.{module}")
        assert hasattr(sys.modules[f"core.training.{module}"], constant)
        setattr(sys.modules[f"core.training.{module}"], constant, value)
    if word["at"]:
        _arm(word["kind"], word["at"], word["within"], writing)
    return run_job(folder)


def _arm(kind: str, at: int, within: str, writing: int) -> None:
    left = [at]
    write = os.write

    def point(name: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            write(writing, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def armed(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            counts = within in _paths(arguments)
            if counts:
                point(f"before {name}")
            done = act(*arguments, **named)
            if counts:
                point(f"after {name}")
            return done

        return watched

    if kind == "step":
        from core.training.stepper import Stepper

        Stepper.step = armed("step", Stepper.step)  # type: ignore[method-assign]
        return
    for name in KINDS[kind]:
        setattr(os, name, armed(name, getattr(os, name)))


def _paths(arguments: tuple[Any, ...]) -> str:
    """The paths that a system call is about; of an open file, by its number."""
    if arguments and isinstance(arguments[0], int):
        return str(Path(f"/proc/self/fd/{arguments[0]}").readlink())
    return " ".join(str(argument) for argument in arguments)


if __name__ == "__main__":
    _serve()
