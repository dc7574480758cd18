"""The presets against what stands in the papers, copied from them a second time."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from core.config import build
from core.families.registry import FAMILIES, family_of
from core.families.shape import Shape
from core.planning.presets import preset_named, preset_settings, trainable
from core.planning.rates import warmup_of
from core.recipe import Recipe

PUBLISHED = [preset for preset in trainable() if not preset.school]
published = pytest.mark.parametrize("key", [preset.key for preset in PUBLISHED])


class Sizes(NamedTuple):
    """As printed: layers, width, heads, inner width, context, vocabulary."""

    layers: int
    width: int
    heads: int
    inner: int
    context: int
    vocabulary: int


class How(NamedTuple):
    """As printed; `steps` of warm-up, `batch` in windows (None: not published), share and shape of the
    decay, share of the rate at its end, Adam's β2 and ε, decay of weights, clipping, dropout."""

    rate: float
    batch: int
    steps: int
    share: float
    shape: str
    floor: float
    beta2: float
    epsilon: float | None
    decay: float
    clip: float
    dropout: float


# Radford et al. 2018, section 4.1; Adam and clipping: finetune-transformer-lm/train.py.
GPT1 = How(2.5e-4, 64, 2000, 1.0, "cosine", 0.0, 0.999, 1e-8, 0.01, 1.0, 0.1)
# Devlin et al. 2018, appendix A.2; ε and clipping: google-research/bert, optimization.py.
BERT = How(1e-4, 256, 10_000, 1.0, "linear", 0.0, 0.999, 1e-6, 0.01, 1.0, 0.1)
# Liu et al. 2019, table 9.
ROBERTA = How(6e-4, 8192, 24_000, 1.0, "linear", 0.0, 0.98, 1e-6, 0.01, 0.0, 0.1)
# Sanh et al. 2019, section 3 (batch); the rest: transformers, research_projects/distillation.
DISTIL = How(5e-4, 4000, 244, 0.95, "linear", 0.0, 0.98, 1e-6, 0.0, 5.0, 0.1)
# Touvron et al. 2023b, section 2.2.
LLAMA2 = How(3e-4, 977, 2000, 1.0, "cosine", 0.1, 0.95, 1e-5, 0.1, 1.0, 0.0)
# Ben Allal et al. 2025, section 6, and the published nanotron configurations.
SMOL2 = How(3e-3, 512, 2000, 0.2, "linear", 0.0, 0.95, 1e-8, 0.01, 1.0, 0.0)
# Hugging Face 2025, smollm repository, text/pretraining.
SMOL3 = How(2e-4, 576, 2000, 0.1, "linear", 0.0, 0.95, None, 0.1, 1.0, 0.0)


def _gpt3(rate: float, tokens: float, decay: float = 0.1, context: int = 2048) -> How:
    """Brown et al. 2020, table 2.1 and appendix B. `tokens` of a batch."""
    batch, steps = round(tokens / context), round(375e6 / tokens)
    return How(rate, batch, steps, 1.0, "cosine", 0.1, 0.95, 1e-8, decay, 1.0, 0.0)


