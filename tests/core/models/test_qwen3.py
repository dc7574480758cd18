"""Our decoder against transformers' Qwen3ForCausalLM, both ways, with random weights."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, Qwen3ForCausalLM

from core.families.qwen3 import Qwen3Config
from core.files import write_json
from core.models.load import CONFIG, WEIGHTS, load_model, save_weights
from core.models.qwen3.init import initialise
from core.models.qwen3.model import KeyValueCache, Qwen3, attend
from core.objectives import causal
from core.tokenizer.roles import TokenRoles

PLAIN = Qwen3Config(
    vocabulary=97, layers=3, width=64, heads=4, kv_heads=4, head_size=16, feed_forward=96,
    context=48, tied=False,
)  # fmt: skip
CONFIGS = {
    "untied": PLAIN,
    "tied": dataclasses.replace(PLAIN, tied=True),
    "grouped queries": dataclasses.replace(PLAIN, kv_heads=2),
    "one key/value head": dataclasses.replace(PLAIN, kv_heads=1, tied=True),
    "heads wider than the width": dataclasses.replace(PLAIN, head_size=32, heads=4),
    "another rope and epsilon": dataclasses.replace(PLAIN, rope_theta=1e6, norm_epsilon=1e-5),
}
configs = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())


def random_model(config: Qwen3Config) -> Qwen3:
    """Every weight random, norms too, so that nothing hides behind a one or a zero."""
    torch.manual_seed(3)
    model = Qwen3(config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.copy_(torch.randn_like(weight) * 0.15 + (1.0 if "norm" in name else 0.0))
    return model.eval()


def saved(model: Qwen3, folder: Path) -> Path:
    save_weights(model, folder / WEIGHTS)
    write_json(folder / CONFIG, model.config.to_transformers(TokenRoles.only(0)))
    return folder


def some_tokens(config: Qwen3Config, rows: int = 2) -> torch.Tensor:
    return torch.randint(config.vocabulary, (rows, config.context))


@configs
def test_transformers_loads_our_folder_completely_and_gives_our_logits(
    config: Qwen3Config, tmp_path: Path
) -> None:
    model = random_model(config)
    theirs, report = AutoModelForCausalLM.from_pretrained(
        saved(model, tmp_path), output_loading_info=True, dtype=torch.float32
    )
    assert isinstance(theirs, Qwen3ForCausalLM)
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    tokens = some_tokens(config)
    with torch.no_grad():
        difference = (theirs.eval()(tokens).logits - model(tokens)).abs().max()
    assert difference < 1e-4


@configs
def test_we_load_what_transformers_saves_and_give_its_logits(
    config: Qwen3Config, tmp_path: Path
) -> None:
    theirs = AutoModelForCausalLM.from_pretrained(
        saved(random_model(config), tmp_path), dtype=torch.float32
    ).eval()
    again = tmp_path / "again"
    theirs.save_pretrained(again)
    ours = load_model(again)
    assert ours.config == config
    tokens = some_tokens(config)
    with torch.no_grad():
        difference = (theirs(tokens).logits - ours(tokens)).abs().max()
    assert difference < 1e-4


@configs
def test_the_number_of_parameters_is_exact(config: Qwen3Config) -> None:
    assert config.parameters == sum(p.numel() for p in Qwen3(config).parameters())


def test_a_tied_table_is_written_once(tmp_path: Path) -> None:
    model = random_model(CONFIGS["tied"])
    save_weights(model, tmp_path / WEIGHTS)
    assert "lm_head.weight" not in load_file(tmp_path / WEIGHTS)


@pytest.mark.parametrize("context", [48, 600], ids=["plain products", "scaled_dot_product"])
def test_documents_in_one_window_do_not_see_each_other(context: int) -> None:
    model = random_model(dataclasses.replace(PLAIN, context=context, layers=2))
    tokens = some_tokens(model.config, rows=1)
    cuts = [0, 11, 12, context // 2, context]
    documents = torch.zeros(1, context, dtype=torch.int64)
    for number, begin in enumerate(cuts[1:-1], 1):
        documents[:, begin:] = number
    with torch.no_grad():
        together = model(tokens, documents_BT=documents)
        alone = [model(tokens[:, a:b]) for a, b in itertools.pairwise(cuts)]
    assert (together - torch.cat(alone, 1)).abs().max() < 1e-4
    with torch.no_grad():
        assert (together - model(tokens)).abs().max() > 1e-2  # Otherwise nothing was tested.


@pytest.mark.parametrize("pieces", [[1] * 48, [5, 1, 30, 12], [48], [47, 1]], ids=str)
def test_streaming_through_the_cache_gives_the_logits_of_one_pass(pieces: list[int]) -> None:
    config = dataclasses.replace(PLAIN, kv_heads=2)
    model = random_model(config)
    tokens = some_tokens(config, rows=2)
    cache = KeyValueCache(config, 2, torch.device("cpu"), torch.float32)
    with torch.inference_mode():
        parts = [model(part, cache) for part in tokens.split(pieces, 1)]
        whole = model(tokens)
    assert cache.length == config.context
    assert (torch.cat(parts, 1) - whole).abs().max() < 1e-5


def test_both_ways_of_attending_agree() -> None:
    torch.manual_seed(0)
    q, k, v = (torch.randn(2, 4, 32, 16) for _ in range(3))
    mask = torch.full((32, 32), -1e4).triu(1)
    theirs = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert (attend(q, k, v, mask) - theirs).abs().max() < 1e-5


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("vocabulary", [97, 1024])
def test_the_first_loss_is_the_logarithm_of_the_vocabulary(tied: bool, vocabulary: int) -> None:
    config = dataclasses.replace(PLAIN, tied=tied, vocabulary=vocabulary)
    model = Qwen3(config)
    initialise(model, seed=5)
    tokens = torch.randint(vocabulary, (16, config.context + 1))
    loss = causal.loss(model, tokens[:, :-1], tokens[:, 1:], None)
    assert float(loss.detach()) == pytest.approx(math.log(vocabulary), abs=1e-5)


def test_initial_weights_depend_on_the_seed_alone() -> None:
    torch.manual_seed(1)
    one, two, other = Qwen3(PLAIN), Qwen3(PLAIN), Qwen3(PLAIN)
    initialise(one, seed=5)
    torch.manual_seed(2)
    initialise(two, seed=5)
    initialise(other, seed=6)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert not torch.equal(one.model.embed_tokens.weight, other.model.embed_tokens.weight)


@pytest.mark.parametrize(
    "change",
    [
        {"attention_bias": True},
        {"use_sliding_window": True},
        {"rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4}},
        {"rope_parameters": None, "rope_scaling": {"rope_type": "linear", "factor": 2.0}},
    ],
    ids=str,
)
def test_a_variant_that_is_not_built_is_refused_rather_than_computed_wrongly(
    change: dict[str, object],
) -> None:
    with pytest.raises(ValueError, match="not supported"):
        Qwen3Config.from_transformers({**PLAIN.to_transformers(TokenRoles.only(0)), **change})


def test_a_config_survives_transformers_spelling(tmp_path: Path) -> None:
    data = json.loads(json.dumps(PLAIN.to_transformers(TokenRoles.only(0))))
    assert Qwen3Config.from_transformers(data) == PLAIN
    del data["rope_parameters"]  # As older releases wrote it.
    assert Qwen3Config.from_transformers(data) == PLAIN
