"""What the training form says, and the plan of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.config import build
from core.corpus.manifest import CorpusManifest
from core.planning.check import require
from core.planning.machine import Machine
from core.planning.plan import Plan, make_plan
from core.planning.text import shape_of_version, text_of
from core.recipe import Recipe
from core.versions.library import VersionEntry


@dataclass
class Wanted:
    """What the form says."""

    name: str
    corpus: CorpusManifest | None
    parent: VersionEntry | None
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    device: str = "auto"


def plan_of(wanted: Wanted, machine: Machine) -> Plan:
    """The plan of what the form says. Raises UsageError with every fault by its field."""
    recipe = build(Recipe, wanted.values)
    corpus = wanted.corpus
    assert corpus is not None
    kept = shape_of_version(wanted.parent.manifest) if wanted.parent else None
    shape, context, vocabulary = kept or (None, None, None)
    text = text_of(corpus, recipe, vocabulary)
    require(recipe, text, machine, shape, goes_on=wanted.parent is not None)
    return make_plan(recipe, text, machine, shape, context)


def rounded(value: Any) -> Any:
    """Two digits, as a field shows what the app decides."""
    return float(f"{value:.2g}") if isinstance(value, float) else value
