"""Mistral (Jiang et al. 2023): grouped queries, and attention through a sliding window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import Family
from core.families.rotary import RotaryConfig, the_window
from core.families.shape import Shape
from core.tokenizer.roles import TokenRoles

_WINDOW = 4096
"""Of the first release, and transformers' where config.json names none."""


@dataclass(frozen=True)
class MistralConfig(RotaryConfig):
    """Every layer has the same window, or none."""

    model_type: ClassVar[str] = "mistral"
    architecture: ClassVar[str] = "MistralForCausalLM"

    @classmethod
    def usual_variant(cls, shape: Shape, context: int) -> dict[str, Any]:
        """A window of half the context, as in the paper's table 1: 4,096 of 8,192."""
        return {"windows": (max(1, context // 2),) * shape.layers}

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        return {**super().to_transformers(roles), "sliding_window": the_window(self.windows)}

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        fields = super().read(data)
        window = data.get("sliding_window", _WINDOW)
        return fields | {"windows": () if window is None else (int(window),) * fields["layers"]}


FAMILY = Family(
    key="mistral", title="Mistral", year=2023, kind="decoder", config=MistralConfig,
    module="core.models.mistral", model_types=("mistral",),
    paper="Jiang et al. 2023, Mistral 7B",
    usual={"optimiser": "adamw"},
)  # fmt: skip