SIZES: dict[str, Sizes] = {
    "gpt1": Sizes(12, 768, 12, 3072, 512, 40_478),  # 40,000 merges and 478 characters.
    "bert-base": Sizes(12, 768, 12, 3072, 512, 30_522),
    "bert-large": Sizes(24, 1024, 16, 4096, 512, 30_522),
    "roberta-base": Sizes(12, 768, 12, 3072, 512, 50_265),
    "roberta-large": Sizes(24, 1024, 16, 4096, 512, 50_265),
    "distilbert": Sizes(6, 768, 12, 3072, 512, 30_522),
    "gpt2-124m": Sizes(12, 768, 12, 3072, 1024, 50_257),
    "gpt2-355m": Sizes(24, 1024, 16, 4096, 1024, 50_257),
    "gpt2-774m": Sizes(36, 1280, 20, 5120, 1024, 50_257),
    "gpt2-1.5b": Sizes(48, 1600, 25, 6400, 1024, 50_257),
    "gpt3-125m": Sizes(12, 768, 12, 3072, 2048, 50_257),
    "gpt3-350m": Sizes(24, 1024, 16, 4096, 2048, 50_257),
    "gpt3-760m": Sizes(24, 1536, 16, 6144, 2048, 50_257),
    "gpt3-1.3b": Sizes(24, 2048, 16, 8192, 2048, 50_257),  # Printed: 24 heads of 128.
    "gpt3-2.7b": Sizes(32, 2560, 32, 10_240, 2048, 50_257),
    "gpt3-6.7b": Sizes(32, 4096, 32, 16_384, 2048, 50_257),
    "gpt3-13b": Sizes(40, 5120, 40, 20_480, 2048, 50_257),  # Printed: 5,140.
    "gpt3-175b": Sizes(96, 12_288, 96, 49_152, 2048, 50_257),
    "llama2-7b": Sizes(32, 4096, 32, 11_008, 4096, 32_000),
    "llama3.2-1b": Sizes(16, 2048, 32, 8192, 8192, 128_256),
    "mistral-7b": Sizes(32, 4096, 32, 14_336, 8192, 32_000),
    "qwen2.5-0.5b": Sizes(24, 896, 14, 4864, 4096, 151_936),
    "qwen3-0.6b": Sizes(28, 1024, 16, 3072, 4096, 151_936),
    "gemma3-270m": Sizes(18, 640, 4, 2048, 8192, 262_144),
    "gemma3-1b": Sizes(26, 1152, 4, 6912, 8192, 262_144),
    "smollm2-135m": Sizes(30, 576, 9, 1536, 2048, 49_152),
    "smollm2-360m": Sizes(32, 960, 15, 2560, 2048, 49_152),
    "smollm3-3b": Sizes(36, 2048, 16, 11_008, 4096, 128_256),
    "mixtral-8x7b": Sizes(32, 4096, 32, 14_336, 32_768, 32_000),
    "qwen3-30b-a3b": Sizes(48, 2048, 32, 768, 4096, 151_936),
}
HOW: dict[str, How] = {
    "gpt1": GPT1,
    "bert-base": BERT,
    "bert-large": BERT,
    "roberta-base": ROBERTA,
    "roberta-large": ROBERTA._replace(rate=4e-4, steps=30_000),
    "distilbert": DISTIL,
    # The paper says the batch, 512 windows; the rest is assumed, as the note tells.
    "gpt2-124m": _gpt3(6e-4, 512 * 1024, 0.01, 1024),
    "gpt2-355m": _gpt3(3e-4, 512 * 1024, 0.01, 1024),
    "gpt2-774m": _gpt3(2.5e-4, 512 * 1024, 0.01, 1024),
    "gpt2-1.5b": _gpt3(2e-4, 512 * 1024, 0.01, 1024),
    "gpt3-125m": _gpt3(6e-4, 0.5e6),
    "gpt3-350m": _gpt3(3e-4, 0.5e6),
    "gpt3-760m": _gpt3(2.5e-4, 0.5e6),
    "gpt3-1.3b": _gpt3(2e-4, 1e6),
    "gpt3-2.7b": _gpt3(1.6e-4, 1e6),
    "gpt3-6.7b": _gpt3(1.2e-4, 2e6),
    "gpt3-13b": _gpt3(1e-4, 2e6),
    "gpt3-175b": _gpt3(0.6e-4, 3.2e6),
    "llama2-7b": LLAMA2,
    "smollm2-135m": SMOL2,
    "smollm2-360m": SMOL2._replace(batch=768),
    "smollm3-3b": SMOL3,
}
HEADS: dict[str, tuple[int, int]] = {  # Key/value heads and the size of a head.
    "llama2-7b": (32, 128), "llama3.2-1b": (8, 64), "mistral-7b": (8, 128),
    "qwen2.5-0.5b": (2, 64), "qwen3-0.6b": (8, 128), "gemma3-270m": (1, 256),
    "gemma3-1b": (1, 256), "smollm2-135m": (3, 64), "smollm2-360m": (5, 64),
    "smollm3-3b": (4, 128), "mixtral-8x7b": (8, 128), "qwen3-30b-a3b": (4, 128),
}  # fmt: skip
MILLIONS: dict[str, float] = {
    # Weights of the published files, or as printed where none are.
    "gpt1": 116.5, "bert-base": 110.1, "bert-large": 336.2, "roberta-base": 124.7,
    "roberta-large": 355.4, "distilbert": 67.0, "gpt2-124m": 124.4, "gpt2-355m": 354.8,
    "gpt2-774m": 774.0, "gpt2-1.5b": 1557.6, "gpt3-125m": 125, "gpt3-350m": 356, "gpt3-760m": 760,
    "gpt3-1.3b": 1320, "gpt3-2.7b": 2650, "gpt3-6.7b": 6660, "gpt3-13b": 12_850,
    "gpt3-175b": 174_600, "llama2-7b": 6738, "llama3.2-1b": 1236, "mistral-7b": 7242,
    "qwen2.5-0.5b": 494, "qwen3-0.6b": 596, "gemma3-270m": 268, "gemma3-1b": 1000,
    "smollm2-135m": 134.5, "smollm2-360m": 361.8, "smollm3-3b": 3075, "mixtral-8x7b": 46_703,
    "qwen3-30b-a3b": 30_532,
}  # fmt: skip


