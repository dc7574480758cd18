"""What the training form says, and the plan of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.config import build
from core.corpus.manifest import CorpusManifest
from core.errors import all_faults
from core.families.base import FamilyConfig
from core.families.registry import config_for
from core.files import read_json
from core.planning.applies import applies, combination
from core.planning.check import require
from core.planning.machine import Machine
from core.planning.plan import Plan, make_plan
from core.planning.pupil import pupil_rule, pupil_shape
from core.planning.teaching import Teaching
from core.planning.text import text_of
from core.recipe import Recipe
from core.versions.library import VersionEntry


@dataclass
class Wanted:
    """What the form says. `lessons`: ids of versions whose corrections are learnt; `mixed`: further
    corpora, each with how often it counts."""

    name: str
    corpus: CorpusManifest | None
    parent: VersionEntry | None
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    device: str = "auto"
    teacher: VersionEntry | None = None
    lessons: list[str] = field(default_factory=list[str])
    mixed: list[tuple[CorpusManifest, float]] = field(
        default_factory=list[tuple[CorpusManifest, float]]
    )


def meaningful(values: Mapping[str, Any], goes_on: bool) -> dict[str, Any]:
    """`values` without what means nothing for this recipe: it may be left from another choice."""
    chosen = Recipe.model_construct(**values)
    return {name: value for name, value in values.items() if applies(name, chosen, goes_on)}


def sizes_of(entry: VersionEntry) -> FamilyConfig | None:
    """What a version is built like, as its config.json says; None where that cannot be read."""
    try:
        return config_for(read_json(entry.path / "config.json"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def plan_of(wanted: Wanted, machine: Machine) -> Plan:
    """The plan of what the form says. Raises UsageError with every fault by its field."""
    recipe = build(Recipe, wanted.values)
    corpus, parent, teacher = wanted.corpus, wanted.parent, wanted.teacher
    assert corpus is not None
    family = parent.manifest.family if parent else None
    mismatched = combination(recipe, parent is not None, teacher is not None, family)
    if mismatched:
        raise all_faults(mismatched)
    origin = parent or teacher
    sizes = sizes_of(origin) if origin else None
    text = text_of(corpus, recipe, sizes.vocabulary if sizes else None, wanted.mixed)
    if sizes is None:
        require(recipe, text, machine, goes_on=parent is not None)
        return make_plan(recipe, text, machine, continues=parent is not None)
    if parent is not None:
        require(recipe, text, machine, sizes.shape, goes_on=True)
        return make_plan(recipe, text, machine, sizes.shape, sizes.context, continues=True)
    require(recipe, text, machine)
    shape = pupil_shape(recipe, sizes, sizes.vocabulary)
    rule = pupil_rule(teacher) if teacher else None
    taught = Teaching.of(sizes)
    return make_plan(recipe, text, machine, shape, sizes.context, rule=rule, teacher=taught)


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
