"""The import job: a foreign model becomes a version on the shelf, or nothing happens at all."""

from __future__ import annotations

import shutil
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from core import events as ev
from core.errors import CannotImport
from core.exchange import adapters
from core.exchange.fitting import Fit, config_of, expected_shapes, fit, hollow
from core.exchange.progress import Pace
from core.families.base import Family, FamilyConfig
from core.families.registry import family_for
from core.files import write_json, write_text
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import ImportJob
from core.models.base import LanguageModel
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.roles import TokenRoles, names_of
from core.tokenizer.sandbox import TemplateFault, Unsafe, check_harmless
from core.tokenizer.template import ChatTemplate
from core.versions.adapters import is_adapter
from core.versions.importing.source import CONFIG, WEIGHTS, Source, open_path
from core.versions.importing.store import Written, write
from core.versions.importing.vocabulary import GENERATION, Vocabulary
from core.versions.library import VersionLibrary
from core.versions.manifest import ImportFacts, Measures, VersionManifest
from core.versions.publish import publish

DOWNLOAD = "download"
_SMALLER = Sentence(
    "Errors",
    N_(
        "Errors",
        "The tokenizer and the weights are not of the same model: get both from one place.",
    ),
)


_OTHER = Sentence(
    "Errors",
    N_("Errors", "Do not use this model, or take its chat template out of the folder first."),
)
_CONVERSATION = [
    {"role": "user", "content": "?"}, {"role": "assistant", "content": "!"},
]  # fmt: skip


class _Stopped(Exception):
    """The user stopped the import while it wrote; `publish` clears its half folder away."""


@dataclass
class _Found:
    """A source whose every part was checked against the others."""

    source: Source
    family: Family
    config: FamilyConfig
    model: LanguageModel
    fit: Fit
    vocabulary: Vocabulary
    template_fault: Sentence | None = None
    """Why its template for conversations is left out."""


def run(context: WorkerContext) -> WorkOutcome:
    """Bring in the model of an ImportJob.

    Phases: downloading (hub only), checking, importing, publishing. Emits `published {version,
    version_id, path}`, warnings (numbers that are none, a missing end token, a name that was taken),
    and as `result`:

        version, id, path: as it stands on the shelf
        family: key of core.families.registry · kind: base, chat or fill
        form: hf, safetensors, gguf or hub · source: the path or the name on the hub
        parameters, tensors, bytes: of its weights · dtype: the type of most numbers (F32, BF16, F16)
        context, vocabulary: in tokens · licence: "" when nobody says one
        seconds: that the whole took

    Raises:
        PathMissing, CannotImport, NameTaken, NoSpace, NoPermission: Nothing is left behind.
    """
    job = cast(ImportJob, context.config)
    begun = time.monotonic()
    context.started()
    VersionLibrary(context.home).ensure_free(job.version)
    place = Path(job.path)
    if job.hub:
        from core.versions.importing.hub import fetch

        context.phase("downloading")
        fetched = fetch(job.hub, context.folder.path / DOWNLOAD, Pace(context, "bytes"), context.stopping)  # fmt: skip
        if fetched is None:
            return _stopped(context)
        place = fetched
    context.phase("checking")
    if is_adapter(place):
        adapters.bring(context, job, place)
        return "done"
    found = _check(place, hub=bool(job.hub))
    if context.stopping():
        return _stopped(context)
    context.phase("importing")
    try:
        path, manifest, written = _publish(context, job, found)
    except _Stopped:
        return _stopped(context)
    if job.hub:
        shutil.rmtree(context.folder.path / DOWNLOAD, ignore_errors=True)
    _warn(context, job, found, manifest, written)
    context.emit(ev.Published(version=manifest.name, version_id=manifest.id, path=str(path)))
    context.result(_result(job, found, manifest, path, written, time.monotonic() - begun))
    return "done"


