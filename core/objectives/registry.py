"""Objectives by name: each is a file with `make(ingredients)`. A new one is a file and a line here."""

from __future__ import annotations

import importlib

from core.errors import NotBuiltYet
from core.objectives.base import Ingredients, Objective

MODULES = {"causal": "core.objectives.causal", "distil": "core.objectives.distil"}


def make_objective(ingredients: Ingredients) -> Objective:
    """The objective of a recipe. Raises the errors of its data."""
    name = ingredients.recipe.objective
    if name not in MODULES:
        raise NotBuiltYet("objective", what=f"The objective “{name}”", instead="use causal")
    return importlib.import_module(MODULES[name]).make(ingredients)
