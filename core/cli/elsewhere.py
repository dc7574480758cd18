"""Work that nothing can break off (a library learns a tokenizer), in a terminal that hears Ctrl-C."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from core.cli.output import Output

_T = TypeVar("_T")
_INTERRUPTED = 130
_PATIENCE = 0.3
"""Seconds in which work that can tidy up may do so."""


def elsewhere(work: Callable[[Callable[[], bool]], _T], output: Output) -> _T:
    """What `work` returns or raises; it runs on a thread. With Ctrl-C this process ends, also in the
    middle of it: `work` must leave nothing half written at any moment.

    Args:
        work: Gets a function that says whether to stop.
    """
    results: list[_T] = []
    faults: list[BaseException] = []
    leaving, finished = threading.Event(), threading.Event()

    def run() -> None:
        try:
            results.append(work(leaving.is_set))
        except BaseException as fault:
            faults.append(fault)
        finally:
            finished.set()

    threading.Thread(target=run, name="work", daemon=True).start()
    try:
        while not finished.wait(0.1):  # One wait without an end would not hear Ctrl-C on Windows.
            pass
    except KeyboardInterrupt:
        leaving.set()
        finished.wait(_PATIENCE)
        output.end_progress()
        sys.stdout.flush()
        os._exit(_INTERRUPTED)
    output.end_progress()
    if faults:
        raise faults[0]
    return results[0]
