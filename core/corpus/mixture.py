"""Several corpora, or sources of one, that count differently in one training.

A document's weight says how often a pass reads it: the weight of its source times that of its
corpus; 0 where another corpus keeps the same document, or nearly the same, unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from core.corpus.pinned import OWN, left_out_by
from core.corpus.runs import chained
from core.corpus.split import Side
from core.corpus.store import Snapshot
from core.corpus.tokens import SIDES, TokenSplit, TokenStore
from core.corpus.weights import weight_of


@dataclass(frozen=True)
class Part:
    """A corpus of a training. `weight`: of all its documents; `weights`: of its sources, by path."""

    name: str
    folder: Path
    snapshot: str
    weight: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def plain(self) -> bool:
        """Whether every document of it counts once."""
        return self.weight == 1.0 and all(value == 1.0 for value in self.weights.values())


def left_out_of(run: Path, parts: Sequence[Part]) -> list[NDArray[np.bool_]]:
    """Of each corpus which documents the run in the folder `run` does not train on, as another one
    keeps their text unseen; one alone has seen to that itself. Raises Damaged."""
    return left_out_by(run, OWN, [Snapshot(part.folder, part.snapshot) for part in parts])


def weighted_rows(
    part: Part, gone: NDArray[np.bool_], columns: Sequence[str]
) -> Iterator[tuple[dict[str, Any], float]]:
    """Rows of a corpus with `columns`, "split" among them, and how often a pass reads each; what is
    not trained on has its corpus's weight. `gone`: bool [documents], see `left_out_of`."""
    wanted = [*columns, "source"] if part.weights else list(columns)
    known: dict[str, float] = {}
    for number, row in enumerate(Snapshot(part.folder, part.snapshot).rows(wanted)):
        if row["split"] != "train":
            yield row, part.weight
        elif gone[number]:
            yield row, 0.0
        else:
            source = row.get("source", "")
            if source not in known:
                known[source] = part.weight * weight_of(source, part.weights)
            yield row, known[source]


def joined(run: Path, stores: Sequence[TokenStore], parts: Sequence[Part]) -> TokenStore:
    """One store of all corpora of a run; where every document counts once, the only store itself.
    Raises Damaged."""
    if len(parts) == 1 and parts[0].plain:
        return stores[0]
    return JoinedStore(run, stores, parts)


class JoinedStore(TokenStore):
    """`documents`: how many each corpus has to train on, in the order of the tokens; `left_out`: how
    many of all are not, as another corpus keeps them unseen."""

    def __init__(self, run: Path, stores: Sequence[TokenStore], parts: Sequence[Part]) -> None:
        super().__init__(stores[0].folder)
        gone = left_out_of(run, parts)
        self.left_out = int(sum(mask.sum() for mask in gone))
        self.documents = [store.split("train").documents for store in stores]
        for side in SIDES:
            splits = [store.split(side) for store in stores]
            weights = [
                _train_weights(part, mask) if side == "train"
                else np.full(split.documents, part.weight if len(parts) > 1 else 1.0)
                for part, split, mask in zip(parts, splits, gone, strict=True)
            ]  # fmt: skip
            self._open[side] = _one(splits, weights, side)


def _train_weights(part: Part, gone: NDArray[np.bool_]) -> NDArray[np.float64]:
    rows = weighted_rows(part, gone, ["split"])
    return np.array([weight for row, weight in rows if row["split"] == "train"], np.float64)


def _one(
    splits: Sequence[TokenSplit], weights: Sequence[NDArray[np.float64]], side: Side
) -> TokenSplit:
    together = np.concatenate(weights)
    counts = None if (together == 1.0).all() else together
    if len(splits) == 1:
        return replace(splits[0], weights=counts)
    begins = np.cumsum([0, *(len(split.tokens) for split in splits)], dtype=np.int64)
    offsets = [split.offsets[:-1] + begin for split, begin in zip(splits, begins, strict=False)]
    return TokenSplit(
        cast(Any, chained([split.tokens for split in splits])),
        np.concatenate([*offsets, begins[-1:]]),
        np.concatenate([split.bytes for split in splits]), side, counts,
    )  # fmt: skip


def tokens_of_a_pass(split: TokenSplit) -> int:
    """Tokens that a pass reads: every document as often as it counts."""
    if split.weights is None:
        return len(split.tokens)
    return round(float((np.diff(split.offsets) * split.weights).sum()))
