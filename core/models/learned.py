"""A decoder with learned positions, of which GPT-1, GPT-2 and GPT-3 are variants.

Shapes: B batch, T new tokens, S tokens attended to, D width, H heads, K head size, F feed-forward
width, V vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from core.families.learned import LearnedConfig
from core.models.attention import MASKED, causal_attention
from core.models.base import LanguageModel
from core.models.dropout import FED, MIXED, Drop, Dropping, attended, left_out

PLAIN_ATTENTION_UP_TO = 512
"""On a CPU, SDPA is slower than plain products up to about this context (measured)."""

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu_new": partial(functional.gelu, approximate="tanh"),
    "gelu": functional.gelu,
    "relu": functional.relu,
    "silu": functional.silu,
}


class Lean(NamedTuple):
    """Stands for a mask where training on a CPU attends with functions of its own: causal, and
    inside `documents` (int [B, T]) where they are given."""

    documents: Tensor | None


Mask = Tensor | Lean | None


class LearnedCache:
    """Keys and values of the tokens seen so far; room for `context` tokens is taken at once."""

    def __init__(
        self, config: LearnedConfig, batch: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        shape = (config.layers, batch, config.heads, config.context, config.head_size)
        self.keys = torch.zeros(shape, device=device, dtype=dtype)
        self.values = torch.zeros(shape, device=device, dtype=dtype)
        self.length = 0
        self.context = config.context

    def append(self, layer: int, k_BHTK: Tensor, v_BHTK: Tensor) -> tuple[Tensor, Tensor]:
        """Store new keys and values of a layer; returns all of it up to now."""
        end = self.length + k_BHTK.shape[2]
        self.keys[layer, :, :, self.length : end] = k_BHTK
        self.values[layer, :, :, self.length : end] = v_BHTK
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]


class Attention(nn.Module, Dropping):
    """Attention of all heads to all tokens before, or to the last `window` of them."""

    def __init__(self, config: LearnedConfig, window: int | None) -> None:
        super().__init__()
        d, biases = config.width, config.query_biases
        self.heads, self.head_size, self.window = config.heads, config.head_size, window
        self.q_proj = nn.Linear(d, d, bias=biases)
        self.k_proj = nn.Linear(d, d, bias=biases)
        self.v_proj = nn.Linear(d, d, bias=biases)
        self.out_proj = nn.Linear(d, d)

    def forward(self, x_BTD: Tensor, mask: Mask, cache: LearnedCache | None, layer: int) -> Tensor:
        b, t, d = x_BTD.shape

        def heads(x: Tensor) -> Tensor:
            return x.view(b, t, self.heads, self.head_size).transpose(1, 2)

        q_BHTK = heads(self.q_proj(x_BTD)) * (1.0 / math.sqrt(self.head_size))
        k_BHSK, v_BHSK = heads(self.k_proj(x_BTD)), heads(self.v_proj(x_BTD))
        if cache is not None:
            k_BHSK, v_BHSK = cache.append(layer, k_BHSK, v_BHSK)
            if t == 1 and self.window is not None:
                k_BHSK, v_BHSK = k_BHSK[:, :, -self.window :], v_BHSK[:, :, -self.window :]
        if isinstance(mask, Lean):
            o_BHTK = causal_attention(
                q_BHTK, k_BHSK, v_BHSK, mask.documents, self.window, self.drop
            )
        else:
            o_BHTK = attend(q_BHTK, k_BHSK, v_BHSK, mask, self.drop)
        return self.out_proj(o_BHTK.transpose(1, 2).reshape(b, t, d))


def is_plain(device: torch.device, span: int) -> bool:
    """Whether attention to `span` tokens is computed by plain products."""
    return device.type == "cpu" and span <= PLAIN_ATTENTION_UP_TO


def attend(
    q_BHTK: Tensor, k_BHSK: Tensor, v_BHSK: Tensor, mask: Tensor | None, drop: Drop | None = None
) -> Tensor:
    """Softmax attention of scaled queries; `mask` is additive and broadcasts to [B, H, T, S].

    None is causal where as many tokens attend as are attended to, and else sees everything.
    """
    if is_plain(q_BHTK.device, k_BHSK.shape[2]):
        scores = q_BHTK @ k_BHSK.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask
        return scores.softmax(-1).to(v_BHSK.dtype) @ v_BHSK
    causal = mask is None and 1 < q_BHTK.shape[2] == k_BHSK.shape[2]
    return attended(q_BHTK, k_BHSK, v_BHSK, drop, attn_mask=mask, is_causal=causal, scale=1.0)


class FeedForward(nn.Module):
    """Two matrices with biases and an activation between them."""

    def __init__(self, config: LearnedConfig) -> None:
        super().__init__()
        self.c_fc = nn.Linear(config.width, config.feed_forward)
        self.c_proj = nn.Linear(config.feed_forward, config.width)
        self.activation = ACTIVATIONS[config.activation]

    def forward(self, x: Tensor) -> Tensor:
        return self.c_proj(self.activation(self.c_fc(x)))


class Block(nn.Module, Dropping):
    """Pre-norm attention and feed-forward, each added to the residual stream."""

    def __init__(self, config: LearnedConfig, window: int | None = None) -> None:
        super().__init__()
        self.attn = Attention(config, window)
        self.ln_1 = nn.LayerNorm(config.width, config.norm_epsilon)
        self.mlp = FeedForward(config)
        self.ln_2 = nn.LayerNorm(config.width, config.norm_epsilon)

    def forward(self, x: Tensor, mask: Mask, cache: LearnedCache | None, layer: int) -> Tensor:
        x = x + left_out(self.attn(self.ln_1(x), mask, cache, layer), self.drop, MIXED)
        return x + left_out(self.mlp(self.ln_2(x)), self.drop, FED)


class Body(nn.Module):
    """Tables, blocks and final norm (transformers calls it `transformer`)."""

    def __init__(self, config: LearnedConfig, blocks: list[Block]) -> None:
        super().__init__()
        self.wte = nn.Embedding(config.vocabulary, config.width)
        self.wpe = nn.Embedding(config.context, config.width)
        self.h = nn.ModuleList(blocks)
        final = nn.LayerNorm(config.width, config.norm_epsilon) if config.final_norm else None
        self.ln_f = final or nn.Identity()


class LearnedDecoder(LanguageModel):
    """With its output layer. A family says which blocks it has, and how its files look."""

    config: Any

    def __init__(self, config: LearnedConfig) -> None:
        super().__init__(config)
        self.transformer = Body(config, self.make_blocks(config))
        self.lm_head = nn.Linear(config.width, config.vocabulary, bias=False)
        if config.tied:
            self.lm_head.weight = self.transformer.wte.weight
        self._masks: dict[tuple[Any, ...], Tensor] = {}

    def make_blocks(self, config: Any) -> list[Block]:
        return [Block(config) for _ in range(config.layers)]

    @property
    def blocks(self) -> list[nn.Module]:
        return list(self.transformer.h)

    @property
    def embedding(self) -> nn.Embedding:
        return self.transformer.wte

    @property
    def last_norm(self) -> nn.LayerNorm:
        """The norm whose result the output layer is given."""
        norm = self.transformer.ln_f
        if isinstance(norm, nn.LayerNorm):
            return norm
        last = self.transformer.h[-1]
        assert isinstance(last, Block)
        return last.ln_2

    @property
    def output_layer(self) -> nn.Linear:
        return self.lm_head

    @property
    def output_weight(self) -> Tensor:
        return self.lm_head.weight

    @property
    def tied(self) -> dict[str, str]:
        return {"lm_head.weight": "transformer.wte.weight"} if self.config.tied else {}

    def new_cache(self, batch: int, device: torch.device, dtype: torch.dtype) -> LearnedCache:
        return LearnedCache(self.config, batch, device, dtype)

    def hidden(
        self,
        tokens_BT: Tensor,
        cache: LearnedCache | None = None,
        documents_BT: Tensor | None = None,
        segments_BT: Tensor | None = None,
        restart: bool = False,
    ) -> Tensor:
        """What the output layer is given [B, T, D].

        Args:
            tokens_BT: int64 token ids; with what the cache holds at most `context` of them.
            cache: Keys and values of what came before; its length is advanced by T.
            documents_BT: Number of the document of each token: attention stays inside it.
            restart: Positions begin anew in each document. Else they go on, so that all are learnt.

        Raises:
            ValueError: There is no position for the last tokens.
        """
        t, start = tokens_BT.shape[1], cache.length if cache else 0
        if start + t > self.config.context:
            raise ValueError(f"{start + t} tokens, but {self.config.context} positions")
        if restart and documents_BT is not None:
            places = self.transformer.wpe(_places(documents_BT))
        else:
            places = self.transformer.wpe.weight[start : start + t]
        x_BTD = self.transformer.wte(tokens_BT) + places
        device = x_BTD.device
        if torch.is_autocast_enabled(device.type):
            x_BTD = x_BTD.to(torch.get_autocast_dtype(device.type))
        x_BTD = left_out(x_BTD, self.drop, 0)
        lean = cache is None and device.type == "cpu" and torch.is_grad_enabled()
        again = self.checkpointing and torch.is_grad_enabled()
        for index, block in enumerate(self.transformer.h):
            assert isinstance(block, Block)
            mask = (
                Lean(documents_BT) if lean
                else self._mask(x_BTD, start, documents_BT, block.attn.window)
            )  # fmt: skip
            given = (x_BTD, mask, cache, index)
            x_BTD = _twice(block, *given) if again else block(*given)
        if cache is not None:
            cache.length += t
        return self.transformer.ln_f(x_BTD)

    def _mask(
        self, x_BTD: Tensor, start: int, documents_BT: Tensor | None, window: int | None
    ) -> Tensor | None:
        """Additive mask of the tokens after `start`, or None where `attend` needs none."""
        t = x_BTD.shape[1]
        end = start + t
        if window is not None and window >= end:
            window = None
        whole = start == 0 and documents_BT is None and window is None
        if t == 1 or (whole and not is_plain(x_BTD.device, t)):
            return None  # One token sees what `Attention` gives it.
        mask = self._causal(x_BTD, end, window)[start:end, :end]
        if documents_BT is None:
            return mask
        apart = documents_BT[:, :, None] != documents_BT[:, None, :]
        return mask.masked_fill(apart, MASKED)[:, None]

    def _causal(self, like: Tensor, size: int, window: int | None) -> Tensor:
        """At least [size, size]; grows with what is really asked for."""
        key = (like.device, like.dtype, window)
        if key not in self._masks or len(self._masks[key]) < size:
            span = min(self.config.context, max(size, 128))
            with torch.inference_mode(False):  # Shared with training, which saves it.
                full = torch.full((span, span), MASKED, dtype=like.dtype, device=like.device)
                mask = full.triu(1)
                self._masks[key] = mask if window is None else mask + full.tril(-window)
        return self._masks[key]


def _places(documents_BT: Tensor) -> Tensor:
    """How many tokens of its document stand before each token [B, T]."""
    number = torch.arange(documents_BT.shape[1], device=documents_BT.device)
    first = torch.ones_like(documents_BT, dtype=torch.bool)
    first[:, 1:] = documents_BT[:, 1:] != documents_BT[:, :-1]
    return number - (number * first).cummax(1).values


def _twice(block: Block, *given: Any) -> Tensor:
    """A block that keeps its input only and is computed again in the backward pass. Its random
    numbers are a function of where they are drawn, so none are restored."""
    return checkpoint(block, *given, use_reentrant=False, preserve_rng_state=False)
