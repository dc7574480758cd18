"""What a run begins with: a parent's weights, a teacher's, a version's sizes, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

import torch

from core.errors import Damaged
from core.families.base import FamilyConfig
from core.families.registry import config_for, family_of
from core.files import read_json
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.models.base import LanguageModel
from core.models.distilbert.model import DistilBert
from core.models.distilbert.student import student_from
from core.models.load import CONFIG, load_model, load_version
from core.models.pupil import begin_with, pupil_config
from core.models.registry import build, initialise
from core.planning.dial import Shape
from core.planning.plan import Plan
from core.planning.pupil import kept_layers, pupil_rule, pupil_shape, teacher_config
from core.reasons import reason_of
from core.sentences import N_, Sentence
from core.training.adapters import put_on
from core.versions.library import VersionEntry, VersionLibrary


@dataclass(frozen=True)
class Sizes:
    """What is known of a model's sizes before a plan is made.

    `shape` and `context`: fixed, where they are. `kept`: the shape that the recipe may not change
    (a pupil's it may). `rule`: why. `decisions`: to be written down with the plan.
    """

    shape: Shape | None = None
    context: int | None = None
    kept: Shape | None = None
    rule: Sentence | None = None
    decisions: dict[str, Any] = field(default_factory=dict[str, Any])


def origin_of(context: WorkerContext, job: TrainJob) -> VersionEntry | None:
    """Without a parent: the version whose tokenizer is used, and whose sizes are kept or followed:
    the teacher, or what this is the counterpart or the repetition of. Raises NotFound or Damaged."""
    wanted = job.teacher or job.compared_with or job.reproduces
    return VersionLibrary(context.home).usable(wanted) if wanted else None


def config_of(entry: VersionEntry) -> FamilyConfig:
    """Raises Damaged."""
    try:
        return config_for(read_json(entry.path / CONFIG))
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = Sentence("Errors", N_("Errors", "Choose another version."))
        raise Damaged(path=str(entry.path / CONFIG), reason=reason_of(error), hint=hint) from error


def sizes_of(
    job: TrainJob, parent: VersionEntry | None, origin: VersionEntry | None, vocabulary: int
) -> Sizes:
    """Raises Damaged."""
    like = parent or (None if job.teacher else origin)
    if like is not None:
        config = config_of(like)
        return Sizes(config.shape, config.context, config.shape)
    if origin is None:
        return Sizes()
    teacher = teacher_config(origin)
    shape = pupil_shape(job.recipe, teacher, vocabulary)
    family = family_of(shape.family).config
    layers = kept_layers(family.from_shape(shape, vocabulary, teacher.context), teacher)
    facts = {"teacher": origin.id, "begins_with_layers": layers}
    return Sizes(shape, teacher.context, None, pupil_rule(origin), {"pupil": facts})


def build_model(
    job: TrainJob, plan: Plan, parent: VersionEntry | None, device: torch.device,
    origin: VersionEntry | None = None,
) -> LanguageModel:  # fmt: skip
    """A fresh model (in the variant of its family that `origin` is of, a pupil with what it takes
    over), or the parent's weights in the parent's variant, with fresh adapters where only these are
    trained."""
    if parent is not None:
        with torch.device("meta"):
            model = build(replace(cast(Any, config_of(parent)), context=plan.context))
        load_version(model, parent.path)
        if plan.adapter_parameters:
            put_on(model, plan, job.recipe, device)
        return model.to(device)
    usual = family_of(plan.family).config.from_shape(plan.shape, plan.vocabulary, plan.context)
    if origin is None:
        model = build(usual)
        initialise(model, job.recipe.seed)
    elif job.teacher is None:
        model = build(replace(cast(Any, config_of(origin)), context=plan.context))
        initialise(model, job.recipe.seed)
    else:
        model = _pupil(origin, usual, job.recipe.seed)
    return model.to(device)


def _pupil(teacher: VersionEntry, usual: FamilyConfig, seed: int) -> LanguageModel:
    config = teacher_config(teacher)
    layers = kept_layers(usual, config)
    model = build(usual if layers is None else pupil_config(config, usual, layers))
    initialise(model, seed)
    if layers is not None:
        source = load_model(teacher.path)
        if isinstance(model, DistilBert) and not isinstance(source, DistilBert):
            source, layers = student_from(cast(Any, source), len(layers)), list(range(len(layers)))
        begin_with(model, source, layers)
    return model
