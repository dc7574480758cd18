"""What a plan must know of a corpus and of a parent version, from their manifests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.corpus.manifest import CorpusManifest
from core.planning.dial import Shape
from core.planning.plan import Text
from core.planning.shares import shares_of
from core.recipe import Recipe
from core.versions.manifest import VersionManifest

Mixed = Sequence[tuple[CorpusManifest, float]]
"""Further corpora, each with how often it counts."""


def text_of(
    corpus: CorpusManifest, recipe: Recipe, vocabulary: int | None = None, mixed: Mixed = (),
    weight: float = 1.0,
) -> Text:  # fmt: skip
    """What a training reads of `corpus`, which counts `weight` times, and of `mixed`.

    Args:
        vocabulary: The parent's, where training goes on with its tokenizer.
    """
    if recipe.tokenizer == "characters" and vocabulary is None:
        made = _text_in_characters(corpus, recipe)
    else:
        made = _text_in_tokens(corpus, recipe, vocabulary)
    return _with_shares(made, [(corpus, weight), *mixed])


def _text_in_tokens(corpus: CorpusManifest, recipe: Recipe, vocabulary: int | None) -> Text:
    facts = corpus.tokenizer
    return Text(
        train_tokens=max(1, corpus.totals.train_tokens),
        vocabulary=vocabulary or recipe.vocabulary or (facts.vocabulary if facts else 1024),
        bytes_per_token=facts.bytes_per_token if facts else 3.0,
        # Half of what is held out is for the checks on the way, half for the final test.
        check_tokens=corpus.totals.heldout_tokens // 2 if corpus.totals.heldout_tokens else None,
        train_bytes=corpus.totals.train_bytes or None,
    )


def _with_shares(first: Text, corpora: Mixed) -> Text:
    """`first`, the text of the first corpus, with the others and the weights of all of them. The other
    corpora are counted in tokens of the first one's."""
    more = [corpus for corpus, _ in corpora[1:]]
    tokens = [first.train_tokens] + [
        max(1, round(corpus.totals.train_bytes / first.bytes_per_token)) for corpus in more
    ]
    shares = shares_of(corpora, tokens)
    if not shares:
        return first
    held = [round(corpus.totals.heldout_bytes / first.bytes_per_token) // 2 for corpus in more]
    return replace(
        first, shares=shares,
        train_tokens=max(1, round(sum(share.tokens * share.weight for share in shares))),
        check_tokens=(first.check_tokens or 0) + sum(held) or None,
    )  # fmt: skip


def _text_in_characters(corpus: CorpusManifest, recipe: Recipe) -> Text:
    """How many different characters there are is not known before the training has counted them:
    none beyond ASCII's where every character is a byte, else about as many as texts of this length
    have (three times the root of it; Japanese novels)."""
    totals = corpus.totals
    size = max(1, totals.bytes)
    width = size / max(1, totals.characters)
    train = max(1, int(totals.train_bytes / width))
    many = 0 if width < 1.02 else min(5000, int(3 * train**0.5))
    return Text(
        train_tokens=train, vocabulary=recipe.vocabulary or 260 + many, bytes_per_token=width,
        check_tokens=int((size - totals.train_bytes) / width) // 2 or None,
        train_bytes=totals.train_bytes or None,
    )  # fmt: skip


def shape_of_version(manifest: VersionManifest) -> tuple[Shape, int, int] | None:
    """(shape, context, vocabulary) that a version was trained with; None where it does not say."""
    plan: dict[str, Any] = manifest.decisions.get("plan") or {}
    try:
        shape = Shape(
            plan["layers"], plan["width"], plan["heads"], plan["kv_heads"], plan["head_size"],
            plan["feed_forward"], plan["tied"], plan.get("family", "qwen3"),
            plan.get("experts", 0), plan.get("chosen", 0),
        )  # fmt: skip
        return shape, int(plan["context"]), int(plan["vocabulary"])
    except (KeyError, TypeError, ValueError):
        return None
