"""What a plan must know of a corpus and of a parent version, from their manifests."""

from __future__ import annotations

from typing import Any

from core.corpus.manifest import CorpusManifest
from core.planning.dial import Shape
from core.planning.plan import Text
from core.recipe import Recipe
from core.versions.manifest import VersionManifest


def text_of(corpus: CorpusManifest, recipe: Recipe, vocabulary: int | None = None) -> Text:
    """`vocabulary`: the parent's, where training goes on with its tokenizer."""
    facts = corpus.tokenizer
    return Text(
        train_tokens=max(1, corpus.totals.train_tokens),
        vocabulary=vocabulary or recipe.vocabulary or (facts.vocabulary if facts else 1024),
        bytes_per_token=facts.bytes_per_token if facts else 3.0,
        # Half of what is held out is for the checks on the way, half for the final test.
        check_tokens=corpus.totals.heldout_tokens // 2 if corpus.totals.heldout_tokens else None,
        train_bytes=corpus.totals.train_bytes or None,
    )


def shape_of_version(manifest: VersionManifest) -> tuple[Shape, int, int] | None:
    """(shape, context, vocabulary) that a version was trained with; None where it does not say."""
    plan: dict[str, Any] = manifest.decisions.get("plan") or {}
    try:
        shape = Shape(
            plan["layers"], plan["width"], plan["heads"], plan["kv_heads"], plan["head_size"],
            plan["feed_forward"], plan["tied"],
        )  # fmt: skip
        return shape, int(plan["context"]), int(plan["vocabulary"])
    except (KeyError, TypeError, ValueError):
        return None
