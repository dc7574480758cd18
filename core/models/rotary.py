"""Rotary position embedding for training: one pass over the vectors less, and nothing kept."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

Tables = tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]


def rotation_tables(cos_TK: Tensor, sin_TK: Tensor, scale: float | None = None) -> Tables:
    """(cos, signed sin) for queries and for keys; the queries' hold attention's scale (1/√K where
    none is given) as well, which saves a pass over them."""
    half = sin_TK.shape[-1] // 2
    signed = torch.cat((-sin_TK[:, :half], sin_TK[:, half:]), dim=-1)
    size: float = sin_TK.shape[-1] ** -0.5 if scale is None else scale
    return (cos_TK * size, signed * size), (cos_TK, signed)


def swapped(x: Tensor) -> Tensor:
    """The two halves of the last dimension, exchanged."""
    half = x.shape[-1] // 2
    return torch.cat((x[..., half:], x[..., :half]), dim=-1)


class RotaryFunction(torch.autograd.Function):
    """x · cos + (-second half, first half) · sin (Su et al. 2021), in transformers' layout.

    Shapes: x [..., T, K], cos and signed_sin [T, K], where the first half of `signed_sin` is
    negated → [..., T, K].
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, cos: Tensor, signed_sin: Tensor) -> Tensor:
        ctx.save_for_backward(cos, signed_sin)
        return (x * cos).addcmul_(swapped(x), signed_sin)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor, None, None]:
        cos, signed_sin = ctx.saved_tensors
        slope = grad_outputs[0]
        return (slope * cos).addcmul_(swapped(slope), signed_sin, value=-1), None, None


def rotated(x: Tensor, cos: Tensor, signed_sin: Tensor) -> Tensor:
    """As above."""
    result = RotaryFunction.apply(x, cos, signed_sin)
    assert isinstance(result, Tensor)
    return result
