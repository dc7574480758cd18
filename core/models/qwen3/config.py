"""Configuration of a Qwen3 decoder, and its config.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.reasons import Unsuitable
from core.sentences import N_, Sentence

_LIMITS = {
    "vocabulary": 1 << 21, "layers": 512, "width": 1 << 16, "heads": 1024, "kv_heads": 1024,
    "head_size": 1024, "feed_forward": 1 << 18, "context": 1 << 20,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Qwen3Config:
    """Sizes of a decoder. `width` D, `heads` H of `head_size` K, `kv_heads` G, `feed_forward` F."""

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

    def to_transformers(self, end_of_text: int) -> dict[str, Any]:
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
            "bos_token_id": end_of_text,
            "eos_token_id": end_of_text,
            "pad_token_id": end_of_text,
            "torch_dtype": "float32",
            "use_cache": True,
            "initializer_range": 0.02,
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Qwen3Config:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built."""
        for variant in ("attention_bias", "use_sliding_window"):
            if data.get(variant):
                raise _unbuilt(variant)
        rope = data.get("rope_parameters") or data.get("rope_scaling") or {}
        if rope.get("rope_type", "default") != "default":
            raise _unbuilt(f"rope_type {str(rope['rope_type'])[:40]}")
        heads = int(data["num_attention_heads"])
        if heads < 1:
            raise _beyond("num_attention_heads", heads, _LIMITS["heads"])
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
        for name, most in _LIMITS.items():
            value = getattr(self, name)
            if not 1 <= value <= most:
                raise _beyond(name, value, most)
        if self.heads % self.kv_heads:
            text = N_("Errors", "{heads} heads cannot share {shared} keys and values")
            values = {"heads": self.heads, "shared": self.kv_heads}
            raise Unsuitable(Sentence("Errors", text, values))
        if self.head_size % 2:
            text = N_("Errors", "a head size of {size} cannot be rotated: it is odd")
            raise Unsuitable(Sentence("Errors", text, {"size": self.head_size}))


def _unbuilt(variant: str) -> Unsuitable:
    text = N_("Errors", "“{name}” is not supported")
    return Unsuitable(Sentence("Errors", text, {"name": variant}))


def _beyond(name: str, value: int, most: int) -> Unsuitable:
    text = N_("Errors", "“{name}” is {value}, not between 1 and {most}")
    return Unsuitable(Sentence("Errors", text, {"name": name, "value": value, "most": most}))
