"""Distillation: a pupil learns the probabilities of a frozen teacher beside the text itself.

Hinton, Vinyals and Dean 2015: loss = share · T² · KL(teacher_T ‖ pupil_T) + (1 − share) · CE, with
both softened by the temperature T; Sanh et al. 2019 (DistilBERT): also the cosine of the last hidden
states, for encoders in the proportions 5 : 2 : 1.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from core.corpus.tokens import TokenSplit
from core.evaluation.score import Scores, Units, score
from core.families.base import FamilyConfig
from core.models.base import LanguageModel
from core.models.load import load_model
from core.objectives import causal
from core.objectives.base import Ingredients, Objective
from core.objectives.batch import Batch, Source
from core.objectives.windows import WindowSource
from core.planning.pupil import fit_teacher, teacher_config
from core.recipe import Recipe
from core.versions.library import VersionEntry

_TILE_LOGITS = 1 << 18
"""Of each model, worked on at a time: they stay in a processor's cache."""
TEACHER_SHARE = 0.7
TRIPLE = (5 / 7, 1 / 7)
"""DistilBERT's shares of the teacher and of the cosine: its 5 : 2 : 1, divided by seven so that the
curve stays in nats and clipping means what it does elsewhere."""


class Teaching(NamedTuple):
    """The teacher's side of one loss: hidden [N, E], weight [V', E], bias [V'] or None."""

    hidden: Tensor
    weight: Tensor
    bias: Tensor | None


