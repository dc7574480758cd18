"""GPT-2 (Radford et al. 2019): norms before attention and feed-forward layer, one more at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import Family, unbuilt
from core.families.learned import LearnedConfig, activation_of
from core.families.shape import Shape
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class Gpt2Config(LearnedConfig):
    """Sizes of a GPT-2. `scaled`: attention is divided by √(D / H); `by_layer`: and by the layer's
    number (as Mistral's GPT-2 of Stanford does)."""

    model_type: ClassVar[str] = "gpt2"

    scaled: bool = True
    by_layer: bool = False

    @property
    def shape(self) -> Shape:
        return self._shape("gpt2")

    def scales(self) -> list[float]:
        whole = 1.0 if self.scaled else self.head_size**0.5
        return [whole / (layer + 1 if self.by_layer else 1) for layer in range(self.layers)]

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json of GPT2LMHeadModel."""
        return {
            "architectures": ["GPT2LMHeadModel"],
            "model_type": "gpt2",
            "vocab_size": self.vocabulary,
            "n_positions": self.context,
            "n_embd": self.width,
            "n_layer": self.layers,
            "n_head": self.heads,
            "n_inner": self.feed_forward,
            "activation_function": self.activation,
            "resid_pdrop": self.dropout,
            "embd_pdrop": self.dropout,
            "attn_pdrop": self.dropout,
            "layer_norm_epsilon": self.norm_epsilon,
            "scale_attn_weights": self.scaled,
            "scale_attn_by_inverse_layer_idx": self.by_layer,
            "tie_word_embeddings": self.tied,
            "bos_token_id": roles.begin,
            "eos_token_id": roles.end,
            "torch_dtype": "float32",
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built."""
        if data.get("add_cross_attention"):
            raise unbuilt("add_cross_attention")
        width = int(data["n_embd"])
        config = cls(
            vocabulary=int(data["vocab_size"]),
            layers=int(data["n_layer"]),
            width=width,
            heads=int(data["n_head"]),
            feed_forward=int(data.get("n_inner") or 4 * width),
            context=int(data["n_positions"]),
            tied=bool(data.get("tie_word_embeddings", True)),
            activation=activation_of(data, "activation_function"),
            norm_epsilon=float(data.get("layer_norm_epsilon", 1e-5)),
            scaled=bool(data.get("scale_attn_weights", True)),
            by_layer=bool(data.get("scale_attn_by_inverse_layer_idx", False)),
        )
        config.check()
        return config


FAMILY = Family(
    key="gpt2", title="GPT-2", year=2019, kind="decoder", config=Gpt2Config,
    module="core.models.gpt2", model_types=("gpt2",),
    paper="Radford et al. 2019, Language Models are Unsupervised Multitask Learners",
    usual={"optimiser": "adamw", "weight_decay": 0.01},
)  # fmt: skip
