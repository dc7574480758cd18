"""Stretched rotary positions as llama.cpp keeps them: a factor, or one for each frequency."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.families.rotary import RotaryConfig, Scaling
from core.reasons import Unsuitable
from core.sentences import N_, Sentence

Array = NDArray[np.float32]
ROPE_FACTORS = "rope_freqs.weight"
_PUBLISHED = tuple(Scaling("llama3", factor, 1.0, 4.0, 8192) for factor in (8.0, 32.0, 16.0, 4.0))
"""Of Llama 3.1 and 3.2 (Llama Team 2024); a file has only what comes of them."""


def factors_of(config: RotaryConfig) -> dict[str, Array]:
    """What each frequency is divided by, for Llama 3's scaling; nothing for others."""
    scaling = config.scaling
    if scaling is None or scaling.kind != "llama3":
        return {}
    return {ROPE_FACTORS: _factors(scaling, config.rope_theta, config.head_size)}


def _factors(scaling: Scaling, theta: float, size: int) -> Array:
    """[K / 2], as in llama.cpp's converter."""
    longest, shortest = scaling.original / scaling.low, scaling.original / scaling.high
    found: list[float] = []
    for place in range(0, size, 2):
        wave = 2 * math.pi * theta ** (place / size)
        if wave < shortest:
            found.append(1.0)
        elif wave > longest:
            found.append(scaling.factor)
        else:
            smooth = (scaling.original / wave - scaling.low) / (scaling.high - scaling.low)
            found.append(1 / ((1 - smooth) / scaling.factor + smooth))
    return np.array(found, np.float32)


def read_factors(factors: Array, theta: float, size: int) -> dict[str, Any]:
    """rope_parameters that give these factors. Raises Unsuitable for others than published ones."""
    for scaling in _PUBLISHED:
        if factors.shape == (size // 2,) and np.allclose(
            factors, _factors(scaling, theta, size), rtol=1e-3
        ):
            return {
                "rope_type": "llama3", "factor": scaling.factor, "low_freq_factor": scaling.low,
                "high_freq_factor": scaling.high,
                "original_max_position_embeddings": scaling.original,
            }  # fmt: skip
    if np.allclose(factors, 1.0):
        return {}
    text = N_("Errors", "its rotary positions are stretched in a way that is not known")
    raise Unsuitable(Sentence("Errors", text))


def read_linear(kind: Any, factor: Any) -> dict[str, Any]:
    """rope_parameters of `rope.scaling`. Raises Unsuitable for another kind."""
    if kind in (None, "none"):
        return {}
    if kind != "linear":
        text = N_("Errors", "“{name}” is not supported")
        raise Unsuitable(Sentence("Errors", text, {"name": f"rope.scaling.type {str(kind)[:40]}"}))
    return {"rope_type": "linear", "factor": float(factor or 1.0)}
