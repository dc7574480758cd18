"""Causal self-attention for training on a CPU.

The library's fused attention is slow backwards there, and plain products keep several tensors of
[T, T] for each head. Two functions of our own: for short contexts one that keeps the probabilities
once, for longer ones one that works block by block, leaves out what lies in the future, and keeps
nothing of [T, T] (computed again backwards, as in FlashAttention, Dao et al. 2022).

Shapes: q, k, v [B, H, T, K] → [B, H, T, K]; `documents` int [B, T] or None: attention stays inside
a document.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

MASKED = -1e4
WHOLE_UP_TO = 256
"""Contexts up to this keep their probabilities: blocks would cost more than they save (measured)."""
BLOCK = 128
_TILE = 16 << 20
"""Most scores of one block; beyond 512 tokens the heads are taken in groups."""


def causal_attention(q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None) -> Tensor:
    """softmax(q kᵀ) v over each token and those before it; `q` is scaled already."""
    function = WholeAttention if q.shape[2] <= WHOLE_UP_TO else BlockAttention
    result = function.apply(q, k, v, documents)
    assert isinstance(result, Tensor)
    return result


def _future(size: int, like: Tensor) -> Tensor:
    return torch.full((size, size), MASKED, dtype=like.dtype, device=like.device).triu_(1)


def _flat(x: Tensor) -> Tensor:
    return x.reshape(-1, *x.shape[2:])


class WholeAttention(torch.autograd.Function):
    """All scores at once; keeps the probabilities."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None) -> Tensor:
        shape = q.shape
        q, k, v = _flat(q), _flat(k), _flat(v)
        scores = torch.bmm(q, k.transpose(1, 2))
        scores += _future(shape[2], q)
        if documents is not None:
            apart = documents[:, None, :, None] != documents[:, None, None, :]
            scores.view(*shape[:3], -1).masked_fill_(apart, MASKED)
        weights = torch.softmax(scores, -1)
        out = torch.bmm(weights, v)
        ctx.save_for_backward(q, k, v, out, weights)
        ctx.shape = shape
        return out.view(shape)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor, Tensor, Tensor, None]:
        q, k, v, out, weights = ctx.saved_tensors
        slope = _flat(grad_outputs[0])
        grad_v = torch.bmm(weights.transpose(1, 2), slope)
        grad = torch.bmm(slope, v.transpose(1, 2))
        grad -= (slope * out).sum(-1, keepdim=True)
        grad *= weights
        grad_q = torch.bmm(grad, k)
        grad_k = torch.bmm(grad.transpose(1, 2), q)
        return grad_q.view(ctx.shape), grad_k.view(ctx.shape), grad_v.view(ctx.shape), None


class BlockAttention(torch.autograd.Function):
    """Blocks of queries against the keys up to them; keeps inputs and output only."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None) -> Tensor:
        shape = q.shape
        q, k, v = _flat(q), _flat(k), _flat(v)
        out = torch.empty_like(q)
        future = _future(BLOCK, q)
        for rows, begin, end in _blocks(shape):
            weights = _weights(q, k, documents, future, rows, begin, end, shape[1])
            out[rows, begin:end] = torch.bmm(weights, v[rows, :end])
        ctx.save_for_backward(q, k, v, out, documents, future)
        ctx.shape = shape
        return out.view(shape)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor, Tensor, Tensor, None]:
        q, k, v, out, documents, future = ctx.saved_tensors
        shape = ctx.shape
        slope = _flat(grad_outputs[0])
        along = (slope * out).sum(-1, keepdim=True)
        grad_q, grad_k, grad_v = torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
        for rows, begin, end in _blocks(shape):
            weights = _weights(q, k, documents, future, rows, begin, end, shape[1])
            upstream = slope[rows, begin:end]
            grad_v[rows, :end] += torch.bmm(weights.transpose(1, 2), upstream)
            grad = torch.bmm(upstream, v[rows, :end].transpose(1, 2))
            grad -= along[rows, begin:end]
            grad *= weights
            grad_q[rows, begin:end] = torch.bmm(grad, k[rows, :end])
            grad_k[rows, :end] += torch.bmm(grad.transpose(1, 2), q[rows, begin:end])
        return grad_q.view(shape), grad_k.view(shape), grad_v.view(shape), None


def _blocks(shape: torch.Size) -> list[tuple[slice, int, int]]:
    """(windows × heads, first query, end) of every block; whole windows where all do not fit."""
    b, h, t, _ = shape
    windows = max(1, min(b, _TILE // (h * BLOCK * t)))
    return [
        (slice(first * h, min(b, first + windows) * h), begin, min(t, begin + BLOCK))
        for first in range(0, b, windows)
        for begin in range(0, t, BLOCK)
    ]


def _weights(
    q: Tensor, k: Tensor, documents: Tensor | None, future: Tensor, rows: slice,
    begin: int, end: int, heads: int,
) -> Tensor:  # fmt: skip
    """Probabilities [rows, end - begin, end] of one block."""
    scores = torch.bmm(q[rows, begin:end], k[rows, :end].transpose(1, 2))
    size = end - begin
    scores[:, :, begin:end] += future[:size, :size]
    if documents is not None:
        own = documents[rows.start // heads : rows.stop // heads]
        apart = own[:, None, begin:end, None] != own[:, None, None, :end]
        scores.view(-1, heads, size, end).masked_fill_(apart, MASKED)
    return torch.softmax(scores, -1)
