"""Layers of the modern decoders, named as transformers names them.

Shapes: B batch, T new tokens, S tokens attended to, D width, H heads, G key/value heads,
K head size, F feed-forward width.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.families.rotary import Activation, RotaryConfig
from core.families.sparse import SparseConfig
from core.models.attention import causal_attention
from core.models.dropout import FED, MIXED, Drop, Dropping, attended, left_out
from core.models.norm import rms_norm
from core.models.rotary import Tables, rotated
from core.models.rotary_decoder.cache import KeyValueCache
from core.models.rotary_decoder.experts import SparseFeedForward

PLAIN_ATTENTION_UP_TO = 512
"""On a CPU, SDPA's backward is slower than plain products up to about this context (measured)."""


class RMSNorm(nn.Module):
    """Root-mean-square norm (Zhang and Sennrich 2019), computed in fp32."""

    def __init__(self, size: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type == "cpu" and torch.is_grad_enabled():
            return rms_norm(x, self.weight, self.epsilon)
        return functional.rms_norm(x, self.weight.shape, self.weight.to(x.dtype), self.epsilon)


class Lean(NamedTuple):
    """Stands for a mask where training on a CPU attends with functions of its own: causal, and
    inside `documents` (int [B, T]) and `window` where they are given. `tables`: see
    `rotation_tables`; None in a layer without positions."""

    documents: Tensor | None
    tables: Tables | None
    window: int | None = None


Mask = Tensor | Lean | None


class Place(NamedTuple):
    """What a layer knows of the tokens' places. `cos`, `sin` [T, K]: None where it rotates nothing.
    `mask`: see `attend`."""

    cos: Tensor | None
    sin: Tensor | None
    mask: Mask


def rotary(x_BHTK: Tensor, cos_TK: Tensor, sin_TK: Tensor) -> Tensor:
    """Rotary position embedding (Su et al. 2021) in the half-split layout of transformers."""
    half = x_BHTK.shape[-1] // 2
    turned = torch.cat((-x_BHTK[..., half:], x_BHTK[..., :half]), dim=-1)
    return x_BHTK * cos_TK + turned * sin_TK


class Attention(nn.Module, Dropping):
    """Grouped-query attention; queries and keys normed where the family does."""

    def __init__(self, config: RotaryConfig) -> None:
        super().__init__()
        d, k, bias = config.width, config.head_size, config.query_bias
        self.heads, self.kv_heads, self.head_size = config.heads, config.kv_heads, k
        self.scale = config.attention_scale
        self.q_proj = nn.Linear(d, config.heads * k, bias=bias)
        self.k_proj = nn.Linear(d, config.kv_heads * k, bias=bias)
        self.v_proj = nn.Linear(d, config.kv_heads * k, bias=bias)
        self.o_proj = nn.Linear(config.heads * k, d, bias=config.output_bias)
        self.q_norm = RMSNorm(k, config.norm_epsilon) if config.query_norm else None
        self.k_norm = RMSNorm(k, config.norm_epsilon) if config.query_norm else None

    def projected(self, x_BTD: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries [B, H, T, K], keys and values [B, G, T, K], normed but not yet rotated."""
        b, t, _ = x_BTD.shape
        k = self.head_size
        q_BTHK = self.q_proj(x_BTD).view(b, t, self.heads, k)
        if self.q_norm is not None:
            q_BTHK = self.q_norm(q_BTHK)
        k_BTGK = self.k_proj(x_BTD).view(b, t, self.kv_heads, k)
        if self.k_norm is not None:
            k_BTGK = self.k_norm(k_BTGK)
        v_BTGK = self.v_proj(x_BTD).view(b, t, self.kv_heads, k)
        return q_BTHK.transpose(1, 2), k_BTGK.transpose(1, 2), v_BTGK.transpose(1, 2)

    def forward(
        self, x_BTD: Tensor, place: Place, cache: KeyValueCache | None, layer: int
    ) -> Tensor:
        b, t, _ = x_BTD.shape
        q_BHTK, k_BGSK, v_BGSK = self.projected(x_BTD)
        mask = place.mask
        if isinstance(mask, Lean):
            if mask.tables is None:
                q_BHTK = q_BHTK * self.scale
            else:
                q_BHTK, k_BGSK = rotated(q_BHTK, *mask.tables[0]), rotated(k_BGSK, *mask.tables[1])
        elif place.cos is not None and place.sin is not None:
            q_BHTK = rotary(q_BHTK, place.cos, place.sin)
            k_BGSK = rotary(k_BGSK, place.cos, place.sin)
        if cache is not None:
            k_BGSK, v_BGSK = cache.append(layer, k_BGSK, v_BGSK)
        if self.kv_heads != self.heads:
            k_BGSK = k_BGSK.repeat_interleave(self.heads // self.kv_heads, dim=1)
            v_BGSK = v_BGSK.repeat_interleave(self.heads // self.kv_heads, dim=1)
        if isinstance(mask, Lean):
            o_BHTK = causal_attention(
                q_BHTK, k_BGSK, v_BGSK, mask.documents, mask.window, self.drop
            )
        else:
            o_BHTK = attend(q_BHTK, k_BGSK, v_BGSK, mask, self.scale, self.drop)
        return self.o_proj(o_BHTK.transpose(1, 2).reshape(b, t, self.heads * self.head_size))


def is_plain(device: torch.device, span: int) -> bool:
    """Whether attention to `span` tokens is computed by plain products."""
    return device.type == "cpu" and span <= PLAIN_ATTENTION_UP_TO


def attend(
    q_BHTK: Tensor, k_BHSK: Tensor, v_BHSK: Tensor, mask: Tensor | None,
    scale: float | None = None, drop: Drop | None = None,
) -> Tensor:  # fmt: skip
    """Softmax attention; `mask` is additive and broadcasts to [B, H, T, S]. `scale`: of the
    products, by default 1/√K.

    None is causal where as many tokens attend as are attended to (what fused kernels do fastest),
    and else sees everything.
    """
    if not is_plain(q_BHTK.device, k_BHSK.shape[2]):
        causal = mask is None and 1 < q_BHTK.shape[2] == k_BHSK.shape[2]
        return attended(q_BHTK, k_BHSK, v_BHSK, drop, attn_mask=mask, is_causal=causal, scale=scale)
    factor = 1.0 / math.sqrt(q_BHTK.shape[-1]) if scale is None else scale
    scores = (q_BHTK * factor) @ k_BHSK.transpose(-1, -2)
    if mask is not None:
        scores = scores + mask
    return scores.softmax(-1).to(v_BHSK.dtype) @ v_BHSK


def activated(gate: Tensor, activation: Activation) -> Tensor:
    """SiLU, or GELU by its approximation (Hendrycks and Gimpel 2016)."""
    if activation == "silu":
        return functional.silu(gate)
    return functional.gelu(gate, approximate="tanh")


class FeedForward(nn.Module):
    """A gated network (Shazeer 2020)."""

    def __init__(self, config: RotaryConfig, inner: int) -> None:
        super().__init__()
        bias = config.inner_bias
        self.activation: Activation = config.activation
        self.gate_proj = nn.Linear(config.width, inner, bias=bias)
        self.up_proj = nn.Linear(config.width, inner, bias=bias)
        self.down_proj = nn.Linear(inner, config.width, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        gate = activated(self.gate_proj(x), self.activation)
        return self.down_proj(gate * self.up_proj(x))


class Block(nn.Module, Dropping):
    """Pre-norm attention and feed-forward, each added to the residual stream."""

    def __init__(self, config: RotaryConfig, inner: int | None = None) -> None:
        super().__init__()
        self.self_attn = Attention(config)
        self.mlp = FeedForward(config, inner or config.feed_forward)
        self.input_layernorm = RMSNorm(config.width, config.norm_epsilon)
        self.post_attention_layernorm = RMSNorm(config.width, config.norm_epsilon)

    def forward(self, x: Tensor, place: Place, cache: KeyValueCache | None, layer: int) -> Tensor:
        return self.after(x, self.self_attn(self.input_layernorm(x), place, cache, layer))

    def after(self, x: Tensor, mixed: Tensor) -> Tensor:
        """The residual stream at the block's end, from what attention gave."""
        x = x + left_out(mixed, self.drop, MIXED)
        return x + left_out(self.mlp(self.post_attention_layernorm(x)), self.drop, FED)


class SandwichBlock(Block):
    """Norms behind both parts as well (Gemma Team 2024)."""

    def __init__(self, config: RotaryConfig) -> None:
        super().__init__(config)
        self.pre_feedforward_layernorm = RMSNorm(config.width, config.norm_epsilon)
        self.post_feedforward_layernorm = RMSNorm(config.width, config.norm_epsilon)

    def after(self, x: Tensor, mixed: Tensor) -> Tensor:
        x = x + left_out(self.post_attention_layernorm(mixed), self.drop, MIXED)
        fed = self.post_feedforward_layernorm(self.mlp(self.pre_feedforward_layernorm(x)))
        return x + left_out(fed, self.drop, FED)


class SparseBlock(nn.Module, Dropping):
    """A block whose feed-forward part is a mixture of experts."""

    def __init__(self, config: SparseConfig) -> None:
        super().__init__()
        self.self_attn = Attention(config)
        self.mlp = SparseFeedForward(config)
        self.input_layernorm = RMSNorm(config.width, config.norm_epsilon)
        self.post_attention_layernorm = RMSNorm(config.width, config.norm_epsilon)

    def forward(
        self, x: Tensor, place: Place, cache: KeyValueCache | None, layer: int
    ) -> tuple[Tensor, Tensor | None]:
        """The residual stream, and in training `imbalance`."""
        mixed = self.self_attn(self.input_layernorm(x), place, cache, layer)
        x = x + left_out(mixed, self.drop, MIXED)
        fed, uneven = self.mlp(self.post_attention_layernorm(x))
        return x + left_out(fed, self.drop, FED), uneven


def block_of(config: RotaryConfig, layer: int) -> Block | SparseBlock:
    """The layer's kind of block."""
    if isinstance(config, SparseConfig):
        if config.is_sparse(layer):
            return SparseBlock(config)
        return Block(config, config.dense_feed_forward)
    return SandwichBlock(config) if config.sandwich else Block(config)
