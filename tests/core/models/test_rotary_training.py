"""Modern decoders from scratch: their first loss, what they can learn, and how experts are kept
busy."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from torch import Tensor
from transformers.models.mixtral.modeling_mixtral import load_balancing_loss_func

from core.families.mixtral import MixtralConfig
from core.families.registry import FAMILIES, family_of
from core.families.rotary import RotaryConfig
from core.families.shape import Shape
from core.families.sparse import SparseConfig
from core.models.registry import build, initialise
from core.models.rotary_decoder.experts import (
    Experts,
    GroupedLinear,
    Router,
    SparseFeedForward,
    imbalance,
)
from core.models.rotary_decoder.model import RotaryDecoder
from core.objectives import causal
from core.objectives.batch import Batch
from core.training.optimiser import Muon, Rates
from core.training.stepper import Stepper

LINE = [key for key, family in FAMILIES.items() if issubclass(family.config, RotaryConfig)]
SPARSE = [key for key in LINE if issubclass(family_of(key).config, SparseConfig)]
families = pytest.mark.parametrize("key", LINE)


def made(key: str, tied: bool = False, context: int = 24) -> RotaryDecoder:
    """The family's usual member, very small: windows, layers without positions and experts are
    those of `from_shape`."""
    experts, chosen = (4, 2) if key in SPARSE else (0, 0)
    shape = Shape(4, 32, 4, 2, 8, 48, tied, key, experts, chosen)
    model = build(family_of(key).config.from_shape(shape, 61, context))
    initialise(model, seed=5)
    assert isinstance(model, RotaryDecoder)
    return model


def rows(count: int, context: int = 24) -> Tensor:
    return torch.randint(61, (count, context + 1), generator=torch.Generator().manual_seed(2))


@families
@pytest.mark.parametrize("tied", [False, True])
def test_the_first_loss_is_the_logarithm_of_the_vocabulary(key: str, tied: bool) -> None:
    text = rows(8)
    loss = causal.loss(made(key, tied), text[:, :-1], text[:, 1:], None)
    assert float(loss.detach()) == pytest.approx(math.log(61), abs=1e-5)


@families
def test_initial_weights_depend_on_the_seed_alone(key: str) -> None:
    torch.manual_seed(1)
    one = made(key)
    torch.manual_seed(2)
    two = made(key)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


@families
@pytest.mark.parametrize("kind", ["muon", "adamw"])
def test_it_learns_a_text_by_heart(key: str, kind: str) -> None:
    text = rows(4)
    rates = Rates(matrices=0.02 if kind == "muon" else 0.01, embedding=0.02, head=0.01)
    stepper = Stepper(made(key, tied=key == "gemma3"), torch.float32, rates, kind, 0.9, 0.0, 1.0)
    batch = Batch(text[:, :-1], text[:, 1:], None)
    losses = [float(stepper.step(batch, 4, 1.0).loss) for _ in range(50)]
    assert losses[-1] < 0.4, losses[::7]


@pytest.mark.parametrize("key", SPARSE)
def test_recomputing_blocks_and_smaller_pieces_change_no_gradient(key: str) -> None:
    text, found = rows(4), []
    batch = Batch(text[:, :-1], text[:, 1:], None)
    for checkpointing in (False, True):
        model = made(key)
        with torch.no_grad():
            for block in model.model.blocks:  # Else nothing reaches the router.
                block.self_attn.o_proj.weight.normal_(0, 0.1, generator=torch.Generator())
        stepper = Stepper(
            model, torch.float32, Rates(0.01, 0.01, 0.01), "adamw", 0.9, 0.0, 0.0,
            checkpointing=checkpointing,
        )  # fmt: skip
        stepper.step(batch, 4, 1.0)
        found.append(stepper.weights())
    assert all(torch.equal(found[0][n], w) for n, w in found[1].items())


# ---- experts ---------------------------------------------------------------------------------


def test_grouped_products_are_those_of_each_group() -> None:
    draw = torch.Generator().manual_seed(1)
    x = torch.randn(11, 4, dtype=torch.float64, generator=draw, requires_grad=True)
    weight = torch.randn(4, 3, 4, dtype=torch.float64, generator=draw, requires_grad=True)
    ends = [0, 5, 5, 11]
    out = GroupedLinear.apply(x, weight, ends)
    assert isinstance(out, Tensor)
    plain = torch.cat([x[:5] @ weight[1].T, x[5:] @ weight[3].T])
    assert torch.equal(out, plain)
    slope = torch.randn(11, 3, dtype=torch.float64, generator=draw)
    for ours, theirs in zip(
        torch.autograd.grad(out, [x, weight], slope),
        torch.autograd.grad(plain, [x, weight], slope),
        strict=True,
    ):
        assert torch.allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize("shared_out", [False, True])
def test_experts_and_their_gradients_are_those_of_a_loop_over_tokens(shared_out: bool) -> None:
    config = MixtralConfig(
        9, 1, 8, 2, 2, 4, 12, 8, True, experts=5, chosen=2, shared_out=shared_out
    )
    router, experts = Router(config).double(), Experts(config).double()
    draw = torch.Generator().manual_seed(4)
    with torch.no_grad():
        for weight in (*router.parameters(), *experts.parameters()):
            weight.copy_(torch.randn(weight.shape, generator=draw))
    x = torch.randn(7, 8, dtype=torch.float64, generator=draw, requires_grad=True)

    def plain() -> Tensor:
        results: list[Tensor] = []
        for token in x:
            chances = (router.weight @ token).softmax(-1)
            best = chances.topk(2)
            scale = best.values.sum() if shared_out else 1.0
            result = torch.zeros_like(token)
            for chance, number in zip(best.values, best.indices.tolist(), strict=True):
                gate, up = experts.gate_proj[number] @ token, experts.up_proj[number] @ token
                hidden = gate * gate.sigmoid() * up
                result = result + chance / scale * (experts.down_proj[number] @ hidden)
            results.append(result)
        return torch.stack(results)

    _, weights, numbers = router(x)
    out, wanted = experts(x, weights, numbers), plain()
    assert torch.allclose(out, wanted, atol=1e-6)  # The router's softmax is fp32.
    given = [x, *router.parameters(), *experts.parameters()]
    slope = torch.randn(7, 8, dtype=torch.float64, generator=draw)
    for ours, theirs in zip(
        torch.autograd.grad(out, given, slope), torch.autograd.grad(wanted, given, slope),
        strict=True,
    ):  # fmt: skip
        assert torch.allclose(ours, theirs, atol=1e-5)
    with torch.no_grad():
        one = experts(x[:1], weights[:1], numbers[:1])
    assert torch.allclose(one, out[:1], atol=1e-10)


def test_the_balance_is_that_of_transformers() -> None:
    logits = torch.randn(50, 6, generator=torch.Generator().manual_seed(1))
    chances = logits.softmax(-1)
    wanted = load_balancing_loss_func((logits,), 6, 2)
    assert float(imbalance(chances, chances.topk(2).indices)) == pytest.approx(float(wanted))
    even = torch.full((6, 6), 1 / 6)
    numbers = torch.tensor([[0, 1], [2, 3], [4, 5]] * 2)
    assert float(imbalance(even, numbers)) == pytest.approx(2.0)


def unevenness(balance: float) -> float:
    """Of a model whose tokens all prefer one expert, after 40 steps: 1 is even, 4 all to one."""
    config = made("mixtral").config
    assert isinstance(config, SparseConfig)
    model = build(dataclasses.replace(config, balance=balance, experts=4, chosen=1))
    assert isinstance(model, RotaryDecoder)
    initialise(model, seed=5)
    with torch.no_grad():
        for block in model.model.blocks:
            assert isinstance(block.mlp, SparseFeedForward)
            block.mlp.gate.weight[0] = 0.2
        model.embedding.weight += 0.3
    text = rows(8)
    batch = Batch(text[:, :-1], text[:, 1:], None)
    stepper = Stepper(model, torch.float32, Rates(0.02, 0.02, 0.01), "adamw", 0.9, 0.0, 1.0)
    for _ in range(40):
        stepper.step(batch, 8, 1.0)
    model.config = dataclasses.replace(config, balance=1.0)
    causal.loss(model, text[:, :-1], text[:, 1:], None)
    uneven = model.auxiliary_loss()
    assert uneven is not None
    assert model.auxiliary_loss() is None, "it is told once"
    return float(uneven.detach())


def test_the_balancing_loss_spreads_tokens_over_experts() -> None:
    without, spread = unevenness(0.0), unevenness(0.1)
    assert spread < 1.15
    assert without > spread + 0.2


def test_muon_takes_a_stack_as_so_many_matrices() -> None:
    draw = torch.Generator().manual_seed(6)
    stack = torch.randn(5, 12, 8, generator=draw)
    single = {str(i): stack[i].clone() for i in range(5)}
    whole = Muon([("all", stack)], 0.9, 0.1)
    apart = Muon(list(single.items()), 0.9, 0.1)
    for _ in range(3):
        slope = torch.randn(5, 12, 8, generator=draw)
        whole.step({"all": slope.clone()}, 0.1)
        apart.step({str(i): slope[i].clone() for i in range(5)}, 0.1)
    assert torch.allclose(stack, torch.stack(list(single.values())), atol=1e-3)
    assert whole.state()["muon.all"].shape == stack.shape
