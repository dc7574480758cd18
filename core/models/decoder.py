"""What writing asks of a model: logits of the next token, token after token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeGuard

import torch

from core.models.adapters.adapt import is_adapted
from core.models.base import LanguageModel
from core.models.cached import CachedDecoder
from core.models.matrices import Vector
from core.models.rotary_decoder.decode import CpuDecoder
from core.models.rotary_decoder.graphed import GraphedDecoder
from core.models.rotary_decoder.layers import Block
from core.models.rotary_decoder.model import RotaryDecoder


class Decoder(Protocol):
    """A batch of one; what came before is kept as keys and values, up to `context` tokens."""

    @property
    def context(self) -> int: ...

    @property
    def length(self) -> int: ...

    def prompt(self, tokens: Sequence[int]) -> Vector:
        """Logits [V] (fp32) after the first `tokens`; what came before is forgotten."""
        ...

    def step(self, token: int) -> Vector:
        """Logits [V] (fp32) after one more token."""
        ...


def is_dense(model: LanguageModel) -> TypeGuard[RotaryDecoder]:
    """Whether the faster decoders know the model: a modern one without experts and adapters."""
    modern = isinstance(model, RotaryDecoder) and all(isinstance(b, Block) for b in model.blocks)
    return modern and not is_adapted(model)


def exact_decoder(model: LanguageModel) -> Decoder:
    """A decoder with the model's own weights; nothing is copied."""
    if not is_dense(model):
        return CachedDecoder(model)
    weight = model.embedding.weight
    if weight.device.type == "cpu" and weight.dtype == torch.float32:
        return CpuDecoder(model)
    return GraphedDecoder(model)
