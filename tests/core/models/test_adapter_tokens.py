"""Rows of tokens trained beside adapters: gradients of the plain model, peft's layout and figures."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from core.families.registry import FAMILIES
from core.families.shape import Shape
from core.models.adapters.adapt import adapt, adapter_of, merge
from core.models.adapters.peft_files import read_peft, write_peft
from core.models.adapters.tokens import TrainedEmbedding, TrainedHead
from core.models.base import LanguageModel
from core.models.registry import build, initialise
from core.objectives.batch import Batch
from core.objectives.causal import output_loss
from core.objectives.preference import answer_log_probabilities
from core.planning.adapters import trained_parameters, trains_tokens
from core.planning.applies import applies
from core.reasons import Unsuitable
from core.recipe import Recipe
from core.training.optimiser import Rates
from core.training.stepper import Stepper
from tests.core.models.test_adapters import (
    SPARSE,
    foreign,
    hurt_config,
    logits,
    made,
    values,
    with_peft,
)

DECODERS = sorted(key for key, family in FAMILIES.items() if family.kind == "decoder")
IDS = (7, 11, 290)
TOKENS = torch.randint(5, 300, (2, 16), generator=torch.Generator().manual_seed(1))
TOKENS[:, ::5] = torch.tensor([7, 290, 11, 7])
RATES = Rates(0.02, 0.02, 0.02)


def untied(family: str) -> LanguageModel:
    """A small model whose output layer has a table of its own."""
    experts = (4, 2) if family in SPARSE else (0, 0)
    shape = Shape(2, 64, 2, 2, 32, 96, False, family, *experts)
    model = build(FAMILIES[family].config.from_shape(shape, 300, 64))
    initialise(model, 3)
    torch.manual_seed(4)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.05 * torch.randn(weight.shape))
    return model.eval()


def base(family: str, tied: bool) -> LanguageModel:
    return made(family) if tied else untied(family)


def adapted(model: LanguageModel, **settings: Any) -> LanguageModel:
    """A copy with adapters and rows that change something."""
    copy = build(model.config)
    copy.load_state_dict(model.state_dict())
    adapt(copy, 4, 8, tokens=IDS, **settings)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for weight in copy.parameters():
            if weight.requires_grad:
                weight.add_(0.1 * torch.randn(weight.shape, generator=generator))
    copy.refresh()
    return copy.eval()


def by_parts(model: LanguageModel) -> Tensor:
    hidden = model.hidden(TOKENS[:, :-1])
    flat = model.logits(hidden).flatten(0, 1)
    return functional.cross_entropy(flat, TOKENS[:, 1:].flatten())


def fused(model: LanguageModel) -> Tensor:
    return output_loss(model, model.hidden(TOKENS[:, :-1]), TOKENS[:, 1:])


def of_answers(model: LanguageModel) -> Tensor:
    counted = torch.ones_like(TOKENS[:, 1:], dtype=torch.bool)
    return answer_log_probabilities(model, TOKENS[:, :-1], TOKENS[:, 1:], counted).sum()


# ---- gradients -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [by_parts, fused, of_answers])
@pytest.mark.parametrize(
    ("family", "tied"),
    [("qwen3", True), ("gemma3", True), ("gpt2", True), ("llama", False), ("mixtral", False)],
)
def test_rows_get_the_gradient_of_the_whole_table(family: str, tied: bool, how: Any) -> None:
    mine = adapted(base(family, tied)).double()
    mine.refresh()
    how(mine).backward()
    [*found] = [w.grad for n, w in mine.named_parameters() if n.endswith("rows.values")]
    assert len(found) == (1 if tied else 2)
    plain = base(family, tied).double()
    merge(plain, adapter_of(mine, values(mine)))  # In fp32: the figures that were trained.
    for table in (plain.embedding, plain.output_layer):
        assert table is not None
        table.weight.requires_grad_(True)
    how(plain).backward()
    expected = [plain.embedding.weight.grad]
    if not tied:
        assert plain.output_layer is not None
        expected.append(plain.output_layer.weight.grad)
    near = {"rtol": 1e-4, "atol": 1e-6}  # The losses take their softmax in fp32.
    for mine_grad, grad in zip(found, expected, strict=True):
        assert mine_grad is not None and grad is not None and mine_grad.abs().max() > 0
        torch.testing.assert_close(mine_grad, grad[list(IDS)].to(mine_grad), **near)
    assert all(w.grad is None for w in mine.parameters() if not w.requires_grad)


@pytest.mark.parametrize("tied", [True, False])
def test_products_of_rows_are_exact_in_float64(tied: bool) -> None:
    model = adapted(base("llama", tied)).double()
    model.refresh()
    embedding, head = model.embedding, model.output_layer
    assert isinstance(embedding, TrainedEmbedding) and isinstance(head, TrainedHead)
    table = embedding.weight.detach().clone().requires_grad_()
    other = table if tied else head.weight.detach().clone().requires_grad_()
    slope = torch.randn(2, 16, 300, dtype=torch.float64)
    expected = functional.embedding(TOKENS, table).tanh() @ other.T
    expected.backward(slope)
    found = head(embedding(TOKENS).tanh())
    found.backward(slope)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)
    for layer, whole in ((embedding, table), (head, other)):
        assert whole.grad is not None
        torch.testing.assert_close(
            layer.rows.values.grad, whole.grad[list(IDS)], rtol=1e-11, atol=1e-11
        )


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("tied", [True, False])
def test_steps_change_these_rows_only_in_all_pieces_alike(tied: bool, dtype: Any) -> None:
    batch = Batch(TOKENS[:, :-1].contiguous(), TOKENS[:, 1:].contiguous(), None)
    ends: list[dict[str, Tensor]] = []
    for piece in (2, 1):
        model = base("llama", tied)
        before = model.embedding.weight.detach().clone()
        adapt(model, 4, 8, tokens=IDS, precision="int8")
        stepper = Stepper(model, dtype, RATES, "adamw", 0.9, 0.3, 1.0)
        losses = [float(stepper.step(batch, piece, 1.0).loss) for _ in range(30)]
        assert losses[-1] < losses[0] - 0.5
        after = model.embedding.weight
        assert (after.double() - before).abs().amax(1).topk(3).indices.sort().values.tolist() == list(IDS)  # fmt: skip
        others = [token for token in range(300) if token not in IDS]
        assert torch.equal(after[others], before[others].to(dtype))
        rows = stepper.masters["model.embed_tokens.rows.values"]
        assert torch.equal(after[list(IDS)], rows.to(dtype))
        ends.append({name: master.clone() for name, master in stepper.masters.items()})
    if dtype == torch.float32:
        for name, master in ends[0].items():
            torch.testing.assert_close(ends[1][name], master, rtol=1e-2, atol=5e-3)


def test_rows_are_not_decayed() -> None:
    model = made("qwen3")
    adapt(model, 4, 8, tokens=IDS)
    stepper = Stepper(model, torch.float32, RATES, "adamw", 0.9, 0.5, 1.0)
    before = {name: master.clone() for name, master in stepper.masters.items()}
    stepper.optimiser.step({n: torch.zeros_like(m) for n, m in before.items()}, 1.0)
    for name, master in stepper.masters.items():
        assert torch.equal(master, before[name]) == (name.endswith(("values", "lora_b")))


@pytest.mark.parametrize("tied", [True, False])
def test_the_plan_counts_them(tied: bool) -> None:
    model = adapted(base("llama", tied))
    shape = Shape(2, 64, 2, 2, 32, 96, tied, "llama")
    recipe = Recipe(method="lora", lora_rank=4, objective="chat")
    assert sum(w.numel() for w in values(model).values()) == trained_parameters(recipe, shape, 3)
    without = recipe.model_copy(update={"lora_tokens": False})
    rows = 3 * 64 * (1 if tied else 2)
    assert trained_parameters(without, shape, 3) == trained_parameters(recipe, shape, 3) - rows


@pytest.mark.parametrize("objective", ["causal", "chat", "preference", "distil"])
@pytest.mark.parametrize("method", ["full", "lora"])
def test_only_adapters_that_learn_to_answer_have_them(objective: Any, method: Any) -> None:
    recipe = Recipe(method=method, objective=objective)
    expected = method == "lora" and objective in ("chat", "preference")
    assert applies("lora_tokens", recipe, True) == trains_tokens(recipe) == expected


# ---- peft ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("family", DECODERS)
def test_peft_loads_our_rows_and_we_read_them_back(family: str, tied: bool, tmp_path: Path) -> None:
    model = base(family, tied)
    assert bool(model.tied) == tied
    mine = adapted(model, dora=family == "llama")
    theirs = foreign(model, tmp_path / "base")
    folder = tmp_path / "adapter"
    folder.mkdir()
    write_peft(folder, mine, adapter_of(mine, values(mine)), str(tmp_path / "base"))
    stored = load_file(folder / "adapter_model.safetensors")
    assert sum("trainable_tokens_delta" in name for name in stored) == (1 if tied else 2)
    expected = logits(mine)
    wrapped = with_peft(theirs, folder)
    torch.testing.assert_close(logits(wrapped), expected, rtol=0, atol=1e-4)
    copy = build(model.config)
    copy.load_state_dict(model.state_dict())
    merge(copy.eval(), read_peft(folder, model))
    torch.testing.assert_close(logits(copy), expected, rtol=0, atol=1e-4)
    assert (copy.embedding.weight is copy.output_weight) == tied
    without = build(model.config)
    without.load_state_dict(copy.state_dict())
    for table in {id(t): t for t in (without.embedding, without.output_layer)}.values():
        assert table is not None
        with torch.no_grad():
            table.weight.copy_(model.embedding.weight if table is without.embedding else model.output_weight)  # fmt: skip
    assert (logits(without.eval()) - expected).abs().max() > 0.01


@pytest.mark.parametrize(
    ("family", "tied", "indices"),
    [
        ("qwen3", True, list(IDS)),
        ("llama", True, {"embed_tokens": list(IDS), "lm_head": list(IDS)}),
        ("llama", False, list(IDS)),
        ("llama", False, {"embed_tokens": [7, 290], "lm_head": [11]}),
        ("llama", False, {"lm_head": list(IDS)}),
        ("gpt2", True, list(IDS)),
        ("gpt1", True, {"tokens_embed": [290, 7]}),
        ("gpt3", True, list(IDS)),
        ("gemma3", True, {"embed_tokens": list(IDS)}),
    ],
)
def test_rows_that_peft_trained_are_read(
    family: str, tied: bool, indices: Any, tmp_path: Path
) -> None:
    from peft import LoraConfig, get_peft_model

    model = base(family, tied)
    theirs = foreign(model, tmp_path / "base")
    targets = {"gpt1": ["c_attn"], "gpt2": ["c_attn"]}.get(family, ["q_proj"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = LoraConfig(r=3, target_modules=targets, trainable_token_indices=indices)
        wrapped = get_peft_model(theirs, config).eval()
        torch.manual_seed(6)
        with torch.no_grad():
            for name, weight in wrapped.named_parameters():
                if "lora_" in name or "tokens_delta" in name:
                    weight.add_(0.1 * torch.randn_like(weight))
        expected = logits(wrapped)
        wrapped.save_pretrained(tmp_path / "adapter")
    before = logits(model)
    adapter = read_peft(tmp_path / "adapter", model)
    assert adapter.tokens == (2 if family == "gpt1" else 3)
    merge(model, adapter)
    torch.testing.assert_close(logits(model), expected, rtol=0, atol=1e-4)
    assert (expected - before).abs().max() > 0.01


@pytest.mark.parametrize(
    ("indices", "words"),
    [
        ([7, 11], "embed_tokens.*does not fit"),
        ([7, 11, 300], "embed_tokens.*does not fit"),
        ([7, 7, 11], "embed_tokens.*does not fit"),
        ({"lm_head": [7, 11, 290]}, "embed_tokens.*does not fit"),
        (None, "embed_tokens.*does not fit"),
    ],
)
def test_rows_that_do_not_fit_are_refused(indices: Any, words: str, tmp_path: Path) -> None:
    mine = adapted(made("qwen3"))
    write_peft(tmp_path, mine, adapter_of(mine, values(mine)), "base")
    hurt_config(tmp_path, trainable_token_indices=indices)
    with pytest.raises(Unsuitable, match=words):
        read_peft(tmp_path, made("qwen3"))


def test_two_sides_of_one_table_and_rows_of_an_encoder_are_refused(tmp_path: Path) -> None:
    mine = adapted(made("qwen3"))
    write_peft(tmp_path, mine, adapter_of(mine, values(mine)), "base")
    file = tmp_path / "adapter_model.safetensors"
    tensors = load_file(file)
    key = "base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta"
    tensors[key.replace("model.embed_tokens", "lm_head")] = tensors[key] + 1
    save_file(tensors, file)
    hurt_config(tmp_path, trainable_token_indices={"embed_tokens": IDS, "lm_head": IDS})
    with pytest.raises(Unsuitable, match="trainable_token_indices"):
        read_peft(tmp_path, made("qwen3"))
    with pytest.raises(Unsuitable, match="trainable_token_indices"):
        read_peft(tmp_path, made("bert"))
    with pytest.raises(ValueError, match="Model"):
        adapt(made("bert"), 4, 8, tokens=IDS)
