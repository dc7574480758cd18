"""A linear layer with an adapter."""

from __future__ import annotations

import math
from typing import Any, cast

import torch
from torch import Tensor, nn

from core.models.adapters.frozen import BasePrecision, frozen
from core.models.adapters.functions import DoraFunction, LoraFunction


class AdaptedLinear(nn.Module):
    """Stands in for an `nn.Linear` [K → N]: the base is kept and never trained, `lora_a` [R, K] and
    `lora_b` [N, R] are, and with DoRA also `change` [N] (see DoraFunction)."""

    def __init__(
        self, linear: nn.Linear, rank: int, alpha: float, dora: bool,
        precision: BasePrecision = "working",
    ) -> None:  # fmt: skip
        super().__init__()
        weight = linear.weight.detach()
        self.base = frozen(weight, precision)
        self.bias = None
        bias = cast("Tensor | None", linear.bias)
        if bias is not None:
            self.bias = nn.Parameter(bias.detach(), requires_grad=False)
        self.scale = alpha / rank
        place: dict[str, Any] = {"device": weight.device, "dtype": torch.float32}
        self.lora_a = nn.Parameter(torch.zeros(rank, weight.shape[1], **place))
        self.lora_b = nn.Parameter(torch.zeros(weight.shape[0], rank, **place))
        self.change = nn.Parameter(torch.zeros(weight.shape[0], **place)) if dora else None
        self._squares: Tensor | None = None

    @torch.no_grad()
    def draw(self, generator: torch.Generator) -> None:
        """A as torch draws a linear layer (Kaiming, uniform, a = √5), B at zero: the model begins as
        the base."""
        bound = 1.0 / math.sqrt(self.lora_a.shape[1])
        drawn = torch.empty(self.lora_a.shape).uniform_(-bound, bound, generator=generator)
        self.lora_a.copy_(drawn)

    def forward(self, x: Tensor) -> Tensor:
        flat = x.reshape(-1, x.shape[-1])
        if self.change is None:
            y = LoraFunction.apply(flat, self.lora_a, self.lora_b, self.base, self.bias, self.scale)
        else:
            y = DoraFunction.apply(
                flat, self.lora_a, self.lora_b, self.change, self._gain(flat.dtype), self.base,
                self.bias, self.scale,
            )  # fmt: skip
        assert isinstance(y, Tensor)
        return y.view(*x.shape[:-1], y.shape[-1])

    @property
    def squares(self) -> Tensor:
        """‖W‖² of the base's rows [N]."""
        if self._squares is None or self._squares.device != self.lora_a.device:
            weight = self.base.matrix(torch.promote_types(self.lora_a.dtype, torch.float32))
            self._squares = weight.square().sum(1)
        return self._squares

    @torch.no_grad()
    def _gain(self, dtype: torch.dtype) -> Tensor:
        """m / ‖W + s B A‖ [N], without that sum:
        ‖W + s B A‖² = ‖W‖² + rows of (2s W Aᵀ + s² B (A Aᵀ)) · B, which costs R columns instead
        of K."""
        assert self.change is not None
        a, b, wide = self.lora_a, self.lora_b, self.squares.dtype
        mixed = (self.base.matrix(dtype) @ a.T.to(dtype)).to(wide).mul_(2 * self.scale)
        a, b = a.to(wide), b.to(wide)
        mixed.addmm_(b, a @ a.T, alpha=self.scale**2)
        lengths = self.squares + mixed.mul_(b).sum(1)
        ratio = (self.squares / lengths.clamp_min(1e-30)).sqrt_()
        return ratio.mul_(self.change.to(wide) + 1.0).to(dtype)
