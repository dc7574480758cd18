"""Replay: a share of every batch is the parent's own text again, so that less of it is forgotten
(Robins 1995; for language models Scialom et al. 2022)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.corpus.library import CorpusLibrary
from core.corpus.pinned import REPLAYED, left_out_by
from core.corpus.store import Snapshot
from core.corpus.tokens import TokenSplit, TokenStore, open_tokens
from core.errors import CannotReplay
from core.evaluation.score import Scores
from core.objectives.base import Ingredients, Objective
from core.objectives.batch import Batch, Source
from core.sentences import N_, Sentence
from core.tokenizer.template import ChatTemplate
from core.versions.library import VersionEntry

_SEED = 0x9E3779B9
"""Keeps the draws of replay apart from those of the objective."""


class Replayed(Objective):
    """`main`, with a share of each batch's rows from the parent's corpora; a pure function of
    (seed, step) as ever."""

    def __init__(self, main: Objective, old: Sequence[tuple[Objective, int]], share: float) -> None:
        """`old`: an objective for each corpus of the parent, and how many tokens it has to read."""
        self._main, self._share = main, share
        self._old = [objective for objective, _ in old]
        sizes = np.array([tokens for _, tokens in old], np.float64)
        self._weights = sizes / sizes.sum()
        self.tokens = int(sizes.sum())

    @property
    def name(self) -> str:  # type: ignore[override]
        return self._main.name

    def source(self, context: int, batch: int, seed: int) -> Source:
        main = self._main.source(context, 1, seed)
        old = [o.source(context, 1, (seed + _SEED) % (1 << 31)) for o in self._old]
        return _Mixed(main, old, self._weights, self._share, batch, seed)

    def loss(self, model: Any, batch: Batch) -> Tensor:
        return self._main.loss(model, batch)

    def count(self, batch: Batch) -> float:
        return self._main.count(batch)

    def scores(self, model: Any, split: TokenSplit, *more: Any, **named: Any) -> Scores:  # type: ignore[override]
        return self._main.scores(model, split, *more, **named)

    def held_out(self, store: TokenStore) -> bool:
        return self._main.held_out(store)

    def text_tokens(self, store: TokenStore) -> int:
        return self._main.text_tokens(store)

    def facts(self) -> dict[str, Any]:
        return {**self._main.facts(), "replay_share": self._share, "replay_tokens": self.tokens}

    @property
    def reads_windows(self) -> bool:  # type: ignore[override]
        return self._main.reads_windows

    @property
    def template(self) -> ChatTemplate | None:
        return self._main.template

    def opening(self, chosen: str) -> tuple[str, list[int]] | None:
        return self._main.opening(chosen)

    def passage(self, most: int) -> tuple[list[int], int] | None:
        return self._main.passage(most)

    def remarks(self) -> list[tuple[str, Sentence]]:
        return self._main.remarks()

    def __getattr__(self, name: str) -> Any:
        """What else the objective has."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._main, name)


class _Mixed:
    """Rows of two kinds in one batch: of N steps' rows, share · N are old ones, spread evenly."""

    def __init__(
        self, main: Source, old: list[Source], weights: NDArray[np.float64], share: float,
        batch: int, seed: int,
    ) -> None:  # fmt: skip
        """Every source gives one row at a time."""
        self._main, self._old, self._weights = main, old, weights
        self._share, self._batch, self._seed = share, batch, seed

    def make(self, step: int) -> Batch:
        first, last = step * self._batch, (step + 1) * self._batch
        begin, end = int(first * self._share), int(last * self._share)
        new = [self._main.make(row) for row in range(first - begin, last - end)]
        return together([*new, *(self._again(row) for row in range(begin, end))])

    def _again(self, row: int) -> Batch:
        """The `row`-th row of old text, from one of the corpora by their lengths."""
        if len(self._old) == 1:
            return self._old[0].make(row)
        rng = np.random.default_rng((self._seed, _SEED, row))
        return self._old[int(rng.choice(len(self._old), p=self._weights))].make(row)


