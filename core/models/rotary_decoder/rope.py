"""Angles of rotary positions, stretched where a family stretches them."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from core.families.rotary import Rope, Scaling


def frequencies(rope: Rope, size: int) -> Tensor:
    """Radians a token for each pair of a head of `size`: [size / 2], float64."""
    inverse = rope.theta ** (-torch.arange(0, size, 2).double() / size)
    return inverse if rope.scaling is None else _stretched(inverse, rope.scaling)


def _stretched(inverse: Tensor, scaling: Scaling) -> Tensor:
    if scaling.kind == "linear":
        return inverse / scaling.factor
    # Llama Team 2024, The Llama 3 Herd of Models, as its published code has it.
    waves = 2 * math.pi / inverse
    share = (scaling.original / waves - scaling.low) / (scaling.high - scaling.low)
    share = share.clamp(0.0, 1.0)
    return inverse * share + inverse / scaling.factor * (1 - share)


def tables(rope: Rope, size: int, span: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines of `span` positions: [span, size], float64."""
    angles = torch.outer(torch.arange(span).double(), frequencies(rope, size))
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()
