"""LoRA and DoRA beside float64 references and peft; the layout of its files; int8 bases."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from core.errors import UsageError
from core.families.registry import FAMILIES
from core.families.shape import Shape
from core.models.adapters.adapt import adapt, adapter_of, is_adapted, linear_layers, merge
from core.models.adapters.frozen import Int8Base, require_precision
from core.models.adapters.linear import AdaptedLinear
from core.models.adapters.peft_files import read_peft, write_peft
from core.models.base import LanguageModel
from core.models.load import save_weights
from core.models.registry import build, initialise
from core.objectives.batch import Batch
from core.planning.adapters import trained_parameters
from core.reasons import Unsuitable
from core.recipe import Recipe
from core.tokenizer.roles import TokenRoles
from core.training.optimiser import Rates
from core.training.stepper import Stepper

SPARSE = ("mixtral", "qwen3_moe")
TOKENS = torch.randint(5, 300, (2, 16), generator=torch.Generator().manual_seed(1))


def shape(family: str) -> Shape:
    experts = (4, 2) if family in SPARSE else (0, 0)
    return Shape(2, 64, 2, 2, 32, 96, True, family, *experts)


def made(family: str = "qwen3") -> LanguageModel:
    """A small model whose every weight is somewhere."""
    model = build(FAMILIES[family].config.from_shape(shape(family), 300, 64))
    initialise(model, 3)
    generator = torch.Generator().manual_seed(4)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.05 * torch.randn(weight.shape, generator=generator))
    return model.eval()


def adapted(model: LanguageModel, **settings: Any) -> LanguageModel:
    """A copy with adapters that change something."""
    copy = build(model.config)
    copy.load_state_dict(model.state_dict())
    adapt(copy, 4, 8, **settings)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for weight in copy.parameters():
            if weight.requires_grad:
                weight.add_(0.1 * torch.randn(weight.shape, generator=generator))
    return copy.eval()


def values(model: LanguageModel) -> dict[str, Tensor]:
    return {name: w.detach() for name, w in model.named_parameters() if w.requires_grad}


def logits(model: Any) -> Tensor:
    with torch.no_grad():
        found = model(TOKENS)
    return found if isinstance(found, Tensor) else found.logits


# ---- the layer -----------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("dora", [False, True])
def test_a_layer_computes_and_learns_as_the_equations_say(dora: bool, bias: bool) -> None:
    torch.manual_seed(1)
    linear = nn.Linear(6, 5, bias=bias, dtype=torch.float64)
    layer = AdaptedLinear(linear, 3, 6.0, dora).double()
    for weight in layer.parameters():
        if weight.requires_grad:
            nn.init.normal_(weight, std=0.3)
    x = torch.randn(2, 4, 6, dtype=torch.float64, requires_grad=True)
    slope = torch.randn(2, 4, 5, dtype=torch.float64)
    a, b, w = layer.lora_a.detach(), layer.lora_b.detach(), linear.weight.detach()
    leaves = [x.detach().clone(), a.clone(), b.clone()]
    m: Tensor | None = None
    if layer.change is not None:
        leaves.append(layer.change.detach().clone())
    leaves = [leaf.requires_grad_() for leaf in leaves]
    whole = w + 2.0 * leaves[2] @ leaves[1]
    if dora:
        m = (1 + leaves[3]) * w.norm(dim=1)
        whole = (m / whole.norm(dim=1).detach())[:, None] * whole
    expected = leaves[0] @ whole.T + (linear.bias.detach() if bias else 0.0)
    expected.backward(slope)
    found = layer(x)
    found.backward(slope)
    own = [x, layer.lora_a, layer.lora_b] + ([] if layer.change is None else [layer.change])
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-12)
    for mine, reference in zip(own, leaves, strict=True):
        # DoRA keeps the squares of the base's rows in fp32.
        near = 1e-6 if dora else 1e-8
        torch.testing.assert_close(mine.grad, reference.grad, rtol=near, atol=near)
    assert all(w.grad is None for w in layer.parameters() if not w.requires_grad)


def test_an_int8_base_is_near_and_its_gradients_are_those_of_what_is_kept() -> None:
    torch.manual_seed(2)
    linear = nn.Linear(64, 48)
    kept = Int8Base(linear.weight).matrix(torch.float32)
    assert (kept - linear.weight).norm() < 0.01 * linear.weight.norm()
    with torch.no_grad():
        plain = nn.Linear(64, 48)
        plain.weight.copy_(kept)
        plain.bias.copy_(linear.bias)
    x = torch.randn(8, 64, requires_grad=True)
    one, two = AdaptedLinear(linear, 4, 8, True, "int8"), AdaptedLinear(plain, 4, 8, True)
    for layer in (one, two):
        nn.init.constant_(layer.lora_b, 0.1)
        layer.draw(torch.Generator().manual_seed(3))
    [first] = torch.autograd.grad(one(x).square().sum(), [x])
    [second] = torch.autograd.grad(two(x).square().sum(), [x])
    torch.testing.assert_close(first, second)


@pytest.mark.parametrize("dora", [False, True])
def test_a_fresh_adapter_changes_nothing(dora: bool) -> None:
    model = made()
    before = logits(model)
    adapt(model, 4, 8, dora=dora)
    torch.testing.assert_close(logits(model), before, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("precision", ["working", "int8"])
@pytest.mark.parametrize("dora", [False, True])
def test_a_batch_is_learnt_by_heart_and_only_adapters_change(dora: bool, precision: Any) -> None:
    model = made()
    with torch.no_grad():  # Its norm begins near zero, where nothing could be said louder.
        model.get_parameter("model.norm.weight").fill_(1.0)
    adapt(model, 16, 32, dora=dora, precision=precision)
    frozen = {n: t.clone() for n, t in model.state_dict().items() if n not in values(model)}
    stepper = Stepper(model, torch.float32, Rates(0.02, 0.02, 0.02), "adamw", 0.9, 0.0, 1.0)
    batch = Batch(TOKENS[:, :-1].contiguous(), TOKENS[:, 1:].contiguous(), None)
    losses = [float(stepper.step(batch, 2, 1.0).loss) for _ in range(90)]
    assert losses[0] > 5 and losses[-1] < 0.5
    after = model.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in frozen.items())
    assert set(stepper.masters) == set(values(model))


@pytest.mark.parametrize("targets", ["all", "attention"])
@pytest.mark.parametrize("family", ["qwen3", "gpt2", "bert"])
def test_the_plan_counts_what_is_trained(family: str, targets: Any) -> None:
    model = adapted(made(family), dora=True, targets=targets)
    recipe = Recipe(method="lora", lora_rank=4, dora=True, lora_targets=targets)
    assert sum(w.numel() for w in values(model).values()) == trained_parameters(
        recipe, shape(family)
    )


def test_int4_is_refused_where_it_cannot_be_computed() -> None:
    with pytest.raises(UsageError, match="choose int8"):
        require_precision("int4", torch.device("cpu"))


# ---- peft ----------------------------------------------------------------------------------------


def foreign(model: LanguageModel, folder: Path) -> Any:
    """transformers' model of the same weights."""
    from transformers import AutoModelForCausalLM, AutoModelForMaskedLM
    from transformers.utils import logging

    logging.set_verbosity_error()
    folder.mkdir()
    save_weights(model, folder / "model.safetensors")
    config = model.config.to_transformers(TokenRoles.only(0))
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    auto = AutoModelForMaskedLM if model.bidirectional else AutoModelForCausalLM
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return auto.from_pretrained(folder).eval()


