"""Dropout: which numbers are left out, that they are the same ones again, and the slopes of it."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from core.families.registry import FAMILIES
from core.families.shape import Shape
from core.models import attention
from core.models.attention import BlockAttention, WholeAttention
from core.models.base import LanguageModel
from core.models.dropout import Chance, Drop, Noise, factors, left_out
from core.models.encoder import attention as encoder_attention
from core.models.encoder.attention import BidirectionalAttention
from core.models.registry import build, initialise
from core.tokenizer.roles import TokenRoles
from tests.core.models.test_functions import _assert_alike, _documents, _drawn

ROWS, TOKENS, VOCABULARY = 4, 24, 61
every_family = pytest.mark.parametrize("key", FAMILIES)


def made(key: str, rate: float = 0.0, seed: int = 1) -> LanguageModel:
    experts = (4, 2) if key in ("mixtral", "qwen3_moe") else (0, 0)
    kv_heads = 2 if FAMILIES[key].config.gated else 4
    shape = Shape(3, 32, 4, kv_heads, 8, 128, True, key, *experts)
    model = build(FAMILIES[key].config.from_shape(shape, VOCABULARY, TOKENS))
    initialise(model, seed=5)
    draw = torch.Generator().manual_seed(6)
    with torch.no_grad():  # Some weights begin as zeros, behind which nothing shows.
        for weight in model.parameters():
            weight += 0.1 * torch.randn(weight.shape, generator=draw)
    model.use_dropout(rate, seed)
    return model


def text() -> Tensor:
    draw = torch.Generator().manual_seed(2)
    return torch.randint(4, VOCABULARY, (ROWS, TOKENS), generator=draw)


def passed(
    model: LanguageModel, step: int = 3, begin: int = 0, rank: int = 0
) -> tuple[Tensor, dict[str, Tensor]]:
    """Hidden states and slopes of a training pass."""
    model.zero_grad()
    with model.training_pass(step, begin, rank):
        hidden = model.hidden(text())
        hidden.float().square().sum().backward()
    model.auxiliary_loss()
    slopes = {n: w.grad.clone() for n, w in model.named_parameters() if w.grad is not None}
    return hidden.detach(), slopes


@every_family
def test_the_same_pass_leaves_out_the_same_and_another_one_something_else(key: str) -> None:
    model = made(key, 0.3)
    hidden, slopes = passed(model)
    again, slopes_again = passed(model)
    assert hidden.equal(again)
    assert all(slopes[name].equal(slopes_again[name]) for name in slopes)
    others = [passed(model, **{name: 9})[0] for name in ("step", "begin", "rank")]
    others.append(passed(made(key, 0.3, seed=2))[0])
    for number, other in enumerate(others):
        assert all(not other.equal(one) for one in [hidden, *others[:number]])


@every_family
def test_a_block_that_is_computed_twice_leaves_out_the_same(key: str) -> None:
    model = made(key, 0.3)
    hidden, slopes = passed(model)
    model.checkpointing = True
    again, slopes_again = passed(model)
    assert hidden.equal(again)
    assert slopes.keys() == slopes_again.keys()
    assert all(slopes[name].equal(slopes_again[name]) for name in slopes)


@every_family
def test_nothing_is_left_out_but_in_training(key: str) -> None:
    plain, model = made(key), made(key, 0.5)
    with torch.no_grad():
        wanted = plain.hidden(text())
        assert model.hidden(text()).equal(wanted)
        with model.training_pass(0, 0):  # As a reference that an objective asks inside a step.
            assert model.hidden(text()).equal(wanted)
    learning = plain.hidden(text())
    assert model.hidden(text()).equal(learning), "outside a training pass"
    assert not passed(model)[0].equal(learning)
    model.use_dropout(0.0, 1)
    assert passed(model)[0].equal(learning)


@every_family
def test_each_place_of_each_block_is_left_out_by_itself(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds: list[int] = []
    chance = Noise.chance

    def watched(self: Noise, place: int) -> Chance | None:
        found = chance(self, place)
        assert found is not None
        seeds.append(found.seed)
        return found

    monkeypatch.setattr(Noise, "chance", watched)
    passed(made(key, 0.1))
    assert len(seeds) == len(set(seeds)) == 1 + 3 * 3, "the embedding, and three places a block"


@every_family
def test_the_config_says_with_what_it_was_trained(key: str) -> None:
    names = {
        "gpt1": ("resid_pdrop", "embd_pdrop", "attn_pdrop"),
        "gpt2": ("resid_pdrop", "embd_pdrop", "attn_pdrop"),
        "gpt3": ("resid_dropout", "embed_dropout", "attention_dropout"),
        "bert": ("hidden_dropout_prob", "attention_probs_dropout_prob"),
        "roberta": ("hidden_dropout_prob", "attention_probs_dropout_prob"),
        "distilbert": ("dropout", "attention_dropout"),
    }.get(key, ("attention_dropout",))
    for rate in (0.0, 0.1):
        data = made(key, rate).config.to_transformers(TokenRoles.only(0))
        assert [data[name] for name in names] == [rate] * len(names)


def test_a_tenth_is_left_out_and_the_rest_makes_up_for_it() -> None:
    noise = Noise(0.1, 7)
    x = torch.ones(400, 500, dtype=torch.float64, requires_grad=True)
    with noise.during(0, 0):
        out = left_out(x, Drop(noise, 1), 0)
        (slope,) = torch.autograd.grad(out.sum(), [x])
    share = float((out == 0).double().mean())
    assert share == pytest.approx(0.1, abs=5 * math.sqrt(0.09 / x.numel()))
    assert out.unique().tolist() == pytest.approx([0.0, 1 / 0.9], rel=1e-4)
    assert slope.equal(out.detach()), "what is left out has no slope"
    assert float(out.detach().mean()) == pytest.approx(1, abs=0.005)
    # Rows and columns are drawn independently of each other.
    for axis in (0, 1):
        shares = (out.detach() == 0).double().mean(axis)
        assert float(shares.var()) == pytest.approx(0.09 / x.shape[axis], rel=0.35)


def _scores(q: Tensor, k: Tensor, documents: Tensor | None, causal: bool) -> Tensor:
    seen = torch.ones(q.shape[2], q.shape[2], dtype=torch.bool)
    seen = (seen.tril() if causal else seen)[None]
    if documents is not None:
        seen = seen & (documents[:, :, None] == documents[:, None, :])
    return (q @ k.transpose(-1, -2)).masked_fill(~seen[:, None], -torch.inf).softmax(-1)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("function", "length"), [(WholeAttention, 40), (BidirectionalAttention, 40)]
)
def test_attention_with_probabilities_left_out_is_the_plain_formula(
    function: Any, length: int, packed: bool
) -> None:
    documents = _documents(2, length) if packed else None
    chance, causal = Chance(0.3, 11), function is WholeAttention
    given = (documents, None, chance) if causal else (documents, chance)

    def plain(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights = _scores(q, k, documents, causal)
        there = factors(chance, 0, weights.flatten(0, 1))
        assert there is not None
        return (weights * there.view(weights.shape)) @ v

    _assert_alike(lambda q, k, v: function.apply(q, k, v, *given), plain, _drawn(*[(2, 3, length, 4)] * 3))  # fmt: skip


@pytest.mark.parametrize("function", [BlockAttention, BidirectionalAttention])
def test_attention_in_parts_leaves_out_backwards_what_it_left_out_forwards(
    function: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a fixed seed it is a smooth function, whose slopes numbers confirm."""
    monkeypatch.setattr(attention, "BLOCK", 4)
    monkeypatch.setattr(encoder_attention, "WHOLE_UP_TO", 2)
    monkeypatch.setattr(encoder_attention, "_TILE", 60)
    chance = Chance(0.4, 5)
    given = (None, 6, chance) if function is BlockAttention else (None, chance)
    inputs = _drawn(*[(2, 2, 11, 3)] * 3)
    assert torch.autograd.gradcheck(lambda *x: function.apply(*x, *given), inputs)
    with_all = function.apply(*inputs, *given[:-1])
    assert not torch.allclose(function.apply(*inputs, *given), with_all)
