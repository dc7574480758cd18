"""Keeps the computer from falling asleep while something works; its screen may turn off."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator

from core.logs import RunLog

_LEAVE_SECONDS = 3.0


@contextlib.contextmanager
def kept_awake(log: RunLog) -> Generator[None]:
    """Held by a process, not by the machine: it ends with it, however that one ends. Where the
    system knows no such wish (no desktop session), the log says so once, and nothing else happens."""
    over = threading.Event()
    # On a thread of its own: a desktop that does not answer must not keep the work waiting.
    thread = threading.Thread(target=_hold, args=(over, log), name="awake", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_LEAVE_SECONDS)


def _hold(over: threading.Event, log: RunLog) -> None:
    try:
        from wakepy import keep

        with keep.running(on_fail="pass") as mode:
            method = mode.active_method
            log.info("awake", active=mode.active, method=method.name if method else None)
            over.wait()
    except (
        Exception
    ) as error:  # Whatever the desktop's interfaces raise: the work does not depend on it.
        log.failure(error)
