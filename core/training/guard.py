"""What keeps a run from being ruined: when it goes back, whereto, and with which learning rate.

Steps whose gradient is no number never touch the weights (see the stepper). Several in a row, or a
loss that has run away for long, and the run goes back to its newest good checkpoint and learns on
with half the rate. Each such decision stands in job.json before it takes effect, so that a resumed
run repeats it bit for bit. Knows no torch.
"""

from __future__ import annotations

import math
import shutil
import statistics
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from core.files import read_json
from core.sentences import N_, Sentence

BACK_WITH = 0.5
"""Of the learning rate, from the state that the run went back to."""
MOST_ROLL_BACKS = 3
_SKIPS_IN_A_ROW = 3
_WINDOW = 32
_RUN_AWAY = 1.0
"""Nats per token above the lowest; less is noise or another kind of text."""

Reason = Literal["not-a-number", "diverged"]


class WentWrong(Exception):
    """Raised out of the loop: the run must go back.

    Attributes:
        reason: Why.
        good: The last step whose state is still good.
    """

    def __init__(self, reason: Reason, good: int) -> None:
        super().__init__(f"{reason} after step {good}")
        self.reason: Reason = reason
        self.good = good


@dataclass
class Guard:
    """Sees every step's loss in order.

    Args:
        skips: Whether the stepper leaves a step out whose gradient is no number. Where it cannot
            (it would have to wait for the device), the first such step has spoilt the weights.
        start_loss: A blind guess's, nats per token.
        roll_backs: What was decided before.
    """

    skips: bool
    start_loss: float
    roll_backs: list[dict[str, Any]]
    skipped: int = 0
    _in_a_row: int = 0
    _window: deque[float] = field(default_factory=lambda: deque[float](maxlen=_WINDOW))
    _lowest: tuple[float, int] | None = None
    _highest: float = -math.inf
    _away: int = 0

    def factor(self, step: int) -> float:
        """Share of the learning rate at `step`."""
        return math.prod(float(r["factor"]) for r in self.roll_backs if r["to"] <= step)

    def add(self, step: int, loss: float, norm: float) -> None:
        """Raises WentWrong."""
        if not (math.isfinite(loss) and math.isfinite(norm)):
            self.skipped += 1
            self._in_a_row += 1
            if not self.skips or self._in_a_row >= _SKIPS_IN_A_ROW:
                raise WentWrong("not-a-number", step - self._in_a_row)
            return
        self._in_a_row = 0
        self._window.append(loss)
        if len(self._window) == _WINDOW:
            self._look(step)

    def _look(self, step: int) -> None:
        """Run away: half of what was learnt is lost again, by more than a nat, for a window long."""
        now = statistics.median(self._window)
        self._highest = max(self._highest, now)
        if self._lowest is None or now < self._lowest[0]:
            self._lowest = (now, step)
        lowest, good = self._lowest
        learnt = max(self.start_loss, self._highest) - lowest
        worse = now - lowest > max(_RUN_AWAY, 0.5 * learnt)
        if now > 1.2 * self.start_loss + _RUN_AWAY and lowest > self.start_loss:
            worse, good = True, 0  # It has never been better than a blind guess.
        self._away = self._away + 1 if worse else 0
        if self._away > _WINDOW:
            raise WentWrong("diverged", good)

    def decide(self, step: int, fault: WentWrong, to: int | None) -> dict[str, Any] | None:
        """What to write down when it goes back to the state at `to`; None: it is time to end."""
        if to is None or len(self.roll_backs) >= MOST_ROLL_BACKS:
            return None
        return {"to": to, "from": step, "reason": fault.reason, "factor": BACK_WITH}

    # ---- across a resume ---------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps of it (JSON)."""
        return {
            "skipped": self.skipped, "in_a_row": self._in_a_row, "window": list(self._window),
            "lowest": self._lowest, "away": self._away,
            "highest": self._highest if math.isfinite(self._highest) else None,
        }  # fmt: skip

    def load(self, state: dict[str, Any]) -> None:
        """What `state` gave, or an empty one: a run that begins."""
        self.skipped, self._in_a_row = state.get("skipped", 0), state.get("in_a_row", 0)
        self._window.clear()
        self._window.extend(state.get("window", ()))
        lowest = state.get("lowest")
        self._lowest = (lowest[0], lowest[1]) if lowest else None
        self._away = state.get("away", 0)
        highest = state.get("highest")
        self._highest = -math.inf if highest is None else highest


def drop_abandoned(folder: Path, roll_backs: list[dict[str, Any]]) -> None:
    """Remove the checkpoints of steps that were taken back: their state knows fewer roll-backs than
    were decided, and lies behind one of those."""
    for path in [*folder.glob("step-*"), *folder.glob("best-*")]:
        try:
            state = read_json(path / "state.json")
            step, known = int(state["step"]), int(state["extra"].get("roll_backs", 0))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # Damaged: whoever loads it passes it over.
        if any(step > decided["to"] for decided in roll_backs[known:]):
            shutil.rmtree(path, ignore_errors=True)


def skipped_words(count: int, step: int) -> Sentence | None:
    """Said at the first step that was left out, at the fourth, the sixteenth and so on."""
    if count != 4 ** round(math.log(count, 4)):
        return None
    if count == 1:
        text = N_("Warnings", "The gradient of step {step} was no number; the step was left out, and nothing is spoilt.")  # fmt: skip
    else:
        text = N_("Warnings", "{count} steps so far, the last of them step {step}, had a gradient that is no number; they were left out, and nothing is spoilt.")  # fmt: skip
    return Sentence("Warnings", text, {"count": count, "step": step})


def back_words(decided: dict[str, Any]) -> Sentence:
    values = {"step": decided["from"], "to": decided["to"]}
    if decided["reason"] == "diverged":
        text = N_("Warnings", "The loss ran away at step {step}: the run went back to step {to} and goes on with half the learning rate.")  # fmt: skip
    else:
        text = N_("Warnings", "The loss stopped being a number at step {step}: the run went back to step {to} and goes on with half the learning rate.")  # fmt: skip
    return Sentence("Warnings", text, values)


ENDED_BY_FAULT = N_("Warnings", "The loss ran away again and again: the run ends here, and the best state is published.")  # fmt: skip
ENDED_EARLY = N_("Warnings", "On unseen text it was no better for {count} tests in a row: it stopped by itself, and the state of step {step}, the best, is published.")  # fmt: skip
