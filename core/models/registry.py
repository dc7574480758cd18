"""Families by the `model_type` of config.json. A new family is a folder and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.models.qwen3.config import Qwen3Config
from core.models.qwen3.model import Qwen3
from core.reasons import Unsuitable
from core.sentences import N_, Sentence


@dataclass(frozen=True, slots=True)
class Family:
    config: type[Qwen3Config]
    model: type[Qwen3]


FAMILIES: dict[str, Family] = {"qwen3": Family(Qwen3Config, Qwen3)}


def model_for(config: dict[str, Any]) -> Qwen3:
    """An empty model for a config.json. Raises KeyError or Unsuitable for what is unknown."""
    kind = config.get("model_type")
    if kind not in FAMILIES:
        text = N_("Errors", "the model family “{name}” is not known")
        raise Unsuitable(Sentence("Errors", text, {"name": str(kind)[:40]}))
    family = FAMILIES[str(kind)]
    return family.model(family.config.from_transformers(config))
