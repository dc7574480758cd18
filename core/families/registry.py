"""Families by key and by the `model_type` of config.json. A new family is a file and a line here."""

from __future__ import annotations

from typing import Any

from core.families import (
    bert,
    distilbert,
    gemma3,
    gpt1,
    gpt2,
    gpt3,
    llama,
    mistral,
    mixtral,
    qwen2,
    qwen3,
    qwen3_moe,
    roberta,
    smollm3,
)
from core.families.base import Family, FamilyConfig, refuse_unsafe
from core.reasons import Unsuitable
from core.sentences import N_, Sentence

FAMILIES: dict[str, Family] = {
    family.key: family
    for family in (
        qwen3.FAMILY,
        gpt1.FAMILY,
        gpt2.FAMILY,
        gpt3.FAMILY,
        llama.FAMILY,
        mistral.FAMILY,
        qwen2.FAMILY,
        gemma3.FAMILY,
        smollm3.FAMILY,
        mixtral.FAMILY,
        qwen3_moe.FAMILY,
        bert.FAMILY,
        roberta.FAMILY,
        distilbert.FAMILY,
    )
}
DEFAULT = "qwen3"


def family_of(key: str) -> Family:
    """Raises Unsuitable for a key that is not known."""
    if key not in FAMILIES:
        raise _unknown(key)
    return FAMILIES[key]


def family_for(config: dict[str, Any]) -> Family:
    """The family that reads a config.json. Raises Unsuitable when none does."""
    kind = str(config.get("model_type"))
    for family in FAMILIES.values():
        if kind in family.model_types:
            return family
    raise _unknown(kind)


def config_for(config: dict[str, Any]) -> FamilyConfig:
    """Raises KeyError or Unsuitable for what is unknown or not read."""
    refuse_unsafe(config)
    return family_for(config).config.from_transformers(config)


def _unknown(kind: str) -> Unsuitable:
    text = N_("Errors", "the model family “{name}” is not known")
    return Unsuitable(Sentence("Errors", text, {"name": kind[:40]}))
