"""How often sources and corpora count in training. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from core.corpus.manifest import CorpusManifest, Source
from core.jobs.kinds import MixedCorpus

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


def pinned(corpora: Sequence[tuple[CorpusManifest, float]]) -> dict[str, Any]:
    """What TrainJob says of its corpora: `corpora` each with how often it counts, the first first."""
    pins = [
        MixedCorpus(
            corpus=corpus.name, corpus_id=corpus.id, snapshot=corpus.snapshot, weight=weight,
            weights=weights_of(corpus),
        )
        for corpus, weight in corpora
    ]  # fmt: skip
    # Beside nothing a factor says nothing.
    first = pins[0].model_copy(update={} if len(pins) > 1 else {"weight": 1.0})
    return {**dict(first), "mixed": pins[1:]}


def carried(
    sources: Sequence[Source], before: Sequence[Source], weights: Mapping[str, float]
) -> list[Source]:
    """`sources` that were read again, with what the user had said of them `before`, and with the
    factors that this reading gives (by path)."""
    known = {source.path: source for source in before}
    found: list[Source] = []
    for source in sources:
        old = known.get(source.path, source)
        weight = min(MOST, max(LEAST, weights.get(source.path, old.weight)))
        found.append(source.model_copy(update={"weight": weight, "licence": old.licence}))
    return found
