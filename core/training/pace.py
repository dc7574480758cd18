"""When a run ends, and with how many threads: what is decided while it goes, and written down first.

Every decision goes into the job folder before it takes effect, so that a resumed run repeats it.
"""

from __future__ import annotations

import time

from core.jobs.context import WorkerContext
from core.objectives.batch import Batch
from core.planning.decay import Decay
from core.planning.plan import MAX_PASSES
from core.training.distributed.together import ranks
from core.training.prepare import Prepared
from core.training.schedule import Schedule
from core.training.threads import Threads

RETIME_EVERY = 3.0
_RETIME_BEYOND = 0.02
_PUBLISH_SECONDS = 2.0


class Pace:
    """The schedule of a run and its thread count."""

    def __init__(self, context: WorkerContext, prepared: Prepared) -> None:
        self._context, self._p = context, prepared
        plan = prepared.plan
        anchors = Schedule.anchors_from(prepared.decisions.get("anchors") or [])
        decay = Decay.of(prepared.job.recipe)
        self.schedule = Schedule(plan.warmup, plan.decay_from, plan.steps, anchors, decay)
        self.finishing = bool(prepared.decisions.get("finishing"))
        self._settled_until = anchors[-1].step if anchors else -1
        self._retimed_at = time.monotonic()
        self.threads = Threads(
            plan.threads, prepared.decisions["machine"]["threads"],
            prepared.decisions.get("threads") or [],
        )  # fmt: skip

    # ---- the end -----------------------------------------------------------------------------

    def cool_down(self, step: int) -> None:
        """ "Stop and save": a short fall of the learning rate instead of a sudden end."""
        self.finishing = self._p.decisions["finishing"] = True
        length = min(max(10, step // 20), max(1, self.schedule.end_at(step) - step))
        self.record(step, step + length, length)

    def end_here(self, step: int) -> None:
        """No further step: `step` was the last."""
        self.finishing = self._p.decisions["finishing"] = True
        self.record(step, step, 1)

    def retime(self, step: int, elapsed: float, speed: float, testing: float) -> None:
        """A run in minutes ends on time: its end follows the speed that this machine really has.

        Args:
            elapsed: Seconds since the run began, over all attempts.
            speed: Tokens a second, lately (0: not known).
            testing: Seconds that tests on unseen text add to each step.
        """
        minutes = self._p.job.recipe.minutes
        if minutes is None or self.finishing or step <= self._settled_until + 1:
            return
        if time.monotonic() - self._retimed_at < RETIME_EVERY or not speed:
            return
        self._retimed_at = time.monotonic()
        tokens = self._p.plan.batch * self._p.plan.context
        left = minutes * 60 - elapsed - _PUBLISH_SECONDS - scoring_seconds(self._p)
        left -= self._p.decisions.get("forgetting_seconds", 0.0)  # It comes again at the end.
        end = step + max(1, int(left / (tokens / speed + testing)))
        most = max(1, int(MAX_PASSES * len(self._p.store.split("train").tokens) / tokens))
        end = max(step + 1, min(end, most))
        now = self.schedule.end_at(step)
        if abs(end - now) > _RETIME_BEYOND * max(20, now - step):
            self.record(step, end, int(end * self._p.job.recipe.decay_share))

    def record(self, step: int, end: int, decay_steps: int) -> None:
        """From `step` on the run ends at `end`, falling over its last `decay_steps`."""
        self.schedule.retime(step, end, decay_steps)
        self._p.decisions["anchors"] = self.schedule.to_json()
        self._write()
        self._settled_until = step

    # ---- threads -----------------------------------------------------------------------------

    def rethread(self, step: int, batch: Batch, speed: float) -> bool:
        """Another program took a core, or gave it back: is this still the best thread count?

        True when it was measured, which took time that is no training."""
        if self._p.decisions.get("fixed"):  # A run that repeats another.
            return False
        if self._p.device.type != "cpu" or ranks() > 1 or not self.threads.due(step, speed):
            return False
        micro = self._p.plan.micro_batch
        if self.threads.choose(step, lambda: self._p.stepper.time(batch, micro)):
            self._p.decisions["threads"] = self.threads.to_json()
            self._write()
        return True

    def _write(self) -> None:
        self._context.decide({"decisions": self._p.decisions})


def scoring_seconds(prepared: Prepared) -> float:
    """What the final figures may take."""
    minutes = prepared.job.recipe.minutes
    whole = minutes * 60 if minutes else prepared.plan.seconds
    return max(1.5, min(120.0, 0.03 * whole))
