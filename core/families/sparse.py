"""Sparse mixtures of experts (Shazeer et al. 2017; Fedus et al. 2022): many feed-forward networks a
block, of which a router chooses a few for each token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import beyond, unbuilt
from core.families.rotary import RotaryConfig
from core.families.shape import Shape
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.tokenizer.roles import TokenRoles

MOST_EXPERTS = 4096
BALANCE = 0.01
"""Weight of the balancing loss in training from scratch (Fedus et al. 2022, section 2.2)."""
NOTE = Sentence(
    "Families",
    N_("Families", "GPT-4's own design is unpublished; sparse experts are how published models of trillions of parameters are run. Each token is computed by a few of the experts only."),
)  # fmt: skip


@dataclass(frozen=True)
class SparseConfig(RotaryConfig):
    """`experts` E feed-forward networks of inner width `feed_forward`, `chosen` for each token.

    `shared_out`: whether the chosen experts' weights are made to sum to one. `balance`: weight of
    the loss that spreads tokens over experts. `dense_layers`: those with one network, of inner width
    `dense_feed_forward`.
    """

    usual_experts: ClassVar[tuple[int, int]] = (8, 2)

    experts: int = 8
    chosen: int = 2
    shared_out: bool = True
    balance: float = BALANCE
    dense_layers: tuple[int, ...] = ()
    dense_feed_forward: int = 0

    def is_sparse(self, layer: int) -> bool:
        return layer not in self.dense_layers

    def feed_forward_parameters(self, layer: int) -> int:
        d = self.width
        if not self.is_sparse(layer):
            return 3 * d * self.dense_feed_forward
        return self.experts * (3 * d * self.feed_forward + d)

    @property
    def shape(self) -> Shape:
        return Shape(
            self.layers, self.width, self.heads, self.kv_heads, self.head_size, self.feed_forward,
            self.tied, self.model_type, self.experts, self.chosen,
        )  # fmt: skip

    @classmethod
    def usual_variant(cls, shape: Shape, context: int) -> dict[str, Any]:
        experts, chosen = cls.usual_experts
        experts = shape.experts or experts
        return {"experts": experts, "chosen": shape.chosen or min(chosen, experts)}

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        return {
            **super().to_transformers(roles),
            "num_experts_per_tok": self.chosen,
            "router_aux_loss_coef": self.balance,
            "output_router_logits": False,
        }

    def check(self) -> None:
        super().check()
        if not 1 <= self.experts <= MOST_EXPERTS:
            raise beyond("num_experts", self.experts, MOST_EXPERTS)
        if not 1 <= self.chosen <= self.experts:
            text = N_("Errors", "{chosen} of {experts} experts cannot be chosen")
            values = {"chosen": self.chosen, "experts": self.experts}
            raise Unsuitable(Sentence("Errors", text, values))
        if self.inner_bias:
            raise unbuilt("mlp_bias")
        if self.dense_layers and not 1 <= self.dense_feed_forward <= 1 << 18:
            raise beyond("intermediate_size", self.dense_feed_forward, 1 << 18)
