"""Initial weights of GPT-1, GPT-2 and GPT-3 that are trained from scratch.

The papers draw everything from N(0, 0.02) and divide what is added to the residual stream by the root
of its number. Here the first loss equals ln(vocabulary), and a short training learns a little more
(measured): the last norm (or an output layer of its own) and both output projections of each block
start at zero, the other matrices keep the size of what goes through them.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from core.models.learned import Block, LearnedDecoder

EMBEDDING_DEVIATION = 0.2
POSITION_DEVIATION = 0.02


@torch.no_grad()
def initialise(model: LearnedDecoder, seed: int) -> None:
    """Draw all weights from `seed`, independent of the global random state."""
    draw = torch.Generator().manual_seed(seed)

    def fill(weight: Tensor, deviation: float) -> None:
        weight.copy_(torch.randn(weight.shape, generator=draw) * deviation)

    for module in model.modules():
        if isinstance(module, nn.Linear):
            if isinstance(module.bias, nn.Parameter):
                module.bias.zero_()
        elif isinstance(module, nn.LayerNorm):
            module.weight.fill_(1.0)
            module.bias.zero_()
    fill(model.transformer.wte.weight, EMBEDDING_DEVIATION)
    fill(model.transformer.wpe.weight, POSITION_DEVIATION)
    for block in model.blocks:
        assert isinstance(block, Block)
        attention, feed_forward = block.attn, block.mlp
        for linear in (attention.q_proj, attention.k_proj, attention.v_proj, feed_forward.c_fc):
            fill(linear.weight, 1 / math.sqrt(linear.weight.shape[1]))
        attention.out_proj.weight.zero_()
        feed_forward.c_proj.weight.zero_()
    if model.config.tied:
        model.last_norm.weight.zero_()
    else:
        model.lm_head.weight.zero_()
