"""Objectives by name: each is a file with `make(ingredients)`. A new one is a file and a line here."""

from __future__ import annotations

import importlib

from core.objectives.base import Ingredients, Objective
from core.objectives.replay import with_replay

MODULES = {
    "causal": "core.objectives.causal",
    "chat": "core.objectives.chat",
    "distil": "core.objectives.distil",
    "masked": "core.objectives.masked",
    "preference": "core.objectives.preference",
}


def make_objective(ingredients: Ingredients) -> Objective:
    """The objective of a recipe, with the parent's text mixed in where replay is wanted. Raises the
    errors of its data."""
    name = ingredients.recipe.objective
    made = _make(name, ingredients)
    if ingredients.recipe.replay_share <= 0 or ingredients.parent is None:
        return made
    plain = "causal" if name == "chat" else name
    return with_replay(made, ingredients, lambda given: _make(plain, given))


def _make(name: str, ingredients: Ingredients) -> Objective:
    return importlib.import_module(MODULES[name]).make(ingredients)
