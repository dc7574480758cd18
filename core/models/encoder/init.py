"""Initial weights of an encoder that is trained from scratch.

The first loss equals ln(vocabulary): where the output layer shares the embedding's table, the norm
before it starts at zero, else the output layer does; and so do both output projections of each
block and the head for pairs.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from core.models.encoder.model import Block, Encoder

EMBEDDING_DEVIATION = 0.2
POSITION_DEVIATION = 0.1


@torch.no_grad()
def initialise(model: Encoder, seed: int) -> None:
    """Draw all weights from `seed`, independent of the global random state."""
    draw = torch.Generator().manual_seed(seed)

    def fill(weight: Tensor, deviation: float) -> None:
        weight.copy_(torch.randn(weight.shape, generator=draw) * deviation)

    def spread(linear: nn.Linear) -> None:
        fill(linear.weight, 1 / math.sqrt(linear.weight.shape[1]))

    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.bias.zero_()
        elif isinstance(module, nn.LayerNorm):
            module.weight.fill_(1.0)
            module.bias.zero_()
    fill(model.embeddings.words.weight, EMBEDDING_DEVIATION)
    fill(model.embeddings.positions.weight, POSITION_DEVIATION)
    if model.embeddings.types is not None:
        fill(model.embeddings.types.weight, POSITION_DEVIATION)
    for block in model.blocks:
        assert isinstance(block, Block)
        for linear in (block.query, block.key, block.value, block.up):
            spread(linear)
        block.output.weight.zero_()
        block.down.weight.zero_()
    spread(model.transform)
    if model.config.tied:
        model.transform_norm.weight.zero_()
    else:
        model.decoder.weight.zero_()
    if model.pooler is not None and model.pair is not None:
        spread(model.pooler)
        model.pair.weight.zero_()
