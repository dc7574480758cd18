"""What a teacher costs beside its pupil: memory for its weights, and its forward pass at each step."""

from __future__ import annotations

from dataclasses import dataclass

from core.families.base import FamilyConfig
from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.timing import step_seconds

FORWARD = 1 / 3
"""Of a step's work: forward and backward are three parts."""
_KEPT = 8.0
"""Widths and inner widths that one block of a forward pass holds for a token at once."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """The sizes of a teacher."""

    shape: Shape
    vocabulary: int
    parameters: int

    @classmethod
    def of(cls, config: FamilyConfig) -> Teaching:
        return cls(config.shape, config.vocabulary, config.parameters)

    def bytes(self, micro_batch: int, context: int, precision: str) -> int:
        """Its weights, and what a forward pass over a micro-batch holds."""
        number = 2 if precision == "bf16" else 4
        widths = _KEPT * self.shape.width + 2 * self.shape.feed_forward
        return int(number * (self.parameters + micro_batch * context * widths))

    def seconds(self, batch: int, context: int, machine: Machine, precision: str) -> float:
        """Of one step."""
        whole = step_seconds(
            self.shape, self.vocabulary, batch, context, machine, optimiser="adamw",
            precision=precision,
        )  # fmt: skip
        return FORWARD * whole
