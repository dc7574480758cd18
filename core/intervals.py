"""Confidence intervals by bootstrap over documents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DRAWS = 1_000
SEED = 20_261
_LN2 = float(np.log(2))


FEWEST = 2
"""Documents (or blocks of them) that an interval needs: one alone says nothing of chance."""


def bits_per_byte_interval(
    nats: NDArray[np.float64], sizes: NDArray[np.float64]
) -> tuple[float, float]:
    """95 % interval of summed nats / ln 2 / bytes: documents are drawn with replacement. Of fewer
    than FEWEST it has no width, and is not to be shown."""
    return ratio_interval(nats / _LN2, sizes)


def ratio_interval(parts: NDArray[np.float64], sizes: NDArray[np.float64]) -> tuple[float, float]:
    """95 % interval of the sum of `parts` over that of `sizes`, both by document."""
    if len(parts) < FEWEST:
        value = float(parts.sum() / max(1.0, sizes.sum()))
        return value, value
    drawn = np.random.default_rng(SEED).integers(0, len(parts), (DRAWS, len(parts)))
    values = parts[drawn].sum(1) / np.maximum(1.0, sizes[drawn].sum(1))
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def paired_difference(
    one: NDArray[np.float64], two: NDArray[np.float64], sizes: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Difference (one − two) in bits per byte on the same documents, with its 95 % interval."""
    difference = one - two
    whole = float(difference.sum() / _LN2 / max(1.0, sizes.sum()))
    low, high = bits_per_byte_interval(difference, sizes)
    return whole, low, high
