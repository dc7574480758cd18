"""A Qwen3 decoder in plain PyTorch, named as transformers names it.

Shapes: B batch, T new tokens, S tokens attended to, D width, H heads, G key/value heads,
K head size, F feed-forward width, V vocabulary.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from core.families.qwen3 import Qwen3Config
from core.models.attention import causal_attention
from core.models.base import LanguageModel
from core.models.norm import rms_norm
from core.models.rotary import Tables, rotated, rotation_tables

_MASKED = -1e4
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
    inside `documents` (int [B, T]) where they are given. `tables`: see `rotation_tables`."""

    documents: Tensor | None
    tables: Tables


Mask = Tensor | Lean | None


class KeyValueCache:
    """Keys and values of the tokens seen so far; room for `context` tokens is taken at once."""

    def __init__(
        self, config: Qwen3Config, batch: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        shape = (config.layers, batch, config.kv_heads, config.context, config.head_size)
        self.keys = torch.zeros(shape, device=device, dtype=dtype)
        self.values = torch.zeros(shape, device=device, dtype=dtype)
        self.length = 0
        self.context = config.context

    def append(self, layer: int, k_BGTK: Tensor, v_BGTK: Tensor) -> tuple[Tensor, Tensor]:
        """Store new keys and values of a layer; returns all of it up to now."""
        end = self.length + k_BGTK.shape[2]
        self.keys[layer, :, :, self.length : end] = k_BGTK
        self.values[layer, :, :, self.length : end] = v_BGTK
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]


def rotary(x_BHTK: Tensor, cos_TK: Tensor, sin_TK: Tensor) -> Tensor:
    """Rotary position embedding (Su et al. 2021) in the half-split layout of transformers."""
    half = x_BHTK.shape[-1] // 2
    turned = torch.cat((-x_BHTK[..., half:], x_BHTK[..., :half]), dim=-1)
    return x_BHTK * cos_TK + turned * sin_TK


