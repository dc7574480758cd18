"""Guard, health and early stopping, tied to the training's loop."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core import events as ev
from core.evaluation.score import Scores
from core.jobs.context import WorkerContext
from core.recipe import Recipe
from core.sentences import Sentence
from core.training.checkpoint import Checkpoints, RunState
from core.training.guard import (
    ENDED_BY_FAULT,
    ENDED_EARLY,
    Guard,
    WentWrong,
    back_words,
    skipped_words,
)
from core.training.health import Health, Run
from core.training.prepare import Prepared
from core.training.schedule import Schedule
from core.training.vitals import Vitals

Saved = tuple[RunState, dict[str, Tensor], dict[str, Tensor]]
TESTS_IN_A_ROW = 3
_LEAST_TESTS, _LEAST_MINUTES = 10, 5.0
_PULSE_SECONDS = 5.0


def patience(recipe: Recipe, tests: int) -> int:
    """Worse tests in a row after which a run stops by itself; 0: never.

    A run of few tests or few minutes ends by itself soon enough.
    """
    if not recipe.keep_best:
        return 0
    if recipe.early_stopping is not None:
        return recipe.early_stopping
    short = recipe.minutes is not None and recipe.minutes < _LEAST_MINUTES
    return 0 if short or tests < _LEAST_TESTS else TESTS_IN_A_ROW


class Care:
    """Sees every step and test; says how the run fares, and when it must go back or stop."""

    def __init__(
        self, context: WorkerContext, prepared: Prepared, schedule: Schedule, every: int
    ) -> None:
        """`every`: steps from one test on unseen text to the next."""
        self._context, self._p, self._schedule, self._every = context, prepared, schedule, every
        plan = prepared.plan
        self.patience = patience(prepared.job.recipe, plan.steps // every)
        self._blind = prepared.objective.blind_loss(plan.vocabulary)
        self._told: list[dict[str, Any]] | None = None
        self._vitals = Vitals(prepared.device.type == "cuda")
        self._pulse_at = time.monotonic()

    def resume(self, state: RunState) -> None:
        """Begin, go on after a pause, or go on from where the run went back to."""
        decided: list[dict[str, Any]] = self._p.decisions.setdefault("roll_backs", [])
        self.guard = Guard(self._p.device.type == "cpu", self._blind, decided)
        self.guard.load(state.extra.get("guard", {}))
        plan = self._p.plan
        tokens = self._p.objective.text_tokens(self._p.store)
        self._health = Health(
            Run(
                self._blind,
                self._every,
                self._p.parent is None,
                tokens,
                plan.warmup,
                self.patience,
                self._p.objective.held_out(self._p.store),
            )
        )
        if "health" in state.extra:
            self._health.load(state.extra["health"])
        if decided and state.extra.get("roll_backs", 0) < len(decided):
            self._health.rolled_back(decided[-1]["from"], decided[-1]["to"])
        self._best_nats: list[float] = state.extra.get("best_nats", [])
        state.extra["roll_backs"] = len(decided)

    def remember(self, state: RunState) -> None:
        """Into what a checkpoint keeps."""
        state.extra |= {
            "guard": self.guard.state(), "health": self._health.state(),
            "best_nats": self._best_nats,
        }  # fmt: skip

    def close(self) -> None:
        self._vitals.close()

    # ---- what it sees ------------------------------------------------------------------------

    def steps(self, rows: list[tuple[int, float, float]], speed: float) -> None:
        """Rows of (step, training loss, gradient norm). Raises WentWrong."""
        for step, loss, norm in rows:
            skipped = self.guard.skipped
            try:
                self.guard.add(step, loss, norm)
            finally:
                if self.guard.skipped > skipped and self.guard.skips:
                    self._warn("step-skipped", skipped_words(self.guard.skipped, step), step)
            self._health.add(step, loss, norm, self._schedule.factor(step - 1))
        if time.monotonic() - self._pulse_at > _PULSE_SECONDS:
            self._pulse_at = time.monotonic()
            self._health.pulse(speed, self._vitals.reading)
        if rows:
            self.tell(rows[-1][0])

    def tested(self, state: RunState, loss: float, scores: Scores, best: bool) -> bool:
        """A test on unseen text; True when it is time to stop."""
        nats = scores.nats
        noise = _noise(nats, np.array(self._best_nats), scores.tokens)
        if best:
            self._best_nats = nats.tolist()
        step = state.step
        factor = self._schedule.factor(max(0, step - 1))
        self._health.test(step, loss, noise, state.tokens_seen, factor)
        self.tell(step)
        worse = self._health.worse_in_a_row()
        if not self.patience or worse < self.patience:
            return False
        values = {"count": worse, "step": state.best_step or 0}
        self._warn("stopped-early", Sentence("Warnings", ENDED_EARLY, values), step)
        return True

    def tell(self, step: int, always: bool = False) -> None:
        """Emit the findings where they are others than before."""
        findings = [finding.to_json() for finding in self._health.findings()]
        if always or findings != self._told:
            self._told = findings
            self._context.emit(ev.Health(step=step, findings=findings))

    def end(self, step: int) -> None:
        """The last word on a run that is finished."""
        findings = [finding.to_json() for finding in self._health.at_the_end()]
        self._context.emit(ev.Health(step=step, findings=findings))

    # ---- going back --------------------------------------------------------------------------

    def decide(self, step: int, fault: WentWrong, to: int | None) -> bool:
        """Write down that the run goes back to `to` (None: no good state is left), and say so.

        False: it went wrong too often, and ends."""
        decided = self.guard.decide(step, fault, to)
        if decided is None:
            return False
        self.guard.roll_backs.append(decided)
        self._context.decide({"decisions": self._p.decisions})
        self._warn("rolled-back", back_words(decided), decided["to"])
        self._context.emit(
            ev.RolledBack(
                step=step, to_step=decided["to"], reason=decided["reason"],
                factor=decided["factor"],
            )
        )  # fmt: skip
        return True

    def ends_by_fault(self, step: int) -> None:
        self._warn("diverged", Sentence("Warnings", ENDED_BY_FAULT), step)

    def _warn(self, code: str, sentence: Sentence | None, step: int) -> None:
        if sentence is not None:
            self._context.warn(code, sentence, step)


def last_good(checkpoints: Checkpoints, until: int, every: int, decay: int | None) -> Saved | None:
    """The newest checkpoint up to step `until` that every such run has: of a test (`every` so many
    steps) or before the decay; or of any step, where the last of those is further away than two
    tests. Damaged ones are passed over."""
    found = (int(path.name.removeprefix("step-")) for path in checkpoints.folder.glob("step-*"))
    steps = sorted((step for step in found if step <= until), reverse=True)
    near = [step for step in steps if step >= steps[0] - 2 * every]
    always = [step for step in near if step % every == 0 or step == decay]
    for step in [*always, *steps]:
        saved = checkpoints.newest(step)
        if saved is not None and saved[0].step == step:
            return saved
    return None


def _noise(now: NDArray[np.float64], best: NDArray[np.float64], tokens: NDArray[np.int64]) -> float:
    """Standard error of the difference to the best's loss, nats per token: both tests read the same
    passages, so only how unevenly these differ counts (a ratio of sums over the passages)."""
    if len(now) != len(best) or len(now) < 2:
        return 0.0
    difference = now - best
    mean = difference.sum() / tokens.sum()
    rest = difference - mean * tokens
    return float(np.sqrt((rest**2).sum() * len(now) / (len(now) - 1)) / tokens.sum())
