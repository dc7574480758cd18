"""The export job: a version in a standard format, tested on the spot."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.errors import CannotExport, Damaged, NameTaken, UsageError
from core.exchange.checking import (
    Check,
    Difference,
    Logits,
    check_template,
    check_tokenizer,
    difference,
    logits_of,
    reloaded,
    sample_tokens,
)
from core.exchange.fitting import expected_shapes, fit, hollow
from core.exchange.progress import Pace
from core.families.base import FamilyConfig
from core.families.registry import config_for
from core.files import folder_bytes, friendly_os_errors, publish_folder, read_json, write_text
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import ExportJob
from core.models.adapters.adapt import merge
from core.models.adapters.peft_files import read_peft
from core.models.load import load_model, save_weights
from core.reasons import CHANGED, Unsuitable
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.roles import TokenRoles, names_of, roles_of
from core.tokenizer.template import ChatTemplate, template_text
from core.versions.adapters import ADAPTER_CONFIG, chain
from core.versions.exporting.ggufwriter import GgufContent, write_gguf
from core.versions.exporting.ollama import MODELFILE, Turns, modelfile, turns_of
from core.versions.hashes import damaged_files
from core.versions.importing.source import CONFIG, WEIGHTS
from core.versions.importing.tensorfile import TensorFile
from core.versions.library import ADAPTER_FILES, STANDARD_FILES, VersionEntry, VersionLibrary
from core.versions.llamacpp.architectures import ARCHITECTURES, Architecture, seen_context
from core.versions.llamacpp.vocabulary import adds_begin, to_gguf
from core.versions.manifest import RESTORE, SHEET
from core.versions.model_card import card_facts, model_card

Array = NDArray[np.float32]
_TEMPERATURE = 0.8
_OTHER_FORM = Sentence(
    "Errors", N_("Errors", "Export it as a Hugging Face folder, which keeps everything.")
)


@dataclass(frozen=True)
class _Version:
    """What is exported, as the models see it."""

    entry: VersionEntry
    config: FamilyConfig
    tokenizer: Tokenizer
    text: str
    roles: TokenRoles

    @property
    def folder(self) -> Path:
        return self.entry.path


def run(context: WorkerContext) -> WorkOutcome:
    """Write the version of an ExportJob and test what was written before it gets its name.

    Phases: checking, exporting, testing. Emits as `result`:

        path: the folder or file · format, quantisation (of gguf and ollama, else "") · bytes
        files: names of what was written
        merged_with: of an adapter that was put together with its base, the base's name
        needs, base_path: of an adapter alone, the base's name and where peft looks for it
        checks: [{name, ok, detail, rounded}], in this order, `detail` of figures only, `rounded` where
            it holds but for what rounding to few bits changes:
            hashes (a folder's files are the version's) · reloaded · logits ·
            tokenizer (sample texts of which the ids agree) · template (only where there is one)
        max_logit_difference, relative_difference, same_best_token (share): on a fixed text,
            against the version itself, in fp32
        context: tokens that the other program sees, where that is less than the version's
        seconds

    Raises:
        NotFound, NameTaken, Damaged, CannotExport, NoSpace, NoPermission: Nothing is left behind.
    """
    job = cast(ExportJob, context.config)
    begun = time.monotonic()
    context.started()
    context.phase("checking")
    version = _opened(context, job)
    target = _free(context, Path(job.to))
    temporary = target.parent / f".{target.stem[:40]}.{uuid.uuid4().hex[:8]}{target.suffix}"
    try:
        with friendly_os_errors(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            context.phase("exporting")
            wrote = _FORMS[job.format](context, job, version, temporary)
            if wrote is None or context.stopping():
                return "cancelled" if context.asked() == "cancel" else "paused"
            context.phase("testing")
            result = _tested(context, job, version, wrote)
            _give_name(temporary, target)
    finally:
        _clear(temporary)
    adapter = version.entry.manifest.adapter
    if adapter is not None and job.format == "adapter":
        base = read_json(target / ADAPTER_CONFIG).get("base_model_name_or_path")
        result |= {"needs": adapter.base_name, "base_path": base}
    elif adapter is not None:
        result["merged_with"] = adapter.base_name
    result |= {
        "path": str(target), "format": job.format,
        "quantisation": "" if job.format in ("hf", "adapter") else job.quantisation,
        "bytes": folder_bytes(target) if target.is_dir() else target.stat().st_size,
        "files": sorted(p.name for p in target.iterdir()) if target.is_dir() else [target.name],
        "seconds": time.monotonic() - begun,
    }  # fmt: skip
    context.result(result)
    return "done"


@dataclass(frozen=True)
class _Wrote:
    """`model`: what is to be opened again; `form`: how exact it should be; `same`: whether the
    files of a folder are the version's own; `context`: what the other program sees."""

    model: Path
    form: str
    context: int
    same: Check | None = None
    turns_agree: bool | None = None


