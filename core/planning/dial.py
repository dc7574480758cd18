"""The size dial: one number of parameters to the shape of a model."""

from __future__ import annotations

import math

from core.families.registry import family_of
from core.families.shape import Shape

SMALLEST = 500_000
LARGEST = 350_000_000


RUNGS = (
    (1, 96), (1, 128), (2, 128), (2, 160), (3, 160), (3, 192), (4, 192), (4, 256), (5, 256),
    (5, 320), (6, 320), (6, 384), (7, 384), (7, 448), (8, 448), (8, 512), (9, 512), (9, 576),
    (10, 576), (10, 640), (11, 640), (12, 704), (12, 768), (14, 768), (14, 832), (16, 832),
    (16, 896), (18, 896), (20, 960), (22, 960), (22, 1024), (24, 1024), (26, 1024),
)  # fmt: skip
"""(layers, width) from small to large: depth and width grow together."""


def rung(layers: int, width: int, family: str = "qwen3") -> Shape:
    """The shape with the family's usual proportions at this depth and width.

    Experts share the inner width of a dense layer among those that compute, so that a token costs
    what it costs there.
    """
    config = family_of(family).config
    head_size = 32 if width < 256 else 64
    heads = max(1, width // head_size)
    if not config.gated:  # As in the papers: an inner width of 4 · D, one table.
        return Shape(layers, width, heads, heads, head_size, 4 * width, True, family)
    feed_forward = 4 * width if width <= 160 else 64 * round(2.75 * width / 64)
    kv_heads = heads // 2 if width >= 512 and heads % 2 == 0 else heads
    experts, chosen = getattr(config, "usual_experts", (0, 0))
    if chosen:
        feed_forward = max(32, 32 * round(feed_forward / chosen / 32))
    return Shape(
        layers, width, heads, kv_heads, head_size, feed_forward, width >= 704, family, experts,
        chosen,
    )  # fmt: skip


def shapes(vocabulary: int) -> list[Shape]:
    """All rungs, smallest first by their parameters with this vocabulary."""
    return sorted((rung(*r) for r in RUNGS), key=lambda s: s.parameters(vocabulary))


def shape_for(parameters: int, vocabulary: int) -> Shape:
    """The rung whose number of parameters is nearest in proportion."""
    return min(
        shapes(vocabulary), key=lambda s: abs(math.log(s.parameters(vocabulary) / parameters))
    )


def suitable_parameters(train_tokens: int) -> tuple[int, int]:
    """Sizes that a corpus can fill: about four passes of it (Muennighoff et al. 2023) at 20 and at
    5 tokens a parameter (Hoffmann et al. 2022 found 20 where compute, not text, is short)."""
    low = min(LARGEST, max(SMALLEST, train_tokens * 4 // 20))
    return low, min(LARGEST, max(2 * low, train_tokens * 4 // 5))
