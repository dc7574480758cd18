"""Masked language modelling: hidden tokens from everything around them, and for BERT whether one
segment follows another."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from torch import Tensor
from torch.nn import functional

from core.corpus.tokens import TokenSplit
from core.errors import UsageError
from core.evaluation.pseudo import (
    EXACT_TOKENS,
    by_known_document,
    every,
    pseudo_score,
    sample,
)
from core.evaluation.score import Scores, Units
from core.families.registry import family_of
from core.objectives.base import Ingredients, Objective
from core.objectives.batch import Batch, Source
from core.objectives.causal import output_loss
from core.objectives.masking import NOTHING, MaskedSource
from core.objectives.sentences import sentence_breaks
from core.recipe import Recipe
from core.sentences import N_, Sentence
from core.tokenizer.frame import Frame, frame_of

_LEAST_EXACT = 256


class Masked(Objective):
    """Loss: mean nats of the hidden tokens; with pairs, plus the mean nats of telling them."""

    name: ClassVar[str] = "masked"

    def __init__(self, ingredients: Ingredients) -> None:
        """Raises UsageError when the tokenizer cannot hide a token."""
        recipe, parent = ingredients.recipe, ingredients.parent
        family = parent.manifest.family if parent else recipe.family
        self.static, self.pairs = ways(recipe, family)
        self.full = bool(family_of(family).usual.get("full_sentences")) and not self.pairs
        frame = frame_of(ingredients.tokenizer, ingredients.roles, self.pairs)
        if frame is None:
            text = N_("Errors", "The tokenizer has no token that hides a word (a mask): choose a version or a tokenizer that has one, or the objective causal.")  # fmt: skip
            raise UsageError("objective", detail=Sentence("Errors", text))
        self.frame: Frame = frame
        self._given = ingredients

    def source(self, context: int, batch: int, seed: int) -> Source:
        split, share = self._given.store.split("train"), self._given.recipe.mask_share
        breaks = sentence_breaks(split.tokens, self._given.pieces) if self.full else None
        return MaskedSource(split, self.frame, context, batch, seed, share, self.static, breaks)

    def loss(self, model: Any, batch: Batch) -> Tensor:
        encoded = model.encoded(batch.inputs, batch.documents, batch.extra.get("segments"))
        assert batch.weights is not None
        hidden = model.transformed(encoded[batch.weights])
        total = output_loss(model, hidden, batch.targets[batch.weights])
        if "follows" in batch.extra:
            total = total + pair_loss(model, encoded, batch)
        return total

    def count(self, batch: Batch) -> float:
        assert batch.weights is not None
        return float(batch.weights.sum())

    def blind_loss(self, vocabulary: int) -> float:
        return math.log(vocabulary) + (math.log(2) if self.pairs else 0.0)

    def scores(
        self, model: Any, split: TokenSplit, units: Units | None = None,
        stop: Callable[[], bool] | None = None, stride: int | None = None,
    ) -> Scores:  # fmt: skip
        """Pseudo-perplexity. On the way (`stride` given) an estimate: the share of tokens that
        training hides, all at once. At the end exact, on a sample that takes about as long as
        scoring a decoder would."""
        units = units or by_known_document(split, self.frame)
        if stride is not None:
            chosen = every(split, self.frame, max(2, round(1 / self._given.recipe.mask_share)))
            return pseudo_score(model, split, self.frame, chosen, True, units, stop)
        context = model.config.context
        most = max(_LEAST_EXACT, min(EXACT_TOKENS, 2 * len(split.tokens) // context))
        chosen = sample(split, self.frame, units, most)
        return pseudo_score(model, split, self.frame, chosen, False, units, stop)

    def facts(self) -> dict[str, Any]:
        return {
            "mask_share": self._given.recipe.mask_share,
            "masking": "static" if self.static else "dynamic",
            "next_sentence": self.pairs,
        }


def pair_loss(model: Any, encoded_BTD: Tensor, batch: Batch) -> Tensor:
    """Nats of telling whether second segments follow, so weighted that micro-batches, which count
    by their hidden tokens, together give the mean over all pairs of the batch."""
    follows, share = batch.extra["follows"], batch.extra["pair_share"]
    places = follows != NOTHING
    logits = model.pair_logits(encoded_BTD[places]).float()
    nats = functional.cross_entropy(logits, follows[places], reduction="sum")
    assert batch.weights is not None
    return nats * share[0] / batch.weights.sum().clamp_min(1)


def ways(recipe: Recipe, family: str) -> tuple[bool, bool]:
    """(whether the same tokens are hidden in each pass, whether pairs are told): as the recipe says,
    else as the family does. Raises UsageError where the family has no head for pairs."""
    usual = family_of(family).usual
    masking = usual.get("masking", "dynamic") if recipe.masking == "auto" else recipe.masking
    pairs = usual.get("next_sentence", False)
    if recipe.next_sentence is not None:
        pairs = recipe.next_sentence
    if pairs and family != "bert":
        text = N_("Errors", "Only BERT learns whether one segment follows another: switch next-sentence prediction off, or choose BERT.")  # fmt: skip
        raise UsageError("next_sentence", detail=Sentence("Errors", text))
    return masking == "static", bool(pairs)


make = Masked
