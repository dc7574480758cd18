"""Qwen3 (Qwen Team 2025): the default family, which transformers and llama.cpp load as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import LIMITS, Family, FamilyConfig, beyond, check_sizes, unbuilt
from core.families.shape import Shape
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class Qwen3Config(FamilyConfig):
    """Sizes of a decoder. `width` D, `heads` H of `head_size` K, `kv_heads` G, `feed_forward` F."""

    model_type: ClassVar[str] = "qwen3"

    vocabulary: int
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    feed_forward: int
    context: int
    tied: bool
    rope_theta: float = 10_000.0
    norm_epsilon: float = 1e-6

    @property
    def parameters(self) -> int:
        """Exact number of weights, a tied table counted once."""
        d, k = self.width, self.head_size
        attention = d * k * (2 * self.heads + 2 * self.kv_heads) + 2 * k
        block = attention + 3 * d * self.feed_forward + 2 * d
        tables = self.vocabulary * d * (1 if self.tied else 2)
        return self.layers * block + tables + d

    @property
    def shape(self) -> Shape:
        return Shape(
            self.layers, self.width, self.heads, self.kv_heads, self.head_size, self.feed_forward,
            self.tied, "qwen3",
        )  # fmt: skip

    @classmethod
    def from_shape(cls, shape: Shape, vocabulary: int, context: int) -> Self:
        return cls(
            vocabulary, shape.layers, shape.width, shape.heads, shape.kv_heads, shape.head_size,
            shape.feed_forward, context, shape.tied,
        )  # fmt: skip

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json of Qwen3ForCausalLM; rope_theta stands in both places that readers look."""
        return {
            "architectures": ["Qwen3ForCausalLM"],
            "model_type": "qwen3",
            "vocab_size": self.vocabulary,
            "hidden_size": self.width,
            "intermediate_size": self.feed_forward,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.head_size,
            "hidden_act": "silu",
            "max_position_embeddings": self.context,
            "rms_norm_eps": self.norm_epsilon,
            "rope_theta": self.rope_theta,
            "rope_parameters": {"rope_type": "default", "rope_theta": self.rope_theta},
            "attention_bias": False,
            "attention_dropout": 0.0,
            "use_sliding_window": False,
            "tie_word_embeddings": self.tied,
            "bos_token_id": roles.begin,
            "eos_token_id": roles.end,
            "pad_token_id": roles.pad,
            "torch_dtype": "float32",
            "use_cache": True,
            "initializer_range": 0.02,
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built."""
        for variant in ("attention_bias", "use_sliding_window"):
            if data.get(variant):
                raise unbuilt(variant)
        rope = data.get("rope_parameters") or data.get("rope_scaling") or {}
        if rope.get("rope_type", "default") != "default":
            raise unbuilt(f"rope_type {str(rope['rope_type'])[:40]}")
        heads = int(data["num_attention_heads"])
        if heads < 1:
            raise beyond("num_attention_heads", heads, LIMITS["heads"])
        config = cls(
            vocabulary=int(data["vocab_size"]),
            layers=int(data["num_hidden_layers"]),
            width=int(data["hidden_size"]),
            heads=heads,
            kv_heads=int(data.get("num_key_value_heads") or heads),
            head_size=int(data.get("head_dim") or int(data["hidden_size"]) // heads),
            feed_forward=int(data["intermediate_size"]),
            context=int(data["max_position_embeddings"]),
            tied=bool(data.get("tie_word_embeddings", False)),
            rope_theta=float(rope.get("rope_theta") or data.get("rope_theta") or 10_000.0),
            norm_epsilon=float(data.get("rms_norm_eps", 1e-6)),
        )
        config.check()
        return config

    def check(self) -> None:
        """Raises Unsuitable for sizes that no model can have, before anything is allocated."""
        check_sizes(self)
        if self.heads % self.kv_heads:
            text = N_("Errors", "{heads} heads cannot share {shared} keys and values")
            values = {"heads": self.heads, "shared": self.kv_heads}
            raise Unsuitable(Sentence("Errors", text, values))
        if self.head_size % 2:
            text = N_("Errors", "a head size of {size} cannot be rotated: it is odd")
            raise Unsuitable(Sentence("Errors", text, {"size": self.head_size}))


FAMILY = Family(
    key="qwen3", title="Qwen3", year=2025, kind="decoder", config=Qwen3Config,
    module="core.models.qwen3", model_types=("qwen3",),
    paper="Qwen Team 2025, Qwen3 Technical Report",
)  # fmt: skip
