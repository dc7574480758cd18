"""What the encoders have in common: learned positions, post-norm blocks with biases, a head that
guesses hidden tokens (Devlin et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import FamilyConfig, beyond, check_sizes, unbuilt
from core.families.shape import Shape
from core.reasons import Unsuitable
from core.sentences import N_, Sentence

ACTIVATIONS = ("gelu", "gelu_new", "gelu_pytorch_tanh", "relu")


@dataclass(frozen=True)
class EncoderConfig(FamilyConfig):
    """Sizes of an encoder. `width` D, `heads` H, `feed_forward` F, `context`: the most tokens of a
    text with what frames it.

    `padding`: id of the padding token. `first_position`: row of the first position in its table.
    `types`: kinds of segments (0: the family has none). `pairs`: whether it also tells if one
    segment follows another. `dropout`: with which it was trained; it is written into config.json, and
    not read from there: the recipe decides anew.
    """

    gated: ClassVar[bool] = False

    vocabulary: int
    layers: int
    width: int
    heads: int
    feed_forward: int
    context: int
    tied: bool = True
    padding: int = 0
    first_position: int = 0
    types: int = 0
    pairs: bool = False
    activation: str = "gelu"
    norm_epsilon: float = 1e-12
    dropout: float = 0.0

    @property
    def head_size(self) -> int:
        return self.width // self.heads

    @property
    def positions(self) -> int:
        """Rows of the table of positions."""
        return self.context + self.first_position

    @property
    def parameters(self) -> int:
        """Exact number of weights, a tied table counted once."""
        d, f, v = self.width, self.feed_forward, self.vocabulary
        tables = (v * (1 if self.tied else 2) + self.positions + self.types) * d
        block = 4 * (d * d + d) + 2 * d * f + f + d + 4 * d
        head = d * d + d + 2 * d + v
        pairs = d * d + d + 2 * d + 2 if self.pairs else 0
        return tables + 2 * d + self.layers * block + head + pairs

    @property
    def shape(self) -> Shape:
        return Shape(
            self.layers, self.width, self.heads, self.heads, self.head_size, self.feed_forward,
            self.tied, self.model_type,
        )  # fmt: skip

    @classmethod
    def from_shape(cls, shape: Shape, vocabulary: int, context: int) -> Self:
        """Its table is always tied, as in the papers."""
        return cls(vocabulary, shape.layers, shape.width, shape.heads, shape.feed_forward, context)

    def check(self) -> None:
        """Raises Unsuitable for sizes that no model can have, before anything is allocated."""
        check_sizes(self)
        if self.width % self.heads:
            text = N_("Errors", "a width of {width} cannot be divided among {heads} heads")
            raise Unsuitable(Sentence("Errors", text, {"width": self.width, "heads": self.heads}))
        if not 0 <= self.padding < self.vocabulary:
            raise beyond("pad_token_id", self.padding, self.vocabulary - 1)
        if not 0 <= self.types <= 16:
            raise beyond("type_vocab_size", self.types, 16)
        if self.activation not in ACTIVATIONS:
            raise unbuilt(self.activation)


def refuse_variants(data: dict[str, Any]) -> None:
    """Raises Unsuitable for what config.json may ask for and is not built."""
    for name in ("is_decoder", "add_cross_attention"):
        if data.get(name):
            raise unbuilt(name)
    kind = data.get("position_embedding_type", "absolute")
    if kind != "absolute":
        raise unbuilt(f"position_embedding_type {str(kind)[:40]}")


def standard_sizes(data: dict[str, Any]) -> dict[str, Any]:
    """Sizes of a config.json in BERT's words. Raises KeyError for a missing one."""
    return {
        "vocabulary": int(data["vocab_size"]),
        "layers": int(data["num_hidden_layers"]),
        "width": int(data["hidden_size"]),
        "heads": int(data["num_attention_heads"]),
        "feed_forward": int(data["intermediate_size"]),
        "tied": bool(data.get("tie_word_embeddings", True)),
        "activation": str(data.get("hidden_act", "gelu")),
        "norm_epsilon": float(data.get("layer_norm_eps", 1e-12)),
    }


def standard_words(config: EncoderConfig) -> dict[str, Any]:
    """The same the other way."""
    return {
        "vocab_size": config.vocabulary,
        "hidden_size": config.width,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "intermediate_size": config.feed_forward,
        "hidden_act": config.activation,
        "hidden_dropout_prob": config.dropout,
        "attention_probs_dropout_prob": config.dropout,
        "max_position_embeddings": config.positions,
        "type_vocab_size": config.types,
        "layer_norm_eps": config.norm_epsilon,
        "tie_word_embeddings": config.tied,
        "position_embedding_type": "absolute",
        "initializer_range": 0.02,
        "torch_dtype": "float32",
    }
