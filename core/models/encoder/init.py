"""Initial weights of an encoder that is trained from scratch.

The first loss equals ln(vocabulary): where the output layer shares the embedding's table, the norm
before it starts at zero, else the output layer does; and so do both output projections of each
block and the head for pairs. Positions are waves, and heads of the first block begin by looking at
neighbours (core.models.encoder.nearby).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from core.models.encoder.model import Block, Encoder
from core.models.encoder.nearby import neighbours, positions, waves

EMBEDDING_DEVIATION = 0.2
POSITION_DEVIATION = 0.3
SEGMENT_DEVIATION = 0.1


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
    if model.embeddings.types is not None:
        fill(model.embeddings.types.weight, SEGMENT_DEVIATION)
    for block in model.blocks:
        assert isinstance(block, Block)
        for linear in (block.query, block.key, block.value, block.up):
            spread(linear)
        block.output.weight.zero_()
        block.down.weight.zero_()
    _place(model, draw)
    spread(model.transform)
    if model.config.tied:
        model.transform_norm.weight.zero_()
    else:
        model.decoder.weight.zero_()
    if model.pooler is not None and model.pair is not None:
        spread(model.pooler)
        model.pair.weight.zero_()


def _place(model: Encoder, draw: torch.Generator) -> None:
    """Positions, and the first block's queries and keys that find them."""
    config, table = model.config, model.embeddings.positions.weight
    frequencies = waves(config.heads * (config.head_size // 2), draw)
    rows, width = table.shape
    table.copy_(positions(rows, width, frequencies, POSITION_DEVIATION))
    squares = [EMBEDDING_DEVIATION**2, POSITION_DEVIATION**2]
    if model.embeddings.types is not None:
        squares.append(SEGMENT_DEVIATION**2)
    first = model.blocks[0]
    assert isinstance(first, Block)
    share = POSITION_DEVIATION**2 / sum(squares)
    chosen = neighbours(config.heads, config.head_size, frequencies, share)
    for linear, wanted in zip((first.query, first.key), chosen, strict=True):
        drawn = wanted.flatten(0, 1)
        linear.weight[: len(drawn)] = drawn
