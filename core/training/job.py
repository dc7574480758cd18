"""The training job: prepare, repeat, watch, save; then publish what was best."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import cast

import psutil

from core import events as ev
from core.errors import Diverged
from core.jobfolder import Ask
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import TrainJob
from core.models.devices import device_name, resolve_device
from core.sentences import N_, Sentence
from core.training.batches import Batch, Batches
from core.training.checkpoint import Checkpoints, RunState
from core.training.finish import publish_version
from core.training.prepare import Prepared, prepare
from core.training.schedule import Schedule
from core.training.threads import Threads
from core.training.watch import MetricBuffer, Watcher

RETIME_EVERY = 3.0
_RETIME_BEYOND = 0.02
_PUBLISH_SECONDS = 2.0


def run(context: WorkerContext) -> WorkOutcome:
    """Worker function of the job kind "train"."""
    job = cast(TrainJob, context.config)
    device = resolve_device(job.device)
    checkpoints = Checkpoints(context.folder.checkpoints)
    checkpoints.tidy()
    saved = checkpoints.newest()
    context.started(from_step=saved[0].step if saved else 0, device=device_name(device))
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
        self._context, self._p, self._checkpoints = context, prepared, checkpoints
        self._state = state
        plan = prepared.plan
        self._recipe = prepared.job.recipe
        anchors = Schedule.anchors_from(prepared.decisions.get("anchors") or [])
        self._schedule = Schedule(plan.warmup, plan.decay_from, plan.steps, anchors)
        self._settled_until = anchors[-1].step if anchors else -1
        begun = psutil.Process().create_time() if state.step == 0 else time.time()
        self._clock = Clock(state.active_seconds, begun)
        self._metrics = MetricBuffer(context)
        self._every = max(1, plan.steps // max(1, self._recipe.evaluations))
        self._watcher = Watcher(context, prepared, self._evaluation_tokens())
        self._saved_at = self._retimed_at = time.monotonic()
        self._finishing = bool(prepared.decisions.get("finishing"))
        self._lasts = 0.0
        self._last: tuple[int, float] | None = None
        self._threads = Threads(
            plan.threads, prepared.decisions["machine"]["threads"],
            prepared.decisions.get("threads") or [],
        )  # fmt: skip

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
        plan, state = self._p.plan, self._state
        while state.step < self._schedule.end_at(state.step):
            ask = self._context.asked()
            if ask in ("pause", "cancel"):
                return self._leave(ask)
            if ask == "finish" and not self._finishing:
                self._cool_down()
            self._keep_before_decay()
            self._threads.apply(state.step)
            factor = self._schedule.factor(state.step)
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
            elif time.monotonic() - self._saved_at > self._recipe.checkpoint_seconds:
                self._save("time")
            self._retime()
            self._rethread(batch)
        self._show()
        return None

    # ---- acts --------------------------------------------------------------------------------

    def _show(self) -> None:
        losses = self._metrics.flush()
        if any(not math.isfinite(loss) for loss in losses):
            self._diverged()
        state = self._state
        end = self._schedule.end_at(state.step)
        done, left = state.step, end - state.step
        speed = self._metrics.speed
        eta = left * self._p.plan.batch * self._p.plan.context / speed if speed else None
        self._context.progress(done, end, "steps", None if eta is None else eta + self._lasts)

    def _evaluate(self) -> None:
        self._show_if_any()
        state = self._state
        begun = time.monotonic()
        loss = self._watcher.evaluate(state.step, state.best_loss)
        self._last = (state.step, loss)
        if math.isfinite(loss) and (state.best_loss is None or loss < state.best_loss):
            state.best_loss, state.best_step = loss, state.step
            if self._recipe.keep_best and state.step > 0:
                self._checkpoints.save_best(state, self._p.stepper.weights())
        if state.step > 0:
            self._save("evaluation")
        self._lasts = time.monotonic() - begun
        self._metrics.pause_clock()

    def _show_if_any(self) -> None:
        if self._metrics.steps:
            self._show()

    def _save(self, reason: str, keep: bool = False) -> None:
        self._show_if_any()  # A loss that is no number must not become the newest checkpoint.
        state = self._state
        state.active_seconds = self._clock()
        state.optimiser_steps = self._p.stepper.optimiser.steps
        path = self._checkpoints.save(
            state, self._p.stepper.weights(), self._p.stepper.optimiser.state(), keep
        )
        self._saved_at = time.monotonic()
        relative = path.relative_to(self._context.folder.path).as_posix()
        self._context.emit(ev.Checkpoint(step=state.step, path=relative, reason=reason))

    def _leave(self, ask: Ask) -> WorkOutcome:
        self._save(ask)
        return "cancelled" if ask == "cancel" else "paused"

    def _keep_before_decay(self) -> None:
        """The state before the fall of the learning rate: from it the run could be extended."""
        state = self._state
        begins = state.step >= self._schedule.anchor_at(state.step).from_step
        if state.step and begins and "decay_step" not in state.extra:
            state.extra["decay_step"] = state.step
            self._save("decay", keep=True)

    def _cool_down(self) -> None:
        """ "Stop and save": a short fall of the learning rate instead of a sudden end."""
        self._finishing = self._p.decisions["finishing"] = True
        step = self._state.step
        length = min(max(10, step // 20), max(1, self._schedule.end_at(step) - step))
        self._record(step, step + length, length)

    def _retime(self) -> None:
        """A run in minutes ends on time: its end follows the speed that this machine really has."""
        minutes, state = self._recipe.minutes, self._state
        if minutes is None or self._finishing or state.step <= self._settled_until + 1:
            return
        if time.monotonic() - self._retimed_at < RETIME_EVERY or not self._metrics.speed:
            return
        self._retimed_at = time.monotonic()
        plan = self._p.plan
        reserve = _PUBLISH_SECONDS + self._scoring_seconds()
        per_step = plan.batch * plan.context / self._metrics.speed
        per_step += self._lasts / max(1, self._every)
        left = minutes * 60 - self._clock() - reserve
        end = state.step + max(1, int(left / per_step))
        most = max(
            1, int(16 * len(self._p.store.split("train").tokens) / (plan.batch * plan.context))
        )
        end = max(state.step + 1, min(end, most))
        now = self._schedule.end_at(state.step)
        if abs(end - now) > _RETIME_BEYOND * max(20, now - state.step):
            self._record(state.step, end, int(end * self._recipe.decay_share))

    def _rethread(self, batch: Batch) -> None:
        """Another program took a core, or gave it back: is this still the best thread count?"""
        step = self._state.step
        if self._p.device.type != "cpu" or not self._threads.due(step, self._metrics.speed):
            return
        micro = self._p.plan.micro_batch
        if self._threads.choose(step, lambda: self._p.stepper.time(batch, micro)):
            self._p.decisions["threads"] = self._threads.to_json()
            self._context.folder.update_config({"decisions": self._p.decisions})
        self._metrics.pause_clock()

    def _record(self, step: int, end: int, decay_steps: int) -> None:
        """Decide, and write the decision down before it takes effect."""
        self._schedule.retime(step, end, decay_steps)
        self._p.decisions["anchors"] = self._schedule.to_json()
        self._context.folder.update_config({"decisions": self._p.decisions})
        self._settled_until = step

    def _diverged(self) -> None:
        """The loss is no number any more: go back to the best, say so, and end well."""
        best = self._checkpoints.best()
        if best is None:
            raise Diverged(step=self._state.step)
        self._context.warn(
            "diverged",
            Sentence("Warnings", N_("Warnings", "The loss stopped being a number; the best state is published.")),
            self._state.step,
        )  # fmt: skip
        self._p.stepper.load_weights(best)
        self._last = None
        self._finishing = self._p.decisions["finishing"] = True
        self._record(self._state.step, self._state.step, 1)

    def _finish(self) -> WorkOutcome:
        """Last measure, the better of last and best, final figures, the shelf."""
        state = self._state
        if self._last is None or self._last[0] != state.step:
            self._last = (state.step, self._watcher.evaluate(state.step, state.best_loss))
        last = self._last[1]
        if math.isfinite(last) and (state.best_loss is None or last <= state.best_loss):
            state.best_loss, state.best_step = last, state.step
        elif self._recipe.keep_best and (best := self._checkpoints.best()) is not None:
            self._p.stepper.load_weights(best)
        self._save("end")
        state.active_seconds = self._clock()
        outcome = publish_version(self._context, self._p, state, self._scoring_seconds())
        if outcome == "done":
            self._checkpoints.clear()
        return outcome

    # ---- sizes -------------------------------------------------------------------------------

    def _evaluation_tokens(self) -> int:
        """So many that a measure costs about half a percent of the run."""
        plan = self._p.plan
        speed = plan.batch * plan.context / max(1e-6, plan.step_seconds)
        return max(2048, min(131_072, int(speed * 3 * plan.steps * plan.step_seconds * 0.005)))

    def _scoring_seconds(self) -> float:
        minutes = self._recipe.minutes
        whole = minutes * 60 if minutes else self._p.plan.seconds
        return max(1.5, min(120.0, 0.03 * whole))

    def _planned(self) -> dict[str, object]:
        figures = self._p.corpus.baselines.model_dump(mode="json")
        bytes_per_token = self._p.store.split("train").bytes.sum() / max(
            1, len(self._p.store.split("train").tokens)
        )
        return {
            **self._p.plan.to_json(), "baselines": figures,
            "bytes_per_token": float(bytes_per_token), "schedule": self._schedule.to_json(),
            "parent": self._p.parent.id if self._p.parent else None,
        }  # fmt: skip
