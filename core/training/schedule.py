"""Warm-up, stable, decay: a schedule that can be ended or re-timed at any step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.planning.decay import Decay


@dataclass(frozen=True, slots=True)
class Anchor:
    """From `step` on the factor falls in a line from `factor` at `from_step` to 0 at `end`.

    Before `from_step` it stays at `factor`.
    """

    step: int
    factor: float
    from_step: int
    end: int

    def at(self, step: int) -> float:
        if step < self.from_step:
            return self.factor
        return self.factor * max(0.0, (self.end - step) / max(1, self.end - self.from_step))


class Schedule:
    """Share of the peak learning rate at each step.

    A run measured in minutes corrects its end as it goes: each correction is an anchor, recorded
    in the job folder, so that a resumed run repeats it exactly. Anchors tell of a line; `decay` gives
    it its shape.
    """

    def __init__(
        self, warmup: int, decay_from: int, end: int, anchors: list[Anchor],
        decay: Decay | None = None,
    ) -> None:  # fmt: skip
        self.warmup = warmup
        self.decay = decay or Decay()
        self.anchors = anchors or [Anchor(0, 1.0, decay_from, end)]

    def anchor_at(self, step: int) -> Anchor:
        return next(a for a in reversed(self.anchors) if a.step <= step)

    def end_at(self, step: int) -> int:
        """The last step but one that is planned as seen from `step`."""
        return self.anchor_at(step).end

    def factor(self, step: int) -> float:
        """0–1; the first step of a warm-up is not zero, the last step of all is the smallest."""
        warm = min(1.0, (step + 1) / (self.warmup + 1))
        return warm * self.decay.share(self.anchor_at(step).at(step))

    def retime(self, step: int, end: int, decay_steps: int) -> Anchor:
        """From `step` on, end at `end`: go on falling if the fall has begun, else fall over the
        last `decay_steps`."""
        now = self.anchor_at(step)
        falling = step >= now.from_step
        start = step if falling else max(step, end - decay_steps)
        anchor = Anchor(step, now.at(step) if falling else now.factor, start, end)
        self.anchors = [a for a in self.anchors if a.step < step] + [anchor]
        return anchor

    def to_json(self) -> list[dict[str, Any]]:
        return [
            {"step": a.step, "factor": a.factor, "from_step": a.from_step, "end": a.end}
            for a in self.anchors
        ]

    @staticmethod
    def anchors_from(data: list[dict[str, Any]]) -> list[Anchor]:
        return [Anchor(d["step"], d["factor"], d["from_step"], d["end"]) for d in data]
