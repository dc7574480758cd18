"""DistilBERT (Sanh et al. 2019): half of BERT's layers, taught by BERT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import Family
from core.families.encoder import EncoderConfig, refuse_variants
from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class DistilBertConfig(EncoderConfig):
    """Neither kinds of segments nor a head for pairs of them."""

    model_type: ClassVar[str] = "distilbert"

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json of DistilBertForMaskedLM, in words of its own."""
        return {
            "architectures": ["DistilBertForMaskedLM"],
            "model_type": "distilbert",
            "vocab_size": self.vocabulary,
            "dim": self.width,
            "n_layers": self.layers,
            "n_heads": self.heads,
            "hidden_dim": self.feed_forward,
            "activation": self.activation,
            "dropout": self.dropout,
            "attention_dropout": self.dropout,
            "max_position_embeddings": self.positions,
            "sinusoidal_pos_embds": False,
            "tie_word_embeddings": self.tied,
            "pad_token_id": self.padding,
            "initializer_range": 0.02,
            "torch_dtype": "float32",
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built. Positions of sines stand in the file like others."""
        refuse_variants(data)
        config = cls(
            vocabulary=int(data["vocab_size"]),
            layers=int(data["n_layers"]),
            width=int(data["dim"]),
            heads=int(data["n_heads"]),
            feed_forward=int(data["hidden_dim"]),
            context=int(data["max_position_embeddings"]),
            tied=bool(data.get("tie_word_embeddings", True)),
            padding=int(data.get("pad_token_id") or 0),
            activation=str(data.get("activation", "gelu")),
        )
        config.check()
        return config


FAMILY = Family(
    key="distilbert", title="DistilBERT", year=2019, kind="encoder", config=DistilBertConfig,
    module="core.models.distilbert", model_types=("distilbert",),
    paper="Sanh et al. 2019, DistilBERT, a distilled version of BERT: smaller, faster, cheaper and "
    "lighter",
    usual={
        "objective": "masked", "masking": "dynamic", "next_sentence": False, "mask_share": 0.15,
        "temperature": 2.0, "optimiser": "adamw", "weight_decay": 0.01,
    },
)  # fmt: skip
