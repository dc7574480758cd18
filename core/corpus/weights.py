"""How often a source counts in training. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from core.corpus.manifest import CorpusManifest

LEAST, MOST = 0.01, 10.0


def weights_of(corpus: CorpusManifest) -> dict[str, float]:
    """Path -> factor of the sources that do not count once."""
    return {
        PurePath(source.path).as_posix(): source.weight
        for source in corpus.sources if source.weight != 1.0
    }  # fmt: skip


def weight_of(path: str, weights: Mapping[str, float]) -> float:
    """The factor of the source that a file belongs to: that with the longest path above it."""
    if not weights:
        return 1.0
    place = PurePath(path)
    for above in (place, *place.parents):
        if (found := weights.get(above.as_posix())) is not None:
            return found
    return 1.0
