"""LoRA and DoRA as autograd functions: of a layer they keep its input, the little product with A, and
(DoRA) its output, which the next function mostly keeps anyhow. The base gets no gradient.

Shapes: x [T, K], base W [N, K], A [R, K], B [N, R], bias [N] → y [T, N]; s the scale alpha / R.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.models.adapters.frozen import Frozen

_LEAST = 1e-6


class LoraFunction(torch.autograd.Function):
    """y = x Wᵀ + s (x Aᵀ) Bᵀ + bias (Hu et al. 2021, equation 3)."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, a: Tensor, b: Tensor, base: Frozen, bias: Tensor | None, scale: float
    ) -> Tensor:
        y, low = _products(x, a, b, base, scale)
        if bias is not None:
            y += bias
        ctx.save_for_backward(x, a, b, low)
        ctx.base, ctx.scale = base, scale
        return y

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        x, a, b, low = ctx.saved_tensors
        slopes = _slopes(
            grad_outputs[0], x, a, b, low, ctx.base, ctx.scale, ctx.needs_input_grad[0]
        )
        return *slopes, None, None, None


class DoraFunction(torch.autograd.Function):
    """y = m · (x (W + s B A)ᵀ) / ‖W + s B A‖ + bias, row by row (Liu et al. 2024, equation 5).

    The length is taken as a constant in the backward pass (their section 4.3). m is given as its
    relative change c: m = (1 + c) · ‖W‖, so that its beginning is exact in any type.
    `gain` [N]: m / ‖W + s B A‖.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, a: Tensor, b: Tensor, change: Tensor, gain: Tensor, base: Frozen,
        bias: Tensor | None, scale: float,
    ) -> Tensor:  # fmt: skip
        y, low = _products(x, a, b, base, scale)
        y *= gain
        if bias is not None:
            y += bias
        ctx.save_for_backward(x, a, b, low, change, gain, y, bias)
        ctx.base, ctx.scale = base, scale
        return y

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        x, a, b, low, change, gain, y, bias = ctx.saved_tensors
        slope = grad_outputs[0]
        along = slope * (y if bias is None else y - bias)
        wide = torch.promote_types(y.dtype, torch.float32)
        length = change.to(wide) + 1.0  # Backwards through y: what it was multiplied by.
        length = torch.where(length.abs() < _LEAST, torch.full_like(length, _LEAST), length)
        grad_change = along.sum(0, dtype=wide) / length
        del along
        inner = slope * gain
        slopes = _slopes(inner, x, a, b, low, ctx.base, ctx.scale, ctx.needs_input_grad[0])
        return *slopes, grad_change.to(change.dtype), None, None, None, None


def _products(x: Tensor, a: Tensor, b: Tensor, base: Frozen, scale: float) -> tuple[Tensor, Tensor]:
    """(x Wᵀ + s (x Aᵀ) Bᵀ, x Aᵀ)."""
    y = x @ base.matrix(x.dtype).T
    low = x @ a.T
    return y.addmm_(low, b.T, alpha=scale), low


def _slopes(
    slope: Tensor, x: Tensor, a: Tensor, b: Tensor, low: Tensor, base: Frozen, scale: float,
    wanted: bool,
) -> tuple[Tensor | None, Tensor, Tensor]:  # fmt: skip
    """Gradients of x (where `wanted`), A and B of x Wᵀ + s (x Aᵀ) Bᵀ."""
    inner = slope @ b
    inner *= scale
    grad_b = slope.T @ low
    grad_b *= scale
    grad_x = None
    if wanted:
        grad_x = slope @ base.matrix(slope.dtype)
        grad_x.addmm_(inner, a)
    return grad_x, inner.T @ x, grad_b
