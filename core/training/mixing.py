"""What a run reads of its several corpora and sources, counted in its own tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.corpus.mixture import JoinedStore, Part
from core.corpus.tokens import TokenStore
from core.planning.shares import Share, split_shares


def shares_in(parts: Sequence[Part], store: TokenStore) -> tuple[Share, ...]:
    """Shares of the text; empty where all of it counts once. What is not read has none."""
    if not isinstance(store, JoinedStore):
        return ()
    train = store.split("train")
    lengths = np.diff(train.offsets)
    weights = np.ones(len(lengths)) if train.weights is None else train.weights
    found: list[Share] = []
    begin = 0
    for part, count in zip(parts, store.documents, strict=True):
        own = slice(begin, begin + count)
        begin += count
        tokens = {
            factor: int(lengths[own][weights[own] == part.weight * factor].sum())
            for factor in {1.0, *part.weights.values()}
        }
        read = {factor: size for factor, size in tokens.items() if size}
        found += split_shares(part.name, part.weight, part.weights, read)
    return tuple(found)
