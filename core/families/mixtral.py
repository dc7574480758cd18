"""Mixtral (Jiang et al. 2024): Mistral with eight experts, two for each token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import Family
from core.families.rotary import the_window
from core.families.sparse import BALANCE, NOTE, SparseConfig
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class MixtralConfig(SparseConfig):
    """Every block is sparse."""

    model_type: ClassVar[str] = "mixtral"
    architecture: ClassVar[str] = "MixtralForCausalLM"
    usual_theta: ClassVar[float] = 1_000_000.0

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        return {
            **super().to_transformers(roles),
            "num_local_experts": self.experts,
            "sliding_window": the_window(self.windows),
            "router_jitter_noise": 0.0,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        fields = super().read(data)
        window = data.get("sliding_window")
        return fields | {
            "experts": int(data.get("num_local_experts", 8)),
            "chosen": int(data.get("num_experts_per_tok", 2)),
            "balance": float(data.get("router_aux_loss_coef", BALANCE)),
            "windows": () if window is None else (int(window),) * fields["layers"],
        }


FAMILY = Family(
    key="mixtral", title="Mixtral", year=2024, kind="decoder", config=MixtralConfig,
    module="core.models.mixtral", model_types=("mixtral",),
    paper="Jiang et al. 2024, Mixtral of Experts",
    usual={"optimiser": "adamw"}, note=NOTE,
)  # fmt: skip
