"""Sparse mixtures of experts: a router chooses a few feed-forward networks for each token (Shazeer et
al. 2017). Tokens are sorted by expert, so that each expert is one product.

Shapes: N tokens, D width, E experts of inner width F, C chosen for a token, M = N · C.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.families.sparse import SparseConfig

_ALIGNED = 8
"""Columns that the grouped kernel of a GPU wants to be a multiple of."""


class Groups(NamedTuple):
    """Where each expert's rows end: on the device, and as numbers where they are needed."""

    ends_E: Tensor
    ends: list[int] | None


class GroupedLinear(torch.autograd.Function):
    """Rows of each group times the matrix of its own: x [M, D], weight [E, F, D] → [M, F]."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, ends: list[int]) -> Tensor:
        out = x.new_empty(len(x), weight.shape[1])
        for expert, rows in _occupied(ends):
            torch.mm(x[rows], weight[expert].T, out=out[rows])
        ctx.save_for_backward(x, weight)
        ctx.ends = ends
        return out

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        slope = grad_outputs[0]
        grad_x, grad_weight = torch.empty_like(x), None
        if ctx.needs_input_grad[1]:
            grad_weight = torch.zeros_like(weight)
        for expert, rows in _occupied(ctx.ends):
            torch.mm(slope[rows], weight[expert], out=grad_x[rows])
            if grad_weight is not None:
                torch.mm(slope[rows].T, x[rows], out=grad_weight[expert])
        return grad_x, grad_weight, None


def _occupied(ends: list[int]) -> list[tuple[int, slice]]:
    begins = [0, *ends[:-1]]
    pairs = zip(begins, ends, strict=True)
    return [(expert, slice(a, b)) for expert, (a, b) in enumerate(pairs) if b > a]


def grouped_linear(x_MD: Tensor, weight_EFD: Tensor, groups: Groups) -> Tensor:
    """As above; on a GPU by one kernel, which asks the processor nothing."""
    if groups.ends is None:
        return functional.grouped_mm(x_MD, weight_EFD.transpose(-2, -1), offs=groups.ends_E)
    result = GroupedLinear.apply(x_MD, weight_EFD, groups.ends)
    assert isinstance(result, Tensor)
    return result


class Router(nn.Module):
    """Chooses experts by the softmax of a linear layer, computed in fp32."""

    def __init__(self, config: SparseConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(config.experts, config.width))
        self.chosen, self.shared_out = config.chosen, config.shared_out

    def forward(self, x_ND: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Chances [N, E] in fp32; weights [N, C] and numbers [N, C] of the chosen experts."""
        chances = functional.linear(x_ND, self.weight).softmax(-1, dtype=torch.float32)
        weights, numbers = chances.topk(self.chosen, dim=-1)
        if self.shared_out:
            weights = weights / weights.sum(-1, keepdim=True)
        return chances, weights.to(x_ND.dtype), numbers


class Experts(nn.Module):
    """SwiGLU networks, all matrices of a kind in one stack."""

    def __init__(self, config: SparseConfig) -> None:
        super().__init__()
        e, d, f = config.experts, config.width, config.feed_forward
        self.gate_proj = nn.Parameter(torch.empty(e, f, d))
        self.up_proj = nn.Parameter(torch.empty(e, f, d))
        self.down_proj = nn.Parameter(torch.empty(e, d, f))

    def forward(self, x_ND: Tensor, weights_NC: Tensor, numbers_NC: Tensor) -> Tensor:
        """The weighted sum of what each token's experts compute: [N, D]."""
        if len(x_ND) == 1 and x_ND.device.type == "cpu" and not torch.is_grad_enabled():
            return self._one(x_ND, weights_NC, numbers_NC[0].tolist())
        n, chosen = numbers_NC.shape
        flat = numbers_NC.flatten()
        order = flat.argsort(stable=True)
        groups = self._groups(flat, x_ND)
        # Permutations, whose way back is one too: sums come in one order, on a GPU as well.
        rows_MD = x_ND[:, None].expand(n, chosen, -1).reshape(n * chosen, -1)
        rows_MD = rows_MD.index_select(0, order)
        gate_MF = grouped_linear(rows_MD, self.gate_proj, groups)
        up_MF = grouped_linear(rows_MD, self.up_proj, groups)
        out_MD = grouped_linear(functional.silu(gate_MF) * up_MF, self.down_proj, groups)
        out_NCD = out_MD.index_select(0, order.argsort()).view(n, chosen, -1)
        return (out_NCD * weights_NC[..., None]).sum(1)

    def _one(self, x_1D: Tensor, weights_1C: Tensor, numbers: list[int]) -> Tensor:
        """One token, as in writing: only the chosen matrices are read."""
        parts = [
            functional.linear(
                functional.silu(functional.linear(x_1D, self.gate_proj[i]))
                * functional.linear(x_1D, self.up_proj[i]),
                self.down_proj[i],
            )
            for i in numbers
        ]
        return (torch.stack(parts, 1) * weights_1C[..., None]).sum(1)

    def _groups(self, flat_M: Tensor, x: Tensor) -> Groups:
        experts = len(self.gate_proj)
        if _has_kernel(x, self.gate_proj):
            places = torch.arange(experts, device=x.device)
            ends = torch.searchsorted(flat_M.sort().values, places, right=True)
            return Groups(ends.to(torch.int32), None)
        ends = torch.bincount(flat_M, minlength=experts).cumsum(0)
        return Groups(ends, ends.tolist())


def _has_kernel(x: Tensor, weight_EFD: Tensor) -> bool:
    if x.device.type != "cuda" or torch.version.hip or not hasattr(functional, "grouped_mm"):
        return False
    aligned = all(size % _ALIGNED == 0 for size in weight_EFD.shape[1:])
    capable = torch.cuda.get_device_capability(x.device) >= (8, 0)
    return aligned and capable and x.dtype == weight_EFD.dtype == torch.bfloat16


class SparseFeedForward(nn.Module):
    """Router and experts."""

    def __init__(self, config: SparseConfig) -> None:
        super().__init__()
        self.gate = Router(config)
        self.experts = Experts(config)

    def forward(self, x_BTD: Tensor) -> tuple[Tensor, Tensor | None]:
        """The sum [B, T, D], and in training how unevenly tokens are spread: at least C."""
        flat = x_BTD.reshape(-1, x_BTD.shape[-1])
        chances, weights, numbers = self.gate(flat)
        out = self.experts(flat, weights, numbers).view(x_BTD.shape)
        return out, imbalance(chances, numbers) if torch.is_grad_enabled() else None


def imbalance(chances_NE: Tensor, numbers_NC: Tensor) -> Tensor:
    """E Σ f P: share of tokens that each expert gets, times its mean chance (Fedus et al. 2022,
    equations 4 to 6, for C experts a token); C where both are even."""
    experts = chances_NE.shape[1]
    used = torch.zeros(experts, device=chances_NE.device)
    used.scatter_add_(0, numbers_NC.flatten(), used.new_ones(numbers_NC.numel()))
    return experts * (used / len(chances_NE) * chances_NE.mean(0)).sum()
