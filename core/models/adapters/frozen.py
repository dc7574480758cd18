"""How the base of an adapter is kept: a matrix that is only read.

It may be kept smaller than it is computed with: int8 takes a quarter of fp32, 4-bit NF4 (Dettmers et
al. 2023) an eighth. Each product makes the matrix anew in the working type, which next to the product
with a batch of tokens costs little (N·K numbers beside T·N·K).
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn

from core.errors import UsageError
from core.models.matrices import quantise
from core.sentences import N_, Sentence

BasePrecision = Literal["working", "bf16", "int8", "int4"]
"""`working`: as the products are computed."""
_ROWS_AT_ONCE = 1024


class Frozen(Protocol):
    """A matrix [N, K] that is never trained."""

    def matrix(self, dtype: torch.dtype) -> Tensor:
        """The whole in `dtype`; kept by nobody."""
        ...


class PlainBase(nn.Module):
    """As it is, or rounded to bf16."""

    def __init__(self, weight_NK: Tensor, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight_NK.detach().to(dtype or weight_NK.dtype), False)

    def matrix(self, dtype: torch.dtype) -> Tensor:
        return self.weight.to(dtype)


class Int8Base(nn.Module):
    """A signed byte for each weight and a scale for each row (core.models.matrices.quantise)."""

    quantised: Tensor
    scales: Tensor

    def __init__(self, weight_NK: Tensor) -> None:
        super().__init__()
        weight = weight_NK.detach()
        quantised = torch.empty(weight.shape, dtype=torch.int8, device=weight.device)
        scales = torch.empty(len(weight), dtype=torch.bfloat16, device=weight.device)
        for begin in range(0, len(weight), _ROWS_AT_ONCE):
            rows = slice(begin, begin + _ROWS_AT_ONCE)
            quantised[rows], scales[rows] = quantise(weight[rows])
        self.register_buffer("quantised", quantised)
        self.register_buffer("scales", scales)

    def matrix(self, dtype: torch.dtype) -> Tensor:
        return torch.mul(self.quantised, self.scales.to(dtype)[:, None])


class Nf4Base(nn.Module):
    """Four bits a weight by bitsandbytes, which is no part of the app."""

    packed: Tensor

    def __init__(self, weight_NK: Tensor) -> None:
        super().__init__()
        self._library: Any = importlib.import_module("bitsandbytes.functional")
        packed, self._state = self._library.quantize_4bit(
            weight_NK.detach().to(torch.bfloat16).contiguous(), blocksize=64, quant_type="nf4"
        )
        self.register_buffer("packed", packed)

    def matrix(self, dtype: torch.dtype) -> Tensor:
        return self._library.dequantize_4bit(self.packed, self._state).to(dtype)


def frozen(weight_NK: Tensor, precision: BasePrecision) -> PlainBase | Int8Base | Nf4Base:
    """Keep `weight_NK` at `precision`; see `require_precision` for what can be missing."""
    match precision:
        case "int8":
            return Int8Base(weight_NK)
        case "int4":
            return Nf4Base(weight_NK)
        case "bf16":
            return PlainBase(weight_NK, torch.bfloat16)
        case _:
            return PlainBase(weight_NK)


def require_precision(precision: str, device: torch.device) -> None:
    """Raises UsageError where this device, or what is installed, has no such precision."""
    if precision != "int4":
        return
    if device.type != "cuda":
        text = N_("Errors", "int4 is computed on NVIDIA GPUs only: choose int8 for the frozen base, which needs a quarter of the memory of fp32 and runs everywhere.")  # fmt: skip
        raise UsageError("base_precision", detail=Sentence("Errors", text))
    if importlib.util.find_spec("bitsandbytes") is None:
        text = N_("Errors", "int4 needs the package bitsandbytes, which is not installed: choose int8 for the frozen base, or install bitsandbytes into Terakoya's environment.")  # fmt: skip
        raise UsageError("base_precision", detail=Sentence("Errors", text))
