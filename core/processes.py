"""Processes: a quick beginning and end of our own, and which one a note on the disk means, after its
number was given to another one, the clock was set, the computer restarted or the folder moved to
another computer."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import socket
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import psutil

_CLOCK_SECONDS = 2.0


def note() -> dict[str, Any]:
    """This process: its number, start and host; on Linux also what no clock can change, the ticks
    from the computer's start to its own, and which of the computer's starts that was."""
    found: dict[str, Any] = {
        "pid": os.getpid(), "started": psutil.Process().create_time(), "host": socket.gethostname(),
    }  # fmt: skip
    return {**found, **_since_boot(os.getpid())}


def living(data: Mapping[str, Any]) -> psutil.Process | None:
    """The process of a note, if it lives on this computer; None for every other and for a note that
    is damaged."""
    try:
        if data.get("host", "") not in ("", socket.gethostname()):
            return None
        process = psutil.Process(int(data["pid"]))
        now = _since_boot(process.pid)
        if "boot" in data and now:
            return process if all(data.get(key) == now[key] for key in now) else None
        same = abs(process.create_time() - float(data["started"])) < _CLOCK_SECONDS
        return process if same else None
    except (KeyError, TypeError, ValueError, OverflowError, psutil.Error):
        return None


def _since_boot(pid: int) -> dict[str, Any]:
    if sys.platform != "linux":
        return {}
    with contextlib.suppress(OSError, ValueError, IndexError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # proc(5): the name in brackets may hold anything; starttime is the 22nd field.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return {"boot": boot, "ticks": int(fields.rpartition(")")[2].split()[19])}
    return {}


@contextlib.contextmanager
def loading() -> Generator[None]:
    """While modules are imported: they leave no garbage behind, and looking for it took a sixth of the
    time (with torch). What they made stays, and is never looked through again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def end_without_teardown(main: Callable[[], int]) -> NoReturn:
    """Run `main` and end this process with the code that it returns, after everything that was
    registered for its end, but without taking apart what was loaded: with torch that takes a third
    of a second, for which a window that is closed would wait."""
    code = 1  # An exception that comes out of `main` is shown, and ends it with 1.

    def end() -> None:  # Registered first, so called last.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(code)

    atexit.register(end)
    code = main()
    sys.exit(code)
