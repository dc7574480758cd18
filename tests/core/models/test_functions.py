"""Norm, rotation and attention of our own, against plain formulas in float64."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from core.models import attention
from core.models.attention import BlockAttention, WholeAttention, causal_attention
from core.models.norm import rms_norm
from core.models.rotary import rotated, rotation_tables


def _drawn(*shapes: tuple[int, ...]) -> list[Tensor]:
    draw = torch.Generator().manual_seed(3)
    return [
        torch.randn(shape, generator=draw, dtype=torch.float64).requires_grad_() for shape in shapes
    ]


def _assert_alike(
    ours: Callable[..., Tensor], plain: Callable[..., Tensor], inputs: list[Tensor]
) -> None:
    """Equal values and equal gradients."""
    mine, reference = ours(*inputs), plain(*inputs)
    assert torch.allclose(mine, reference, atol=1e-10)
    upstream = torch.randn(mine.shape, dtype=torch.float64)
    for got, wanted in zip(
        torch.autograd.grad(mine, inputs, upstream),
        torch.autograd.grad(reference, inputs, upstream),
        strict=True,
    ):
        assert torch.allclose(got, wanted, atol=1e-9)


def test_the_norm_equals_the_librarys() -> None:
    _assert_alike(
        lambda x, w: rms_norm(x, w, 1e-6),
        lambda x, w: functional.rms_norm(x, w.shape, w, 1e-6),
        _drawn((3, 5, 2, 8), (8,)),
    )


def test_the_norm_of_bf16_is_computed_in_fp32() -> None:
    x = torch.randn(64, 128).bfloat16()
    weight = torch.rand(128).bfloat16()
    exact = functional.rms_norm(x.double(), (128,), weight.double(), 1e-6)
    assert (
        torch.equal(rms_norm(x, weight, 1e-6), exact.bfloat16())
        or ((rms_norm(x, weight, 1e-6).double() - exact).abs() <= exact.abs() * 2**-8).all()
    )


def test_the_rotation_turns_pairs_of_halves() -> None:
    angles = torch.rand(7, 4, dtype=torch.float64)
    cos, sin = (f(torch.cat((angles, angles), -1)) for f in (torch.cos, torch.sin))
    for tables, scale in zip(rotation_tables(cos, sin), (8**-0.5, 1.0), strict=True):

        def plain(x: Tensor, scale: float = scale) -> Tensor:
            pairs = torch.complex(x[..., :4], x[..., 4:]) * torch.polar(
                torch.ones(7, 4).double(), angles
            )
            return torch.cat((pairs.real, pairs.imag), -1) * scale

        _assert_alike(lambda x, tables=tables: rotated(x, *tables), plain, _drawn((2, 3, 7, 8)))


def _reference(
    q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None, window: int | None = None
) -> Tensor:
    t = q.shape[2]
    seen = torch.ones(t, t, dtype=torch.bool).tril()[None]
    if window is not None:
        seen = seen & (torch.arange(t)[:, None] - torch.arange(t) < window)
    if documents is not None:
        seen = seen & (documents[:, :, None] == documents[:, None, :])
    return functional.scaled_dot_product_attention(q, k, v, attn_mask=seen[:, None], scale=1.0)


def _documents(b: int, t: int) -> Tensor:
    return torch.stack([torch.arange(t) // (5 + 9 * row) for row in range(b)])


@pytest.mark.parametrize("function", [WholeAttention, BlockAttention])
@pytest.mark.parametrize("length", [1, 9, 128, 300])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("window", [None, 1, 7, 140])
def test_attention_equals_the_librarys(
    function: type[torch.autograd.Function],
    length: int,
    packed: bool,
    window: int | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attention, "_TILE", 3 * 128 * length)  # Window by window.
    documents = _documents(2, length) if packed else None
    _assert_alike(
        lambda q, k, v: function.apply(q, k, v, documents, window),  # type: ignore[arg-type, return-value]
        lambda q, k, v: _reference(q, k, v, documents, window),
        _drawn(*[(2, 3, length, 4)] * 3),
    )


def test_attention_does_not_see_the_future_or_another_document() -> None:
    q, k, v = _drawn(*[(1, 1, 20, 4)] * 3)
    documents = torch.tensor([[0] * 12 + [1] * 8])
    out = causal_attention(q, k, v, documents)
    (slope,) = torch.autograd.grad(out[0, 0, 14].sum(), [v])
    touched = slope[0, 0].abs().sum(-1) > 0
    assert touched.tolist() == [12 <= place <= 14 for place in range(20)]


def test_long_attention_keeps_nothing_of_the_length_squared() -> None:
    kept: list[int] = []
    q, k, v = (x.detach().bfloat16().requires_grad_() for x in _drawn(*[(1, 2, 1024, 8)] * 3))
    with torch.autograd.graph.saved_tensors_hooks(
        lambda saved: (kept.append(saved.numel()), saved)[1], lambda saved: saved
    ):
        causal_attention(q, k, v, None)
    assert max(kept) <= 2 * 1024 * 8 + 128 * 128
    assert math.prod((1024, 1024)) > max(kept)
