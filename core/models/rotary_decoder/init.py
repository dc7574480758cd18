"""Initial weights of a decoder that is trained from scratch.

The first loss equals ln(vocabulary): the output layer (or, where it shares the embedding's table,
the norm before it) and both output projections of each block start at zero. A wide embedding stands
in for a norm on it; a query-norm weight of two is an attention scale of two (both measured).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from core.models.rotary_decoder.experts import SparseFeedForward
from core.models.rotary_decoder.layers import Attention, FeedForward, SandwichBlock
from core.models.rotary_decoder.model import RotaryDecoder

EMBEDDING_DEVIATION = 0.2
QUERY_SCALE = 2.0
_ROUTER_SCALE = 0.1
"""A router that starts almost even (Fedus et al. 2022, section 2.4)."""


class _Drawing:
    """Draws weights from one seed, independent of the global random state."""

    def __init__(self, seed: int) -> None:
        self._draw = torch.Generator().manual_seed(seed)

    def fill(self, weight: Tensor, deviation: float) -> None:
        weight.copy_(torch.randn(weight.shape, generator=self._draw) * deviation)

    def project(self, weight: Tensor) -> None:
        """Matrices [..., out, in] that keep the size of what they are given."""
        self.fill(weight, 1 / math.sqrt(weight.shape[-1]))


@torch.no_grad()
def initialise(model: RotaryDecoder, seed: int) -> None:
    """Draw all weights from `seed`."""
    drawing = _Drawing(seed)
    _set_constants(model)
    drawing.fill(
        model.model.embed_tokens.weight, EMBEDDING_DEVIATION / model.config.embedding_scale
    )
    if model.config.tied:
        model.model.norm.weight.zero_()
    else:
        model.lm_head.weight.zero_()
    for block in model.model.blocks:
        _draw_attention(drawing, block.self_attn)
        if isinstance(block.mlp, SparseFeedForward):
            _draw_experts(drawing, block.mlp)
        else:
            _draw_feed_forward(drawing, block.mlp)
        if isinstance(block, SandwichBlock):
            _open_sandwich(drawing, block, model.config.layers)


def _set_constants(model: RotaryDecoder) -> None:
    """Norms one, biases zero."""
    for name, weight in model.named_parameters():
        if weight.ndim == 1:
            weight.fill_(0.0 if name.endswith(".bias") else 1.0)


def _draw_attention(drawing: _Drawing, attention: Attention) -> None:
    for linear in (attention.q_proj, attention.k_proj, attention.v_proj):
        drawing.project(linear.weight)
    attention.o_proj.weight.zero_()
    if attention.q_norm is not None:
        attention.q_norm.weight.fill_(QUERY_SCALE)


def _draw_feed_forward(drawing: _Drawing, feed_forward: FeedForward) -> None:
    drawing.project(feed_forward.gate_proj.weight)
    drawing.project(feed_forward.up_proj.weight)
    feed_forward.down_proj.weight.zero_()


def _draw_experts(drawing: _Drawing, sparse: SparseFeedForward) -> None:
    drawing.fill(sparse.gate.weight, _ROUTER_SCALE / math.sqrt(sparse.gate.weight.shape[1]))
    drawing.project(sparse.experts.gate_proj)
    drawing.project(sparse.experts.up_proj)
    sparse.experts.down_proj.zero_()


def _open_sandwich(drawing: _Drawing, block: SandwichBlock, layers: int) -> None:
    """A norm behind a projection of zeros would make its first gradient boundless: there the norm
    itself is small, so that a block adds little at first."""
    outputs: tuple[nn.Linear, nn.Linear] = (block.self_attn.o_proj, block.mlp.down_proj)
    for linear in outputs:
        drawing.project(linear.weight)
    for norm in (block.post_attention_layernorm, block.post_feedforward_layernorm):
        norm.weight.fill_(1 / math.sqrt(2 * layers))
