"""Ending a reading at once: some of its work (learning a tokenizer) cannot be broken off."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Generator

from core import events as ev
from core.jobs.context import WorkerContext

PATIENCE = 0.25
"""Seconds after which a reading that was asked to stop, and has not, ends with its process."""
_LOOK = 0.05


@contextlib.contextmanager
def leaving(context: WorkerContext, clean_up: Callable[[], None]) -> Generator[None]:
    """While the block runs, look whether the user wants a stop. What was read is on the disk after
    every few files, so the process may go at any moment."""
    finished, turn = threading.Event(), threading.Lock()

    def look() -> None:
        while not finished.wait(_LOOK):
            ask = context.asked()
            if ask is None or finished.wait(PATIENCE):
                continue
            with turn:
                if finished.is_set():
                    return
                with contextlib.suppress(OSError):
                    clean_up()
                context.emit(ev.Ended(outcome="cancelled" if ask == "cancel" else "paused"))
                os._exit(0)

    thread = threading.Thread(target=look, name="leaving", daemon=True)
    thread.start()
    try:
        yield
    finally:
        with turn:
            finished.set()
        thread.join()
