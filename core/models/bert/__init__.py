"""BERT, as BertForPreTraining's files have it."""

from __future__ import annotations

from typing import ClassVar

from core.models.encoder.init import initialise
from core.models.encoder.model import Encoder
from core.models.encoder.names import Names

__all__ = ["INSIDE", "Model", "initialise"]

INSIDE = {
    "query": "attention.self.query", "key": "attention.self.key",
    "value": "attention.self.value", "output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm", "up": "intermediate.dense",
    "down": "output.dense", "output_norm": "output.LayerNorm",
}  # fmt: skip


class Model(Encoder):
    """With kinds of segments, a pooler, and the head for pairs."""

    names: ClassVar[Names] = Names(
        outside={
            "embeddings.words": "bert.embeddings.word_embeddings",
            "embeddings.positions": "bert.embeddings.position_embeddings",
            "embeddings.types": "bert.embeddings.token_type_embeddings",
            "embeddings.norm": "bert.embeddings.LayerNorm",
            "transform": "cls.predictions.transform.dense",
            "transform_norm": "cls.predictions.transform.LayerNorm",
            "decoder": "cls.predictions.decoder",
            "pooler": "bert.pooler.dense",
            "pair": "cls.seq_relationship",
        },
        layers="bert.encoder.layer.{}",
        inside=INSIDE,
        bias="cls.predictions.bias",
    )
