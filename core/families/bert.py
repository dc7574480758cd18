"""BERT (Devlin et al. 2018): guesses hidden tokens and whether one segment follows another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import Family
from core.families.encoder import EncoderConfig, refuse_variants, standard_sizes, standard_words
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class BertConfig(EncoderConfig):
    """With two kinds of segments and the head for pairs of them."""

    model_type: ClassVar[str] = "bert"

    types: int = 2
    pairs: bool = True

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json of BertForPreTraining, which BertForMaskedLM reads too."""
        return {
            "architectures": ["BertForPreTraining"],
            "model_type": "bert",
            **standard_words(self),
            "pad_token_id": self.padding,
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built."""
        refuse_variants(data)
        config = cls(
            **standard_sizes(data),
            context=int(data["max_position_embeddings"]),
            padding=int(data.get("pad_token_id") or 0),
            types=int(data.get("type_vocab_size", 2)),
        )
        config.check()
        return config


FAMILY = Family(
    key="bert", title="BERT", year=2018, kind="encoder", config=BertConfig,
    module="core.models.bert", model_types=("bert",),
    paper="Devlin et al. 2018, BERT: Pre-training of Deep Bidirectional Transformers for Language "
    "Understanding",
    usual={
        "objective": "masked", "masking": "static", "next_sentence": True, "mask_share": 0.15,
        "optimiser": "adamw", "weight_decay": 0.01,
    },
)  # fmt: skip