class FusedDistillation(torch.autograd.Function):
    """Mean of share · T² · KL(teacher ‖ pupil) + (1 − share) · cross-entropy, chunk by chunk.

    As in FusedLinearCrossEntropy gradients are computed in the forward pass while a chunk's logits
    are at hand, so that neither model's [N, V] ever stands whole. Where one vocabulary has more rows
    than the other (padding of an imported table), the teacher is asked about the common ones.

    Shapes: hidden [N, D], weight [V, D], targets int64 [N], bias [V] or None → loss [], fp32.
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, bias: Tensor | None,
        teaching: Teaching, temperature: float, share: float,
    ) -> Tensor:  # fmt: skip
        count, vocabulary = hidden.shape[0], weight.shape[0]
        common = min(vocabulary, teaching.weight.shape[0])
        rows = max(1, causal.CHUNK_LOGITS // (2 * vocabulary))
        total = torch.zeros((), device=hidden.device)
        grad_hidden = torch.empty_like(hidden)
        grad_weight = torch.zeros_like(weight, dtype=torch.float32)
        grad_bias = None if bias is None else torch.zeros_like(bias, dtype=torch.float32)
        softer = (
            teaching.weight[:common],
            teaching.bias if teaching.bias is None else teaching.bias[:common],
        )
        for start in range(0, count, rows):
            piece = hidden[start : start + rows]
            logits = functional.linear(piece, weight, bias)
            wanted = functional.linear(teaching.hidden[start : start + rows], *softer)
            total += _to_slopes(logits, wanted, targets[start : start + rows], temperature, share)
            torch.mm(logits, weight, out=grad_hidden[start : start + rows])
            grad_weight += logits.T @ piece
            if grad_bias is not None:
                grad_bias += logits.sum(0, dtype=torch.float32)
        ctx.save_for_backward(grad_hidden, grad_weight.to(weight.dtype), grad_bias)
        ctx.count = count
        return total / count

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        grad_hidden, grad_weight, grad_bias = ctx.saved_tensors
        scale = grad_outputs[0] / ctx.count
        return (
            grad_hidden * scale.to(grad_hidden.dtype),
            grad_weight * scale.to(grad_weight.dtype),
            None,
            None if grad_bias is None else (grad_bias * scale).to(grad_hidden.dtype),
            None, None, None,
        )  # fmt: skip


def _to_slopes(
    logits: Tensor, teacher: Tensor, targets: Tensor, temperature: float, share: float
) -> Tensor:
    """Turn the pupil's logits [N, V] in place into the slopes of the summed loss; returns that sum.

    The slope of T² · KL is T · (pupil_T − teacher_T); that of the cross-entropy is pupil − target.
    """
    total = torch.zeros((), device=logits.device)
    tile = _TILE_LOGITS if logits.device.type == "cpu" else causal.CHUNK_LOGITS
    rows = max(1, tile // logits.shape[1])
    common = teacher.shape[1]
    for start in range(0, len(logits), rows):
        piece, wanted = logits[start : start + rows], targets[start : start + rows, None]
        own = piece.float()
        slopes = torch.zeros_like(own)
        if share > 0:
            soft = torch.log_softmax(own[:, :common] / temperature, -1)
            asked = torch.log_softmax(teacher[start : start + rows].float() / temperature, -1)
            chances = asked.exp()
            total += (chances * (asked - soft)).sum() * (share * temperature**2)
            slopes[:, :common] = (soft.exp_() - chances) * (share * temperature)
        if share < 1:
            hard = torch.log_softmax(own, -1)
            total -= hard.gather(-1, wanted).sum() * (1 - share)
            hard.exp_().scatter_add_(-1, wanted, hard.new_full((len(wanted), 1), -1.0))
            slopes.add_(hard, alpha=1 - share)
        piece.copy_(slopes)
    return total


def distillation_loss(
    pupil: Any,
    hidden: Tensor,
    targets: Tensor,
    teaching: Teaching,
    temperature: float,
    share: float,
) -> Tensor:
    """`FusedDistillation` of rows [N, D]; zero where there are none."""
    if not len(hidden):
        return hidden.float().sum() * 0.0
    result = FusedDistillation.apply(
        hidden, pupil.output_weight, targets, pupil.output_bias, teaching, temperature, share
    )
    assert isinstance(result, Tensor)
    return result


def direction_loss(hidden: Tensor, teacher: Tensor) -> Tensor:
    """1 − cosine of the hidden states, mean over rows [N, D] (fp32)."""
    if not len(hidden):
        return hidden.float().sum() * 0.0
    return 1 - functional.cosine_similarity(hidden.float(), teacher.float(), dim=-1).mean()


class Teacher:
    """The frozen model, loaded when it is first asked, in the precision that the pupil computes in."""

    def __init__(self, entry: VersionEntry, device: torch.device) -> None:
        self.entry, self._device = entry, device
        self.config: FamilyConfig = teacher_config(entry)
        self._model: LanguageModel | None = None

    def model(self, dtype: torch.dtype) -> LanguageModel:
        """Raises Damaged."""
        if self._model is None or self._model.embedding.weight.dtype != dtype:
            self._model = None  # Its memory first.
            self._model = load_model(self.entry.path, self._device, dtype).requires_grad_(False)
        return self._model

    def hidden(self, pupil: LanguageModel, batch: Batch) -> tuple[LanguageModel, Tensor]:
        """(the model, its last hidden states [B, T, E]) for what `pupil` is given."""
        model = self.model(pupil.embedding.weight.dtype)
        with torch.no_grad():
            segments = batch.extra.get("segments")
            return model, model.hidden(batch.inputs, None, batch.documents, segments)


class Distil(Objective):
    """A decoder learns from a decoder."""

    name: ClassVar[str] = "distil"

    def __init__(self, ingredients: Ingredients) -> None:
        """Raises UsageError when teacher and pupil do not fit."""
        assert ingredients.teacher is not None
        fit_teacher(ingredients.teacher, ingredients.parent, ingredients.recipe)
        self._given = ingredients
        self._teacher = Teacher(ingredients.teacher, ingredients.device)
        self._temperature = ingredients.recipe.temperature
        self._share, self._direction = shares(ingredients.recipe, encoder=False)

    def source(self, context: int, batch: int, seed: int) -> Source:
        given = self._given
        return WindowSource(given.store.split("train"), context, batch, seed, given.roles.end)

    def loss(self, model: Any, batch: Batch) -> Tensor:
        teacher, taught = self._teacher.hidden(model, batch)
        hidden = model.hidden(batch.inputs, None, batch.documents)
        flat, asked = hidden.reshape(-1, hidden.shape[-1]), taught.reshape(-1, taught.shape[-1])
        teaching = Teaching(asked, teacher.output_weight, teacher.output_bias)
        targets = batch.targets.reshape(-1)
        total = distillation_loss(model, flat, targets, teaching, self._temperature, self._share)
        if self._direction:
            total = total + self._direction * direction_loss(flat, asked)
        return total

    def count(self, batch: Batch) -> float:
        return float(batch.targets.numel())

    def scores(
        self, model: Any, split: TokenSplit, units: Units | None = None,
        stop: Any = None, stride: int | None = None,
    ) -> Scores:  # fmt: skip
        """Of the text alone: what counts in the end."""
        return score(model, split, self._given.roles.end, stride=stride, units=units, stop=stop)

    def facts(self) -> dict[str, Any]:
        return facts_of(self._teacher.entry, self._temperature, self._share, self._direction)


def shares(recipe: Recipe, encoder: bool) -> tuple[float, float]:
    """(weight of the teacher's probabilities, weight of the hidden states), as set or as usual."""
    usual = TRIPLE if encoder else (TEACHER_SHARE, 0.0)
    given = (recipe.teacher_share, recipe.hidden_share)
    one, two = (u if wanted is None else wanted for u, wanted in zip(usual, given, strict=True))
    return one, two


def facts_of(
    teacher: VersionEntry, temperature: float, share: float, direction: float
) -> dict[str, Any]:
    return {
        "teacher": {"id": teacher.id, "name": teacher.name},
        "temperature": temperature, "teacher_share": share, "hidden_share": direction,
    }  # fmt: skip


def make(ingredients: Ingredients) -> Objective:
    """By the kind of the teacher: encoders learn on masked text. Raises UsageError."""
    from core.families.registry import FAMILIES

    assert ingredients.teacher is not None
    config = teacher_config(ingredients.teacher)
    kind = next(f.kind for f in FAMILIES.values() if type(config) is f.config)
    if kind == "encoder":
        from core.objectives.distil_masked import DistilMasked

        return DistilMasked(ingredients)
    return Distil(ingredients)
