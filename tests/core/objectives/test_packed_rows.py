"""Conversations that share a row, in every family that answers: each is read as if it stood alone."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import Tensor

from core.families.registry import FAMILIES
from core.models.base import LanguageModel
from core.models.registry import build, initialise
from core.objectives.causal import loss
from core.planning.dial import Shape

VOCABULARY, CONTEXT = 61, 128
LENGTHS = (81, 29, 18)
"""The first is longer than any window here."""
DECODERS = [key for key, family in FAMILIES.items() if family.kind == "decoder"]


def lively(key: str) -> LanguageModel:
    """As after some training, in float64; layers with windows among its layers."""
    gated = FAMILIES[key].config.gated
    sparse = (4, 2) if key in ("mixtral", "qwen3_moe") else (0, 0)
    shape = Shape(6, 32, 2, 1 if gated else 2, 16, 128 if not gated else 48, True, key, *sparse)
    config = FAMILIES[key].config.from_shape(shape, VOCABULARY, CONTEXT)
    if key == "gpt3":
        config = dataclasses.replace(config, window=24)
    model = build(config)
    initialise(model, 3)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for weight in model.parameters():
            weight += torch.randn(weight.shape, generator=generator) * 0.2
    return model.double()


def row() -> tuple[Tensor, Tensor]:
    """(tokens [1, T], documents [1, T])."""
    tokens = torch.randint(
        VOCABULARY, (1, sum(LENGTHS)), generator=torch.Generator().manual_seed(1)
    )
    numbers = torch.cat([torch.full((size,), n) for n, size in enumerate(LENGTHS)])
    return tokens, numbers[None]


@pytest.mark.parametrize("learning", [True, False], ids=["learning", "reading"])
@pytest.mark.parametrize("key", DECODERS)
def test_each_is_read_as_if_it_stood_alone(key: str, learning: bool) -> None:
    model = lively(key)
    tokens, documents = row()
    with torch.set_grad_enabled(learning):
        together = model.hidden(tokens, None, documents, restart=True)
        alone = [model.hidden(piece) for piece in tokens.split(LENGTHS, 1)]
    torch.testing.assert_close(together, torch.cat(alone, 1), atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize("key", ["gpt2", "gpt3", "qwen3"])
def test_gradients_are_those_of_each_alone(key: str) -> None:
    model = lively(key)
    tokens, documents = row()
    targets = tokens.roll(-1, 1)
    weights = torch.rand(tokens.shape, generator=torch.Generator().manual_seed(2)) < 0.4
    loss(model, tokens, targets, documents, weights, restart=True).backward()
    together = {name: w.grad.clone() for name, w in model.named_parameters() if w.grad is not None}
    model.zero_grad()
    for parts in zip(*(t.split(LENGTHS, 1) for t in (tokens, targets, weights)), strict=True):
        count = parts[2].sum() / weights.sum()
        (loss(model, parts[0], parts[1], None, parts[2]) * count).backward()
    for name, weight in model.named_parameters():
        if weight.grad is not None:
            torch.testing.assert_close(weight.grad, together[name], atol=1e-6, rtol=1e-4)


def test_learned_positions_go_on_where_a_text_is_read_in_pieces() -> None:
    """So a pre-training, whose texts are short, learns all of them."""
    model = lively("gpt2")
    tokens, documents = row()
    with torch.no_grad():
        on, anew = (model.hidden(tokens, None, documents, restart=r) for r in (False, True))
    first = LENGTHS[0]
    torch.testing.assert_close(on[:, :first], anew[:, :first])
    assert (on[:, first:] - anew[:, first:]).abs().amax() > 0.1
