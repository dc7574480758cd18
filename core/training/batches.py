"""Batches as a pure function of (seed, step), prepared ahead on a thread."""

from __future__ import annotations

import queue
import threading

from core.objectives.batch import Batch, Source


class Batches:
    """Prepares batches ahead on a thread."""

    def __init__(self, source: Source, from_step: int, pin: bool = False) -> None:
        self._source, self._pin = source, pin
        self._queue: queue.Queue[tuple[int, Batch | Exception]] = queue.Queue(maxsize=4)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._prepare, args=(from_step,), name="batches", daemon=True
        )
        self._thread.start()

    def get(self, step: int) -> Batch:
        """The batch of `step`, steps asked for in order. Raises what went wrong in preparing it."""
        number, batch = self._queue.get(timeout=600)
        if isinstance(batch, Exception):
            raise batch
        if number != step:
            raise RuntimeError(f"batch {number} came for step {step}")
        return batch

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _prepare(self, step: int) -> None:
        while not self._stop.is_set():
            try:
                batch = self._source.make(step)
                batch = batch.pinned() if self._pin else batch
            except Exception as error:  # Raised again by `get`, on the thread that trains.
                batch = error
            while not self._stop.is_set():
                try:
                    self._queue.put((step, batch), timeout=0.2)
                    break
                except queue.Full:
                    continue
            step += 1
