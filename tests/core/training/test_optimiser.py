"""Muon and AdamW against torch.optim's; the step's clipping and accumulation."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from core.families.qwen3 import Qwen3Config
from core.families.registry import FAMILIES
from core.models.qwen3.init import initialise
from core.models.qwen3.model import Qwen3
from core.models.registry import build
from core.objectives import causal
from core.objectives.batch import Batch
from core.recipe import Recipe
from core.training.optimiser import Adam, AdamW, Muon, Optimiser, Rates, orthogonalised
from core.training.roles import role_of
from core.training.stepper import Stepper

CONFIG = Qwen3Config(
    vocabulary=41, layers=2, width=32, heads=2, kv_heads=2, head_size=16, feed_forward=48,
    context=16, tied=False,
)  # fmt: skip


def gradients_of(step: int, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(step)
    return {n: torch.randn(w.shape, generator=draw) for n, w in sorted(weights.items())}


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("shape", [(24, 24), (48, 16), (16, 48)], ids=str)
def test_muon_takes_the_steps_of_torch(shape: tuple[int, int], weight_decay: float) -> None:
    torch.manual_seed(0)
    ours = {name: torch.randn(shape) for name in ("a", "b")}
    theirs = {name: torch.nn.Parameter(weight.clone()) for name, weight in ours.items()}
    begin = {name: weight.clone() for name, weight in ours.items()}
    muon = Muon(list(ours.items()), momentum=0.9, weight_decay=weight_decay)
    reference = torch.optim.Muon(
        theirs.values(), lr=0.05, momentum=0.9, weight_decay=weight_decay, nesterov=True,
        ns_steps=5, adjust_lr_fn="original",
    )  # fmt: skip
    for step in range(5):
        slopes = gradients_of(step, ours)
        muon.step(copy.deepcopy(slopes), rate=0.05)
        for name, weight in theirs.items():
            weight.grad = slopes[name].clone()
        reference.step()
    for name in ours:
        moved = (theirs[name].detach() - begin[name]).norm()
        # Both compute in bf16; a stack of matrices may round otherwise than one.
        assert (ours[name] - theirs[name].detach()).norm() < 0.05 * moved


def test_newton_schulz_brings_every_singular_value_near_one() -> None:
    torch.manual_seed(0)
    result = orthogonalised(torch.randn(3, 40, 24)).float()
    values = torch.linalg.svdvals(result)
    assert float(values.min()) > 0.3
    assert float(values.max()) < 1.3


def test_what_a_recipe_leaves_open_is_the_apps_own() -> None:
    assert Adam.of(Recipe()) == Adam(0.9, 0.95, 1e-10)
    assert Adam.of(Recipe(adam_beta2=0.98, adam_epsilon=1e-6)) == Adam(0.9, 0.98, 1e-6)
    assert Adam.of(Recipe(adam_beta2=0.0)).beta2 == 0.0


@pytest.mark.parametrize("adam", [Adam(), Adam(0.9, 0.98, 1e-6), Adam(0.8, 0.999, 0.01)])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_adamw_takes_the_steps_of_torch(weight_decay: float, adam: Adam) -> None:
    torch.manual_seed(0)
    ours = {"a": torch.randn(7, 5), "b": torch.randn(6, 3)}
    theirs = {name: torch.nn.Parameter(weight.clone()) for name, weight in ours.items()}
    adamw = AdamW(list(ours.items()), adam, weight_decay)
    reference = torch.optim.AdamW(
        theirs.values(), lr=0.01, betas=(adam.beta1, adam.beta2), eps=adam.epsilon,
        weight_decay=weight_decay,
    )  # fmt: skip
    for step in range(8):
        slopes = gradients_of(step, ours)
        adamw.step(slopes, [0.01, 0.01])
        for name, weight in theirs.items():
            weight.grad = slopes[name].clone()
        reference.step()
    for name in ours:
        torch.testing.assert_close(ours[name], theirs[name].detach(), atol=1e-6, rtol=1e-5)


def test_norms_are_not_pulled_towards_zero() -> None:
    weight = torch.ones(4)
    AdamW([("norm", weight)], weight_decay=0.5).step({"norm": torch.zeros(4)}, [0.1])
    assert torch.equal(weight, torch.ones(4))


def test_matrices_of_blocks_go_to_muon_and_all_else_to_adamw() -> None:
    masters = {name: w.detach().clone() for name, w in Qwen3(CONFIG).named_parameters()}
    optimiser = Optimiser(masters, Rates(1.0, 2.0, 3.0), "muon", 0.9, 0.0)
    muon = {n.removeprefix("muon.") for n in optimiser.state() if n.startswith("muon.")}
    assert muon == {n for n in masters if ".layers." in n and "norm" not in n}
    rest = {n.removeprefix("adamw.first.") for n in optimiser.state() if ".first." in n}
    assert muon | rest == set(masters)
    assert not muon & rest


def test_the_matrices_of_an_encoders_heads_go_to_muon_too() -> None:
    model = build(FAMILIES["bert"].config(50, 1, 32, 2, 64, 16))
    roles = {name: role_of(name, weight) for name, weight in model.named_parameters()}
    assert {name for name, role in roles.items() if role == "matrix" and ".layer." not in name} == {
        "transform.weight", "pooler.weight",
    }  # fmt: skip
    assert roles["embeddings.words.weight"] == "embedding"
    assert roles["embeddings.positions.weight"] == "positions"
    assert roles["pair.weight"] == roles["decoder.bias"] == roles["transform_norm.weight"] == "rest"


@pytest.mark.parametrize("kind", ["muon", "adamw"])
def test_a_saved_state_goes_on_as_if_nothing_had_happened(kind: str) -> None:
    masters = {name: w.detach().clone() for name, w in Qwen3(CONFIG).named_parameters()}
    rates = Rates(0.05, 0.1, 0.01)
    one = Optimiser(masters, rates, kind, 0.9, 0.1)
    for step in range(3):
        one.step(gradients_of(step, masters), 1.0)
    copied = {name: w.clone() for name, w in masters.items()}
    two = Optimiser(copied, rates, kind, 0.9, 0.1)
    two.load({name: t.clone() for name, t in one.state().items()}, one.steps)
    for step in range(3, 6):
        one.step(gradients_of(step, masters), 0.5)
        two.step(gradients_of(step, copied), 0.5)
    assert all(torch.equal(masters[name], copied[name]) for name in masters)


# ---- the step ------------------------------------------------------------------------------------


class Recorder:
    """Stands where the optimiser does and keeps what it is given."""

    steps = 0

    def __init__(self) -> None:
        self.gradients: dict[str, Tensor] = {}

    def step(self, gradients: dict[str, Tensor], factor: float) -> None:
        self.gradients = {n: g.clone().float() for n, g in gradients.items()}


def stepper(clip: float = 0.0, dtype: torch.dtype = torch.float32) -> tuple[Stepper, Recorder]:
    model = Qwen3(CONFIG)
    initialise(model, seed=1)
    with torch.no_grad():  # The zeros of the beginning would hide most gradients.
        for block in model.model.blocks:
            block.self_attn.o_proj.weight.normal_(std=0.1)
            block.mlp.down_proj.weight.normal_(std=0.1)
        model.lm_head.weight.normal_(std=0.3)
    made = Stepper(model, dtype, Rates(0.1, 0.1, 0.1), "muon", 0.9, 0.0, clip)
    recorder = Recorder()
    made.optimiser = recorder  # type: ignore[assignment]
    return made, recorder


def batch(rows: int = 8) -> Batch:
    torch.manual_seed(9)
    block = torch.randint(CONFIG.vocabulary, (rows, CONFIG.context + 1))
    documents = (block[:, :-1] == 0).cumsum(1)
    return Batch(block[:, :-1].contiguous(), block[:, 1:].contiguous(), documents)


@pytest.mark.parametrize("micro", [1, 3, 4])
def test_gradients_do_not_depend_on_the_micro_batch(micro: int) -> None:
    torch.manual_seed(4)
    whole, wanted = stepper()
    torch.manual_seed(4)
    pieces, found = stepper()
    one, two = whole.step(batch(), 8, 1.0), pieces.step(batch(), micro, 1.0)
    torch.testing.assert_close(two.loss, one.loss)
    torch.testing.assert_close(two.gradient_norm, one.gradient_norm)
    assert set(wanted.gradients) == set(found.gradients)
    for name, gradient in wanted.gradients.items():
        torch.testing.assert_close(found.gradients[name], gradient, atol=1e-6, rtol=1e-4)


def test_the_norm_and_the_clipping_are_those_of_torch() -> None:
    made, recorder = stepper(clip=0.05)
    model = copy.deepcopy(made.model)
    given = batch()
    causal.loss(model, given.inputs, given.targets, given.documents).backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 0.05)
    result = made.step(given, 8, 1.0)
    torch.testing.assert_close(result.gradient_norm, norm)
    assert float(norm) > 0.05
    for name, weight in model.named_parameters():
        assert weight.grad is not None
        torch.testing.assert_close(recorder.gradients[name], weight.grad, atol=1e-7, rtol=1e-4)


def test_timing_a_step_changes_nothing() -> None:
    made, _ = stepper()
    before = {name: w.clone() for name, w in made.weights().items()}
    assert made.time(batch(), 4) > 0
    assert all(torch.equal(before[name], w) for name, w in made.weights().items())
    assert all(p.grad is None for p in made.model.parameters())


def test_master_weights_stay_fp32_while_the_model_computes_in_bf16() -> None:
    model = Qwen3(CONFIG)
    initialise(model, seed=1)
    made = Stepper(model, torch.bfloat16, Rates(1e-4, 1e-4, 1e-4), "muon", 0.9, 0.0, 1.0)
    before = {name: w.clone() for name, w in made.weights().items()}
    for _ in range(2):  # Output projections are zero at first: what is before them moves second.
        made.step(batch(), 4, 1.0)
    assert {w.dtype for w in made.weights().values()} == {torch.float32}
    assert {w.dtype for w in model.parameters()} == {torch.bfloat16}
    moved = [name for name, w in made.weights().items() if not torch.equal(before[name], w)]
    assert "model.layers.0.mlp.down_proj.weight" in moved
    for name, weight in model.named_parameters():
        assert torch.equal(weight.float(), made.weights()[name].bfloat16().float())
