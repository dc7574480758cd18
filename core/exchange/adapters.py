"""Bringing in an adapter that peft, or another program in its form, has made."""

from __future__ import annotations

import shutil
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import events as ev
from core.errors import CannotImport
from core.exchange.fitting import hollow
from core.families.base import FamilyConfig
from core.families.registry import config_for, family_for
from core.files import read_json, write_text
from core.jobs.context import WorkerContext
from core.jobs.kinds import ImportJob
from core.models.adapters.adapt import Adapter
from core.models.adapters.peft_files import BROKEN, read_peft, write_peft
from core.models.base import LanguageModel
from core.models.load import CONFIG
from core.reasons import reason_of
from core.sentences import N_, Sentence
from core.versions.adapters import ADAPTER_CONFIG, ADAPTER_WEIGHTS
from core.versions.hashes import file_hash
from core.versions.importing.small import CHOOSE
from core.versions.importing.source import pickled
from core.versions.library import ADAPTER_FILES, VersionEntry, VersionLibrary
from core.versions.manifest import (
    AdapterFacts,
    ImportFacts,
    Measures,
    Parent,
    VersionManifest,
)
from core.versions.publish import publish


@dataclass(frozen=True)
class _Found:
    base: VersionEntry
    config: FamilyConfig
    model: LanguageModel
    adapter: Adapter


def bring(context: WorkerContext, job: ImportJob, folder: Path) -> None:
    """Put the adapter in `folder` on the shelf, on the base that it names. Emits what an import
    emits (core.exchange.importing), with `base` in the result.

    Raises:
        CannotImport: Its base is not on the shelf, it does not fit, or is of another kind.
        NameTaken, NoSpace, NoPermission: Nothing is left behind.
    """
    begun = time.monotonic()
    found = _check(context, folder)
    context.phase("importing")

    def write(to: Path) -> None:
        for name in ADAPTER_FILES[2:]:
            shutil.copyfile(found.base.path / name, to / name)
        write_peft(to, found.model, found.adapter, str(found.base.path.absolute()))
        write_text(to / "metrics.jsonl", "")

    made = _manifest(context, job, folder, found)
    path, manifest = context.patiently(lambda: publish(context.home, made, write))
    context.emit(ev.Published(version=manifest.name, version_id=manifest.id, path=str(path)))
    context.result(_result(folder, found, manifest, path, time.monotonic() - begun))


def _check(context: WorkerContext, folder: Path) -> _Found:
    if not (folder / ADAPTER_WEIGHTS).is_file():
        raise pickled(str(folder), (file.name for file in folder.iterdir()))
    base = _base_of(context, folder)
    try:
        config = config_for(read_json(base.path / CONFIG))
        model = hollow(config)
        return _Found(base, config, model, read_peft(folder, model))
    except BROKEN as error:
        raise CannotImport(
            "path", path=str(folder), reason=reason_of(error), hint=CHOOSE
        ) from error


def _base_of(context: WorkerContext, folder: Path) -> VersionEntry:
    """The version that adapter_config.json means: by its folder, its name, or where it came from."""
    try:
        wanted = str(read_json(folder / ADAPTER_CONFIG)["base_model_name_or_path"] or "")
    except BROKEN as error:
        path = str(folder / ADAPTER_CONFIG)
        raise CannotImport("path", path=path, reason=reason_of(error), hint=CHOOSE) from error
    last = wanted.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
    entries = VersionLibrary(context.home).list()
    tests = (
        lambda e: Path(wanted) == e.path.absolute(),
        lambda e: e.manifest.imported is not None and e.manifest.imported.source == wanted,
        lambda e: wanted in (e.name, e.manifest.title),
        lambda e: last.casefold() in (e.name.casefold(), e.manifest.title.casefold()),
    )
    for test in tests:
        for entry in entries:
            if wanted and test(entry):
                if entry.problem is not None:
                    raise entry.problem
                return entry
    text = N_(
        "Errors", "it is an adapter for “{base}”, and no version of that name is on the shelf"
    )
    hint = N_("Errors", "Import the base first, under that name, and then the adapter.")
    raise CannotImport(
        "path", path=str(folder), reason=Sentence("Errors", text, {"base": wanted[:120] or "?"}),
        hint=Sentence("Errors", hint),
    )  # fmt: skip


def _manifest(
    context: WorkerContext, job: ImportJob, folder: Path, found: _Found
) -> VersionManifest:
    library = VersionLibrary(context.home)
    base, layers = found.base, found.adapter.layers
    first = next(iter(layers.values()))
    facts = AdapterFacts(
        base=base.id, base_name=base.name, rank=first.rank, alpha=first.scale * first.rank,
        dora=found.adapter.dora, targets=sorted({name.rpartition(".")[2] for name in layers}),
        parameters=found.adapter.parameters, tokens=found.adapter.tokens,
    )  # fmt: skip
    hashes = {name: file_hash(folder / name) for name in ADAPTER_FILES[:2]}
    came = ImportFacts(source=job.hub or str(folder), form="hf", tensors=len(layers), hashes=hashes)
    series = base.manifest.series or base.name
    return VersionManifest(
        id=str(uuid.uuid4()), name=job.version, title=job.title or job.version, series=series,
        edition=library.next_edition(series), colour=library.next_colour(), created=time.time(),
        family=base.manifest.family, kind=base.manifest.kind, objective=base.manifest.objective,
        parents=[Parent(id=base.id, name=base.name, relation="adapter")], adapter=facts,
        imported=came, corpora=base.manifest.corpora, run=context.job.id,
        measures=Measures(parameters=found.config.parameters),
    )  # fmt: skip


def _result(
    folder: Path, found: _Found, manifest: VersionManifest, path: Path, seconds: float
) -> dict[str, Any]:
    return {
        "version": manifest.name, "id": manifest.id, "path": str(path), "kind": manifest.kind,
        "family": family_for(read_json(found.base.path / CONFIG)).key, "form": "hf",
        "source": str(folder), "base": found.base.name, "parameters": found.adapter.parameters,
        "tensors": len(found.adapter.layers), "bytes": 4 * found.adapter.parameters,
        "dtype": "F32", "context": found.config.context, "vocabulary": found.config.vocabulary,
        "licence": "", "seconds": seconds,
    }  # fmt: skip
