"""Qwen3-MoE (Qwen Team 2025): Qwen3 with many small experts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import Family
from core.families.rotary import the_window
from core.families.sparse import BALANCE, NOTE, SparseConfig
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class Qwen3MoeConfig(SparseConfig):
    """Normed queries and keys; single layers can be dense."""

    model_type: ClassVar[str] = "qwen3_moe"
    architecture: ClassVar[str] = "Qwen3MoeForCausalLM"
    query_norm: ClassVar[bool] = True
    usual_experts: ClassVar[tuple[int, int]] = (16, 2)

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        window = the_window(self.windows)
        return {
            **super().to_transformers(roles),
            "intermediate_size": self.dense_feed_forward or self.feed_forward,
            "moe_intermediate_size": self.feed_forward,
            "num_experts": self.experts,
            "norm_topk_prob": self.shared_out,
            "decoder_sparse_step": 1,
            "mlp_only_layers": list(self.dense_layers),
            "attention_bias": self.query_bias,
            "use_sliding_window": window is not None,
            "sliding_window": window,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        fields = super().read({"intermediate_size": 6144, **data})
        layers, biased = fields["layers"], bool(data.get("attention_bias"))
        window = data.get("sliding_window", 4096) if data.get("use_sliding_window") else None
        step = max(1, int(data.get("decoder_sparse_step", 1)))
        named = {int(layer) for layer in data.get("mlp_only_layers") or ()}
        dense = [layer for layer in range(layers) if layer in named or (layer + 1) % step]
        return fields | {
            "feed_forward": int(data["moe_intermediate_size"]),
            "dense_feed_forward": fields["feed_forward"] if dense else 0,
            "dense_layers": tuple(dense),
            "experts": int(data.get("num_experts") or data["num_local_experts"]),
            "chosen": int(data.get("num_experts_per_tok", 8)),
            "shared_out": bool(data.get("norm_topk_prob", False)),
            "balance": float(data.get("router_aux_loss_coef", BALANCE)),
            "query_bias": biased,
            "output_bias": biased,
            "windows": () if window is None else (int(window),) * layers,
        }


FAMILY = Family(
    key="qwen3_moe", title="Qwen3-MoE", year=2025, kind="decoder", config=Qwen3MoeConfig,
    module="core.models.qwen3_moe", model_types=("qwen3_moe",),
    paper="Qwen Team 2025, Qwen3 Technical Report",
    usual={"optimiser": "adamw"}, note=NOTE,
)  # fmt: skip
