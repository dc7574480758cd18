"""DistilBERT's names."""

from __future__ import annotations

from typing import ClassVar

from core.models.encoder.model import Encoder
from core.models.encoder.names import Names


class DistilBert(Encoder):
    """Neither kinds of segments nor a pooler."""

    names: ClassVar[Names] = Names(
        outside={
            "embeddings.words": "distilbert.embeddings.word_embeddings",
            "embeddings.positions": "distilbert.embeddings.position_embeddings",
            "embeddings.norm": "distilbert.embeddings.LayerNorm",
            "transform": "vocab_transform",
            "transform_norm": "vocab_layer_norm",
            "decoder": "vocab_projector",
        },
        layers="distilbert.transformer.layer.{}",
        inside={
            "query": "attention.q_lin", "key": "attention.k_lin", "value": "attention.v_lin",
            "output": "attention.out_lin", "attention_norm": "sa_layer_norm", "up": "ffn.lin1",
            "down": "ffn.lin2", "output_norm": "output_layer_norm",
        },
        bias="vocab_projector.bias",
    )  # fmt: skip
