"""The training job: prepare, repeat, watch, save; then publish what was best."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from typing import cast

import psutil
import torch

from core import events as ev
from core.errors import CannotExtend, Diverged
from core.jobfolder import Ask
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.extend import NO_STATE
from core.jobs.kinds import TrainJob
from core.models.devices import device_name
from core.training.batches import Batches
from core.training.care import Care, Saved, last_good
from core.training.checkpoint import Checkpoints, RunState
from core.training.datasheet import keep_sheet
from core.training.device import tell_device
from core.training.distributed.together import ranks, together
from core.training.finish import publish_version
from core.training.forgetting import measure_before
from core.training.guard import WentWrong, drop_abandoned
from core.training.memory import step_in_memory
from core.training.pace import Pace, scoring_seconds
from core.training.prepare import Prepared, first_state, prepare
from core.training.reckoning import Reckoning
from core.training.room import Leave, Room
from core.training.saving import Saver, tell_of_damage
from core.training.watch import MetricBuffer, Watcher


def run(context: WorkerContext) -> WorkOutcome:
    """Worker function of the job kind "train"."""
    job = cast(TrainJob, context.config)
    with together(context, job) as device:
        return _run(context, job, device)


def _run(context: WorkerContext, job: TrainJob, device: torch.device) -> WorkOutcome:
    room = Room(context)
    checkpoints = Checkpoints(context.folder.checkpoints, job.recipe.checkpoint_gigabytes)
    checkpoints.tidy()
    drop_abandoned(checkpoints.folder, (job.decisions or {}).get("roll_backs", []))
    saved = checkpoints.newest()
    if job.extends is not None and saved is None:
        raise CannotExtend(run=job.extends.run, reason=NO_STATE)
    context.started(
        from_step=saved[0].step if saved else 0, device=device_name(device), ranks=ranks()
    )
    tell_of_damage(context, checkpoints, saved)
    try:  # What has begun waits for room; what has not is refused on a full disk.
        begun = job.decisions is not None
        job = room.patiently(lambda: tell_device(context, job, device))
        prepared = room.patiently(lambda: prepare(context, job)) if begun else prepare(context, job)
        room.patiently(lambda: keep_sheet(context, job))
    except Leave:
        prepared = None
    if prepared is None:
        return "cancelled" if context.asked() == "cancel" else "paused"
    state = RunState() if saved is None else _taken_up(prepared, saved)
    del saved  # Its tensors are in the stepper now: the training's memory shall not hold both.
    return Training(context, prepared, checkpoints, state, room).run()


def _taken_up(prepared: Prepared, saved: Saved) -> RunState:
    state, weights, optimiser = saved
    prepared.stepper.load_weights(weights)
    prepared.stepper.optimiser.load(optimiser, state.optimiser_steps)
    return state


class Clock:
    """Seconds of work of this run, over all its attempts; waiting for room is no work."""

    def __init__(self, before: float, begun: float, room: Room) -> None:
        """`begun`: in Unix seconds. From here on it is counted by a clock that nobody sets."""
        self._before, self._room = before, room
        self._begun = time.monotonic() - max(0.0, time.time() - begun)
        self._waited = room.waited

    def __call__(self) -> float:
        return self._before + time.monotonic() - self._begun - (self._room.waited - self._waited)


class Training:
    """The loop, in the order of its acts."""

    def __init__(
        self, context: WorkerContext, prepared: Prepared, checkpoints: Checkpoints, state: RunState,
        room: Room,
    ) -> None:  # fmt: skip
        self._context, self._p, self._state = context, prepared, state
        self._recipe = prepared.job.recipe
        first = state.step == state.extra.get("inherited_step", 0)
        begun = psutil.Process().create_time() if first else time.time()
        self._clock, self._room = Clock(state.active_seconds, begun, room), room
        self._pace = Pace(context, prepared)
        self._saver = Saver(
            context, checkpoints, prepared.stepper, self._recipe.checkpoint_seconds, room
        )
        self._metrics = MetricBuffer(context)
        self._every = max(1, prepared.plan.steps // max(1, self._recipe.evaluations))
        self._watcher = Watcher(context, prepared, self._evaluation_tokens())
        self._care = Care(context, prepared, self._pace.schedule, self._every)
        self._care.resume(state)
        self._test_seconds = 0.0
        self._last: tuple[int, float] | None = None
        self._reckoning = Reckoning(context, prepared)

    def run(self) -> WorkOutcome:
        self._context.emit(ev.Planned(plan=self._planned()))
        self._context.phase("training")
        # The test at the end of a step is taken with the threads of that step.
        self._pace.threads.apply(max(0, self._state.step - 1))
        self._care.tell(self._state.step, always=True)
        try:
            return self._train() or self._finish()
        except Leave as leave:
            return "cancelled" if leave.ask == "cancel" else "paused"
        finally:
            self._care.close()
            self._saver.close()
            self._reckoning.close()

    def _train(self) -> WorkOutcome | None:
        """All steps; where they go wrong, again from the last good state."""
        plan = self._p.plan
        while True:
            batches: Batches | None = None
            try:
                if self._state.step == 0:
                    measure_before(self._context, self._p, 2 * self._evaluation_tokens(), 0)
                    self._evaluate()
                source = self._p.objective.source(plan.context, plan.batch, self._recipe.seed)
                batches = Batches(source, self._state.step, pin=self._p.device.type == "cuda")
                return self._repeat(batches)
            except WentWrong as fault:
                if not self._go_back(fault):
                    return None
            finally:
                if batches is not None:
                    batches.close()

    def _repeat(self, batches: Batches) -> WorkOutcome | None:
        """Steps until the schedule's end, or until the user asks otherwise."""
        plan, state, schedule = self._p.plan, self._state, self._pace.schedule
        self._reckoning.begin(state.step, self._clock())
        while state.step < schedule.end_at(state.step):
            ask = self._context.asked()
            if ask in ("pause", "cancel"):
                return self._leave(ask)
            if ask == "finish" and not self._pace.finishing:
                self._pace.cool_down(state.step)
            self._keep_before_decay()
            self._pace.threads.apply(state.step)
            factor = schedule.factor(state.step) * self._care.guard.factor(state.step)
            batch = batches.get(state.step)
            result = step_in_memory(self._context, self._p, batch, factor, state.step)
            state.step += 1
            state.tokens_seen += plan.batch * plan.context
            self._metrics.add(
                state.step, plan.matrix_rate * factor, state.tokens_seen, self._clock(), result
            )
            if self._metrics.due():
                self._show()
            if state.step % self._every == 0:
                if self._evaluate():
                    self._pace.end_here(state.step)
            elif self._saver.due():
                self._save("time")
            self._saver.poll()
            self._room.look()
            speed = self._metrics.speed
            spent = self._clock() - state.extra.get("inherited_seconds", 0.0)
            self._pace.retime(state.step, spent, speed, self._test_seconds / self._every)
            began = self._clock()
            if self._pace.rethread(state.step, batch, speed):
                self._metrics.pause_clock()
                self._reckoning.pause(self._clock() - began)
        self._show()
        return None

    # ---- acts --------------------------------------------------------------------------------

    def _show(self) -> None:
        """Fetch and send what was measured since the last time. Raises WentWrong."""
        self._care.steps(self._metrics.flush(), self._metrics.speed)
        step, speed = self._state.step, self._metrics.speed
        end = self._pace.schedule.end_at(step)
        tokens = self._p.plan.batch * self._p.plan.context
        eta = (end - step) * tokens / speed + self._test_seconds if speed else None
        self._context.progress(step, end, "steps", eta)
        self._reckoning.tick(step, end, self._clock(), self._test_seconds / self._every)

    def _evaluate(self) -> bool:
        """A test on unseen text; True when it is time to stop."""
        self._show_if_any()
        state = self._state
        begun = time.monotonic()
        scores = self._watcher.evaluate(state.step, state.best_loss)
        loss = scores.loss
        self._last = (state.step, loss)
        best = math.isfinite(loss) and (state.best_loss is None or loss < state.best_loss)
        stop = self._care.tested(state, loss, scores, best)
        if best:
            state.best_loss, state.best_step = loss, state.step
            if self._recipe.keep_best and state.step > 0:
                self._saver.note_best(state)
        if state.step > 0 and self._saver.cheap(beside=time.monotonic() - begun):
            self._save("evaluation")
        self._test_seconds = time.monotonic() - begun
        self._metrics.pause_clock()
        self._reckoning.pause(self._test_seconds)
        return stop

    def _show_if_any(self) -> None:
        if self._metrics.steps:
            self._show()

    def _save(self, reason: str, keep: bool = False, wait: bool = False) -> None:
        self._show_if_any()  # A loss that is no number must not become the newest checkpoint.
        self._state.active_seconds = self._clock()
        self._care.remember(self._state)
        self._saver.save(self._state, reason, keep, wait)

    def _leave(self, ask: Ask) -> WorkOutcome:
        self._save(ask, wait=True)
        return "cancelled" if ask == "cancel" else "paused"

    def _keep_before_decay(self) -> None:
        """The state before the fall of the learning rate: from it the run could be extended."""
        state = self._state
        begins = state.step >= self._pace.schedule.anchor_at(state.step).from_step
        if state.step and begins and "decay_step" not in state.extra:
            state.extra["decay_step"] = state.step
            self._save("decay", keep=True)

    def _go_back(self, fault: WentWrong) -> bool:
        """To the newest state that was good, with a smaller learning rate from there; or, when that
        did not help either, end well with the best. Raises Diverged when there is none."""
        step = self._state.step
        saved = self._last_good(fault)
        anew = fault.good < self._every or not self._saver.checkpoints.any()
        anew = anew and "inherited_step" not in self._state.extra  # Its beginning is another run's.
        to = saved[0].step if saved else 0 if anew else None
        if self._pace.finishing or not self._care.decide(step, fault, to):
            self._end_by_fault(fault)
            return False
        drop_abandoned(self._saver.checkpoints.folder, self._care.guard.roll_backs)
        seconds = self._clock()  # Time that was lost is spent all the same.
        if saved is not None:
            self._state, weights, optimiser = saved
        else:
            self._state = RunState()
            weights, optimiser = first_state(self._p)
        self._p.stepper.load_weights(weights)
        self._p.stepper.optimiser.load(optimiser, self._state.optimiser_steps)
        self._clock = Clock(seconds, time.time(), self._room)
        self._metrics.forget()
        self._last = None
        self._care.resume(self._state)
        self._care.tell(self._state.step, always=True)
        return True

    def _last_good(self, fault: WentWrong) -> Saved | None:
        self._saver.settle()
        decay = self._state.extra.get("decay_step")
        return last_good(self._saver.checkpoints, fault.good, self._every, decay)

    def _end_by_fault(self, fault: WentWrong) -> None:
        """It went wrong once too often: the best, or the last that was good, is published."""
        state = self._state
        if self._saver.restore_best(state):
            self._last = (state.step, math.inf)
        else:
            saved = self._last_good(fault)
            if saved is None:
                raise Diverged(step=state.step)
            self._p.stepper.load_weights(saved[1])
            self._last = None
        self._metrics.forget()
        self._care.ends_by_fault(state.step)
        self._pace.end_here(state.step)

    def _finish(self) -> WorkOutcome:
        """Last measure, the better of last and best, final figures, the shelf."""
        state = self._state
        if self._last is None or self._last[0] != state.step:
            self._last = (state.step, self._watcher.evaluate(state.step, state.best_loss).loss)
        last = self._last[1]
        stable = "decay_step" not in state.extra  # Ended before its decay: it can be extended too.
        if math.isfinite(last) and (state.best_loss is None or last <= state.best_loss):
            state.best_loss, state.best_step = last, state.step
            self._save("end", keep=stable)
        else:
            # Before the best comes back: a resume ends the same way.
            self._save("end", keep=stable)
            if self._recipe.keep_best and not self._saver.restore_best(state):
                state.best_step = state.step
        self._care.end(state.step)
        state.active_seconds = self._clock()
        self._p.decisions["measured"] = self._reckoning.finish(state.step, state.active_seconds)
        self._saver.settle()
        outcome = publish_version(
            self._context, self._p, state, scoring_seconds(self._p), 2 * self._evaluation_tokens()
        )
        if outcome == "done":
            self._reckoning.finish(state.step, self._clock())
            self._saver.checkpoints.clear()
        return outcome

    # ---- sizes -------------------------------------------------------------------------------

    def _evaluation_tokens(self) -> int:
        """So many that a measure, by one device, costs about half a percent of the run."""
        plan = self._p.plan
        speed = plan.batch * plan.context / max(1e-6, plan.step_seconds * ranks())
        return max(2048, min(131_072, int(speed * 3 * plan.steps * plan.step_seconds * 0.005)))

    def _planned(self) -> dict[str, object]:
        figures = self._p.corpus.baselines.model_dump(mode="json")
        bytes_per_token = self._p.store.split("train").bytes.sum() / max(
            1, len(self._p.store.split("train").tokens)
        )
        return {
            **self._p.plan.to_json(), "baselines": figures,
            "compiled": bool(self._p.decisions.get("compiled")),
            "bytes_per_token": float(bytes_per_token),
            "schedule": self._pace.schedule.to_json(), "decay": asdict(self._pace.schedule.decay),
            "parent": self._p.parent.id if self._p.parent else None,
            "early_stopping": self._care.patience,
            "objective": {"name": self._p.objective.name, **self._p.objective.facts()},
        }  # fmt: skip