def with_peft(theirs: Any, folder: Path) -> Any:
    from peft import PeftModel

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return PeftModel.from_pretrained(theirs, folder).eval()


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_peft_loads_our_adapter_and_we_read_it_back(family: str, tmp_path: Path) -> None:
    model = made(family)
    theirs = foreign(model, tmp_path / "base")
    for dora in (False, True):
        mine = adapted(model, dora=dora)
        folder = tmp_path / f"adapter-{dora}"
        folder.mkdir()
        adapter = adapter_of(mine, values(mine))
        write_peft(folder, mine, adapter, str(tmp_path / "base"))
        expected = logits(mine)
        assert (expected - logits(model)).abs().max() > 0.01
        wrapped = with_peft(theirs, folder)
        torch.testing.assert_close(logits(wrapped), expected, rtol=0, atol=1e-4)
        theirs = wrapped.unload()
        copy = build(model.config)
        copy.load_state_dict(model.state_dict())
        merge(copy.eval(), read_peft(folder, model))
        assert not is_adapted(copy)
        torch.testing.assert_close(logits(copy), expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("family", "changes"),
    [
        ("qwen3", {"target_modules": "all-linear", "rank_pattern": {"q_proj": 2}}),
        ("qwen3", {"target_modules": ["q_proj", "v_proj"], "use_dora": True}),
        ("gpt2", {"target_modules": ["c_attn", "c_proj", "c_fc"], "use_rslora": True}),
        ("gpt2", {"target_modules": ["c_attn"], "use_dora": True}),
        ("bert", {"target_modules": ["query", "value"], "layers_to_transform": [1]}),
    ],
)
def test_an_adapter_made_by_peft_is_read(
    family: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    from peft import LoraConfig, get_peft_model

    model = made(family)
    theirs = foreign(model, tmp_path / "base")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped = get_peft_model(theirs, LoraConfig(r=3, lora_alpha=5, **changes)).eval()
        torch.manual_seed(6)
        with torch.no_grad():
            for name, weight in wrapped.named_parameters():
                if "lora_" in name:
                    weight.add_(0.1 * torch.randn_like(weight))
        expected = logits(wrapped)
        wrapped.save_pretrained(tmp_path / "adapter")
    before = logits(model)
    merge(model, read_peft(tmp_path / "adapter", model))
    torch.testing.assert_close(logits(model), expected, rtol=0, atol=1e-4)
    assert (expected - before).abs().max() > 0.01


def hurt_config(folder: Path, **changes: Any) -> None:
    file = folder / "adapter_config.json"
    data = json.loads(file.read_text(encoding="utf-8")) | changes
    file.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"peft_type": "IA3"}, "IA3"),
        ({"bias": "all"}, "bias"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"init_lora_weights": "pissa"}, "init_lora_weights"),
    ],
)
def test_what_is_no_plain_lora_is_refused_by_name(
    changes: dict[str, Any], words: str, tmp_path: Path
) -> None:
    mine = adapted(made())
    write_peft(tmp_path, mine, adapter_of(mine, values(mine)), "base")
    hurt_config(tmp_path, **changes)
    with pytest.raises(Unsuitable, match=words):
        read_peft(tmp_path, made())


@pytest.mark.parametrize("how", ["other sizes", "another layer", "half a pair"])
def test_an_adapter_of_another_model_is_refused(how: str, tmp_path: Path) -> None:
    mine = adapted(made())
    write_peft(tmp_path, mine, adapter_of(mine, values(mine)), "base")
    file = tmp_path / "adapter_model.safetensors"
    tensors = load_file(file)
    key = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
    tensor = tensors.pop(key)
    if how == "other sizes":
        tensors[key] = tensor[:, :8].contiguous()
    elif how == "another layer":
        tensors[key] = tensor
        tensors[key.replace("layers.0", "layers.7")] = tensor.clone()
    save_file(tensors, file)
    with pytest.raises(Unsuitable, match=r"q_proj.*does not fit this base"):
        read_peft(tmp_path, made())


def test_attention_only_leaves_the_rest_alone() -> None:
    model = made("bert")
    names = linear_layers(model, "attention")
    assert len(names) == 8 and not any(name.endswith((".up", ".down")) for name in names)
