"""The training job: prepare, repeat, watch, save; then publish what was best."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import cast

import psutil
import torch

from core import events as ev
from core.errors import Diverged
from core.jobfolder import Ask
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import TrainJob
from core.models.devices import device_name
from core.sentences import N_, Sentence
from core.training.batches import Batches
from core.training.checkpoint import Checkpoints, RunState
from core.training.distributed.together import ranks, together
from core.training.finish import publish_version
from core.training.pace import Pace, scoring_seconds
from core.training.prepare import Prepared, prepare
from core.training.saving import Saver
from core.training.watch import MetricBuffer, Watcher


def run(context: WorkerContext) -> WorkOutcome:
    """Worker function of the job kind "train"."""
    job = cast(TrainJob, context.config)
    with together(context, job) as device:
        return _run(context, job, device)


def _run(context: WorkerContext, job: TrainJob, device: torch.device) -> WorkOutcome:
    checkpoints = Checkpoints(context.folder.checkpoints)
    checkpoints.tidy()
    saved = checkpoints.newest()
    context.started(
        from_step=saved[0].step if saved else 0, device=device_name(device), ranks=ranks()
    )
    prepared = prepare(context, job)
    if prepared is None:
        return "cancelled" if context.asked() == "cancel" else "paused"
    state = RunState()
    if saved is not None:
        state, weights, optimiser = saved
        prepared.stepper.load_weights(weights)
        prepared.stepper.optimiser.load(optimiser, state.optimiser_steps)
    return Training(context, prepared, checkpoints, state).run()


@dataclass
class Clock:
    """Seconds of work of this run, over all its attempts."""

    before: float
    begun: float

    def __call__(self) -> float:
        return self.before + time.time() - self.begun


class Training:
    """The loop, in the order of its acts."""

    def __init__(
        self, context: WorkerContext, prepared: Prepared, checkpoints: Checkpoints, state: RunState
    ) -> None:
        self._context, self._p, self._state = context, prepared, state
        self._recipe = prepared.job.recipe
        begun = psutil.Process().create_time() if state.step == 0 else time.time()
        self._clock = Clock(state.active_seconds, begun)
        self._pace = Pace(context, prepared)
        self._saver = Saver(context, checkpoints, prepared.stepper, self._recipe.checkpoint_seconds)
        self._metrics = MetricBuffer(context)
        self._every = max(1, prepared.plan.steps // max(1, self._recipe.evaluations))
        self._watcher = Watcher(context, prepared, self._evaluation_tokens())
        self._test_seconds = 0.0
        self._last: tuple[int, float] | None = None

    def run(self) -> WorkOutcome:
        plan, state = self._p.plan, self._state
        self._context.emit(ev.Planned(plan=self._planned()))
        self._context.phase("training")
        if state.step == 0:
            self._evaluate()
        batches = Batches(
            self._p.store.split("train"), plan.context, plan.batch, self._recipe.seed,
            self._p.end_of_text, state.step, pin=self._p.device.type == "cuda",
        )  # fmt: skip
        try:
            outcome = self._repeat(batches)
        finally:
            batches.close()
        if outcome is not None:
            return outcome
        return self._finish()

    def _repeat(self, batches: Batches) -> WorkOutcome | None:
        """Steps until the schedule's end, or until the user asks otherwise."""
        plan, state, schedule = self._p.plan, self._state, self._pace.schedule
        while state.step < schedule.end_at(state.step):
            ask = self._context.asked()
            if ask in ("pause", "cancel"):
                return self._leave(ask)
            if ask == "finish" and not self._pace.finishing:
                self._pace.cool_down(state.step)
            self._keep_before_decay()
            self._pace.threads.apply(state.step)
            factor = schedule.factor(state.step)
            batch = batches.get(state.step)
            result = self._p.stepper.step(batch, plan.micro_batch, factor)
            state.step += 1
            state.tokens_seen += plan.batch * plan.context
            self._metrics.add(
                state.step, plan.matrix_rate * factor, state.tokens_seen, self._clock(), result
            )
            if self._metrics.due():
                self._show()
            if state.step % self._every == 0:
                self._evaluate()
            elif self._saver.due():
                self._save("time")
            speed = self._metrics.speed
            self._pace.retime(state.step, self._clock(), speed, self._test_seconds / self._every)
            if self._pace.rethread(state.step, batch, speed):
                self._metrics.pause_clock()
        self._show()
        return None

    # ---- acts --------------------------------------------------------------------------------

    def _show(self) -> None:
        """Fetch and send what was measured since the last time."""
        losses = self._metrics.flush()
        if any(not math.isfinite(loss) for loss in losses):
            self._diverged()
        step, speed = self._state.step, self._metrics.speed
        end = self._pace.schedule.end_at(step)
        tokens = self._p.plan.batch * self._p.plan.context
        eta = (end - step) * tokens / speed + self._test_seconds if speed else None
        self._context.progress(step, end, "steps", eta)

    def _evaluate(self) -> None:
        self._show_if_any()
        state = self._state
        begun = time.monotonic()
        loss = self._watcher.evaluate(state.step, state.best_loss)
        self._last = (state.step, loss)
        if math.isfinite(loss) and (state.best_loss is None or loss < state.best_loss):
            state.best_loss, state.best_step = loss, state.step
            if self._recipe.keep_best and state.step > 0:
                self._saver.save_best(state)
        if state.step > 0:
            self._save("evaluation")
        self._test_seconds = time.monotonic() - begun
        self._metrics.pause_clock()

    def _show_if_any(self) -> None:
        if self._metrics.steps:
            self._show()

    def _save(self, reason: str, keep: bool = False) -> None:
        self._show_if_any()  # A loss that is no number must not become the newest checkpoint.
        self._state.active_seconds = self._clock()
        self._saver.save(self._state, reason, keep)

    def _leave(self, ask: Ask) -> WorkOutcome:
        self._save(ask)
        return "cancelled" if ask == "cancel" else "paused"

    def _keep_before_decay(self) -> None:
        """The state before the fall of the learning rate: from it the run could be extended."""
        state = self._state
        begins = state.step >= self._pace.schedule.anchor_at(state.step).from_step
        if state.step and begins and "decay_step" not in state.extra:
            state.extra["decay_step"] = state.step
            self._save("decay", keep=True)

    def _diverged(self) -> None:
        """The loss is no number any more: go back to the best, say so, and end well."""
        if not self._saver.restore_best():
            raise Diverged(step=self._state.step)
        self._context.warn(
            "diverged",
            Sentence("Warnings", N_("Warnings", "The loss stopped being a number; the best state is published.")),
            self._state.step,
        )  # fmt: skip
        self._last = None
        self._pace.end_here(self._state.step)

    def _finish(self) -> WorkOutcome:
        """Last measure, the better of last and best, final figures, the shelf."""
        state = self._state
        if self._last is None or self._last[0] != state.step:
            self._last = (state.step, self._watcher.evaluate(state.step, state.best_loss))
        last = self._last[1]
        if math.isfinite(last) and (state.best_loss is None or last <= state.best_loss):
            state.best_loss, state.best_step = last, state.step
        elif self._recipe.keep_best:
            self._saver.restore_best()
        self._save("end")
        state.active_seconds = self._clock()
        outcome = publish_version(self._context, self._p, state, scoring_seconds(self._p))
        if outcome == "done":
            self._saver.checkpoints.clear()
        return outcome

    # ---- sizes -------------------------------------------------------------------------------

    def _evaluation_tokens(self) -> int:
        """So many that a measure costs about half a percent of the run."""
        plan = self._p.plan
        speed = plan.batch * plan.context / max(1e-6, plan.step_seconds)
        return max(2048, min(131_072, int(speed * 3 * plan.steps * plan.step_seconds * 0.005)))

    def _planned(self) -> dict[str, object]:
        figures = self._p.corpus.baselines.model_dump(mode="json")
        bytes_per_token = self._p.store.split("train").bytes.sum() / max(
            1, len(self._p.store.split("train").tokens)
        )
        return {
            **self._p.plan.to_json(), "baselines": figures,
            "bytes_per_token": float(bytes_per_token),
            "schedule": self._pace.schedule.to_json(),
            "parent": self._p.parent.id if self._p.parent else None,
        }  # fmt: skip