def _stopped(context: WorkerContext) -> WorkOutcome:
    if context.asked() == "cancel":
        shutil.rmtree(context.folder.path / DOWNLOAD, ignore_errors=True)
        return "cancelled"
    return "paused"


def _check(place: Path, hub: bool = False) -> _Found:
    source = open_path(place)
    if hub:
        source.form = "hub"
    vocabulary = source.vocabulary()
    config = config_of(source.config, source.config_file)
    model = hollow(config)
    source.prepare(expected_shapes(model))
    names = fit(model, source.tensors, source.place)
    if vocabulary.size > config.vocabulary:
        text = N_("Errors", "its tokenizer has {tokens} tokens, but the model knows only {rows}")
        values = {"tokens": vocabulary.size, "rows": config.vocabulary}
        raise CannotImport(
            "path", path=str(place), reason=Sentence("Errors", text, values), hint=_SMALLER
        )
    return _Found(source, family_for(source.config), config, model, names, vocabulary)


def _publish(
    context: WorkerContext, job: ImportJob, found: _Found
) -> tuple[Path, VersionManifest, Written]:
    library = VersionLibrary(context.home)
    kept: list[Written] = []
    pace = Pace(context, "bytes")

    def fill(folder: Path) -> None:
        source = found.source
        written = write(source, found.fit.names, folder / WEIGHTS, pace, context.stopping)
        if written is None or context.stopping():
            raise _Stopped
        kept.append(written)
        context.phase("publishing")
        found.vocabulary.write(folder)
        roles = found.vocabulary.roles(folder)
        if roles is None:
            text = N_("Errors", "its tokenizer has no token for the end of a text")
            reason = Sentence("Errors", text)
            raise CannotImport("path", path=str(source.place), reason=reason, hint=_SMALLER)
        found.template_fault = _try_template(found.vocabulary, roles, folder)
        write_json(folder / CONFIG, _config_json(found, roles))
        write_json(folder / GENERATION, _generation(found.vocabulary, roles))
        write_text(folder / "metrics.jsonl", "")

    def finish(manifest: VersionManifest) -> VersionManifest:
        return manifest.model_copy(update={"imported": _facts(job, found), "kind": _kind(found)})

    manifest = VersionManifest(
        id=str(uuid.uuid4()), name=job.version, title=job.title or job.version, series=job.version,
        edition=library.next_edition(job.version), colour=library.next_colour(),
        created=time.time(), family=found.family.key,
        objective="masked" if found.family.kind == "encoder" else "causal",
        measures=Measures(parameters=found.config.parameters), run=context.job.id,
        imported=ImportFacts(source=_said(job), form=found.source.form),
    )  # fmt: skip
    path, manifest = publish(context.home, manifest, fill, finish)
    return path, manifest, kept[0] if kept else Written()


def _try_template(vocabulary: Vocabulary, roles: TokenRoles, folder: Path) -> Sentence | None:
    """Render a conversation; a template that cannot do it is left out, and the reason given.

    Raises:
        CannotImport: It tries to leave its sandbox, or never ends.
    """
    if vocabulary.template is None:
        return None
    try:
        check_harmless(vocabulary.template)
        template = ChatTemplate(
            vocabulary.template, "own", tokenizer_files.load(folder), roles, names_of(folder)
        )
        template.rendered(_CONVERSATION)
        return None
    except Unsafe as fault:
        text = N_("Errors", "its chat template is not harmless: {reason}")
        reason = Sentence("Errors", text, {"reason": fault.sentence})
        raise CannotImport(
            "path", path=str(vocabulary.place), reason=reason, hint=_OTHER
        ) from fault
    except TemplateFault as fault:
        vocabulary.template = None
        vocabulary.config.pop("chat_template", None)
        vocabulary.write(folder)
        return fault.sentence


