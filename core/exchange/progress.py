"""How far bytes have come, and when they will all be there."""

from __future__ import annotations

import time

from core.jobs.context import WorkerContext


class Pace:
    """Called with what is done and with all of it; says so, with the time that is left."""

    def __init__(self, context: WorkerContext, unit: str) -> None:
        self._context, self._unit = context, unit
        self._begun: float | None = None
        self._first = 0.0

    def __call__(self, done: float, total: float) -> None:
        now = time.monotonic()
        if self._begun is None:
            self._begun, self._first = now, done
        speed = (done - self._first) / max(1e-6, now - self._begun)
        eta = (total - done) / speed if speed > 0 and now - self._begun > 0.5 else None
        self._context.progress(done, total, self._unit, eta)
