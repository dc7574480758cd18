"""Self-attention that sees every token of a text.

In training on a CPU a function of its own: for short texts it keeps the probabilities, for longer
ones it computes them again in the backward pass, part by part (as in FlashAttention, Dao et al.
2022). Elsewhere the library's.

Shapes: q, k, v [B, H, T, K] → [B, H, T, K]; `documents` int [B, T] or None: attention stays inside
a document.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from core.models.dropout import Chance, Drop, attended, dropped, factors

MASKED = -1e4
WHOLE_UP_TO = 256
"""Texts up to this keep their probabilities."""
_TILE = 16 << 20
"""Most scores that are held at once beyond that."""


def attend(
    q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None, drop: Drop | None = None
) -> Tensor:
    """softmax(q kᵀ / sqrt K) v."""
    if q.device.type == "cpu" and torch.is_grad_enabled():
        scaled = q * (1.0 / math.sqrt(q.shape[-1]))
        if drop is not None:
            return dropped(BidirectionalAttention, drop, scaled, k, v, documents)
        result = BidirectionalAttention.apply(scaled, k, v, documents)
        assert isinstance(result, Tensor)
        return result
    mask = None
    if documents is not None:
        mask = (documents[:, :, None] == documents[:, None, :])[:, None]
    return attended(q, k, v, drop, attn_mask=mask)


class BidirectionalAttention(torch.autograd.Function):
    """softmax(q kᵀ) v with `q` scaled already."""

    @staticmethod
    def forward(
        ctx: Any, q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None,
        chance: Chance | None = None,
    ) -> Tensor:  # fmt: skip
        shape = q.shape
        q, k, v = _flat(q), _flat(k), _flat(v)
        whole = shape[2] <= WHOLE_UP_TO
        out = torch.empty_like(q)
        whole_weights: list[Tensor] = []
        for number, (rows, queries) in enumerate(_parts(shape, whole)):
            weights = _weights(q, k, documents, rows, queries, shape[1])
            there = factors(chance, number, weights)
            used = weights if there is None else weights * there
            out[rows, queries] = torch.bmm(used, v[rows])
            if whole:
                whole_weights.append(weights)
        ctx.save_for_backward(q, k, v, out, documents, *whole_weights)
        ctx.shape, ctx.chance = shape, chance
        return out.view(shape)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        q, k, v, out, documents, *before = ctx.saved_tensors
        shape = ctx.shape
        slope = _flat(grad_outputs[0])
        along = (slope * out).sum(-1, keepdim=True)
        grad_q, grad_k, grad_v = torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
        for number, (rows, queries) in enumerate(_parts(shape, bool(before))):
            weights = (
                before[number] if before else _weights(q, k, documents, rows, queries, shape[1])
            )
            upstream = slope[rows, queries]
            there = factors(ctx.chance, number, weights)
            used = weights if there is None else weights * there
            grad_v[rows] += torch.bmm(used.transpose(1, 2), upstream)
            grad = torch.bmm(upstream, v[rows].transpose(1, 2))
            if there is not None:
                grad *= there
            grad -= along[rows, queries]
            grad *= weights
            grad_q[rows, queries] = torch.bmm(grad, k[rows])
            grad_k[rows] += torch.bmm(grad.transpose(1, 2), q[rows, queries])
        return grad_q.view(shape), grad_k.view(shape), grad_v.view(shape), None, None


def _flat(x: Tensor) -> Tensor:
    return x.reshape(-1, *x.shape[2:])


def _parts(shape: torch.Size, whole: bool) -> list[tuple[slice, slice]]:
    """(texts × heads, queries) of every part: everything at once, or as much as a tile holds."""
    b, h, t, _ = shape
    if whole:
        return [(slice(0, b * h), slice(0, t))]
    texts = max(1, min(b, _TILE // (h * t * t)))
    size = max(1, min(t, _TILE // (h * t)))
    return [
        (slice(first * h, min(b, first + texts) * h), slice(begin, min(t, begin + size)))
        for first in range(0, b, texts)
        for begin in range(0, t, size)
    ]


def _weights(
    q: Tensor, k: Tensor, documents: Tensor | None, rows: slice, queries: slice, heads: int
) -> Tensor:
    """Probabilities [rows, queries, T] of one part."""
    scores = torch.bmm(q[rows, queries], k[rows].transpose(1, 2))
    if documents is not None:
        own = documents[rows.start // heads : rows.stop // heads]
        apart = own[:, None, queries, None] != own[:, None, None, :]
        scores.view(-1, heads, *scores.shape[1:]).masked_fill_(apart, MASKED)
    return torch.softmax(scores, -1)
