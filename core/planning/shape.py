"""The sizes of a model from the dial and from what somebody set by hand.

Nothing that was set is changed: what is left open follows it. Whether it fits together is the
business of core.planning.check.
"""

from __future__ import annotations

import math

from core.families.registry import family_of
from core.planning.dial import RUNGS, Shape, rung
from core.recipe import Recipe

_LEAST_HEAD, _MOST_HEAD = 16, 256
_SHAPED = ("layers", "width", "feed_forward", "heads", "head_size", "kv_heads", "tied_embeddings")
FOUR_TIMES = ("gpt1",)
"""Families whose files can say no other inner width than four times the width."""


def is_set_by_hand(recipe: Recipe) -> bool:
    return any(getattr(recipe, name) is not None for name in _SHAPED)


def candidates(recipe: Recipe, vocabulary: int) -> list[Shape]:
    """The shapes that are open to choice, smallest first; one where layers and width are set."""
    if recipe.layers and recipe.width:
        pairs = {(recipe.layers, recipe.width)}
    elif recipe.layers:
        widths = range(32, 2049, 32) if recipe.parameters else [w for _, w in RUNGS]
        pairs = {(recipe.layers, width) for width in widths}
    elif recipe.width:
        depths = range(1, 129) if recipe.parameters else [n for n, _ in RUNGS]
        pairs = {(layers, recipe.width) for layers in depths}
    else:
        pairs = set(RUNGS)
    made = {shaped(recipe, layers, width) for layers, width in pairs}
    made = {shape for shape in made if _divides(shape)} or made
    return sorted(made, key=lambda shape: shape.parameters(vocabulary))


def _divides(shape: Shape) -> bool:
    """Heads among keys and values; and, where a family has no other way, the width among heads."""
    whole = family_of(shape.family).config.gated or shape.heads * shape.head_size == shape.width
    return whole and shape.heads % shape.kv_heads == 0


def nearest(recipe: Recipe, vocabulary: int, wanted: float) -> Shape:
    """The open shape whose number of parameters is nearest in proportion."""

    def apart(shape: Shape) -> float:
        return abs(math.log(shape.parameters(vocabulary) / wanted))

    return min(candidates(recipe, vocabulary), key=apart)


def shaped(recipe: Recipe, layers: int, width: int) -> Shape:
    """These proportions, with everything that was set by hand as it was set."""
    size = recipe.head_size
    if recipe.width is None and size is not None:
        width = max(1, round(width / size)) * size
    usual = rung(layers, width, recipe.family)
    if size is None and recipe.heads is not None and width % recipe.heads == 0:
        size = width // recipe.heads
    if size is None:
        size = head_size_for(width, recipe.kv_heads) or usual.head_size
    heads = recipe.heads or max(1, width // size)
    fewer = usual.kv_heads < usual.heads and heads % 2 == 0
    gated = family_of(recipe.family).config.gated
    kv_heads = recipe.kv_heads or (heads // 2 if fewer else heads)
    tied = usual.tied if recipe.tied_embeddings is None else recipe.tied_embeddings
    inner = recipe.feed_forward or usual.feed_forward
    if recipe.family in FOUR_TIMES:
        inner = 4 * width
    experts, chosen = usual.experts, usual.chosen
    if experts:
        experts = recipe.experts or experts
        chosen = min(experts, recipe.chosen_experts or chosen)
    return Shape(
        layers, width, heads, kv_heads if gated else heads, size, inner,
        tied or family_of(recipe.family).kind == "encoder", recipe.family, experts, chosen,
    )  # fmt: skip


def head_size_for(width: int, kv_heads: int | None = None) -> int | None:
    """The even divisor of `width` nearest to the usual head size, if there is one; rather one that
    gives a number of heads which `kv_heads` divides."""
    usual = 32 if width < 256 else 64
    sizes = [s for s in range(_LEAST_HEAD, _MOST_HEAD + 1, 2) if width % s == 0]
    good = [size for size in sizes if width // size % (kv_heads or 1) == 0]
    return min(good or sizes, key=lambda size: abs(math.log(size / usual)), default=None)
