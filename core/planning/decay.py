"""How the learning rate falls at the end of a training: the shape of the fall, and where it ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from core.recipe import Recipe

DecayShape = Literal["linear", "cosine"]


@dataclass(frozen=True, slots=True)
class Decay:
    """A map of what falls from 1 to 0 in a line to the share of the peak rate.

    It is monotone, so that a schedule is kept, re-timed, ended and extended as a line whatever its
    shape. `floor`: the share at the end (0.1 in Brown et al. 2020). cosine: half a wave (Loshchilov
    and Hutter 2017, equation 5, without restarts).
    """

    shape: DecayShape = "linear"
    floor: float = 0.0

    @classmethod
    def of(cls, recipe: Recipe) -> Decay:
        return cls(recipe.decay_shape, recipe.decay_floor)

    def share(self, line: float) -> float:
        """`line` and the result: 0–1."""
        fallen = line if self.shape == "linear" else (1 - math.cos(math.pi * line)) / 2
        return self.floor + (1 - self.floor) * fallen

    def line(self, share: float) -> float:
        """The way back; 0 at and below the floor."""
        fallen = max(0.0, min(1.0, (share - self.floor) / max(1e-12, 1 - self.floor)))
        return fallen if self.shape == "linear" else math.acos(1 - 2 * fallen) / math.pi