def _opened(context: WorkerContext, job: ExportJob) -> _Version:
    entry = VersionLibrary(context.home).usable(job.version)
    broken = damaged_files(entry.path, entry.manifest.hashes)
    if broken:
        raise Damaged(path=str(entry.path / broken[0]), reason=CHANGED, hint=RESTORE)
    tokenizer = tokenizer_files.load(entry.path)
    roles = roles_of(tokenizer, entry.path)
    if roles is None:
        raise Damaged(path=str(entry.path), reason=tokenizer_files.NO_END, hint=RESTORE)
    text = (entry.path / tokenizer_files.TOKENIZER_FILE).read_text(encoding="utf-8")
    config = config_for(read_json(entry.path / CONFIG))
    return _Version(entry, config, tokenizer, text, roles)


def _free(context: WorkerContext, target: Path) -> Path:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NameTaken("to", name=str(target))
    if target.resolve().is_relative_to(context.home.path.resolve()):
        text = N_("Errors", "{path} is inside Terakoya's own folder. Choose one outside it.")
        raise UsageError("to", detail=Sentence("Errors", text, {"path": str(target)}))
    return target


def _give_name(temporary: Path, target: Path) -> None:
    if target.is_dir():
        target.rmdir()
    if temporary.is_dir():
        publish_folder(temporary, target)
    else:
        temporary.rename(target)


def _clear(temporary: Path) -> None:
    if temporary.is_dir():
        shutil.rmtree(temporary, ignore_errors=True)
    else:
        temporary.unlink(missing_ok=True)


# ---- a Hugging Face folder -----------------------------------------------------------------------


def _folder(context: WorkerContext, job: ExportJob, version: _Version, to: Path) -> _Wrote | None:
    """The version's own files; an adapter is put together with its base first."""
    copied = _copied(context, version, to, STANDARD_FILES)
    if copied is None:
        return None
    if not (to / WEIGHTS).is_file():
        save_weights(load_model(version.folder), to / WEIGHTS)
        write_text(to / "README.md", _merged_card(context, version.entry))
    return _Wrote(to, "exact", version.config.context, copied)


def _adapter(context: WorkerContext, job: ExportJob, version: _Version, to: Path) -> _Wrote | None:
    """What LoRA learnt, alone, as peft reads it. Raises CannotExport for a whole version."""
    if version.entry.manifest.adapter is None:
        reason = Sentence("Errors", N_("Errors", "it is a whole version, not an adapter"))
        raise CannotExport("format", name=version.entry.name, reason=reason, hint=_OTHER_FORM)
    copied = _copied(context, version, to, ADAPTER_FILES)
    return _Wrote(to, "exact", version.config.context, copied) if copied else None


def _copied(
    context: WorkerContext, version: _Version, to: Path, wanted: tuple[str, ...]
) -> Check | None:
    """Copy what there is of `wanted`; None when the user stopped it."""
    to.mkdir()
    names = [n for n in (*wanted, "README.md", SHEET) if (version.folder / n).is_file()]
    total = sum((version.folder / name).stat().st_size for name in names)
    done, pace = 0, Pace(context, "bytes")
    for name in names:
        shutil.copyfile(version.folder / name, to / name)
        done += (to / name).stat().st_size
        pace(done, total)
        if context.stopping():
            return None
    kept = {n: h for n, h in version.entry.manifest.hashes.items() if n in names}
    broken = damaged_files(to, kept)
    return Check("hashes", not broken, f"{len(kept) - len(broken)}/{len(kept)}")


