"""What version.json says of a new version: whose child it is, and what it has read."""

from __future__ import annotations

import time
import uuid
from typing import Literal

from core.errors import NotFound
from core.jobs.context import WorkerContext
from core.jobs.kinds import Extends
from core.models.devices import device_name
from core.recipe import Recipe
from core.training import adapters
from core.training.prepare import Prepared
from core.versions.library import VersionLibrary
from core.versions.manifest import CorpusPin, Measures, Parent, Relation, VersionManifest


def manifest_of(context: WorkerContext, prepared: Prepared, measures: Measures) -> VersionManifest:
    """Raises nothing: what is gone by now is named as it was."""
    job, corpus, parent = prepared.job, prepared.corpus, prepared.parent
    library = VersionLibrary(context.home)
    parents: list[Parent] = []
    series = job.version
    pins = [
        CorpusPin(
            name=corpus.name, id=corpus.id, snapshot=job.snapshot,
            characters=corpus.totals.characters, documents=corpus.totals.documents,
        )
    ]  # fmt: skip
    if job.extends is not None:
        before = job.extends
        parents.append(Parent(id=before.version_id, name=before.version, relation="succeeds"))
        series = _series_of(library, before)
        pins += [pin for pin in parent.manifest.corpora if pin not in pins] if parent else []
    elif parent is not None:
        parents.append(Parent(id=parent.id, name=parent.name, relation=_relation(job.recipe)))
        series = parent.manifest.series or parent.name
        pins += [pin for pin in parent.manifest.corpora if pin not in pins]
    if job.teacher is not None:
        teacher = library.get(job.teacher)
        parents.append(Parent(id=teacher.id, name=teacher.name, relation="distilled"))
        series = teacher.manifest.series or teacher.name if parent is None else series
        pins += [pin for pin in teacher.manifest.corpora if pin not in pins]
    return VersionManifest(
        id=str(uuid.uuid4()), name=job.version, title=job.title or job.version, series=series,
        edition=library.next_edition(series), colour=library.next_colour(), created=time.time(),
        parents=parents, corpora=pins, recipe=job.recipe.model_dump(mode="json"),
        kind=_kind(prepared), family=prepared.plan.family, objective=job.recipe.objective,
        compared_with=job.compared_with, reproduces=job.reproduces, decisions=prepared.decisions,
        measures=measures, run=context.job.id, adapter=adapters.facts(prepared),
        device=device_name(prepared.device), note=job.note,
    )  # fmt: skip


def _series_of(library: VersionLibrary, before: Extends) -> str:
    """The series of the version that is trained longer, also where that is gone by now."""
    try:
        manifest = library.get(before.version_id).manifest
    except NotFound:
        return before.version
    return manifest.series or manifest.name


def _relation(recipe: Recipe) -> Relation:
    """What the new version is to the one it goes on from."""
    if recipe.method == "lora":
        return "adapter"
    return "continued" if recipe.objective in ("causal", "masked") else "fine-tuned"


def _kind(prepared: Prepared) -> Literal["base", "chat", "fill"]:
    if prepared.model.bidirectional:
        return "fill"
    answers = prepared.job.recipe.objective in ("chat", "preference")
    before = prepared.parent.manifest.kind if prepared.parent else "base"
    return "chat" if answers else before
