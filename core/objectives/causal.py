"""Causal language modelling: cross-entropy of the next token, without a full logits tensor."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

CHUNK_LOGITS = 8 << 20
"""Most logits held at once (32 MB in fp32)."""


class FusedLinearCrossEntropy(torch.autograd.Function):
    """Mean cross-entropy of `hidden @ weight.T` against `targets`, chunk by chunk.

    Gradients are computed in the forward pass while a chunk's logits are at hand (the way of Liger
    Kernel, Hsu et al. 2024), so memory is one chunk. Softmax and sums are fp32.

    Shapes: hidden [N, D], weight [V, D], targets int64 [N] → loss [], fp32.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
        count = hidden.shape[0]
        rows = max(1, CHUNK_LOGITS // weight.shape[0])
        total = torch.zeros((), device=hidden.device)
        grad_hidden = torch.empty_like(hidden)
        grad_weight = torch.zeros_like(weight, dtype=torch.float32)
        for start in range(0, count, rows):
            piece, wanted = hidden[start : start + rows], targets[start : start + rows]
            logits = (piece @ weight.T).float()
            logsumexp = logits.logsumexp(-1, keepdim=True)
            total += (logsumexp.squeeze(-1) - logits.gather(-1, wanted[:, None]).squeeze(-1)).sum()
            slope = (logits - logsumexp).exp_()
            slope.scatter_add_(-1, wanted[:, None], slope.new_full((len(wanted), 1), -1.0))
            slope = slope.div_(count).to(hidden.dtype)
            grad_hidden[start : start + rows] = slope @ weight
            grad_weight += slope.T @ piece
        ctx.save_for_backward(grad_hidden, grad_weight.to(weight.dtype))
        return total / count

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor, Tensor, None]:
        grad_hidden, grad_weight = ctx.saved_tensors
        scale = grad_outputs[0]
        return (
            grad_hidden * scale.to(grad_hidden.dtype),
            grad_weight * scale.to(grad_weight.dtype),
            None,
        )


def loss(model: Any, inputs_BT: Tensor, targets_BT: Tensor, documents_BT: Tensor | None) -> Tensor:
    """Mean nats per token of a batch; attention stays inside `documents_BT` where it is given."""
    hidden = model.hidden(inputs_BT, None, documents_BT)
    flat = hidden.reshape(-1, hidden.shape[-1])
    result = FusedLinearCrossEntropy.apply(flat, model.lm_head.weight, targets_BT.reshape(-1))
    assert isinstance(result, Tensor)
    return result
