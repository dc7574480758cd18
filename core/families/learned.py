"""What the first three GPTs have in common: learned positions, a layer norm with biases, a feed-forward
layer of two matrices, one table for input and output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import FamilyConfig, check_sizes, unbuilt
from core.families.shape import Shape
from core.reasons import Unsuitable
from core.sentences import N_, Sentence

ACTIVATIONS = ("gelu_new", "gelu", "relu", "silu")
"""As config.json names them: GELU by a hyperbolic tangent (what all three papers' code computes), GELU
by the error function, ReLU, SiLU."""


@dataclass(frozen=True)
class LearnedConfig(FamilyConfig):
    """Sizes of a decoder with learned positions: a token beyond `context` has no row in their table
    and cannot be seen. `width` D, `heads` H of D / H, `feed_forward` F. `dropout`: with which it was
    trained; it is written into config.json, and not read from there: the recipe decides anew."""

    learned_positions: ClassVar[bool] = True
    gated: ClassVar[bool] = False
    query_biases: ClassVar[bool] = True
    final_norm: ClassVar[bool] = True

    vocabulary: int
    layers: int
    width: int
    heads: int
    feed_forward: int
    context: int
    tied: bool = True
    activation: str = "gelu_new"
    norm_epsilon: float = 1e-5
    dropout: float = 0.0

    @property
    def kv_heads(self) -> int:
        return self.heads

    @property
    def head_size(self) -> int:
        return self.width // self.heads

    @property
    def parameters(self) -> int:
        """Exact number of weights, a tied table counted once."""
        d, f = self.width, self.feed_forward
        attention = 4 * d * d + d + (3 * d if self.query_biases else 0)
        block = attention + 2 * d * f + f + d + 4 * d
        tables = (self.vocabulary * (1 if self.tied else 2) + self.context) * d
        return self.layers * block + tables + (2 * d if self.final_norm else 0)

    def _shape(self, family: str) -> Shape:
        return Shape(
            self.layers, self.width, self.heads, self.heads, self.head_size, self.feed_forward,
            self.tied, family,
        )  # fmt: skip

    @classmethod
    def from_shape(cls, shape: Shape, vocabulary: int, context: int) -> Self:
        return cls(
            vocabulary, shape.layers, shape.width, shape.heads, shape.feed_forward, context,
            shape.tied,
        )  # fmt: skip

    def check(self) -> None:
        """Raises Unsuitable for sizes that no model can have, before anything is allocated."""
        check_sizes(self)
        if self.width % self.heads:
            text = N_("Errors", "a width of {width} cannot be divided among {heads} heads")
            raise Unsuitable(Sentence("Errors", text, {"width": self.width, "heads": self.heads}))
        if self.activation not in ACTIVATIONS:
            raise unbuilt(self.activation)

    def scales(self) -> list[float]:
        """For each layer, what its queries are multiplied with beside 1 / √(D / H)."""
        return [1.0] * self.layers


def activation_of(data: dict[str, Any], name: str) -> str:
    """In the words of ACTIVATIONS; "gelu_pytorch_tanh" and "gelu_fast" compute the same as "gelu_new"."""
    given = str(data.get(name, "gelu_new"))
    alike = ("gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh")
    return "gelu_new" if given in alike else given
