"""What an objective is: where its batches come from, what is minimised, what is measured."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.corpus.mixture import Part, tokens_of_a_pass
from core.corpus.tokens import TokenSplit, TokenStore
from core.evaluation.score import Scores, Units
from core.home import Home
from core.objectives.batch import Batch, Source
from core.recipe import Recipe
from core.sentences import Sentence
from core.tokenizer.roles import TokenRoles
from core.tokenizer.template import ChatTemplate
from core.versions.library import VersionEntry


@dataclass(frozen=True)
class Ingredients:
    """What an objective may be made from. `corpus_folder` with `snapshot`: the documents; `store`:
    their tokens as plain text; `folder`: the run's, for what must be the same after a resume;
    `progress` and `stopping`: as everywhere."""

    home: Home
    folder: Path
    corpus_folder: Path
    snapshot: str
    store: TokenStore
    tokenizer: Tokenizer
    tokenizer_file: Path
    pieces: list[bytes]
    roles: TokenRoles
    recipe: Recipe
    parent: VersionEntry | None
    teacher: VersionEntry | None
    device: torch.device
    progress: Callable[[float, float], None]
    stopping: Callable[[], bool]
    lessons: tuple[str, ...] = ()
    """Ids of versions whose corrections and votes are learnt too."""
    parts: tuple[Part, ...] = ()
    """All corpora with their weights, the first among them; empty: that one alone, all of it once."""

    @property
    def all_parts(self) -> tuple[Part, ...]:
        return self.parts or (Part(self.corpus_folder.name, self.corpus_folder, self.snapshot),)


class Objective(ABC):
    """Made once for a run (`make(Ingredients)`), before its model."""

    name: ClassVar[str]
    reads_windows: ClassVar[bool] = True
    """Whether it needs a corpus that fills whole windows."""
    in_bits: ClassVar[bool] = True
    """Whether its scores are nats of a text, which make bits per byte."""

    @abstractmethod
    def source(self, context: int, batch: int, seed: int) -> Source:
        """Training batches of `batch` rows, of `context` tokens each."""

    @abstractmethod
    def loss(self, model: Any, batch: Batch) -> Tensor:
        """Mean nats of what counts in `batch` [] (fp32), with gradients."""

    @abstractmethod
    def count(self, batch: Batch) -> float:
        """How much counts in `batch`: the mean over micro-batches is weighted by it."""

    @abstractmethod
    def scores(
        self, model: Any, split: TokenSplit, units: Units | None = None,
        stop: Callable[[], bool] | None = None, stride: int | None = None,
    ) -> Scores:  # fmt: skip
        """Measured on tokens that were not trained on, by units of them. An objective with data of
        its own (conversations, pairs) measures on what it held out of that, as far as `split` would
        have been long."""

    def held_out(self, store: TokenStore) -> bool:
        """Whether `scores` has anything that is not trained on; else it measures what was learnt."""
        return any(len(store.split(side).tokens) for side in ("test", "check"))

    def blind_loss(self, vocabulary: int) -> float:
        """Nats that one loses who knows nothing: where the curve of a run from scratch begins."""
        return math.log(vocabulary)

    def text_tokens(self, store: TokenStore) -> int:
        """Training tokens that one pass reads: every document as often as it counts."""
        return tokens_of_a_pass(store.split("train"))

    def remarks(self) -> list[tuple[str, Sentence]]:
        """What the user is warned of when a run begins, as (code, sentence)."""
        return []

    @property
    def template(self) -> ChatTemplate | None:
        """How conversations are written, where they are learnt; it is kept with the version."""
        return None

    def opening(self, chosen: str) -> tuple[str, list[int]] | None:
        """(what is shown, tokens) of the question that samples answer; None: plain text goes on.
        `chosen`: the user's words, or "" for something unseen."""
        return None

    def passage(self, most: int) -> tuple[list[int], int] | None:
        """(at most `most` tokens, the first that is guessed) of unseen text on which guesses are
        shown; None: the first unseen document."""
        return None

    def facts(self) -> dict[str, Any]:
        """What is told with the plan (numbers of conversations, a teacher's name …)."""
        return {}
