"""The merge job: an adapter and its base become one whole version."""

from __future__ import annotations

import shutil
import time
import uuid
from pathlib import Path
from typing import cast

from core import events as ev
from core.errors import Damaged, UsageError
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import MergeJob
from core.models.load import WEIGHTS, load_model, save_weights
from core.reasons import CHANGED
from core.sentences import N_, Sentence
from core.versions.adapters import ADAPTER_CONFIG, ADAPTER_WEIGHTS, chain
from core.versions.hashes import damaged_files
from core.versions.library import MANIFEST, VersionEntry, VersionLibrary
from core.versions.manifest import RESTORE, Parent, VersionManifest
from core.versions.publish import publish

_OWN = {ADAPTER_CONFIG, ADAPTER_WEIGHTS, MANIFEST, "README.md"}
"""Files of an adapter's folder that a whole version has not, or has anew."""


def run(context: WorkerContext) -> WorkOutcome:
    """Make the whole version of a MergeJob; the adapter and what it sits on stay as they are.

    Phases: checking, publishing. Emits `published` and, as `result`, version, id, path, parameters
    and seconds.

    Raises:
        NotFound, BaseMissing, Damaged, NameTaken, NoSpace, NoPermission: Nothing is left behind.
        UsageError: The version is whole already.
    """
    job = cast(MergeJob, context.config)
    begun = time.monotonic()
    context.started()
    library = VersionLibrary(context.home)
    entry = library.usable(job.adapter)
    if entry.manifest.adapter is None:
        text = N_("Errors", "“{name}” is a whole version already: only adapters are merged.")
        raise UsageError("name", detail=Sentence("Errors", text, {"name": entry.name}))
    library.ensure_free(job.version)
    context.phase("checking")
    below = {folder: library.get(folder.name) for folder in chain(entry.path)}
    for folder, version in below.items():
        if broken := damaged_files(folder, version.manifest.hashes):
            raise Damaged(path=str(folder / broken[0]), reason=CHANGED, hint=RESTORE)
    model = load_model(entry.path)
    if context.stopping():
        return "cancelled" if context.asked() == "cancel" else "paused"
    context.phase("publishing")

    def write(folder: Path) -> None:
        for file in entry.path.iterdir():
            if file.is_file() and file.name not in _OWN:
                shutil.copyfile(file, folder / file.name)
        save_weights(model, folder / WEIGHTS)

    made = _manifest(context, job, entry, list(below.values())[-2])
    path, manifest = context.patiently(lambda: publish(context.home, made, write))
    context.emit(ev.Published(version=manifest.name, version_id=manifest.id, path=str(path)))
    context.result(
        {
            "version": manifest.name, "id": manifest.id, "path": str(path),
            "parameters": manifest.measures.parameters, "seconds": time.monotonic() - begun,
        }
    )  # fmt: skip
    return "done"


def _manifest(
    context: WorkerContext, job: MergeJob, adapter: VersionEntry, base: VersionEntry
) -> VersionManifest:
    """The adapter's facts, which are the merged version's too, with both as parents."""
    library = VersionLibrary(context.home)
    before = adapter.manifest
    plan = before.decisions.get("plan") or base.manifest.decisions.get("plan")
    decisions = (
        {} if plan is None else {"plan": {**plan, "adapter_parameters": 0, "adapter_tokens": []}}
    )
    series = before.series or before.name
    parents = [Parent(id=e.id, name=e.name, relation="merged") for e in (adapter, base)]
    return before.model_copy(
        update={
            "id": str(uuid.uuid4()), "name": job.version, "title": job.title or job.version,
            "series": series, "edition": library.next_edition(series), "parents": parents,
            "colour": library.next_colour(), "created": time.time(), "adapter": None,
            "decisions": decisions, "hashes": {}, "run": context.job.id, "note": "",
            "chatted": False, "compared_with": None, "reproduces": None,
        }
    )  # fmt: skip
