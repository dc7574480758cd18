"""The sizes of a model without its vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a transformer. `family` is a key of core.families.registry.

    `experts`: feed-forward networks of a sparse block (0: one dense), of which `chosen` compute for
    each token.
    """

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    feed_forward: int
    tied: bool
    family: str = "qwen3"
    experts: int = 0
    chosen: int = 0

    def parameters(self, vocabulary: int, context: int = 512) -> int:
        """Exact number of weights; `context` counts where positions are learnt."""
        return _parameters(self, vocabulary, context)

    def active_parameters(self, vocabulary: int, context: int = 512) -> int:
        """Weights that compute for one token: in a sparse model fewer than there are."""
        whole = self.parameters(vocabulary, context)
        idle = max(0, self.experts - self.chosen)
        return whole - idle * self.layers * 3 * self.width * self.feed_forward


@lru_cache(4096)
def _parameters(shape: Shape, vocabulary: int, context: int) -> int:
    """A plan asks the same hundreds of times, at each change of a setting."""
    from core.families.registry import family_of  # The registry's configs are made of shapes.

    return family_of(shape.family).config.from_shape(shape, vocabulary, context).parameters