def together(rows: Sequence[Batch]) -> Batch:
    """One batch of several. What only some of them have is filled up for the others: no borders of
    documents, every place counts, further tensors zero."""
    documents = weights = None
    if any(b.documents is not None for b in rows):
        documents = torch.cat(
            [torch.zeros_like(b.inputs) if b.documents is None else b.documents for b in rows]
        )
    if any(b.weights is not None for b in rows):
        weights = torch.cat(
            [
                torch.ones_like(b.targets, dtype=torch.bool) if b.weights is None else b.weights
                for b in rows
            ]
        )
    extra: dict[str, Tensor] = {}
    for name in dict.fromkeys(name for b in rows for name in b.extra):
        like = next(b.extra[name] for b in rows if name in b.extra)
        extra[name] = torch.cat(
            [b.extra.get(name, like.new_zeros((len(b.inputs), *like.shape[1:]))) for b in rows]
        )
    return Batch(
        torch.cat([b.inputs for b in rows]), torch.cat([b.targets for b in rows]), documents,
        weights, extra,
    )  # fmt: skip


# ---- the parent's text ---------------------------------------------------------------------------


def with_replay(main: Objective, given: Ingredients, plain: Any) -> Objective:
    """`main` with the share of replay that the recipe asks for.

    Args:
        plain: Makes the objective that reads the parent's text, from Ingredients of its own.

    Raises:
        CannotReplay: The parent's corpora are unknown or gone.
    """
    parent, share = given.parent, given.recipe.replay_share
    if parent is None or share <= 0:
        return main
    folders = _corpora(given, parent)
    own = [(part.folder, part.snapshot) for part in given.all_parts]
    states = {place: Snapshot(*place) for place in [*own, *folders]}
    unread = left_out_by(given.folder, REPLAYED, [*states.values()])
    gone = dict(zip(states, unread, strict=True))
    old: list[tuple[Objective, int]] = []
    for folder, snapshot in folders:
        store = open_tokens(folder, snapshot, given.tokenizer_file, given.progress, given.stopping)
        if store is None:  # Asked to stop: so will who asked for this.
            return main
        state = states[folder, snapshot]
        trained = np.array([row["split"] == "train" for row in state.rows(["split"])], bool)
        train = without(store.split("train"), gone[folder, snapshot][trained])
        if len(train.tokens) > 1:
            mine = replace(
                given, store=Reduced(store, train), corpus_folder=folder, snapshot=snapshot,
                parts=(),
            )  # fmt: skip
            old.append((plain(mine), len(train.tokens)))
    if not old:
        raise _gone(parent)
    return Replayed(main, old, share)


class Reduced(TokenStore):
    """A store whose training side lacks some documents."""

    def __init__(self, whole: TokenStore, train: TokenSplit) -> None:
        super().__init__(whole.folder)
        self._open["train"] = train


def without(split: TokenSplit, gone: NDArray[np.bool_]) -> TokenSplit:
    """The training side less some documents: bool [documents]."""
    if not gone.any():
        return split
    keep = ~gone
    spans = list(zip(split.offsets[:-1][keep], split.offsets[1:][keep], strict=True))
    pieces = [split.tokens[begin:end] for begin, end in spans]
    offsets = np.cumsum([0, *(len(piece) for piece in pieces)], dtype=np.int64)
    tokens = np.concatenate(pieces) if pieces else split.tokens[:0]
    return TokenSplit(tokens, offsets, split.bytes[keep])


def _corpora(given: Ingredients, parent: VersionEntry) -> list[tuple[Path, str]]:
    """(folder, snapshot) of each corpus that the parent read and that is still there."""
    library = CorpusLibrary(given.home)
    names = {corpus.id: corpus.name for corpus in library.list()}
    found = [
        (library.folder(names[pin.id]), pin.snapshot)
        for pin in parent.manifest.corpora
        if pin.id in names
        and (library.folder(names[pin.id]) / "snapshots" / f"{pin.snapshot}.json").is_file()
    ]
    if not found:
        raise _gone(parent)
    return found


def _gone(parent: VersionEntry) -> CannotReplay:
    names = ", ".join(pin.name for pin in parent.manifest.corpora)
    unknown = Sentence("Errors", N_("Errors", "nobody knows which texts it was"))
    gone = Sentence("Errors", N_("Errors", "the corpus {names} is gone"), {"names": names})
    return CannotReplay(
        "replay_share", parent=parent.manifest.title, reason=gone if names else unknown
    )
