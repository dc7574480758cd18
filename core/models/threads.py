"""How many threads write: one, or all, as it turns out.

A product with one vector is short (20 to 300 µs). Where the machine is free, all threads share it
out; where a training runs beside, threads that wait for each other wait for the scheduler, and one
alone is several times as fast (measured: 5M, 1,041 against 135 tokens/s). So the speed of both is
watched while writing. The count changes no result: each output is summed by one thread.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import torch

_TRY_EVERY = 64
_LITTLE_WORK = 2e9
_KEPT = 0.7
"""Part of the old estimate that a new measurement leaves."""


class ThreadChooser:
    """Watches steps of one kind; each is made with the count that is fastest of late."""

    def __init__(self, most: int | None = None) -> None:
        all_threads = most or torch.get_num_threads()
        self._counts = sorted({1, max(1, all_threads // 2), all_threads})
        self._seconds: dict[int, float] = {}
        self._steps = 0

    def next_count(self) -> int:
        """The fastest count; one not yet known, and every 64th step another one, to know better."""
        unknown = [count for count in self._counts if count not in self._seconds]
        if unknown:
            return unknown[0]
        if self._steps % _TRY_EVERY == 0:
            return self._counts[self._steps // _TRY_EVERY % len(self._counts)]
        return min(self._counts, key=self._seconds.__getitem__)

    def learn(self, count: int, seconds: float) -> None:
        old = self._seconds.get(count, seconds)
        self._seconds[count] = _KEPT * old + (1 - _KEPT) * seconds
        self._steps += 1

    @contextmanager
    def step(self) -> Generator[None]:
        """Make one step with the chosen count; what the process had is set again afterwards."""
        count, before = self.next_count(), torch.get_num_threads()
        begun = time.perf_counter()
        _set_threads(count)
        try:
            yield
        finally:
            self.learn(count, time.perf_counter() - begun)
            _set_threads(before)


@contextmanager
def threads_for(work: float) -> Generator[None]:
    """One thread for a block of so few floating-point operations that a second would be waited for
    longer than it helps; a rule, not a measurement: blocks may be summed differently."""
    before = torch.get_num_threads()
    if work < _LITTLE_WORK:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _set_threads(count: int) -> None:
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)
    _blas_setter()(count)


@cache
def _blas_setter() -> Callable[[int], object]:
    """OpenBLAS's own function, where numpy brings it along; else nothing (Apple's Accelerate counts
    threads itself)."""
    for folder in ("numpy.libs", "numpy/.dylibs"):
        for library in (Path(np.__file__).parent.parent / folder).glob("*openblas*"):
            try:
                loaded = ctypes.CDLL(str(library))
            except OSError:
                continue
            for name in ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads"):
                if hasattr(loaded, name):
                    return getattr(loaded, name)
    return _nothing


def _nothing(_: int) -> None: ...