class Attention(nn.Module):
    """Grouped-query attention with RMS-normed queries and keys."""

    def __init__(self, config: Qwen3Config) -> None:
        super().__init__()
        d, k = config.width, config.head_size
        self.heads, self.kv_heads, self.head_size = config.heads, config.kv_heads, k
        self.q_proj = nn.Linear(d, config.heads * k, bias=False)
        self.k_proj = nn.Linear(d, config.kv_heads * k, bias=False)
        self.v_proj = nn.Linear(d, config.kv_heads * k, bias=False)
        self.o_proj = nn.Linear(config.heads * k, d, bias=False)
        self.q_norm = RMSNorm(k, config.norm_epsilon)
        self.k_norm = RMSNorm(k, config.norm_epsilon)

    def forward(
        self,
        x_BTD: Tensor,
        cos_TK: Tensor,
        sin_TK: Tensor,
        mask: Mask,
        cache: KeyValueCache | None,
        layer: int,
    ) -> Tensor:
        b, t, _ = x_BTD.shape
        k = self.head_size
        q_BHTK = self.q_norm(self.q_proj(x_BTD).view(b, t, self.heads, k)).transpose(1, 2)
        k_BGTK = self.k_norm(self.k_proj(x_BTD).view(b, t, self.kv_heads, k)).transpose(1, 2)
        v_BGSK = self.v_proj(x_BTD).view(b, t, self.kv_heads, k).transpose(1, 2)
        if isinstance(mask, Lean):
            q_BHTK, k_BGSK = rotated(q_BHTK, *mask.tables[0]), rotated(k_BGTK, *mask.tables[1])
        else:
            q_BHTK, k_BGSK = rotary(q_BHTK, cos_TK, sin_TK), rotary(k_BGTK, cos_TK, sin_TK)
        if cache is not None:
            k_BGSK, v_BGSK = cache.append(layer, k_BGSK, v_BGSK)
        if self.kv_heads != self.heads:
            k_BGSK = k_BGSK.repeat_interleave(self.heads // self.kv_heads, dim=1)
            v_BGSK = v_BGSK.repeat_interleave(self.heads // self.kv_heads, dim=1)
        if isinstance(mask, Lean):
            o_BHTK = causal_attention(q_BHTK, k_BGSK, v_BGSK, mask.documents)
        else:
            o_BHTK = attend(q_BHTK, k_BGSK, v_BGSK, mask)
        return self.o_proj(o_BHTK.transpose(1, 2).reshape(b, t, self.heads * k))


def is_plain(device: torch.device, span: int) -> bool:
    """Whether attention to `span` tokens is computed by plain products."""
    return device.type == "cpu" and span <= PLAIN_ATTENTION_UP_TO


def attend(q_BHTK: Tensor, k_BHSK: Tensor, v_BHSK: Tensor, mask: Tensor | None) -> Tensor:
    """Softmax attention; `mask` is additive and broadcasts to [B, H, T, S].

    None is causal where as many tokens attend as are attended to (what fused kernels do fastest),
    and else sees everything.
    """
    if not is_plain(q_BHTK.device, k_BHSK.shape[2]):
        causal = mask is None and 1 < q_BHTK.shape[2] == k_BHSK.shape[2]
        return functional.scaled_dot_product_attention(
            q_BHTK, k_BHSK, v_BHSK, attn_mask=mask, is_causal=causal
        )
    scores = (q_BHTK * (1.0 / math.sqrt(q_BHTK.shape[-1]))) @ k_BHSK.transpose(-1, -2)
    if mask is not None:
        scores = scores + mask
    return scores.softmax(-1).to(v_BHSK.dtype) @ v_BHSK


class FeedForward(nn.Module):
    """SwiGLU (Shazeer 2020)."""

    def __init__(self, config: Qwen3Config) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.width, config.feed_forward, bias=False)
        self.up_proj = nn.Linear(config.width, config.feed_forward, bias=False)
        self.down_proj = nn.Linear(config.feed_forward, config.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    """Pre-norm attention and feed-forward, each added to the residual stream."""

    def __init__(self, config: Qwen3Config) -> None:
        super().__init__()
        self.self_attn = Attention(config)
        self.mlp = FeedForward(config)
        self.input_layernorm = RMSNorm(config.width, config.norm_epsilon)
        self.post_attention_layernorm = RMSNorm(config.width, config.norm_epsilon)

    def forward(
        self,
        x: Tensor,
        cos: Tensor,
        sin: Tensor,
        mask: Mask,
        cache: KeyValueCache | None,
        layer: int,
    ) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask, cache, layer)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """Embedding, blocks and final norm (transformers calls it `model`)."""

    def __init__(self, config: Qwen3Config) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocabulary, config.width)
        self.layers = nn.ModuleList([Block(config) for _ in range(config.layers)])
        self.norm = RMSNorm(config.width, config.norm_epsilon)

    @property
    def blocks(self) -> list[Block]:
        return [block for block in self.layers if isinstance(block, Block)]


