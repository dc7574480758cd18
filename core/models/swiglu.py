"""SwiGLU and its output projection as one function that keeps two tensors instead of four."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


class SwiGLUFunction(torch.autograd.Function):
    """(silu(gate) · up) @ down.T (Shazeer 2020).

    What lies between is computed again in the backward pass: it costs a hundredth of a step and
    saves half of a block's memory.

    Shapes: gate, up [..., F], down [D, F] → [..., D].
    """

    @staticmethod
    def forward(ctx: Any, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
        ctx.save_for_backward(gate, up, down)
        return functional.linear(functional.silu(gate).mul_(up), down)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor, Tensor, Tensor]:
        gate, up, down = ctx.saved_tensors
        slope = grad_outputs[0]
        active = functional.silu(gate)
        inner = active * up
        grad_down = slope.flatten(0, -2).T @ inner.flatten(0, -2)
        del inner
        grad_inner = slope @ down
        grad_up = grad_inner * active
        grad_gate = torch.ops.aten.silu_backward(grad_inner.mul_(up), gate)
        return grad_gate, grad_up, grad_down


def swiglu(gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
    """As above; `down` is the projection's weight."""
    result = SwiGLUFunction.apply(gate, up, down)
    assert isinstance(result, Tensor)
    return result
