"""The fused loss against a naive one in float64."""

from __future__ import annotations

from typing import cast

import pytest
import torch
from torch import Tensor

from core.families.qwen3 import Qwen3Config
from core.models.qwen3.init import initialise
from core.models.qwen3.model import Qwen3
from core.objectives import causal
from core.objectives.causal import FusedLinearCrossEntropy


def naive(hidden: Tensor, weight: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Loss and both gradients by the definition, in float64."""
    h = hidden.detach().double().requires_grad_()
    w = weight.detach().double().requires_grad_()
    logits = h @ w.T
    probabilities = logits.exp() / logits.exp().sum(-1, keepdim=True)
    loss = -probabilities[torch.arange(len(targets)), targets].log().mean()
    loss.backward()
    return loss.detach(), cast(Tensor, h.grad), cast(Tensor, w.grad)


@pytest.mark.parametrize("chunk", [1, 7 * 31, 1 << 20], ids=["a row", "seven rows", "all"])
@pytest.mark.parametrize("scale", [1.0, -2.5])
def test_loss_and_gradients_are_those_of_the_definition(
    chunk: int, scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(causal, "CHUNK_LOGITS", chunk)
    torch.manual_seed(0)
    hidden = torch.randn(50, 12, requires_grad=True)
    weight = torch.randn(31, 12, requires_grad=True)
    targets = torch.randint(31, (50,))
    loss = cast(Tensor, FusedLinearCrossEntropy.apply(hidden, weight, targets))
    (loss * scale).backward()
    wanted, grad_hidden, grad_weight = naive(hidden, weight, targets)
    torch.testing.assert_close(loss.detach().double(), wanted, atol=1e-6, rtol=1e-6)
    assert hidden.grad is not None
    assert weight.grad is not None
    torch.testing.assert_close(hidden.grad.double(), grad_hidden * scale, atol=1e-7, rtol=1e-4)
    torch.testing.assert_close(weight.grad.double(), grad_weight * scale, atol=1e-7, rtol=1e-4)


def test_in_bf16_the_sums_stay_exact_enough() -> None:
    torch.manual_seed(0)
    hidden = torch.randn(400, 64).bfloat16().requires_grad_()
    weight = (torch.randn(200, 64) / 8).bfloat16().requires_grad_()
    targets = torch.randint(200, (400,))
    loss = cast(Tensor, FusedLinearCrossEntropy.apply(hidden, weight, targets))
    loss.backward()
    wanted, _, grad_weight = naive(hidden, weight, targets)
    assert float(loss.detach()) == pytest.approx(float(wanted), rel=2e-3)
    assert weight.grad is not None
    error = (weight.grad.double() - grad_weight).norm() / grad_weight.norm()
    assert error < 0.01


def test_large_logits_do_not_overflow() -> None:
    hidden = torch.full((3, 4), 50.0, requires_grad=True)
    weight = torch.eye(6, 4).mul(20).requires_grad_()
    loss = cast(Tensor, FusedLinearCrossEntropy.apply(hidden, weight, torch.tensor([5, 0, 1])))
    loss.backward()
    assert hidden.grad is not None
    assert bool(torch.isfinite(loss))
    assert bool(torch.isfinite(hidden.grad).all())


def test_a_tiny_model_learns_a_sequence_by_heart() -> None:
    config = Qwen3Config(
        vocabulary=23, layers=1, width=32, heads=2, kv_heads=2, head_size=16, feed_forward=64,
        context=24, tied=False,
    )  # fmt: skip
    model = Qwen3(config)
    initialise(model, seed=0)
    torch.manual_seed(0)
    tokens = torch.randint(23, (2, 25))
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.02)
    loss = torch.tensor(0.0)
    for _ in range(80):
        optimiser.zero_grad()
        loss = causal.loss(model, tokens[:, :-1], tokens[:, 1:], None)
        loss.backward()
        optimiser.step()
    assert float(loss.detach()) < 0.05
