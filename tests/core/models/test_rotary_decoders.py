"""Modern decoders against transformers, both ways, with random weights and every option on."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, Gemma3ForConditionalGeneration
from transformers import Gemma3Config as Gemma3TheirConfig

from core.errors import Damaged
from core.families.gemma3 import Gemma3Config
from core.families.llama import LlamaConfig
from core.families.mistral import MistralConfig
from core.families.mixtral import MixtralConfig
from core.families.qwen2 import Qwen2Config
from core.families.qwen3_moe import Qwen3MoeConfig
from core.families.rotary import RotaryConfig, Scaling
from core.families.smollm3 import SmolLM3Config
from core.families.sparse import SparseConfig
from core.files import write_json
from core.models.load import CONFIG, WEIGHTS, load_model, save_weights
from core.models.registry import build, model_for
from core.models.rotary_decoder.model import RotaryDecoder
from core.tokenizer.roles import TokenRoles

SIZES: dict[str, Any] = {
    "vocabulary": 97, "layers": 4, "width": 64, "heads": 4, "kv_heads": 2, "head_size": 16,
    "feed_forward": 96, "context": 48, "tied": False,
}  # fmt: skip
LLAMA3 = Scaling("llama3", 8.0, low=1.0, high=4.0, original=24)
LINEAR = Scaling("linear", 4.0)
CONFIGS: dict[str, RotaryConfig] = {
    "llama": LlamaConfig(**SIZES),
    "llama 3": LlamaConfig(**SIZES | {"tied": True}, rope_theta=5e5, scaling=LLAMA3),
    "llama with every bias": LlamaConfig(
        **SIZES, query_bias=True, output_bias=True, inner_bias=True, scaling=LINEAR
    ),
    "mistral": MistralConfig(**SIZES, windows=(7,) * 4),
    "mistral without a window": MistralConfig(**SIZES | {"head_size": 32}, rope_theta=1e6),
    "qwen2": Qwen2Config(**SIZES | {"tied": True}, rope_theta=1e6),
    "qwen2 with windows above": Qwen2Config(**SIZES, windows=(None, None, 9, 9)),
    "gemma 3": Gemma3Config(
        **SIZES | {"tied": True}, rope_theta=1e6, scaling=LINEAR, windows=(5, 5, None, 5),
        query_scalar=24.0,
    ),
    "gemma 3 with biases": Gemma3Config(
        **SIZES, query_bias=True, output_bias=True, windows=(3, None, 3, None), local_theta=5e3
    ),
    "smollm3": SmolLM3Config(**SIZES | {"tied": True}, rotating=(True, True, True, False)),
    "smollm3 with all options": SmolLM3Config(
        **SIZES, rotating=(False, True, False, True), windows=(6, None, 6, None), query_bias=True,
        output_bias=True, inner_bias=True, scaling=LLAMA3,
    ),
    "mixtral": MixtralConfig(**SIZES, experts=5, chosen=2, windows=(11,) * 4),
    "mixtral of one expert": MixtralConfig(**SIZES | {"tied": True}, experts=4, chosen=1),
    "qwen3 moe": Qwen3MoeConfig(**SIZES | {"tied": True}, experts=6, chosen=3),
    "qwen3 moe with dense layers": Qwen3MoeConfig(
        **SIZES, experts=4, chosen=2, shared_out=False, dense_layers=(0, 2), dense_feed_forward=80,
        query_bias=True, output_bias=True, windows=(13,) * 4, balance=0.001,
    ),
}  # fmt: skip
configs = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())


def random_model(config: RotaryConfig) -> RotaryDecoder:
    """Every weight random, norms and biases too, so that nothing hides behind a one or a zero."""
    torch.manual_seed(3)
    model = build(config)
    assert isinstance(model, RotaryDecoder)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.copy_(torch.randn_like(weight) * 0.15 + (1.0 if "norm" in name else 0.0))
    return model.eval()


def saved(model: RotaryDecoder, folder: Path) -> Path:
    save_weights(model, folder / WEIGHTS)
    write_json(folder / CONFIG, model.config.to_transformers(TokenRoles.only(0)))
    return folder


def some_tokens(config: RotaryConfig, rows: int = 2) -> torch.Tensor:
    return torch.randint(config.vocabulary, (rows, config.context))


@configs
def test_transformers_and_we_load_each_others_folders_and_agree(
    config: RotaryConfig, tmp_path: Path
) -> None:
    model, tokens = random_model(config), some_tokens(config)
    theirs, report = AutoModelForCausalLM.from_pretrained(
        saved(model, tmp_path), output_loading_info=True, dtype=torch.float32
    )
    assert type(theirs).__name__ == config.architecture
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    again = tmp_path / "again"
    theirs.save_pretrained(again)
    ours = load_model(again)
    assert ours.config == config
    with torch.no_grad():
        wanted = theirs.eval()(tokens).logits
        assert (wanted - model(tokens)).abs().max() < 1e-4
        assert (wanted - ours(tokens)).abs().max() < 1e-4


@configs
def test_the_number_of_parameters_is_exact(config: RotaryConfig) -> None:
    with torch.device("meta"):
        model = build(config)
    assert config.parameters == sum(p.numel() for p in model.parameters())


@configs
def test_streaming_through_the_cache_gives_the_logits_of_one_pass(config: RotaryConfig) -> None:
    model, tokens = random_model(config), some_tokens(config)
    cache = model.new_cache(2, torch.device("cpu"), torch.float32)
    with torch.inference_mode():
        parts = [model(part, cache) for part in tokens.split([1, 20, 1, 1, 25], 1)]
        whole = model(tokens)
    assert cache.length == config.context
    assert (torch.cat(parts, 1) - whole).abs().max() < 1e-5


@configs
def test_training_computes_what_inference_does(config: RotaryConfig) -> None:
    model, tokens = random_model(config), some_tokens(config)
    documents = (torch.arange(config.context) // 17)[None].repeat(2, 1)
    with torch.no_grad():
        wanted = model(tokens, documents_BT=documents)
    assert (model(tokens, documents_BT=documents) - wanted).abs().max() < 1e-4
    with torch.no_grad():
        alone = model(tokens[:, 17:34])
    assert (wanted[:, 17:34] - alone).abs().max() < 1e-4


def test_windows_change_what_is_seen() -> None:
    config = CONFIGS["mistral"]
    model, tokens = random_model(config), some_tokens(config)
    wide = random_model(dataclasses.replace(config, windows=()))
    with torch.no_grad():
        same = (model(tokens) - wide(tokens)).abs().amax((0, 2)) < 1e-5
    assert same.tolist() == [place < 7 for place in range(config.context)]


SPARSE = [name for name, config in CONFIGS.items() if isinstance(config, SparseConfig)]


@pytest.mark.parametrize("name", SPARSE)
def test_experts_are_written_as_published_and_read_from_either_layout(
    name: str, tmp_path: Path
) -> None:
    config = CONFIGS[name]
    assert isinstance(config, SparseConfig)
    model = random_model(config)
    kept = load_file(saved(model, tmp_path) / WEIGHTS)
    published = {
        "mixtral": "model.layers.1.block_sparse_moe.experts.3.w2.weight",
        "qwen3_moe": "model.layers.1.mlp.experts.3.down_proj.weight",
    }[config.model_type]
    assert torch.equal(
        kept[published], model.get_parameter("model.layers.1.mlp.experts.down_proj")[3]
    )
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
    stacked = model.from_file({k: v for k, v in theirs.state_dict().items() if k not in model.tied})
    for weights in (stacked, model.from_file(kept)):
        assert all(torch.equal(weights[n], p) for n, p in model.named_parameters())
    del kept[published]
    save_file(kept, tmp_path / WEIGHTS)
    with pytest.raises(Damaged):
        load_model(tmp_path)


def test_the_text_part_of_a_model_that_sees_images_is_read() -> None:
    theirs = Gemma3ForConditionalGeneration(
        Gemma3TheirConfig(
            text_config=CONFIGS["gemma 3"].to_transformers(TokenRoles.only(0)),
            vision_config={"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
                           "intermediate_size": 16, "image_size": 28, "patch_size": 14},
            mm_tokens_per_image=4,
        )
    ).eval()  # fmt: skip
    data = json.loads(json.dumps(theirs.config.to_dict(), default=str))
    ours = model_for(data)
    assert ours.config == CONFIGS["gemma 3"]
    for old in (False, True):
        weights = {
            (k.replace("model.language_model.", "language_model.model.") if old else k): v
            for k, v in theirs.state_dict().items()
            if k != "lm_head.weight"
        }
        read = ours.from_file(weights)
        ours.load_state_dict(read | {"lm_head.weight": read["model.embed_tokens.weight"]})
        tokens = some_tokens(ours.config)
        with torch.no_grad():
            assert (theirs(tokens).logits - ours(tokens)).abs().max() < 1e-4
