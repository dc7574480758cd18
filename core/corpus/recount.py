"""A corpus's figures in tokens: they depend on its tokenizer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.corpus.manifest import CorpusManifest, TokenizerFacts
from core.corpus.statistics import baselines
from core.corpus.tokens import SIDES, Progress, open_tokens

EXACT_BELOW = 256 << 20
"""Corpora of more bytes are encoded when training begins; their tokens are estimated until then."""


def recounted(
    folder: Path,
    manifest: CorpusManifest,
    facts: TokenizerFacts,
    file: Path,
    stop: Callable[[], bool] | None = None,
    progress: Progress | None = None,
) -> CorpusManifest:
    """The manifest with this tokenizer, its counts and the baseline that depends on it.

    Args:
        facts: `bytes_per_token` is an estimate, replaced where the tokens are counted.
        file: tokenizer.json.
        progress: Called with documents done and in all.
        stop: Asked while tokens are counted; the estimate stays when it says yes.
    """
    totals, figures = manifest.totals, manifest.baselines
    heldout = totals.heldout_bytes
    counts = [int(size / facts.bytes_per_token) for size in (totals.train_bytes, heldout)]
    store = None
    if totals.bytes <= EXACT_BELOW:
        store = open_tokens(folder, manifest.snapshot, file, progress, stop)
    if store is not None:
        sides = [len(store.split(side).tokens) for side in SIDES]
        counts = [sides[0], sides[1] + sides[2]]
        facts = facts.model_copy(update={"bytes_per_token": totals.bytes / max(1, sum(counts))})
        figures = baselines(store, facts.vocabulary, figures.gzip)
    changed = totals.model_copy(
        update={
            "tokens": sum(counts), "train_tokens": counts[0], "heldout_tokens": counts[1],
        }
    )  # fmt: skip
    return manifest.model_copy(update={"totals": changed, "baselines": figures, "tokenizer": facts})