def _facts(job: ImportJob, found: _Found) -> ImportFacts:
    """Once everything was read: the hashes are known by then."""
    source = found.source
    return ImportFacts(
        source=_said(job), form=source.form, tensors=len(found.fit.names), hashes=source.hashes,
        licence=source.licence,
    )  # fmt: skip


def _said(job: ImportJob) -> str:
    return job.hub or job.path


def _kind(found: _Found) -> Any:
    """An encoder fills in; what has a template for conversations answers, unless it is a base
    version of our own, which has one reserved."""
    if found.family.kind == "encoder":
        return "fill"
    own_base = "tags: [terakoya" in found.source.readme and "| Kind | base |" in found.source.readme
    return "chat" if found.vocabulary.template and not own_base else "base"


def _config_json(found: _Found, roles: TokenRoles) -> dict[str, Any]:
    """As it came, where a config.json of this very model came; else as the family writes it."""
    if found.source.form == "gguf":
        data = found.config.to_transformers(roles)
        return data | {"torch_dtype": found.source.dtype_name}
    given = found.source.config
    if not _sees_images(given):
        return given
    text = given["text_config"]
    dtypes = (part.get(name) for part in (given, text) for name in ("torch_dtype", "dtype"))
    dtype = next((str(one) for one in dtypes if one), "float32")
    return found.config.to_transformers(roles) | {"torch_dtype": dtype}


def _sees_images(config: dict[str, Any]) -> bool:
    """Whether its language model is a part of it only."""
    return isinstance(config.get("text_config"), dict)


def _generation(vocabulary: Vocabulary, roles: TokenRoles) -> dict[str, Any]:
    usual = {
        "bos_token_id": roles.begin, "eos_token_id": sorted(roles.stops), "pad_token_id": roles.pad,
    }  # fmt: skip
    return usual | vocabulary.generation


def _warn(
    context: WorkerContext,
    job: ImportJob,
    found: _Found,
    manifest: VersionManifest,
    written: Written,
) -> None:
    if manifest.name != job.version:
        text = N_("Warnings", "The name “{wanted}” was taken meanwhile, so the version is called “{name}”.")  # fmt: skip
        values = {"wanted": job.version, "name": manifest.name}
        context.warn("name-taken", Sentence("Warnings", text, values))
    if _sees_images(found.source.config):
        text = N_("Warnings", "It can see images as well; only the part of it that reads and writes is brought in.")  # fmt: skip
        context.warn("images", Sentence("Warnings", text))
    if written.bad:
        text = N_(
            "Warnings",
            "{count} of its weights hold numbers that are infinite or none at all, “{name}” first: "
            "what it writes may be nonsense.",
        )
        values = {"count": len(written.bad), "name": written.bad[0]}
        context.warn("not-finite", Sentence("Warnings", text, values))
    if found.template_fault is not None:
        text = N_(
            "Warnings",
            "Its chat template is left out, so it continues text and does not converse: {reason}.",
        )
        context.warn("template", Sentence("Warnings", text, {"reason": found.template_fault}))
    if found.vocabulary.end_stands_in:
        text = N_(
            "Warnings",
            "Its tokenizer has no token for the end of a text; the one for unknown text stands for it.",
        )
        context.warn("no-end", Sentence("Warnings", text))


def _result(
    job: ImportJob, found: _Found, manifest: VersionManifest, path: Path, written: Written,
    seconds: float,
) -> dict[str, Any]:  # fmt: skip
    dtype = max(written.dtypes, key=lambda name: written.dtypes[name], default="F32")
    return {
        "version": manifest.name, "id": manifest.id, "path": str(path), "family": manifest.family,
        "kind": manifest.kind, "form": found.source.form, "source": _said(job),
        "parameters": manifest.measures.parameters, "tensors": len(found.fit.names),
        "bytes": written.bytes, "dtype": dtype, "context": found.config.context,
        "vocabulary": found.config.vocabulary, "licence": found.source.licence, "seconds": seconds,
    }  # fmt: skip