def _merged_card(context: WorkerContext, entry: VersionEntry) -> str:
    """The card of a version that is no adapter any more."""
    manifest = entry.manifest
    parents = [
        p.model_copy(update={"relation": "merged"}) if p.relation == "adapter" else p
        for p in manifest.parents
    ]
    whole = manifest.model_copy(update={"adapter": None, "parents": parents})
    evaluations = VersionLibrary(context.home).evaluations(entry.id)
    return model_card(whole, card_facts(context.home, whole, evaluations))


# ---- GGUF and Ollama -----------------------------------------------------------------------------


def _gguf(context: WorkerContext, job: ExportJob, version: _Version, to: Path) -> _Wrote | None:
    content = _content(version)
    if not write_gguf(to, content, job.quantisation, Pace(context, "numbers"), context.stopping):
        return None
    return _Wrote(to, job.quantisation, seen_context(version.config))


def _ollama(context: WorkerContext, job: ExportJob, version: _Version, to: Path) -> _Wrote | None:
    """A folder for `ollama create NAME -f Modelfile`."""
    to.mkdir()
    file = to / "model.gguf"
    wrote = _gguf(context, job, version, file)
    if wrote is None:
        return None
    turns = _turns(version)
    special = {version.tokenizer.id_to_token(token) for token in version.roles.stops}
    stops = sorted(token for token in special if token)
    words = modelfile(file.name, turns, stops, wrote.context, _TEMPERATURE)
    write_text(to / MODELFILE, words)
    talks = template_text(version.folder) is not None and version.entry.manifest.kind == "chat"
    return _Wrote(file, wrote.form, wrote.context, turns_agree=turns is not None if talks else None)


def _turns(version: _Version) -> Turns | None:
    """None for a version that continues text, and for a template that Ollama cannot follow."""
    text = template_text(version.folder)
    if text is None or version.entry.manifest.kind != "chat":
        return None
    named = names_of(version.folder)
    template = ChatTemplate(text, "own", version.tokenizer, version.roles, named)
    begins = adds_begin(version.text, read_json(version.folder / tokenizer_files.CONFIG_FILE))
    first = version.tokenizer.id_to_token(version.roles.begin) if begins else ""
    return turns_of(template, first or "")


def _content(version: _Version) -> GgufContent:
    """Raises CannotExport for what llama.cpp does not compute."""
    family = version.entry.manifest.family
    architecture = ARCHITECTURES.get(family)
    try:
        if architecture is None:
            text = N_("Errors", "llama.cpp does not know its family ({name})")
            if version.entry.manifest.kind == "fill":
                text = N_("Errors", "llama.cpp reads encoders ({name}) without the part that fills in blanks")  # fmt: skip
            raise Unsuitable(Sentence("Errors", text, {"name": family}))
        architecture.refuse(version.config)
        expected = expected_shapes(hollow(version.config))
        pieces = architecture.pieces(version.config, expected)
        values = _values(version, architecture)
    except Unsuitable as error:
        name = version.entry.name
        raise CannotExport("format", name=name, reason=error.sentence, hint=_OTHER_FORM) from error
    arrays = _arrays(version)
    return GgufContent(architecture, version.config, pieces, arrays, values, architecture.extra(version.config))  # fmt: skip


def _values(version: _Version, architecture: Architecture) -> dict[str, Any]:
    manifest = version.entry.manifest
    named = read_json(version.folder / tokenizer_files.CONFIG_FILE)
    begins = adds_begin(version.text, named)
    tokenizer = to_gguf(version.text, version.config.vocabulary, version.roles, begins)
    values: dict[str, Any] = {
        "general.type": "model", "general.name": manifest.title,
        "general.quantization_version": 2,
    }  # fmt: skip
    if manifest.imported is not None and manifest.imported.licence:
        values["general.license"] = manifest.imported.licence
    sizes = architecture.metadata(version.config)
    values |= {f"{architecture.name}.{name}": value for name, value in sizes.items()}
    values |= {f"tokenizer.ggml.{name}": value for name, value in tokenizer.items()}
    template = template_text(version.folder)
    return values if template is None else {**values, "tokenizer.chat_template": template}


