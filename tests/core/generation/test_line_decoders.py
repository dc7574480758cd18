"""Writing with every modern family: block by block and token by token as in one forward pass."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from core.families.gemma3 import Gemma3Config
from core.families.llama import LlamaConfig
from core.families.mistral import MistralConfig
from core.families.mixtral import MixtralConfig
from core.families.qwen2 import Qwen2Config
from core.families.qwen3_moe import Qwen3MoeConfig
from core.families.rotary import RotaryConfig, Scaling
from core.families.smollm3 import SmolLM3Config
from core.models.cached import CachedDecoder
from core.models.decoder import Decoder, exact_decoder, is_dense
from core.models.matrices import Precision
from core.models.registry import build
from core.models.rotary_decoder import cache
from core.models.rotary_decoder.decode import CpuDecoder
from core.models.rotary_decoder.graphed import GraphedDecoder
from core.models.rotary_decoder.model import RotaryDecoder

SIZES: dict[str, Any] = {
    "vocabulary": 300, "layers": 3, "width": 64, "heads": 4, "kv_heads": 2, "head_size": 16,
    "feed_forward": 96, "context": 48, "tied": False,
}  # fmt: skip
LLAMA3 = Scaling("llama3", 8.0, original=24)
CONFIGS: dict[str, RotaryConfig] = {
    "llama": LlamaConfig(**SIZES, scaling=LLAMA3, inner_bias=True, output_bias=True),
    "mistral": MistralConfig(**SIZES, windows=(7,) * 3),
    "qwen2": Qwen2Config(**SIZES, windows=(None, 9, 9)),
    "gemma3": Gemma3Config(
        **SIZES | {"tied": True}, rope_theta=1e6, windows=(5, 5, None), query_scalar=24.0
    ),
    "smollm3": SmolLM3Config(**SIZES, rotating=(True, False, True), query_bias=True),
    "mixtral": MixtralConfig(**SIZES, experts=5, chosen=2, windows=(11,) * 3),
    "qwen3_moe": Qwen3MoeConfig(**SIZES, experts=6, chosen=3),
}
DENSE = [key for key in CONFIGS if key not in ("mixtral", "qwen3_moe")]
TOKENS = torch.randint(0, 300, (40,), generator=torch.Generator().manual_seed(3)).tolist()


def made(config: RotaryConfig) -> RotaryDecoder:
    draw, model = torch.Generator().manual_seed(8), build(config)
    assert isinstance(model, RotaryDecoder)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            random = torch.randn(weight.shape, generator=draw)
            weight.copy_(random * 0.15 + (1.0 if "norm" in name else 0.0))
    return model.eval()


def logits_of(decoder: Decoder, prompt: int) -> np.ndarray:
    """After each of TOKENS from number `prompt` on: the first through a block, then step by step."""
    rows = [decoder.prompt(TOKENS[:prompt])]
    rows += [decoder.step(token) for token in TOKENS[prompt:]]
    assert decoder.length == len(TOKENS)
    return np.stack(rows)


def wanted(model: RotaryDecoder, prompt: int) -> np.ndarray:
    with torch.no_grad():
        return model(torch.tensor([TOKENS]))[0, prompt - 1 :].float().numpy()


@pytest.mark.parametrize("key", CONFIGS)
@pytest.mark.parametrize("prompt", [1, 17])
def test_every_decoder_gives_the_logits_of_one_pass(key: str, prompt: int) -> None:
    model = made(CONFIGS[key])
    decoders: list[Decoder] = [CachedDecoder(model)]
    if is_dense(model):
        decoders += [CpuDecoder(model), GraphedDecoder(model)]
    for decoder in decoders:
        assert np.abs(logits_of(decoder, prompt) - wanted(model, prompt)).max() < 1e-4


@pytest.mark.parametrize("key", CONFIGS)
def test_dense_families_write_with_the_fast_decoder(key: str) -> None:
    kind = CpuDecoder if key in DENSE else CachedDecoder
    assert type(exact_decoder(made(CONFIGS[key]))) is kind


@pytest.mark.parametrize("key", DENSE)
@pytest.mark.parametrize("precision", ["bf16", "int8"])
def test_rounded_weights_change_logits_by_about_their_rounding(
    key: str, precision: Precision
) -> None:
    model = made(CONFIGS[key])
    exact = wanted(model, 5)
    for block in (torch.float32, torch.bfloat16):
        error = logits_of(CpuDecoder(model, precision, block), 5) - exact
        assert error.std() < 0.06 * exact.std()


@pytest.mark.parametrize("key", ["mistral", "gemma3"])
def test_losses_are_those_of_a_forward_pass(key: str) -> None:
    model = made(CONFIGS[key])
    with torch.no_grad():
        logits = model(torch.tensor([TOKENS[:-1]]))[0].double()
    losses = torch.nn.functional.cross_entropy(logits, torch.tensor(TOKENS[1:]), reduction="none")
    assert torch.allclose(CpuDecoder(model).losses(TOKENS).double(), losses, atol=1e-5)


@pytest.mark.parametrize("key", ["llama", "gemma3", "mixtral"])
def test_long_contexts_take_their_room_as_it_is_filled(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "AT_ONCE", 4)
    model = made(dataclasses.replace(CONFIGS[key], context=1 << 17))
    decoders: list[Decoder] = [CachedDecoder(model)]
    if is_dense(model):
        decoders += [CpuDecoder(model), GraphedDecoder(model)]
    for decoder in decoders:
        assert np.abs(logits_of(decoder, 3) - wanted(model, 3)).max() < 1e-4
    assert model.new_cache(1, torch.device("cpu"), torch.float32).room == 4
