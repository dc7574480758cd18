"""Weight matrices for writing token by token on a CPU: the product with one vector is bound by the
speed of memory, so what counts is bytes per weight, and a kernel that keeps memory busy.

Measured (2 cores of a Zen 5, 124M, share of the bandwidth): fp32 through torch 0.25, through numpy's
BLAS 0.9; bf16 through oneDNN 0.4, through torch's own kernel 0.7 to 0.9; int8 0.5 to 0.6.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

Vector = NDArray[np.float32]
Precision = Literal["fp32", "bf16", "int8"]
PRECISIONS: tuple[Precision, ...] = ("fp32", "bf16", "int8")
"""From the most exact to the smallest."""
_ROWS_AT_ONCE = 256
_INT8_COLUMNS = 32
"""torch's int8 kernel reads whole vectors and has no remainder: other widths would read past the end
of a row (tried: it crashes)."""


class Matrix(Protocol):
    """A matrix [N, K] of weights, or several with the same K one below the other."""

    rows: int
    bytes: int

    def product(self, x_K: Vector) -> Vector:
        """The matrix times one vector: [N], fp32."""
        ...

    def products(self, x_TK: Tensor) -> Tensor:
        """The same for each row of `x_TK` (fp32 or bf16): [T, N] in its type."""
        ...


class Fp32Matrix:
    """Shares its weights with the model: nothing is copied."""

    def __init__(self, weights: Sequence[Tensor]) -> None:
        self._parts = [weight.detach() for weight in weights]
        self._arrays: list[Vector] = [part.numpy() for part in self._parts]
        self._ends = np.cumsum([len(array) for array in self._arrays]).tolist()
        self.rows: int = self._ends[-1]
        self.bytes = 0

    def product(self, x_K: Vector) -> Vector:
        if len(self._arrays) == 1:
            return self._arrays[0] @ x_K
        out = np.empty(self.rows, np.float32)
        begin = 0
        for array, end in zip(self._arrays, self._ends, strict=True):
            np.dot(array, x_K, out=out[begin:end])
            begin = end
        return out

    def products(self, x_TK: Tensor) -> Tensor:
        return torch.cat([functional.linear(x_TK, part.to(x_TK.dtype)) for part in self._parts], -1)


class Bf16Matrix:
    """Half the bytes; sums stay fp32."""

    def __init__(self, weights: Sequence[Tensor]) -> None:
        self.rows = sum(len(weight) for weight in weights)
        self._weight = torch.empty(self.rows, weights[0].shape[1], dtype=torch.bfloat16)
        for part, weight in zip(_parts(self._weight, weights), weights, strict=True):
            part.copy_(weight.detach())
        self.bytes = self._weight.nbytes

    def product(self, x_K: Vector) -> Vector:
        x = torch.from_numpy(x_K).to(torch.bfloat16)
        return torch.mv(self._weight, x).float().numpy()

    def products(self, x_TK: Tensor) -> Tensor:
        return functional.linear(x_TK, self._weight.to(x_TK.dtype))


class Int8Matrix:
    """A quarter of the bytes: a signed byte for each weight and a scale for each output channel
    (symmetric, round to nearest; Dettmers et al. 2022, section 2). Only weights are rounded."""

    def __init__(self, weights: Sequence[Tensor]) -> None:
        self.rows = sum(len(weight) for weight in weights)
        self._weight = torch.empty(self.rows, weights[0].shape[1], dtype=torch.int8)
        self._scales = torch.empty(self.rows, dtype=torch.bfloat16)
        places = zip(_parts(self._weight, weights), _parts(self._scales, weights), strict=True)
        for (part, scales), weight in zip(places, weights, strict=True):
            for begin in range(0, len(weight), _ROWS_AT_ONCE):  # What fits into a cache.
                rows = slice(begin, begin + _ROWS_AT_ONCE)
                part[rows], scales[rows] = quantise(weight.detach()[rows])
        self.bytes = self._weight.nbytes + self._scales.nbytes

    def product(self, x_K: Vector) -> Vector:
        x = torch.from_numpy(x_K).to(torch.bfloat16)[None]
        return torch._weight_int8pack_mm(x, self._weight, self._scales)[0].float().numpy()

    def products(self, x_TK: Tensor) -> Tensor:
        # A byte is exact in bf16; the scale is applied to the sums.
        return functional.linear(x_TK, self._weight.to(x_TK.dtype)) * self._scales.to(x_TK.dtype)


def _parts(whole: Tensor, weights: Sequence[Tensor]) -> Sequence[Tensor]:
    return whole.split([len(weight) for weight in weights])


_KINDS: dict[Precision, type[Fp32Matrix | Bf16Matrix | Int8Matrix]] = {
    "fp32": Fp32Matrix, "bf16": Bf16Matrix, "int8": Int8Matrix,
}  # fmt: skip


def matrix_of(precision: Precision, *weights: Tensor) -> Matrix:
    """The weights [N_i, K] (fp32, on the CPU), one below the other, at a precision."""
    return _KINDS[precision](weights)


def fits_int8(columns: int) -> bool:
    """Whether a matrix of so many columns can be an `Int8Matrix`."""
    return columns % _INT8_COLUMNS == 0 and hasattr(torch, "_weight_int8pack_mm")


def quantise(weight_NK: Tensor) -> tuple[Tensor, Tensor]:
    """Signed bytes [N, K] and their scales [N] in bf16.

    The scale is rounded to bf16 (upwards, so that the largest weight fits) before it divides.
    """
    largest = weight_NK.abs().amax(1).float()
    scales = (largest / 127 * (1 + 2**-8)).to(torch.bfloat16).clamp_min(1e-30)
    quantised = (weight_NK / scales.float()[:, None]).round_().clamp_(-127, 127)
    return quantised.to(torch.int8), scales


def block_type() -> torch.dtype:
    """The type in which this CPU multiplies blocks fastest: bf16 where it has instructions for it.
    Not measured, so that it never changes and a seed goes on giving the same text."""
    has = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if has else torch.float32


@contextmanager
def own_kernels() -> Generator[None]:
    """torch's own kernels instead of oneDNN's: for one vector they are about 1.7 times as fast."""
    flags = torch.backends.mkldnn
    before = flags.enabled
    flags.enabled = False
    try:
        yield
    finally:
        flags.enabled = before
