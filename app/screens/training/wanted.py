"""What the training form says, and the plan of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.config import build
from core.corpus.manifest import CorpusManifest
from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.plan import Plan, Text, make_plan
from core.recipe import Recipe
from core.versions.library import VersionEntry


@dataclass
class Wanted:
    """What the form says."""

    name: str
    corpus: CorpusManifest | None
    parent: VersionEntry | None
    values: dict[str, Any] = field(default_factory=dict[str, Any])


def plan_of(wanted: Wanted, machine: Machine) -> Plan:
    """The plan of what the form says. Raises UsageError."""
    recipe = build(Recipe, wanted.values)
    corpus = wanted.corpus
    assert corpus is not None
    vocabulary = recipe.vocabulary or (corpus.tokenizer.vocabulary if corpus.tokenizer else 1024)
    shape = context = None
    if wanted.parent is not None:
        old = wanted.parent.manifest.decisions.get("plan") or {}
        if old:
            shape = Shape(
                old["layers"], old["width"], old["heads"], old["kv_heads"], old["head_size"],
                old["feed_forward"], old["tied"],
            )  # fmt: skip
            context, vocabulary = old["context"], old["vocabulary"]
    text = Text(
        train_tokens=max(1, corpus.totals.train_tokens), vocabulary=vocabulary,
        bytes_per_token=corpus.tokenizer.bytes_per_token if corpus.tokenizer else 3.0,
    )  # fmt: skip
    return make_plan(recipe, text, machine, shape, context)


def rounded(value: Any) -> Any:
    """Two digits, as a field shows what the app decides."""
    return float(f"{value:.2g}") if isinstance(value, float) else value
