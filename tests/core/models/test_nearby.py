"""An encoder that is trained from scratch begins by looking at neighbours, and so soon fills blanks."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from core.families.registry import family_of
from core.models.encoder.model import Block, Encoder
from core.models.encoder.nearby import OFFSETS, positions, waves
from core.models.registry import build, initialise
from core.training.optimiser import Adam, Optimiser, Rates

KEYS = ("bert", "roberta", "distilbert")
MASK = 4


def _encoder(key: str, **changes: Any) -> Encoder:
    sizes: dict[str, Any] = {
        "vocabulary": 61, "layers": 2, "width": 128, "heads": 4, "feed_forward": 256,
        "context": 64, "padding": 1, **changes,
    }  # fmt: skip
    if key == "roberta":
        sizes["first_position"] = 2
    model = build(family_of(key).config(**sizes))
    initialise(model, 1)
    assert isinstance(model, Encoder)
    return model


def _looks(model: Encoder, tokens: Tensor) -> Tensor:
    """Attention of the first block's heads [B, H, T, T], computed plainly."""
    block = model.blocks[0]
    assert isinstance(block, Block)
    with torch.no_grad():
        read = model.embeddings(tokens, None)
        b, t, _ = read.shape
        q, k = (
            linear(read).view(b, t, block.heads, block.head_size).transpose(1, 2)
            for linear in (block.query, block.key)
        )
        return (q @ k.mT / math.sqrt(block.head_size)).softmax(-1)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("heads", [2, 4, 12])
def test_heads_of_the_first_block_look_at_their_neighbour(key: str, heads: int) -> None:
    model = _encoder(key, heads=heads, width=32 * heads)
    draw = torch.Generator().manual_seed(0)
    seen = _looks(model, torch.randint(5, 61, (4, 64), generator=draw))
    for head, offset in zip(range(heads), OFFSETS, strict=False):
        there = seen[:, head].diagonal(offset=offset, dim1=-2, dim2=-1).mean()
        assert there > 0.4, (head, offset)
    for head in range(len(OFFSETS), heads):
        assert seen[:, head].max() < 0.6, head


def test_positions_have_little_in_common() -> None:
    table = positions(512, 256, waves(128, torch.Generator().manual_seed(3)), 0.3)
    assert abs(float(table.std()) - 0.3) < 0.02
    table /= table.norm(dim=1, keepdim=True)
    alike = (table @ table.T).fill_diagonal_(0.0)
    assert float(alike.abs().max()) < 0.5


def test_an_odd_head_size_draws_what_fits() -> None:
    model = _encoder("bert", heads=4, width=60)
    assert all(bool(weight.isfinite().all()) for weight in model.parameters())


@pytest.mark.parametrize("key", ["bert"])
def test_hidden_tokens_are_soon_guessed_from_their_neighbours(key: str) -> None:
    """Each token follows from the one before: nothing but its place tells a hidden one."""
    model = _encoder(key)
    named = dict(model.named_parameters())
    optimiser = Optimiser(named, Rates(0.02, 0.01, 0.005), "muon", 0.95, 0.0, adam=Adam())
    draw = torch.Generator().manual_seed(5)
    steps, guessed = 150, 0.0
    for step in range(steps + 1):
        first = torch.randint(0, 56, (16, 1), generator=draw)
        tokens = 5 + (first + 3 * torch.arange(64)) % 56
        hidden = torch.rand(tokens.shape, generator=draw) < 0.2
        read = tokens.masked_fill(hidden, MASK)
        encoded = model.encoded(read)[hidden]
        logits = functional.linear(
            model.transformed(encoded), model.output_weight, model.output_bias
        )
        if step == steps:
            guessed = float((logits.argmax(-1) == tokens[hidden]).float().mean())
            break
        model.zero_grad()
        functional.cross_entropy(logits, tokens[hidden]).backward()
        gradients = {
            name: torch.zeros_like(weight) if weight.grad is None else weight.grad
            for name, weight in named.items()
        }
        optimiser.step(gradients, min(1.0, 2 * (steps - step) / steps))
    assert guessed > 0.8