def test_the_tables_are_of_all_presets() -> None:
    keys = {preset.key for preset in PUBLISHED}
    assert keys == set(SIZES) == set(MILLIONS)
    gated = {p.key for p in PUBLISHED if family_of(p.family).config.gated}
    assert gated == set(HEADS)
    assert set(HOW) == {p.key for p in PUBLISHED if p.learning_rate is not None}


@published
def test_a_preset_has_the_sizes_of_its_paper(key: str) -> None:
    made = preset_settings(key)
    names = ("layers", "width", "heads", "feed_forward", "context", "vocabulary")
    assert Sizes(*(made[name] for name in names)) == SIZES[key]
    assert (made.get("kv_heads"), made["head_size"])[key not in HEADS :] == HEADS.get(
        key, (made["width"] // made["heads"],)
    )


@published
def test_a_preset_has_the_number_of_weights_that_is_published(key: str) -> None:
    made = preset_settings(key)
    experts = made.get("experts", 0), made.get("chosen_experts", 0)
    shape = Shape(
        made["layers"], made["width"], made["heads"], made.get("kv_heads", made["heads"]),
        made["head_size"], made["feed_forward"], made.get("tied_embeddings", True), made["family"],
        *experts,
    )  # fmt: skip
    counted = shape.parameters(made["vocabulary"], made["context"])
    assert counted == pytest.approx(MILLIONS[key] * 1e6, rel=0.015)
    assert preset_named(key).parameters == pytest.approx(MILLIONS[key] * 1e6, rel=0.01)


@pytest.mark.parametrize("key", HOW)
def test_a_preset_is_trained_as_its_paper_says(key: str) -> None:
    made = preset_settings(key)
    recipe = build(Recipe, made)
    told = How(
        made["learning_rate"], made["batch"], made["warmup_steps"], recipe.decay_share,
        recipe.decay_shape, recipe.decay_floor, made["adam_beta2"], recipe.adam_epsilon,
        made["weight_decay"], made["clip"], recipe.dropout,
    )  # fmt: skip
    assert told == HOW[key]
    assert recipe.optimiser == "adamw"
    assert made["embedding_rate"] == made["head_rate"] == made["learning_rate"]
    assert warmup_of(recipe, 1_000_000) == HOW[key].steps


@published
def test_what_a_paper_leaves_open_is_left_to_the_app_and_said(key: str) -> None:
    preset, made = preset_named(key), preset_settings(key)
    if preset.learning_rate is None:
        assert preset.note
        assert not {"learning_rate", "batch", "warmup_steps", "adam_beta2", "dropout"} & set(made)
    if preset.family in ("gpt2", "gpt3"):
        assert "assumed" in preset.note or "260 of the 300 billion" in preset.note
    assert preset.source


@pytest.mark.parametrize("family", FAMILIES)
def test_a_school_size_leaves_optimiser_and_schedule_to_the_app(family: str) -> None:
    made: dict[str, Any] = preset_settings(f"{family.replace('_', '-')}-school")
    sizes = {
        "family", "layers", "width", "heads", "head_size", "feed_forward", "context", "kv_heads",
        "tied_embeddings", "experts", "chosen_experts",
    }  # fmt: skip
    learnt = {"objective", "masking", "next_sentence", "mask_share", "temperature"}
    assert set(made) <= sizes | learnt
    build(Recipe, made)
