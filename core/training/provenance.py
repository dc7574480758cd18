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
    job, parent = prepared.job, prepared.parent
    library = VersionLibrary(context.home)
    parents: list[Parent] = []
    series = job.version
    pins = own = own_pins(prepared)
    if job.extends is not None:
        before = job.extends
        parents.append(Parent(id=before.version_id, name=before.version, relation="succeeds"))
        series = _series_of(library, before)
        pins = _with(pins, parent.manifest.corpora) if parent else pins
    elif parent is not None:
        parents.append(Parent(id=parent.id, name=parent.name, relation=_relation(job.recipe)))
        series = parent.manifest.series or parent.name
        pins = _with(pins, parent.manifest.corpora)
    if job.teacher is not None:
        teacher = library.get(job.teacher)
        parents.append(Parent(id=teacher.id, name=teacher.name, relation="distilled"))
        series = teacher.manifest.series or teacher.name if parent is None else series
        pins = _with(pins, teacher.manifest.corpora)
    return VersionManifest(
        id=str(uuid.uuid4()), name=job.version, title=job.title or job.version, series=series,
        edition=library.next_edition(series), colour=library.next_colour(), created=time.time(),
        parents=parents, corpora=pins, own_corpora=len(own), recipe=job.recipe.model_dump(mode="json"),
        kind=_kind(prepared), family=prepared.plan.family, objective=job.recipe.objective,
        compared_with=job.compared_with, reproduces=job.reproduces, decisions=prepared.decisions,
        measures=measures, run=context.job.id, adapter=adapters.facts(prepared),
        device=device_name(prepared.device), note=job.note,
    )  # fmt: skip


def own_pins(prepared: Prepared) -> list[CorpusPin]:
    """What this run itself reads, with its weights and the licences that the user noted."""
    job = prepared.job
    given = [(job.snapshot, job.weight, job.weights)]
    given += [(one.snapshot, one.weight, one.weights) for one in job.mixed]
    return [
        CorpusPin(
            name=corpus.name, id=corpus.id, snapshot=snapshot, weight=weight, weights=weights,
            characters=corpus.totals.characters, documents=corpus.totals.documents,
            licences=list(dict.fromkeys(s.licence for s in corpus.sources if s.licence)),
        )
        for corpus, (snapshot, weight, weights) in zip(prepared.corpora, given, strict=True)
    ]  # fmt: skip


def _with(pins: list[CorpusPin], more: list[CorpusPin]) -> list[CorpusPin]:
    """And those of an ancestor; a text that is there already comes once."""
    known = {(pin.id, pin.snapshot) for pin in pins}
    return pins + [pin for pin in more if (pin.id, pin.snapshot) not in known]


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
