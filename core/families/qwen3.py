"""Qwen3 (Qwen Team 2025): the default family, which transformers and llama.cpp load as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import Family, unbuilt
from core.families.rotary import RotaryConfig
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class Qwen3Config(RotaryConfig):
    """Normed queries and keys, no biases."""

    model_type: ClassVar[str] = "qwen3"
    architecture: ClassVar[str] = "Qwen3ForCausalLM"
    query_norm: ClassVar[bool] = True

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        return {
            **super().to_transformers(roles),
            "attention_bias": False,
            "use_sliding_window": False,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        for variant in ("attention_bias", "use_sliding_window"):
            if data.get(variant):
                raise unbuilt(variant)
        fields = super().read(data)
        if fields["scaling"]:
            raise unbuilt(f"rope_type {fields['scaling'].kind}")
        return fields


FAMILY = Family(
    key="qwen3", title="Qwen3", year=2025, kind="decoder", config=Qwen3Config,
    module="core.models.qwen3", model_types=("qwen3",),
    paper="Qwen Team 2025, Qwen3 Technical Report",
)  # fmt: skip
