"""Causal self-attention for training on a CPU.

The library's fused attention is slow backwards there, and plain products keep several tensors of
[T, T] for each head. Two functions of our own: for short contexts one that keeps the probabilities
once, for longer ones one that works block by block, leaves out what lies in the future, and keeps
nothing of [T, T] (computed again backwards, as in FlashAttention, Dao et al. 2022).

Shapes: q, k, v [B, H, T, K] → [B, H, T, K]; `documents` int [B, T] or None: attention stays inside
a document; `window`: each token sees itself and the `window` - 1 before it (None: all before it).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from core.models.dropout import Chance, Drop, dropped, factors

MASKED = -1e4
WHOLE_UP_TO = 256
"""Contexts up to this keep their probabilities: blocks would cost more than they save (measured)."""
BLOCK = 128
_TILE = 16 << 20
"""Most scores of one block; beyond 512 tokens the heads are taken in groups."""


def causal_attention(
    q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None, window: int | None = None,
    drop: Drop | None = None,
) -> Tensor:  # fmt: skip
    """softmax(q kᵀ) v over each token and those before it; `q` is scaled already. `drop`: leaves
    probabilities out."""
    function = WholeAttention if q.shape[2] <= WHOLE_UP_TO else BlockAttention
    if drop is not None:
        return dropped(function, drop, q, k, v, documents, window)
    result = function.apply(q, k, v, documents, window)
    assert isinstance(result, Tensor)
    return result


def _future(size: int, like: Tensor) -> Tensor:
    return torch.full((size, size), MASKED, dtype=like.dtype, device=like.device).triu_(1)


def outside(
    height: int, width: int, window: int, device: torch.device, dtype: torch.dtype
) -> Tensor:
    """Additive mask [height, width] of what lies before the window; the last row and the last column
    are one token."""
    mask = torch.full((height, width), MASKED, dtype=dtype, device=device)
    return mask.tril_(width - height - window)


def _flat(x: Tensor) -> Tensor:
    return x.reshape(-1, *x.shape[2:])


class WholeAttention(torch.autograd.Function):
    """All scores at once; keeps the probabilities."""

    @staticmethod
    def forward(
        ctx: Any, q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None, window: int | None,
        chance: Chance | None = None,
    ) -> Tensor:  # fmt: skip
        shape = q.shape
        q, k, v = _flat(q), _flat(k), _flat(v)
        scores = torch.bmm(q, k.transpose(1, 2))
        scores += _future(shape[2], q)
        if window is not None and window < shape[2]:
            scores += outside(shape[2], shape[2], window, q.device, q.dtype)
        if documents is not None:
            apart = documents[:, None, :, None] != documents[:, None, None, :]
            scores.view(*shape[:3], -1).masked_fill_(apart, MASKED)
        weights = torch.softmax(scores, -1)
        there = factors(chance, 0, weights)
        out = torch.bmm(weights if there is None else weights * there, v)
        ctx.save_for_backward(q, k, v, out, weights)
        ctx.shape, ctx.chance = shape, chance
        return out.view(shape)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        q, k, v, out, weights = ctx.saved_tensors
        slope = _flat(grad_outputs[0])
        there = factors(ctx.chance, 0, weights)
        used = weights if there is None else weights * there
        grad_v = torch.bmm(used.transpose(1, 2), slope)
        grad = torch.bmm(slope, v.transpose(1, 2))
        if there is not None:
            grad *= there
        grad -= (slope * out).sum(-1, keepdim=True)
        grad *= weights
        grad_q = torch.bmm(grad, k)
        grad_k = torch.bmm(grad.transpose(1, 2), q)
        return (*(g.view(ctx.shape) for g in (grad_q, grad_k, grad_v)), None, None, None)


class BlockAttention(torch.autograd.Function):
    """Blocks of queries against the keys up to them; keeps inputs and output only."""

    @staticmethod
    def forward(
        ctx: Any, q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None, window: int | None,
        chance: Chance | None = None,
    ) -> Tensor:  # fmt: skip
        shape = q.shape
        q, k, v = _flat(q), _flat(k), _flat(v)
        out = torch.empty_like(q)
        future = _future(BLOCK, q)
        for number, block in enumerate(_blocks(shape, window)):
            weights = _weights(q, k, documents, future, block, shape[1])
            there = factors(chance, number, weights)
            used = weights if there is None else weights * there
            out[block.rows, block.own] = torch.bmm(used, v[block.rows, block.seen])
        ctx.save_for_backward(q, k, v, out, documents, future)
        ctx.shape, ctx.window, ctx.chance = shape, window, chance
        return out.view(shape)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        q, k, v, out, documents, future = ctx.saved_tensors
        shape = ctx.shape
        slope = _flat(grad_outputs[0])
        along = (slope * out).sum(-1, keepdim=True)
        grad_q, grad_k, grad_v = torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
        for number, block in enumerate(_blocks(shape, ctx.window)):
            rows, own, seen = block.rows, block.own, block.seen
            weights = _weights(q, k, documents, future, block, shape[1])
            upstream = slope[rows, own]
            there = factors(ctx.chance, number, weights)
            used = weights if there is None else weights * there
            grad_v[rows, seen] += torch.bmm(used.transpose(1, 2), upstream)
            grad = torch.bmm(upstream, v[rows, seen].transpose(1, 2))
            if there is not None:
                grad *= there
            grad -= along[rows, own]
            grad *= weights
            grad_q[rows, own] = torch.bmm(grad, k[rows, seen])
            grad_k[rows, seen] += torch.bmm(grad.transpose(1, 2), q[rows, own])
        return grad_q.view(shape), grad_k.view(shape), grad_v.view(shape), None, None, None


class _Block(NamedTuple):
    """Queries `own` of `rows` (windows × heads) against the keys `seen`; both end at one token.
    `window`: None where it cuts none of them off."""

    rows: slice
    own: slice
    seen: slice
    window: int | None


def _blocks(shape: torch.Size, window: int | None) -> list[_Block]:
    """Every block; whole windows of text where all do not fit."""
    b, h, t, _ = shape
    windows = max(1, min(b, _TILE // (h * BLOCK * t)))
    found: list[_Block] = []
    for first in range(0, b, windows):
        rows = slice(first * h, min(b, first + windows) * h)
        for begin in range(0, t, BLOCK):
            end = min(t, begin + BLOCK)
            cut = window if window is not None and window < end else None
            seen = slice(max(0, begin - cut + 1) if cut else 0, end)
            found.append(_Block(rows, slice(begin, end), seen, cut))
    return found


def _weights(
    q: Tensor, k: Tensor, documents: Tensor | None, future: Tensor, block: _Block, heads: int
) -> Tensor:
    """Probabilities [rows, own, seen] of one block."""
    rows, own, seen, window = block
    scores = torch.bmm(q[rows, own], k[rows, seen].transpose(1, 2))
    size, span = own.stop - own.start, seen.stop - seen.start
    scores[:, :, span - size :] += future[:size, :size]
    if window is not None:
        scores += outside(size, span, window, scores.device, scores.dtype)
    if documents is not None:
        of = documents[rows.start // heads : rows.stop // heads]
        apart = of[:, None, own, None] != of[:, None, None, seen]
        scores.view(-1, heads, size, span).masked_fill_(apart, MASKED)
    return torch.softmax(scores, -1)
