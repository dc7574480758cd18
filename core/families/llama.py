"""Llama (Touvron et al. 2023), in whose design TinyLlama and SmolLM2 are made as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import Family
from core.families.rotary import RotaryConfig
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class LlamaConfig(RotaryConfig):
    """The plain member of the line."""

    model_type: ClassVar[str] = "llama"
    architecture: ClassVar[str] = "LlamaForCausalLM"

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        return {
            **super().to_transformers(roles),
            "attention_bias": self.query_bias,
            "mlp_bias": self.inner_bias,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        biased = bool(data.get("attention_bias"))
        return super().read(data) | {
            "query_bias": biased,
            "output_bias": biased,
            "inner_bias": bool(data.get("mlp_bias")),
        }

    def check(self) -> None:
        super().check()
        if self.width % self.heads:  # transformers would not load it.
            text = N_("Errors", "a width of {width} cannot be divided among {heads} heads")
            raise Unsuitable(Sentence("Errors", text, {"width": self.width, "heads": self.heads}))


FAMILY = Family(
    key="llama", title="Llama", year=2023, kind="decoder", config=LlamaConfig,
    module="core.models.llama", model_types=("llama",),
    paper="Touvron et al. 2023, LLaMA: Open and Efficient Foundation Language Models",
    usual={"optimiser": "adamw", "learning_rate": 3e-4, "weight_decay": 0.1},
)  # fmt: skip
