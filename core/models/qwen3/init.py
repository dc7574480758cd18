"""Initial weights of a decoder that is trained from scratch.

The first loss equals ln(vocabulary): the output layer (or, where it shares the embedding's table,
the norm before it) and both output projections of each block start at zero. A wide embedding stands
in for a norm on it; a query-norm weight of two is an attention scale of two (both measured).
"""

from __future__ import annotations

import math

import torch

from core.models.qwen3.model import Qwen3

EMBEDDING_DEVIATION = 0.2
QUERY_SCALE = 2.0


@torch.no_grad()
def initialise(model: Qwen3, seed: int) -> None:
    """Draw all weights from `seed`, independent of the global random state."""
    draw = torch.Generator().manual_seed(seed)

    def fill(weight: torch.Tensor, deviation: float) -> None:
        weight.copy_(torch.randn(weight.shape, generator=draw) * deviation)

    fill(model.model.embed_tokens.weight, EMBEDDING_DEVIATION)
    if model.config.tied:
        model.model.norm.weight.zero_()
    else:
        model.lm_head.weight.zero_()
    for block in model.model.blocks:
        attention, feed_forward = block.self_attn, block.mlp
        for linear in (
            attention.q_proj, attention.k_proj, attention.v_proj,
            feed_forward.gate_proj, feed_forward.up_proj,
        ):  # fmt: skip
            fill(linear.weight, 1 / math.sqrt(linear.weight.shape[1]))
        attention.o_proj.weight.zero_()
        feed_forward.down_proj.weight.zero_()
        attention.q_norm.weight.fill_(QUERY_SCALE)
