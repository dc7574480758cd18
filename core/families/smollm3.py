"""SmolLM3 (Hugging Face 2025): every fourth layer knows no positions (Yang et al. 2025)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import Family, unbuilt
from core.families.rotary import Rope, RotaryConfig, layer_types, the_window, windows_of
from core.families.shape import Shape
from core.tokenizer.roles import TokenRoles

_EVERY = 4


@dataclass(frozen=True)
class SmolLM3Config(RotaryConfig):
    """`rotating`: whether each layer knows positions; empty where all do."""

    model_type: ClassVar[str] = "smollm3"
    architecture: ClassVar[str] = "SmolLM3ForCausalLM"
    usual_theta: ClassVar[float] = 2_000_000.0

    rotating: tuple[bool, ...] = ()

    @classmethod
    def usual_variant(cls, shape: Shape, context: int) -> dict[str, Any]:
        return {"rotating": _usual(shape.layers, _EVERY)}

    def rope(self, layer: int) -> Rope | None:
        return super().rope(layer) if not self.rotating or self.rotating[layer] else None

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        window = the_window(self.windows)
        rotating = self.rotating or (True,) * self.layers
        return {
            **super().to_transformers(roles),
            "attention_bias": self.query_bias,
            "mlp_bias": self.inner_bias,
            "use_sliding_window": window is not None,
            "sliding_window": window,
            "layer_types": layer_types(self),
            "no_rope_layers": [int(one) for one in rotating],
            "no_rope_layer_interval": _EVERY,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        fields, biased = super().read(data), bool(data.get("attention_bias"))
        rotating = _rotating(data, fields["layers"])
        window = data.get("sliding_window") if data.get("use_sliding_window") else None
        types = data.get("layer_types") or [
            "full_attention" if rotates or window is None else "sliding_attention"
            for rotates in rotating
        ]
        return fields | {
            "query_bias": biased,
            "output_bias": biased,
            "inner_bias": bool(data.get("mlp_bias")),
            "tied": bool(data.get("tie_word_embeddings", True)),
            "rotating": rotating,
            "windows": windows_of(types, window),
        }


def _usual(layers: int, every: int) -> tuple[bool, ...]:
    return tuple((layer + 1) % every != 0 for layer in range(layers))


def _rotating(data: dict[str, Any], layers: int) -> tuple[bool, ...]:
    """transformers' entry is named `no_rope_layers`, and has a 1 where there is a rotation."""
    given = data.get("no_rope_layers")
    if given is None:
        return _usual(layers, max(1, int(data.get("no_rope_layer_interval", _EVERY))))
    if len(given) < layers:
        raise unbuilt(f"no_rope_layers: {len(given)}")
    return tuple(bool(one) for one in given[:layers])


FAMILY = Family(
    key="smollm3", title="SmolLM3", year=2025, kind="decoder", config=SmolLM3Config,
    module="core.models.smollm3", model_types=("smollm3",),
    paper="Hugging Face 2025, SmolLM3: smol, multilingual, long-context reasoner",
    usual={"optimiser": "adamw", "learning_rate": 2e-4, "weight_decay": 0.1},
)  # fmt: skip
