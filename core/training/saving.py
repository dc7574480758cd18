"""When checkpoints are written, and what is told of them."""

from __future__ import annotations

import time

from core import events as ev
from core.jobs.context import WorkerContext
from core.training.checkpoint import Checkpoints, RunState
from core.training.stepper import Stepper


class Saver:
    """Writes the run's state. The caller keeps `state` up to date, its seconds among it."""

    def __init__(
        self, context: WorkerContext, checkpoints: Checkpoints, stepper: Stepper, every: float
    ) -> None:
        """`every`: seconds whose work a crash may cost."""
        self._context, self.checkpoints, self._stepper = context, checkpoints, stepper
        self._every = every
        self._saved_at = time.monotonic()

    def due(self) -> bool:
        return time.monotonic() - self._saved_at > self._every

    def save(self, state: RunState, reason: str, keep: bool = False) -> None:
        """Raises NoSpace."""
        state.optimiser_steps = self._stepper.optimiser.steps
        path = self.checkpoints.save(
            state, self._stepper.weights(), self._stepper.optimiser.state(), keep
        )
        self._saved_at = time.monotonic()
        relative = path.relative_to(self._context.folder.path).as_posix()
        self._context.emit(ev.Checkpoint(step=state.step, path=relative, reason=reason))

    def save_best(self, state: RunState) -> None:
        """The weights that were best on unseen text."""
        self.checkpoints.save_best(state, self._stepper.weights())

    def restore_best(self) -> bool:
        """Put the best weights back; False when none are kept."""
        best = self.checkpoints.best()
        if best is not None:
            self._stepper.load_weights(best)
        return best is not None