def _arrays(version: _Version) -> Callable[[str], Array]:
    """Weights by the names of transformers' file, in fp32, one at a time where the version's own
    file has them so."""
    weights = version.folder / WEIGHTS
    model = hollow(version.config)
    expected = expected_shapes(model)
    if weights.is_file():
        file = TensorFile.open(weights)
        names = {stored: name for name, stored in fit(model, file.tensors, weights).names.items()}
        if set(names) >= set(expected):
            data = np.memmap(weights, mode="r")
            return lambda name: _array(data, file, names[name])
    whole = load_model(version.folder)
    state = {n: v.detach() for n, v in whole.state_dict().items() if n not in whole.tied}
    made = whole.to_file(state)
    return lambda name: made[name].contiguous().numpy()


def _array(data: Any, file: TensorFile, name: str) -> Array:
    facts = file.tensors[name]
    raw = data[file.data_begin + facts.begin : file.data_begin + facts.end]
    if facts.dtype == "BF16":
        whole = (raw.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    else:
        kind = {"F16": np.float16, "F32": np.float32, "F64": np.float64}[facts.dtype]
        whole = raw.view(kind).astype(np.float32, copy=False)
    return whole.reshape(facts.shape)


# ---- the test ------------------------------------------------------------------------------------


def _tested(
    context: WorkerContext, job: ExportJob, version: _Version, wrote: _Wrote
) -> dict[str, Any]:
    tokens = sample_tokens(version.tokenizer, version.roles, wrote.context)
    ours = _own_logits(version, tokens)
    if job.format == "adapter":
        return _tested_adapter(version, wrote, tokens, ours)
    model, source = reloaded(wrote.model)
    found = difference(ours, logits_of(model, tokens))
    del model
    checks = [wrote.same] if wrote.same is not None else []
    checks += [Check("reloaded", True), found.check(wrote.form)]
    checks.append(check_tokenizer(version.tokenizer, source.vocabulary().text))
    room = context.folder.path / "test"
    template = check_template(version.folder, version.tokenizer, version.roles, source, room)
    if template is not None:
        agrees = wrote.turns_agree is not False
        checks.append(Check("template", template.ok and agrees, template.detail))
    more = {"context": wrote.context} if wrote.context < version.config.context else {}
    return {**_told(checks, found), **more}


def _tested_adapter(
    version: _Version, wrote: _Wrote, tokens: list[int], ours: Logits
) -> dict[str, Any]:
    """What was written, put on its base anew."""
    model = load_model(chain(version.folder)[-2])
    merge(model, read_peft(wrote.model, model))
    found = difference(ours, logits_of(model, tokens))
    text = (wrote.model / tokenizer_files.TOKENIZER_FILE).read_text(encoding="utf-8")
    checks = [Check("reloaded", True), found.check(wrote.form), check_tokenizer(version.tokenizer, text)]  # fmt: skip
    if wrote.same is not None:
        checks.insert(0, wrote.same)
    own = template_text(version.folder)
    if own is not None:
        checks.append(Check("template", template_text(wrote.model) == own, f"{len(own)}"))
    return _told(checks, found)


def _told(checks: list[Check], found: Difference) -> dict[str, Any]:
    return {
        "checks": [check.to_json() for check in checks], "max_logit_difference": found.largest,
        "relative_difference": found.relative,
        "same_best_token": found.same_best / max(1, found.tokens),
    }  # fmt: skip


def _own_logits(version: _Version, tokens: list[int]) -> Logits:
    with torch.inference_mode():
        return logits_of(load_model(version.folder), tokens)


_FORMS: dict[str, Callable[[WorkerContext, ExportJob, _Version, Path], _Wrote | None]] = {
    "hf": _folder, "gguf": _gguf, "ollama": _ollama, "adapter": _adapter,
}  # fmt: skip
