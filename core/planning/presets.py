"""Presets by key, and what they mean as settings of the recipe.

`preset_settings(key) -> dict[str, Any]` is what `train --preset` and the Training tab fill in:
field of the recipe → value, `family` among them; a field that is not there is left to the app. What
the user sets goes on top. `trainable()` lists the presets that can be chosen, `UNPUBLISHED` is what
the screens say of GPT-4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.families.registry import FAMILIES, family_of
from core.families.shape import Shape
from core.planning.dial import rung
from core.planning.preset import Preset, Training
from core.planning.published import BEYOND, HISTORIC, MODERN
from core.reasons import Unsuitable
from core.sentences import N_, Sentence, Value

__all__ = [
    "PRESETS", "UNPUBLISHED", "Preset", "Training", "dense_parameters", "preset_named",
    "preset_of_size", "preset_settings", "trainable",
]  # fmt: skip

_OUR_OWN = "Our own choice: the paper's design at a size that a processor trains in minutes"
_BUILT_AS: dict[str, dict[str, int]] = {
    "gpt3-1.3b": {"heads": 16},
    "gpt3-13b": {"width": 5120, "feed_forward": 20_480},
}
"""Where what is printed in the paper does not divide."""
_SCHOOL_CONTEXT, _SCHOOL_VOCABULARY = 128, 4096
"""What a corpus of some megabytes gets; the vocabulary is left to the app all the same."""
_AS_PUBLISHED = (
    "warmup_steps", "weight_decay", "decay_share", "decay_shape", "decay_floor", "adam_beta2",
    "adam_epsilon", "clip", "dropout",
)  # fmt: skip
"""What the recipe and `Training` call the same."""
_SCHOOL_MASK_SHARE = 0.3
"""Of encoders: a short run learns more from twice the papers' 15 % (Wettig et al. 2023, Should You Mask
15 % in Masked Language Modeling?). Unseen masked loss (15 % hidden) of 2 × 128 after 300 steps of 2,048
tokens of TinyShakespeare: 4.64 against 5.18 nats."""
UNPUBLISHED_KEYS = ("gpt4", "gpt-4")
UNPUBLISHED = Sentence(
    "Families",
    N_("Families", "GPT-4's architecture and size are unpublished (OpenAI 2023, GPT-4 Technical Report, section 2), so there is nothing to train or to reckon with. How models of a trillion weights are built is public for sparse ones: Switch-C, Kimi K2, Mixtral, Qwen3-MoE."),
)  # fmt: skip


def _school(key: str) -> Preset:
    """Four layers of 128 in the family's proportions: some eight hundred thousand weights beside the
    tables, which two cores train in minutes."""
    family = family_of(key)
    usual = rung(4, 128, key)
    kv_heads = usual.heads // 2 if family.config.gated else usual.heads
    shape = replace(usual, kv_heads=kv_heads, tied=True)
    return Preset(
        f"{key.replace('_', '-')}-school", f"{family.title}, school size", shape.layers, shape.width,
        shape.heads, shape.head_size, shape.feed_forward, _SCHOOL_CONTEXT, _SCHOOL_VOCABULARY,
        shape.parameters(_SCHOOL_VOCABULARY, _SCHOOL_CONTEXT), 20e6, 2048, None,
        f"{_OUR_OWN}; {family.paper}", family=key, kv_heads=kv_heads, school=True,
        active=shape.active_parameters(_SCHOOL_VOCABULARY, _SCHOOL_CONTEXT) if shape.experts else None,
        experts=shape.experts, chosen=shape.chosen,
        learned_positions=family.config.learned_positions,
    )  # fmt: skip


SCHOOL: tuple[Preset, ...] = tuple(_school(key) for key in FAMILIES)
PRESETS: tuple[Preset, ...] = (*HISTORIC, *MODERN, *BEYOND)
"""Published models."""


def trainable() -> list[Preset]:
    """What `preset_settings` answers for, by family; the school size of each comes first."""
    return [preset for key in FAMILIES for preset in (*SCHOOL, *PRESETS) if preset.family == key]


def preset_named(key: str) -> Preset:
    """Published or of school size. Raises Unsuitable for a key that is not known."""
    known = {preset.key: preset for preset in (*SCHOOL, *PRESETS)}
    wanted = key.strip().casefold()
    if wanted in UNPUBLISHED_KEYS:
        raise Unsuitable(UNPUBLISHED)
    if wanted not in known:
        text = N_("Errors", "There is no preset called “{name}”.")
        raise Unsuitable(Sentence("Errors", text, {"name": key[:60]}))
    return known[wanted]


def preset_settings(key: str) -> dict[str, Any]:
    """Settings of the recipe: sizes, and the paper's optimiser as far as it is published.

    The length of the training is not among them. A school size leaves vocabulary, rates, schedule
    and batch to the app, which fits them to the text and the time.

    Raises:
        Unsuitable: The key is not known, or its family is not built here.
    """
    preset = preset_named(key)
    if not preset.family:
        text = N_("Errors", "“{name}” can be planned but not trained: its design is not built in.")
        values: dict[str, Value] = {"name": preset.name}
        raise Unsuitable(Sentence("Errors", text, values))
    return _sizes(preset) | _objective(preset) | ({} if preset.school else _training(preset))


def _sizes(preset: Preset) -> dict[str, Any]:
    made: dict[str, Any] = {
        "family": preset.family, "layers": preset.layers, "width": preset.width,
        "heads": preset.heads, "head_size": preset.head_size, "feed_forward": preset.feed_forward,
        "context": preset.context,
    } | _BUILT_AS.get(preset.key, {})  # fmt: skip
    config = family_of(preset.family).config
    if config.gated:
        made |= {"kv_heads": preset.kv_heads or preset.heads, "tied_embeddings": preset.tied}
    if preset.experts:
        made |= {"experts": preset.experts, "chosen_experts": preset.chosen}
    if not preset.school:
        made["vocabulary"] = preset.vocabulary
    return made


def _objective(preset: Preset) -> dict[str, Any]:
    usual = family_of(preset.family).usual
    names = ("objective", "masking", "next_sentence", "mask_share", "temperature")
    found = {name: usual[name] for name in names if name in usual}
    if preset.school and "mask_share" in found:
        found["mask_share"] = _SCHOOL_MASK_SHARE
    return found


def _training(preset: Preset) -> dict[str, Any]:
    how = preset.training
    made: dict[str, Any] = {"optimiser": "adamw"}
    if preset.learning_rate is not None:  # Else the batch is not published either.
        made["batch"] = max(1, round(preset.batch_tokens / preset.context))
        rates = ("learning_rate", "embedding_rate", "head_rate")
        made |= dict.fromkeys(rates, preset.learning_rate)
    if how.warmup_tokens is not None:
        made["warmup_steps"] = round(how.warmup_tokens / preset.batch_tokens)
    known = {name: getattr(how, name) for name in _AS_PUBLISHED}
    return made | {name: value for name, value in known.items() if value is not None}


def dense_parameters(preset: Preset) -> int:
    """Weights of a dense transformer of these sizes, counted: as its family has them, or, where it is
    not built in, four attention matrices, a two-matrix feed-forward layer with biases, norms, tied
    token table, learned positions."""
    if preset.family:
        shape = Shape(
            preset.layers, preset.width, preset.heads, preset.kv_heads or preset.heads,
            preset.head_size, preset.feed_forward, preset.tied, preset.family,
        )  # fmt: skip
        return shape.parameters(preset.vocabulary, preset.context)
    d, f, across = preset.width, preset.feed_forward, preset.heads * preset.head_size
    attention = 4 * d * across + 3 * across + d
    block = attention + 2 * d * f + f + d + 4 * d
    positions = preset.context * d if preset.learned_positions else 0
    return preset.layers * block + preset.vocabulary * d + positions + 2 * d


def preset_of_size(parameters: float) -> Preset:
    """A dense model of any size in GPT-3's proportions, width = 128 · layers, so that 12 · layers ·
    width² are its weights; 20 tokens a parameter (Hoffmann et al. 2022)."""
    layers = max(1, round((parameters / (12 * 128**2)) ** (1 / 3)))
    width = max(64, round((parameters / (12 * layers)) ** 0.5 / 64) * 64)
    context = 2048 if parameters >= 1e8 else 512
    return Preset(
        "size", "A dense model", layers, width, max(1, width // 64), 64, 4 * width, context, 32_768,
        float(parameters), 20.0 * parameters, 500_000 if parameters >= 1e8 else 50_000, None,
        "Brown et al. 2020 (proportions); Hoffmann et al. 2022 (20 tokens a parameter)",
    )  # fmt: skip
