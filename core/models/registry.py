"""Models by family: the folder of core.models that a family names has `Model` and `initialise`."""

from __future__ import annotations

import importlib
from typing import Any

from core.families.base import Family, FamilyConfig
from core.families.registry import FAMILIES, config_for
from core.models.base import LanguageModel


def build(config: FamilyConfig) -> LanguageModel:
    """A model with these sizes; its weights are not set yet."""
    return _module(_family(config)).Model(config)


def initialise(model: LanguageModel, seed: int) -> None:
    """Draw all weights from `seed`, as trainings from scratch begin."""
    _module(_family(model.config)).initialise(model, seed)


def model_for(config: dict[str, Any]) -> LanguageModel:
    """An empty model for a config.json. Raises KeyError or Unsuitable for what is unknown."""
    return build(config_for(config))


def _family(config: FamilyConfig) -> Family:
    return next(f for f in FAMILIES.values() if type(config) is f.config)


def _module(family: Family) -> Any:
    return importlib.import_module(family.module)
