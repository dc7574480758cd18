"""The sizes of a model from the dial and from what somebody set by hand.

Nothing that was set is changed: what is left open follows it. Whether it fits together is the
business of core.planning.check.
"""

from __future__ import annotations

import math

from core.planning.dial import RUNGS, Shape, rung
from core.recipe import Recipe

_LEAST_HEAD, _MOST_HEAD = 16, 256
_SHAPED = ("layers", "width", "feed_forward", "head_size", "kv_heads", "tied_embeddings")


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
        depths = range(1, 97) if recipe.parameters else [n for n, _ in RUNGS]
        pairs = {(layers, recipe.width) for layers in depths}
    else:
        pairs = set(RUNGS)
    made = {shaped(recipe, layers, width) for layers, width in pairs}
    made = {shape for shape in made if shape.heads % shape.kv_heads == 0} or made
    return sorted(made, key=lambda shape: shape.parameters(vocabulary))


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
    usual = rung(layers, width)
    if size is None:
        size = head_size_for(width, recipe.kv_heads) or usual.head_size
    heads = max(1, width // size)
    fewer = usual.kv_heads < usual.heads and heads % 2 == 0
    kv_heads = recipe.kv_heads or (heads // 2 if fewer else heads)
    tied = usual.tied if recipe.tied_embeddings is None else recipe.tied_embeddings
    return Shape(
        layers,
        width,
        heads,
        kv_heads,
        size,
        recipe.feed_forward or usual.feed_forward,
        tied,
        recipe.family,
    )


def head_size_for(width: int, kv_heads: int | None = None) -> int | None:
    """The even divisor of `width` nearest to the usual head size, if there is one; rather one that
    gives a number of heads which `kv_heads` divides."""
    usual = 32 if width < 256 else 64
    sizes = [s for s in range(_LEAST_HEAD, _MOST_HEAD + 1, 2) if width % s == 0]
    good = [size for size in sizes if width // size % (kv_heads or 1) == 0]
    return min(good or sizes, key=lambda size: abs(math.log(size / usual)), default=None)
