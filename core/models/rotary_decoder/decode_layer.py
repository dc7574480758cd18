"""A block's weights as writing on a CPU takes them, and what is computed between the products.

Shapes: D width, H heads, G key/value heads, K head size, F feed-forward width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core.families.rotary import Activation, Rope, RotaryConfig
from core.models.matrices import Matrix, Precision, Vector, matrix_of
from core.models.rotary_decoder.layers import Block, RMSNorm, SandwichBlock

_GELU = math.sqrt(2.0 / math.pi)


class Linear:
    """One or several layers one below the other, with their biases."""

    def __init__(self, precision: Precision, *layers: nn.Linear) -> None:
        self.matrix: Matrix = matrix_of(precision, *(layer.weight for layer in layers))
        found: list[Tensor | None] = [layer.bias for layer in layers]
        biases = [bias.detach() for bias in found if bias is not None]
        self.bias: Vector | None = torch.cat(biases).numpy() if biases else None

    def product(self, x_K: Vector) -> Vector:
        out = self.matrix.product(x_K)
        if self.bias is not None:
            out += self.bias
        return out

    def products(self, x_TK: Tensor) -> Tensor:
        out = self.matrix.products(x_TK)
        return out if self.bias is None else out + torch.from_numpy(self.bias).to(out.dtype)


@dataclass(frozen=True, slots=True)
class Layer:
    """q, k and v, gate and up are one matrix each. `heads_norm` [H + G, K]: norm weights of queries
    (with the attention's scale) and of keys, where they are normed. `after_attention` and
    `after_feed_forward`: norms behind, where the family has them."""

    before_attention: Vector
    query_key_value: Linear
    heads_norm: Vector | None
    output: Linear
    after_attention: Vector | None
    before_feed_forward: Vector
    gate_up: Linear
    down: Linear
    after_feed_forward: Vector | None
    rope: Rope | None
    window: int | None

    @property
    def bytes(self) -> int:
        linears = (self.query_key_value, self.output, self.gate_up, self.down)
        return sum(linear.matrix.bytes for linear in linears)


def layer_of(config: RotaryConfig, block: Block, index: int, precision: Precision) -> Layer:
    attention, feed_forward = block.self_attn, block.mlp
    after_attention = after_feed_forward = None
    before = block.post_attention_layernorm
    if isinstance(block, SandwichBlock):
        after_attention = _weight(block.post_attention_layernorm)
        before = block.pre_feedforward_layernorm
        after_feed_forward = _weight(block.post_feedforward_layernorm)
    norms = None
    if attention.q_norm is not None and attention.k_norm is not None:
        query = attention.q_norm.weight.detach() * attention.scale
        key = attention.k_norm.weight.detach()
        rows = [query.expand(attention.heads, -1), key.expand(attention.kv_heads, -1)]
        norms = torch.cat(rows).contiguous().numpy()
    return Layer(
        _weight(block.input_layernorm),
        Linear(precision, attention.q_proj, attention.k_proj, attention.v_proj),
        norms,
        Linear(precision, attention.o_proj),
        after_attention,
        _weight(before),
        Linear(precision, feed_forward.gate_proj, feed_forward.up_proj),
        Linear(precision, feed_forward.down_proj),
        after_feed_forward,
        config.rope(index),
        config.window(index),
    )


def _weight(norm: RMSNorm) -> Vector:
    return norm.weight.detach().numpy()


def normed(x_D: Vector, weight_D: Vector, epsilon: float) -> Vector:
    """RMSNorm of one vector."""
    scale = 1.0 / math.sqrt(float(np.dot(x_D, x_D)) / len(x_D) + epsilon)
    return x_D * np.float32(scale) * weight_D


def gated(both_2F: Vector, activation: Activation) -> Vector:
    """The activated first half times the second; `both_2F` is used up."""
    half = len(both_2F) // 2
    gate_F, up_F = both_2F[:half], both_2F[half:]
    up_F *= gate_F
    if activation == "silu":  # gate / (1 + exp(-gate)) · up
        np.negative(gate_F, gate_F)
        np.exp(gate_F, gate_F)
        gate_F += 1.0
        up_F /= gate_F
        return up_F
    inner_F = gate_F * gate_F
    inner_F *= 0.044715
    inner_F += 1.0
    inner_F *= gate_F
    inner_F *= _GELU
    np.tanh(inner_F, inner_F)
    inner_F += 1.0
    inner_F *= 0.5
    up_F *= inner_F
    return up_F
