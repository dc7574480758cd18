"""Causal language modelling: cross-entropy of the next token, without a full logits tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import torch
from torch import Tensor

from core.corpus.tokens import TokenSplit
from core.evaluation.score import Scores, Units, score
from core.objectives.base import Ingredients, Objective
from core.objectives.batch import Batch, Source
from core.objectives.windows import WindowSource

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

    Of a frozen `weight` the rows `ids`, which hold `values`, may be trained.

    Shapes: hidden [N, D], weight [V, D], targets int64 [N], bias [V] or None, values [n, D], ids
    int64 [n] → loss [], fp32.
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, bias: Tensor | None = None,
        values: Tensor | None = None, ids: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        count, vocabulary = hidden.shape[0], weight.shape[0]
        rows = max(1, CHUNK_LOGITS // vocabulary)
        total = torch.zeros((), device=hidden.device)
        grad_hidden = torch.empty_like(hidden)
        grad_weight: Tensor | None = None
        trained = ctx.needs_input_grad[1]  # A frozen output layer gets no gradient.
        grad_bias = None
        if bias is not None and ctx.needs_input_grad[3]:
            grad_bias = torch.zeros_like(bias, dtype=torch.float32)
        grad_values = None
        if values is not None and ctx.needs_input_grad[4]:
            grad_values = torch.zeros_like(values, dtype=torch.float32)
        for start in range(0, count, rows):
            piece = hidden[start : start + rows]
            logits = piece @ weight.T if bias is None else torch.addmm(bias, piece, weight.T)
            total += _to_slopes(logits, targets[start : start + rows])
            torch.mm(logits, weight, out=grad_hidden[start : start + rows])
            if grad_bias is not None:
                grad_bias += logits.sum(0, dtype=torch.float32)
            if grad_values is not None and ids is not None:
                grad_values += logits[:, ids].T @ piece
            if not trained:
                continue
            part = logits.T @ piece
            if count <= rows:
                grad_weight = part
            else:
                grad_weight = part.float() if grad_weight is None else grad_weight.add_(part)
        if grad_weight is not None:
            grad_weight = grad_weight.to(weight.dtype)
        ctx.save_for_backward(grad_hidden, grad_weight, grad_bias, grad_values)
        ctx.count = count
        return total / count

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        grad_hidden, grad_weight, grad_bias, grad_values = ctx.saved_tensors
        scale = grad_outputs[0] / ctx.count
        return (
            grad_hidden * scale.to(grad_hidden.dtype),
            None if grad_weight is None else grad_weight * scale.to(grad_weight.dtype),
            None,
            None if grad_bias is None else (grad_bias * scale).to(grad_hidden.dtype),
            None if grad_values is None else (grad_values * scale).to(grad_hidden.dtype),
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


def loss(
    model: Any, inputs_BT: Tensor, targets_BT: Tensor, documents_BT: Tensor | None,
    weights_BT: Tensor | None = None, restart: bool = False,
) -> Tensor:  # fmt: skip
    """Mean nats per token of a batch; attention stays inside `documents_BT` where it is given, and
    only the places of `weights_BT` (bool) count. `restart`: positions begin anew in each document."""
    hidden = model.hidden(inputs_BT, None, documents_BT, restart=restart)
    return output_loss(model, hidden, targets_BT, weights_BT)


def output_loss(
    model: Any, hidden_BTD: Tensor, targets_BT: Tensor, weights_BT: Tensor | None = None
) -> Tensor:
    """Mean cross-entropy of the output layer; zero where nothing counts."""
    flat, targets = hidden_BTD.reshape(-1, hidden_BTD.shape[-1]), targets_BT.reshape(-1)
    if weights_BT is not None:
        chosen = weights_BT.reshape(-1).nonzero()[:, 0]
        if not len(chosen):
            return flat.float().sum() * 0.0
        flat, targets = flat[chosen], targets[chosen]
    rows = model.output_rows
    given = (flat, model.output_weight, targets, model.output_bias)
    trained = () if rows is None else (rows.values, rows.ids)
    result = FusedLinearCrossEntropy.apply(*given, *trained)
    assert isinstance(result, Tensor)
    return result


class Causal(Objective):
    """Each token from those before it."""

    name: ClassVar[str] = "causal"

    def __init__(self, ingredients: Ingredients | None = None) -> None:
        self._given = ingredients

    def source(self, context: int, batch: int, seed: int) -> Source:
        given = self._given
        assert given is not None
        return WindowSource(given.store.split("train"), context, batch, seed, given.roles.end)

    def loss(self, model: Any, batch: Batch) -> Tensor:
        return loss(model, batch.inputs, batch.targets, batch.documents, batch.weights)

    def count(self, batch: Batch) -> float:
        if batch.weights is None:
            return float(batch.targets.numel())
        return float(batch.weights.sum())

    def scores(
        self, model: Any, split: TokenSplit, units: Units | None = None,
        stop: Callable[[], bool] | None = None, stride: int | None = None,
    ) -> Scores:  # fmt: skip
        given = self._given
        assert given is not None
        return score(model, split, given.roles.end, stride=stride, units=units, stop=stop)


make = Causal
