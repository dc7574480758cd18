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


_DECIDED = {
    "layers": "layers", "width": "width", "feed_forward": "feed_forward", "head_size": "head_size",
    "kv_heads": "kv_heads", "context": "context", "tied_embeddings": "tied",
    "vocabulary": "vocabulary", "batch": "batch", "micro_batch": "micro_batch",
    "learning_rate": "matrix_rate", "embedding_rate": "embedding_rate", "head_rate": "head_rate",
    "warmup_steps": "warmup",
}  # fmt: skip


def decisions_of(plan: Plan) -> dict[str, Any]:
    """What the app decides for the settings that are left to it, rounded to two digits."""
    found = {setting: getattr(plan, attribute) for setting, attribute in _DECIDED.items()}
    return {name: float(f"{v:.2g}") if isinstance(v, float) else v for name, v in found.items()}
