"""DistilBERT's way to teach an encoder (Sanh et al. 2019): the teacher's probabilities at every token,
the hidden tokens themselves, and the direction of the last hidden states, as 5 : 2 : 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import torch
from torch import Tensor

from core.corpus.tokens import TokenSplit
from core.evaluation.score import Scores, Units
from core.objectives.base import Ingredients, Objective
from core.objectives.batch import Batch, Source
from core.objectives.causal import output_loss
from core.objectives.distil import (
    Teacher,
    Teaching,
    direction_loss,
    distillation_loss,
    facts_of,
    shares,
)
from core.objectives.masked import Masked
from core.planning.pupil import fit_teacher, pupil_family, teacher_config


class DistilMasked(Objective):
    """loss = share · T² · KL + (1 − share) · MLM + direction · (1 − cos)."""

    name: ClassVar[str] = "distil"

    def __init__(self, ingredients: Ingredients) -> None:
        """Raises UsageError when teacher and pupil do not fit, or nothing can be hidden."""
        assert ingredients.teacher is not None
        fit_teacher(ingredients.teacher, ingredients.parent, ingredients.recipe)
        family = pupil_family(ingredients.recipe, teacher_config(ingredients.teacher))
        recipe = ingredients.recipe.model_copy(update={"next_sentence": False, "family": family})
        self._masked = Masked(replace(ingredients, recipe=recipe))
        self._teacher = Teacher(ingredients.teacher, ingredients.device)
        self._temperature = recipe.temperature
        self._share, self._direction = shares(recipe, encoder=True)

    def source(self, context: int, batch: int, seed: int) -> Source:
        return _Counted(self._masked.source(context, batch, seed))

    def loss(self, model: Any, batch: Batch) -> Tensor:
        teacher: Any = self._teacher.model(model.embedding.weight.dtype)
        assert batch.weights is not None
        real = batch.inputs != self._masked.frame.pad
        real |= batch.weights
        with torch.no_grad():
            taught = teacher.encoded(batch.inputs, batch.documents)[real]
            asked = teacher.transformed(taught)
        encoded = model.encoded(batch.inputs, batch.documents)
        hidden = model.transformed(encoded[real])
        teaching = Teaching(asked, teacher.output_weight, teacher.output_bias)
        targets = batch.targets[real]
        total = self._share * distillation_loss(
            model, hidden, targets, teaching, self._temperature, 1.0
        )
        guessed = batch.weights[real]
        nats = output_loss(model, hidden[guessed], targets[guessed]) * guessed.sum()
        total = total + (1 - self._share) * nats / batch.extra["hidden"].sum().clamp_min(1e-6)
        if self._direction and taught.shape[-1] == encoded.shape[-1]:
            total = total + self._direction * direction_loss(encoded[real], taught)
        return total

    def count(self, batch: Batch) -> float:
        return float(batch.targets.numel())

    def scores(
        self, model: Any, split: TokenSplit, units: Units | None = None,
        stop: Callable[[], bool] | None = None, stride: int | None = None,
    ) -> Scores:  # fmt: skip
        """Of the text alone: what counts in the end."""
        return self._masked.scores(model, split, units, stop, stride)

    def facts(self) -> dict[str, Any]:
        taught = facts_of(self._teacher.entry, self._temperature, self._share, self._direction)
        return {**self._masked.facts(), **taught}


class _Counted:
    """`extra["hidden"]` [B]: each row's share of the batch's hidden tokens, so that micro-batches
    together give the mean over all of them."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def make(self, step: int) -> Batch:
        batch = self._source.make(step)
        assert batch.weights is not None
        rows = len(batch.inputs)
        share = torch.full((rows,), float(batch.weights.sum()) / rows)
        return replace(batch, extra={**batch.extra, "hidden": share})
