"""When checkpoints are written, and what is told of them.

The loop only copies the run's tensors; a thread writes them. So a step never waits for a disk, and
what saving costs is measured: where it is dear, it is done more rarely, but never more rarely than the
user was promised.
"""

from __future__ import annotations

import copy
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from core import events as ev
from core.errors import NoSpace
from core.hardware import memory
from core.jobs.context import WorkerContext
from core.sentences import N_, Sentence
from core.training.checkpoint import Best, Checkpoints, Loaded, RunState, Write, whole
from core.training.room import Room
from core.training.stepper import Stepper
from core.training.tensorfile import tensor_bytes

SHARE = 0.02
"""Of the wall clock that saving may cost; the rest up to three per cent is for what varies."""
LITTLE_SECONDS = 0.02
"""That saving after a test may always cost."""
LONG_SECONDS = 0.3
"""For a write to be waited for."""
MEMORY_SPARE = 1.5
"""Times a copy's size that must be free, or the loop itself writes."""
_NICER = 4  # Little enough that a busy machine does not starve it.
_BYTES_A_SECOND = 300e6  # Guessed cost, until it was measured.


@dataclass
class _Done:
    """A checkpoint that has its name. Seconds of the processor and of the clock."""

    path: Path
    step: int
    reason: str
    best: Best | None
    work: float
    seconds: float


