"""Qwen2 and Qwen2.5 (Qwen Team 2024): queries, keys and values with biases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import Family
from core.families.rotary import RotaryConfig, layer_types, the_window, windows_of
from core.tokenizer.roles import TokenRoles

_WINDOW, _FULL_LAYERS = 4096, 28
"""transformers' where config.json names none."""


@dataclass(frozen=True)
class Qwen2Config(RotaryConfig):
    """Upper layers can have a window; in what is published none has."""

    model_type: ClassVar[str] = "qwen2"
    architecture: ClassVar[str] = "Qwen2ForCausalLM"

    query_bias: bool = True

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        window, types = the_window(self.windows), layer_types(self)
        full = types.index("sliding_attention") if window else self.layers
        return {
            **super().to_transformers(roles),
            "use_sliding_window": window is not None,
            "sliding_window": window,
            "max_window_layers": full,
            "layer_types": types,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        fields = super().read(data)
        window = data.get("sliding_window", _WINDOW) if data.get("use_sliding_window") else None
        layers = fields["layers"]
        types = data.get("layer_types")
        if types is None:
            full = min(layers, int(data.get("max_window_layers", _FULL_LAYERS)))
            types = ["full_attention"] * full + ["sliding_attention"] * (layers - full)
        return fields | {"windows": windows_of(types, window)}


FAMILY = Family(
    key="qwen2", title="Qwen2", year=2024, kind="decoder", config=Qwen2Config,
    module="core.models.qwen2", model_types=("qwen2",),
    paper="Qwen Team 2024, Qwen2 Technical Report",
    usual={"optimiser": "adamw", "weight_decay": 0.1},
)  # fmt: skip
