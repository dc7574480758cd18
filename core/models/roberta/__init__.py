"""RoBERTa, as RobertaForMaskedLM's files have it."""

from __future__ import annotations

from typing import ClassVar

from core.families.encoder import EncoderConfig
from core.models.bert import INSIDE
from core.models.encoder.init import initialise
from core.models.encoder.model import Encoder
from core.models.encoder.names import Names

__all__ = ["Model", "initialise"]


class Model(Encoder):
    """Positions begin after the padding token's id; the head's activation is always GELU."""

    names: ClassVar[Names] = Names(
        outside={
            "embeddings.words": "roberta.embeddings.word_embeddings",
            "embeddings.positions": "roberta.embeddings.position_embeddings",
            "embeddings.types": "roberta.embeddings.token_type_embeddings",
            "embeddings.norm": "roberta.embeddings.LayerNorm",
            "transform": "lm_head.dense",
            "transform_norm": "lm_head.layer_norm",
            "decoder": "lm_head.decoder",
        },
        layers="roberta.encoder.layer.{}",
        inside=INSIDE,
        bias="lm_head.bias",
    )

    @staticmethod
    def head_activation(config: EncoderConfig) -> str:
        return "gelu"
