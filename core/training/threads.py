"""How many threads compute. With one core taken by another program, two can be slower than one.

Measured at the start, and again when throughput halves; every decision is written into job.json,
because sums depend on it in their last bits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch

HALVED = 0.5
LEAST_SECONDS = 15.0
"""Between two measurements, so that a busy machine is not made busier."""
RETRY_SECONDS = 30.0
"""After which fewer threads than there could be are put to the test again: the other program
may be gone."""
_CLEARLY = 0.9
_REPEAT_BELOW = 0.5


def candidates(most: int) -> list[int]:
    """All of them, half, and one."""
    return sorted({most, max(1, most // 2), 1}, reverse=True)


def fastest(seconds: dict[int, float]) -> int:
    """The most threads, unless fewer need clearly less time for a step."""
    chosen = max(seconds)
    for count in sorted(seconds, reverse=True):
        if seconds[count] < _CLEARLY * seconds[chosen]:
            chosen = count
    return chosen


class Threads:
    """The count at each step: `first` until decided otherwise."""

    def __init__(
        self,
        first: int,
        most: int,
        decided: list[dict[str, int]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first, self._most = first, max(first, most)
        self._decided = list(decided)
        self._settled_until = decided[-1]["step"] if decided else -1
        self._now = now
        self._measured_at = now()
        self._reference = 0.0
        self._slow_since: float | None = None

    def at(self, step: int) -> int:
        found = [d["threads"] for d in self._decided if d["step"] <= step]
        return found[-1] if found else self._first

    def apply(self, step: int) -> None:
        """Compute with the count of `step` from now on."""
        wanted = self.at(step)
        if torch.get_num_threads() != wanted:
            torch.set_num_threads(wanted)

    def due(self, step: int, speed: float) -> bool:
        """Whether to measure now. `speed`: tokens a second, lately (0: not known)."""
        if step <= self._settled_until or self._most == 1 or not speed:
            return False
        now = self._now()
        self._reference = max(self._reference, speed)
        if speed >= HALVED * self._reference:
            self._slow_since = None
        elif self._slow_since is None:
            self._slow_since = now
        since = now - self._measured_at
        if self._slow_since is not None and now - self._slow_since > 2 and since > LEAST_SECONDS:
            return True
        return self.at(step) < self._most and since > RETRY_SECONDS

    def choose(self, step: int, measure: Callable[[], float]) -> bool:
        """Time each count with `measure` (seconds of one step); True when the count changes."""
        seconds: dict[int, float] = {}
        for count in candidates(self._most):
            torch.set_num_threads(count)
            seconds[count] = measure()
            if seconds[count] < _REPEAT_BELOW:
                seconds[count] = min(measure(), measure())
        before, chosen = self.at(step), fastest(seconds)
        self._measured_at, self._slow_since, self._reference = self._now(), None, 0.0
        if chosen != before:
            self._decided.append({"step": step, "threads": chosen})
        self._settled_until = max(self._settled_until, step)
        self.apply(step)
        return chosen != before

    def to_json(self) -> list[dict[str, Any]]:
        return [dict(decision) for decision in self._decided]