class Qwen3(LanguageModel):
    """Qwen3 with its output layer. `forward` gives logits, `hidden` what feeds the output layer."""

    def __init__(self, config: Qwen3Config) -> None:
        super().__init__(config)
        self.model = Decoder(config)
        self.lm_head = nn.Linear(config.width, config.vocabulary, bias=False)
        if config.tied:
            self.lm_head.weight = self.model.embed_tokens.weight
        self._tables: dict[tuple[torch.device, torch.dtype], tuple[Tensor, Tensor]] = {}
        self._masks: dict[tuple[torch.device, torch.dtype], Tensor] = {}

    @property
    def blocks(self) -> list[nn.Module]:
        return list(self.model.layers)

    @property
    def embedding(self) -> nn.Embedding:
        return self.model.embed_tokens

    @property
    def output_weight(self) -> Tensor:
        return self.lm_head.weight

    @property
    def tied(self) -> dict[str, str]:
        return {"lm_head.weight": "model.embed_tokens.weight"} if self.config.tied else {}

    def new_cache(self, batch: int, device: torch.device, dtype: torch.dtype) -> KeyValueCache:
        return KeyValueCache(self.config, batch, device, dtype)

    def hidden(
        self,
        tokens_BT: Tensor,
        cache: KeyValueCache | None = None,
        documents_BT: Tensor | None = None,
        segments_BT: Tensor | None = None,
    ) -> Tensor:
        """Normed last hidden states [B, T, D].

        Args:
            tokens_BT: int64 token ids.
            cache: Keys and values of what came before; its length is advanced by T.
            documents_BT: Number of the document of each token: attention stays inside it.
        """
        t = tokens_BT.shape[1]
        start = cache.length if cache else 0
        x_BTD = self.model.embed_tokens(tokens_BT)
        dtype = torch.get_autocast_dtype(x_BTD.device.type) if _autocasting(x_BTD) else x_BTD.dtype
        x_BTD = x_BTD.to(dtype)
        cos, sin = self.rotation(x_BTD.device, dtype)
        mask: Mask
        if cache is None and x_BTD.device.type == "cpu" and torch.is_grad_enabled():
            mask = Lean(documents_BT, rotation_tables(cos[:t], sin[:t]))
        else:
            mask = self._mask(x_BTD.device, dtype, start, t, documents_BT)
        again = self.checkpointing and torch.is_grad_enabled()
        for index, block in enumerate(self.model.blocks):
            given = (x_BTD, cos[start : start + t], sin[start : start + t], mask, cache, index)
            x_BTD = _twice(block, *given) if again else block(*given)
        if cache is not None:
            cache.length += t
        return self.model.norm(x_BTD)

    def _mask(
        self,
        device: torch.device,
        dtype: torch.dtype,
        start: int,
        t: int,
        documents_BT: Tensor | None,
    ) -> Tensor | None:
        """Additive mask of `t` tokens after `start`, or None where `attend` needs none."""
        whole = start == 0 and documents_BT is None
        if t == 1 or (whole and not is_plain(device, t)):
            return None
        causal = self._causal(device, dtype, start + t)[start : start + t, : start + t]
        if documents_BT is None:
            return causal
        apart = documents_BT[:, :, None] != documents_BT[:, None, :]
        return causal.masked_fill(apart, _MASKED)[:, None]

    def _causal(self, device: torch.device, dtype: torch.dtype, size: int) -> Tensor:
        """At least [size, size]; grows with what is really asked for."""
        key = (device, dtype)
        if key not in self._masks or len(self._masks[key]) < size:
            span = min(self.config.context, max(size, 128))
            with torch.inference_mode(False):  # Shared with training, which saves it.
                full = torch.full((span, span), _MASKED, dtype=dtype, device=device)
                self._masks[key] = full.triu(1)
        return self._masks[key]

    def rotation(self, device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Cosines and sines of the position embedding: [context, K]."""
        key = (device, dtype)
        if key not in self._tables:
            size, span = self.config.head_size, self.config.context
            with torch.inference_mode(False):
                inverse = self.config.rope_theta ** (-torch.arange(0, size, 2).double() / size)
                angles = torch.outer(torch.arange(span).double(), inverse)
                angles = torch.cat((angles, angles), dim=-1)
                self._tables[key] = angles.cos().to(device, dtype), angles.sin().to(device, dtype)
        return self._tables[key]


def _twice(block: Block, *given: Any) -> Tensor:
    """A block that keeps its input only and is computed again in the backward pass. It draws no
    random numbers, so none are restored."""
    return checkpoint(block, *given, use_reentrant=False, preserve_rng_state=False)


def _autocasting(x: Tensor) -> bool:
    return torch.is_autocast_enabled(x.device.type)
