"""A training's adapters: put on the parent's weights, checked, published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor

from core.errors import UsageError
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.models.adapters.adapt import adapt, adapter_of
from core.models.adapters.frozen import BasePrecision, require_precision
from core.models.adapters.peft_files import write_peft
from core.models.base import LanguageModel
from core.planning.plan import Plan
from core.recipe import Recipe
from core.sentences import N_, Sentence
from core.training.distributed.together import ranks
from core.versions.manifest import AdapterFacts

if TYPE_CHECKING:
    from core.training.prepare import Prepared


def require_possible(context: WorkerContext, job: TrainJob, device: torch.device) -> None:
    """Raises UsageError for what cannot be; says it where several devices were wanted."""
    if job.parent is None:
        text = N_("Errors", "LoRA adds to a version: choose one to go on from (--from), or train all weights.")  # fmt: skip
        raise UsageError("method", detail=Sentence("Errors", text))
    require_precision(job.recipe.base_precision, device)
    if ranks() > 1:
        text = N_(
            "Errors", "Adapters are trained on one device: start this training without torchrun."
        )
        raise UsageError("devices", detail=Sentence("Errors", text))
    if (job.devices or 1) > 1 and job.decisions is None:
        text = N_("Warnings", "Adapters are trained on one device; the others are left alone.")
        context.warn("one-device", Sentence("Warnings", text))


def put_on(model: LanguageModel, plan: Plan, recipe: Recipe, device: torch.device) -> None:
    """Fresh adapters on the parent's weights, which are from here on only read."""
    if plan.base_precision == "int4":
        model.to(device)  # Only there it can be made.
    adapt(
        model, recipe.lora_rank, plan.adapter_alpha, dora=recipe.dora, targets=recipe.lora_targets,
        precision=cast(BasePrecision, plan.base_precision), seed=recipe.seed,
        tokens=plan.adapter_tokens,
    )  # fmt: skip


def facts(prepared: Prepared) -> AdapterFacts | None:
    """What version.json says of the adapter; None where all weights were trained."""
    parent, recipe = prepared.parent, prepared.job.recipe
    if not prepared.plan.adapter_parameters or parent is None:
        return None
    adapter = adapter_of(prepared.model, prepared.stepper.masters)
    names = sorted({name.rpartition(".")[2] for name in adapter.layers})
    return AdapterFacts(
        base=parent.id, base_name=parent.name, rank=recipe.lora_rank,
        alpha=prepared.plan.adapter_alpha, dora=recipe.dora, targets=names,
        parameters=adapter.parameters, tokens=adapter.tokens,
    )  # fmt: skip


def write(folder: Path, prepared: Prepared, masters: dict[str, Tensor]) -> None:
    """The adapter's files, in peft's layout; to peft its base is the folder where it lies now."""
    assert prepared.parent is not None
    model: Any = prepared.model
    write_peft(folder, model, adapter_of(model, masters), str(prepared.parent.path.absolute()))
