"""GPT-1 (Radford et al. 2018): a norm behind each sum, learned positions, no norm at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import Family, unbuilt
from core.families.learned import LearnedConfig
from core.families.shape import Shape
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class Gpt1Config(LearnedConfig):
    """Sizes of a GPT-1; F is always 4 · D in its files."""

    model_type: ClassVar[str] = "openai-gpt"
    final_norm: ClassVar[bool] = False

    @property
    def shape(self) -> Shape:
        return self._shape("gpt1")

    @classmethod
    def from_shape(cls, shape: Shape, vocabulary: int, context: int) -> Self:
        return cls(
            vocabulary, shape.layers, shape.width, shape.heads, 4 * shape.width, context,
            shape.tied,
        )  # fmt: skip

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json of OpenAIGPTLMHeadModel, which calls the tangent's GELU "gelu"."""
        return {
            "architectures": ["OpenAIGPTLMHeadModel"],
            "model_type": "openai-gpt",
            "vocab_size": self.vocabulary,
            "n_positions": self.context,
            "n_embd": self.width,
            "n_layer": self.layers,
            "n_head": self.heads,
            "afn": "gelu" if self.activation == "gelu_new" else self.activation,
            "resid_pdrop": self.dropout,
            "embd_pdrop": self.dropout,
            "attn_pdrop": self.dropout,
            "layer_norm_epsilon": self.norm_epsilon,
            "tie_word_embeddings": self.tied,
            "bos_token_id": roles.begin,
            "eos_token_id": roles.end,
            "torch_dtype": "float32",
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built."""
        activation = str(data.get("afn", "gelu"))
        if activation not in ("gelu", "gelu_new", "relu", "silu", "swish"):
            raise unbuilt(activation)
        known = {"gelu": "gelu_new", "swish": "silu"}
        config = cls(
            vocabulary=int(data["vocab_size"]),
            layers=int(data["n_layer"]),
            width=int(data["n_embd"]),
            heads=int(data["n_head"]),
            feed_forward=4 * int(data["n_embd"]),
            context=int(data["n_positions"]),
            tied=bool(data.get("tie_word_embeddings", True)),
            activation=known.get(activation, activation),
            norm_epsilon=float(data.get("layer_norm_epsilon", 1e-5)),
        )
        config.check()
        return config


FAMILY = Family(
    key="gpt1", title="GPT-1", year=2018, kind="decoder", config=Gpt1Config,
    module="core.models.gpt1", model_types=("openai-gpt",),
    paper="Radford et al. 2018, Improving Language Understanding by Generative Pre-Training",
    usual={"optimiser": "adamw", "learning_rate": 2.5e-4, "weight_decay": 0.01},
)  # fmt: skip
