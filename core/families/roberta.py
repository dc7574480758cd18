"""RoBERTa (Liu et al. 2019): BERT without pairs of segments, masked anew in each pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import Family, beyond
from core.families.encoder import EncoderConfig, refuse_variants, standard_sizes, standard_words
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class RobertaConfig(EncoderConfig):
    """Positions begin one after the padding token's id, so 512 tokens have 514 rows. Padding itself
    stands at its own id and counts as no position."""

    model_type: ClassVar[str] = "roberta"

    padding: int = 1
    first_position: int = 2
    types: int = 1
    norm_epsilon: float = 1e-5

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json of RobertaForMaskedLM."""
        return {
            "architectures": ["RobertaForMaskedLM"],
            "model_type": "roberta",
            **standard_words(self),
            "bos_token_id": roles.begin,
            "eos_token_id": roles.end,
            "pad_token_id": self.padding,
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built."""
        refuse_variants(data)
        padding = data.get("pad_token_id")
        padding = 1 if padding is None else int(padding)
        rows = int(data["max_position_embeddings"])
        if not 0 <= padding < rows - 1:
            raise beyond("pad_token_id", padding, max(1, rows - 2))
        config = cls(
            **standard_sizes(data),
            context=rows - padding - 1,
            padding=padding,
            first_position=padding + 1,
            types=int(data.get("type_vocab_size", 2)),
        )
        config.check()
        return config


FAMILY = Family(
    key="roberta", title="RoBERTa", year=2019, kind="encoder", config=RobertaConfig,
    module="core.models.roberta", model_types=("roberta",),
    paper="Liu et al. 2019, RoBERTa: A Robustly Optimized BERT Pretraining Approach",
    usual={
        "objective": "masked", "masking": "dynamic", "next_sentence": False, "mask_share": 0.15,
        "full_sentences": True, "optimiser": "adamw", "weight_decay": 0.01,
    },
)  # fmt: skip