class Saver:
    """Writes the run's state. The caller keeps `state` up to date, its seconds among it."""

    def __init__(
        self, context: WorkerContext, checkpoints: Checkpoints, stepper: Stepper, every: float,
        room: Room,
    ) -> None:  # fmt: skip
        """`every`: seconds whose work a crash may cost."""
        self._context, self.checkpoints, self._stepper = context, checkpoints, stepper
        self._every, self._room = every, room
        self._saved_at = time.monotonic()
        self._best: Best | None = None
        self._thread = ThreadPoolExecutor(1, "saving", initializer=_be_quiet)
        self._future: Future[_Done] | None = None
        self._task: Callable[[], _Done] | None = None
        size = tensor_bytes(stepper.masters)
        self._cost = self._length = 3 * size / _BYTES_A_SECOND
        self.copying = 0.0
        """Seconds that the loop stood still for the last copy."""
        self.spent = 0.0
        """Seconds of this attempt that saving has cost the loop, at most."""
        self._said = False

    # ---- when --------------------------------------------------------------------------------

    def due(self) -> bool:
        """What was promised needs a checkpoint now, even if it is dear."""
        ready = self._future is None
        return ready and self._elapsed() > max(0.5 * self._every, self._every - self._length)

    def cheap(self, beside: float) -> bool:
        """Whether one more, after a test that took `beside` seconds, keeps the cost within bounds."""
        if self._future is not None and self._length > LONG_SECONDS:
            return False  # It would have to wait for the one before.
        little = self._cost < max(LITTLE_SECONDS, 0.1 * beside)
        return little or self._elapsed() * SHARE > self._cost

    def _elapsed(self) -> float:
        return time.monotonic() - self._saved_at

    # ---- saving ------------------------------------------------------------------------------

    def save(self, state: RunState, reason: str, keep: bool = False, wait: bool = False) -> None:
        """Copy the state and let it be written; with `wait`, return when it is on the disk.

        Raises:
            Leave: The disk is full, and the user did not want to wait.
        """
        self.settle()
        begun = time.monotonic()
        state.optimiser_steps = self._stepper.optimiser.steps
        write, size = self._copy(wait)
        if self._best is not None and self._best.step == state.step:
            self._best = None  # The checkpoint itself holds it.
        best = self._best if self._best and self._best.step == state.best_kept else None
        frozen = copy.deepcopy(state)
        self._task = lambda: self._write(frozen, write, size, keep, best, reason)
        self._saved_at, self.copying = time.monotonic(), time.monotonic() - begun
        if wait or write is None:
            self._end(self._room.patiently(self._task), waited=True)
        else:
            self._future = self._thread.submit(self._task)

    def _copy(self, wait: bool) -> tuple[Write | None, int]:
        """What to write: a copy of the tensors, or (None) themselves, where the loop waits anyhow,
        memory is short, or several devices write their own rows."""
        if hasattr(self._stepper, "write"):
            return None, 0
        tensors = [self._stepper.weights(), self._stepper.optimiser.state()]
        size = sum(map(tensor_bytes, tensors))
        if wait or memory()[1] < MEMORY_SPARE * size:
            return None, size
        return whole(*(_copies(group) for group in tensors)), size

    def _write(
        self, state: RunState, write: Write | None, size: int, keep: bool, best: Best | None,
        reason: str,
    ) -> _Done:  # fmt: skip
        """On the saving thread, or on the loop's."""
        begun, worked = time.monotonic(), time.thread_time()
        self._context.writer.sync()  # No state without the events that led to it.
        write = write or self._own_writer()
        path = self.checkpoints.commit(state, write, size, keep, best)
        return _Done(
            path,
            state.step,
            reason,
            best,
            time.thread_time() - worked,
            time.monotonic() - begun,
        )

    def _own_writer(self) -> Write:
        stepper = self._stepper
        if hasattr(stepper, "write"):
            root = self._context.folder.path
            return lambda folder: stepper.write(folder, root, ["model", "optimizer"])  # type: ignore[attr-defined]
        return whole(stepper.weights(), stepper.optimiser.state())

    def poll(self) -> None:
        """Tell of a checkpoint that is on the disk by now. Raises Leave."""
        if self._future is not None and self._future.done():
            self.settle()

    def settle(self) -> None:
        """Wait for what is being written. Raises Leave."""
        future, self._future = self._future, None
        if future is None or self._task is None:
            return
        begun = time.monotonic()
        try:
            done = future.result()
        except NoSpace:
            done = self._room.patiently(self._task)
        self.spent += time.monotonic() - begun
        self._end(done, waited=False)

    def _end(self, done: _Done, waited: bool) -> None:
        self._task = None
        if done.best is not None and done.best is self._best:
            self._best = None  # It lies on the disk now.
        cost = self.copying + (done.seconds if waited else done.work)
        self.spent += cost
        self._cost = max(cost, 0.5 * (self._cost + cost))
        self._length = max(done.seconds, 0.5 * (self._length + done.seconds))
        relative = done.path.relative_to(self._context.folder.path).as_posix()
        self._context.emit(ev.Checkpoint(step=done.step, path=relative, reason=done.reason))
        self._complain()

    def _complain(self) -> None:
        """Once, where the promise costs more than it should."""
        share = self._cost / max(1e-9, self._every)
        if self._said or share <= 0.03:
            return
        self._said = True
        text = N_("Warnings", "Saving takes {seconds} s here, so a checkpoint every {every} s costs about {share} % of the time. A longer interval (Checkpoint every) would cost less.")  # fmt: skip
        values = {
            "seconds": f"{self._cost:.1f}", "every": f"{self._every:.0f}",
            "share": f"{100 * share:.0f}",
        }  # fmt: skip
        self._context.warn("saving-dear", Sentence("Warnings", text, dict(values)))

    def close(self) -> None:
        self._thread.shutdown(wait=True)

    # ---- the best ----------------------------------------------------------------------------

    def note_best(self, state: RunState) -> None:
        """The weights now are the best on unseen text: they stay beside the next checkpoint."""
        begun = time.monotonic()
        self._best = Best(state.step, _copies(self._stepper.weights()))
        state.best_kept = state.step
        self.spent += time.monotonic() - begun

    def restore_best(self, state: RunState) -> bool:
        """Put the best weights back; False when none are kept."""
        self.settle()
        best = None
        if self._best is not None and self._best.step == state.best_kept:
            best = self._best.weights
        elif state.best_kept is not None:
            best = self.checkpoints.best(state.best_kept)
        if best is not None:
            self._stepper.load_weights(best)
        return best is not None


def tell_of_damage(context: WorkerContext, checkpoints: Checkpoints, saved: Loaded | None) -> None:
    """Say which checkpoints were passed over."""
    if not checkpoints.damaged:
        return
    step = max(checkpoints.damaged)
    if saved is None:
        text = N_("Warnings", "The checkpoint of step {step} is damaged and there is no older one: the run begins again.")  # fmt: skip
        values = {"step": step}
    else:
        text = N_("Warnings", "The checkpoint of step {step} is damaged: the run goes on from the one of step {older}, and the steps between are done again.")  # fmt: skip
        values = {"step": step, "older": saved[0].step}
    context.warn("checkpoint-damaged", Sentence("Warnings", text, dict(values)), step)


def _copies(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in tensors.items()}


def _be_quiet() -> None:
    """The training's threads come first (Linux: each thread has a niceness of its own)."""
    if sys.platform == "linux":
        with suppress(OSError):
            nice = os.getpriority(os.PRIO_PROCESS, 0) + _NICER
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(19, nice))
