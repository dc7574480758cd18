"""GPT-1, GPT-2 and GPT-3 against transformers' own, and against themselves with a cache."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import Tensor

from core.errors import Damaged
from core.families.registry import FAMILIES, config_for
from core.families.shape import Shape
from core.models.cached import CachedDecoder
from core.models.learned import LearnedDecoder
from core.models.load import load_model, save_weights
from core.models.registry import build, initialise
from core.objectives import causal
from core.reasons import Unsuitable
from core.tokenizer.roles import TokenRoles
from core.training.optimiser import Rates
from core.training.stepper import Stepper

KEYS = ("gpt1", "gpt2", "gpt3")
ROLES = TokenRoles.only(0)
VOCABULARY, CONTEXT = 211, 300
WINDOW = 256
THEIRS: dict[str, tuple[Any, Any]] = {
    "gpt1": (transformers.OpenAIGPTConfig, transformers.OpenAIGPTLMHeadModel),
    "gpt2": (transformers.GPT2Config, transformers.GPT2LMHeadModel),
    "gpt3": (transformers.GPTNeoConfig, transformers.GPTNeoForCausalLM),
}
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    ("gpt1", {}),
    ("gpt1", {"afn": "relu", "tie_word_embeddings": False}),
    ("gpt2", {}),
    ("gpt2", {"scale_attn_by_inverse_layer_idx": True, "n_inner": 100}),
    ("gpt2", {"scale_attn_weights": False, "activation_function": "gelu"}),
    ("gpt2", {"reorder_and_upcast_attn": True}),
    ("gpt3", {}),
    ("gpt3", {"attention_types": [[["local"], 1], [["global"], 2]], "window_size": 9}),
    ("gpt3", {"tie_word_embeddings": False}),
]


def _config(key: str, layers: int = 3, width: int = 60) -> Any:
    shape = Shape(layers, width, 3, 3, width // 3, 4 * width, True, key)
    return FAMILIES[key].config.from_shape(shape, VOCABULARY, CONTEXT)


def _theirs(key: str, changes: dict[str, Any], layers: int = 3) -> Any:
    """A model of transformers with random weights everywhere, norms and biases too."""
    config, model = THEIRS[key]
    data = _config(key, layers).to_transformers(ROLES) | changes
    torch.manual_seed(0)
    made = model(config(**{n: value for n, value in data.items() if n != "model_type"})).eval()
    with torch.no_grad():
        for weight in made.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
    return made


def _ours(key: str, layers: int = 3) -> LearnedDecoder:
    torch.manual_seed(0)
    model = build(_config(key, layers))
    assert isinstance(model, LearnedDecoder)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(torch.randn_like(weight) * 0.2)
    return model.eval()


def _tokens(rows: int = 2, length: int = CONTEXT, seed: int = 1) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randint(0, VOCABULARY, (rows, length), generator=draw)


@pytest.mark.parametrize(("key", "changes"), VARIANTS)
def test_a_folder_of_transformers_gives_its_logits_and_ours_gives_them_back(
    key: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    theirs = _theirs(key, changes)
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    tokens = _tokens()
    with torch.no_grad():
        wanted = theirs(tokens).logits
        assert (ours(tokens) - wanted).abs().max() < 1e-4
    assert ours.config.parameters == theirs.num_parameters()
    assert ours.config == config_for(ours.config.to_transformers(ROLES))

    (tmp_path / "config.json").write_text(json.dumps(ours.config.to_transformers(ROLES)))
    save_weights(ours, tmp_path / "model.safetensors")
    back, info = THEIRS[key][1].from_pretrained(tmp_path, output_loading_info=True)
    assert not any(info.values()), info
    with torch.no_grad():
        assert (back(tokens).logits - wanted).abs().max() < 1e-4


@pytest.mark.parametrize("key", KEYS)
def test_training_attends_as_inference_does(key: str) -> None:
    model, tokens = _ours(key), _tokens()
    lean = model(tokens)
    with torch.no_grad():
        assert torch.allclose(lean, model(tokens), atol=1e-4)


def test_a_local_layer_sees_its_window_and_no_more() -> None:
    model = _ours("gpt3", layers=2)
    attention = [block.attn.window for block in model.transformer.h]  # type: ignore[union-attr]
    assert attention == [None, WINDOW]
    block: Any = model.transformer.h[1].double()
    with torch.no_grad():
        x = torch.randn(1, CONTEXT, 60, dtype=torch.float64) / 10
        y = x.clone()
        y[0, 0, 0] += 1.0  # Of the whole row the norm would see nothing.
        mask = model._mask(x, 0, None, WINDOW)
        changed = (block(x, mask, None, 1) != block(y, mask, None, 1)).any(-1)[0]
    assert changed[:WINDOW].all()
    assert not changed[WINDOW:].any()


@pytest.mark.parametrize("key", KEYS)
def test_a_cache_gives_the_logits_of_the_whole(key: str) -> None:
    model, tokens = _ours(key), _tokens()
    cache = model.new_cache(2, torch.device("cpu"), torch.float32)
    with torch.no_grad():
        whole = model(tokens)
        parts = [model(tokens[:, :9], cache), model(tokens[:, 9:270], cache)]
        parts += [model(tokens[:, i : i + 1], cache) for i in range(270, CONTEXT)]
    assert cache.length == CONTEXT
    assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-4)


@pytest.mark.parametrize("key", KEYS)
def test_writing_token_by_token_gives_the_logits_of_the_whole(key: str) -> None:
    model, tokens = _ours(key), _tokens(1, 12)
    decoder = CachedDecoder(model)
    found = [torch.tensor(decoder.prompt(tokens[0, :5].tolist()))]
    found += [torch.tensor(decoder.step(int(token))) for token in tokens[0, 5:]]
    with torch.no_grad():
        whole = model(tokens)[0, 4:]
    assert torch.allclose(torch.stack(found), whole, atol=1e-4)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("training", [True, False])
def test_attention_stays_inside_a_document(key: str, training: bool) -> None:
    model, tokens = _ours(key), _tokens(1, 40)
    documents = torch.tensor([[0] * 17 + [1] * 23])
    other = tokens.clone()
    other[0, :17] = _tokens(1, 17, seed=2)
    with torch.set_grad_enabled(training):
        first = model(tokens, None, documents)
        second = model(other, None, documents)
    assert torch.equal(first[0, 17:], second[0, 17:])
    assert not torch.allclose(first[0, :17], second[0, :17], atol=1e-2)


@pytest.mark.parametrize("key", KEYS)
def test_a_token_beyond_the_last_position_is_refused(key: str) -> None:
    model = _ours(key, layers=1)
    with pytest.raises(ValueError, match="positions"):
        model(_tokens(1, CONTEXT + 1))


@pytest.mark.parametrize("key", KEYS)
def test_recomputing_blocks_changes_no_gradient(key: str) -> None:
    model, tokens = _ours(key), _tokens(2, 20)
    found: list[dict[str, Tensor]] = []
    for again in (False, True):
        model.checkpointing = again
        model.zero_grad()
        causal.loss(model, tokens[:, :-1], tokens[:, 1:], None).backward()
        found.append({n: w.grad.clone() for n, w in model.named_parameters() if w.grad is not None})
    assert set(found[0]) == {name for name, _ in model.named_parameters()}
    for name, gradient in found[0].items():
        assert torch.equal(gradient, found[1][name]), name


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("optimiser", ["muon", "adamw"])
def test_it_begins_at_the_loss_of_chance_and_learns_a_text_by_heart(
    key: str, optimiser: str
) -> None:
    model = build(_config(key, 2, 96))
    initialise(model, 1)
    tokens = _tokens(4, 33)
    batch = causal.Batch(tokens[:, :-1], tokens[:, 1:], None)
    rates = Rates(0.02, 0.02, 0.01) if optimiser == "muon" else Rates(0.004, 0.01, 0.004)
    stepper = Stepper(model, torch.float32, rates, optimiser, 0.9, 0.0, 1.0)
    losses = [float(stepper.step(batch, 4, 1.0).loss) for _ in range(60)]
    assert losses[0] == pytest.approx(math.log(VOCABULARY), abs=1e-3)
    assert losses[-1] < 0.1


@pytest.mark.parametrize("key", KEYS)
def test_names_that_published_files_use_are_understood(key: str, tmp_path: Path) -> None:
    _theirs(key, {}).save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    wanted = load_model(tmp_path).state_dict()
    weights = {name.removeprefix("transformer."): w for name, w in load_file(file).items()}
    inner = "attn.attention" if key == "gpt3" else "attn"
    weights[f"h.0.{inner}.bias"] = torch.ones(1, 1, 8, 8)
    weights[f"h.0.{inner}.masked_bias"] = torch.tensor(-1e9)
    weights["lm_head.weight"] = next(w for n, w in weights.items() if n.endswith(("wte.weight", "tokens_embed.weight"))).clone()  # fmt: skip
    save_file(weights, file)
    found = load_model(tmp_path).state_dict()
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


@pytest.mark.parametrize("key", KEYS)
def test_weights_of_another_size_are_told_apart(key: str, tmp_path: Path) -> None:
    _theirs(key, {}).save_pretrained(tmp_path)
    (tmp_path / "config.json").write_text(
        json.dumps(_config(key, width=120).to_transformers(ROLES))
    )
    with pytest.raises(Damaged, match="do not fit"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("gpt1", {"afn": "unheard-of"}),
        ("gpt1", {"n_head": 7}),
        ("gpt2", {"add_cross_attention": True}),
        ("gpt2", {"activation_function": "unheard-of"}),
        ("gpt2", {"n_positions": 0}),
        ("gpt2", {"n_embd": 10**9}),
        ("gpt3", {"attention_types": [[["global"], 2]]}),
        ("gpt3", {"attention_layers": ["global"]}),
        ("gpt3", {"attention_types": [[["sideways"], 3]]}),
        ("gpt3", {"attention_types": [[["global"], 10**12]]}),
        ("gpt3", {"window_size": 0}),
    ],
)
def test_what_is_not_built_is_refused_before_anything_is_allocated(
    key: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(Unsuitable):
        config_for(_config(key).to_transformers(ROLES) | changes)


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_size_is_a_missing_key(key: str) -> None:
    data = _config(key).to_transformers(ROLES)
    with pytest.raises(KeyError):
        config_for({name: value for name, value in data.items() if name != "vocab_size"})


@pytest.mark.parametrize(("layers", "kinds"), [(1, "G"), (2, "GL"), (5, "GLGLG")])
def test_every_second_layer_of_a_gpt3_is_local(layers: int, kinds: str) -> None:
    data = _config("gpt3", layers).to_transformers(ROLES)
    config = transformers.GPTNeoConfig(**{n: v for n, v in data.items() if n != "model_type"})
    assert "".join(kind[0].upper() for kind in config.attention_layers) == kinds
