"""After the last step: final figures on the test part, and the published version."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from core import events as ev
from core.errors import TerakoyaError
from core.evaluation.score import Scores, by_block
from core.files import write_json, write_text
from core.intervals import FEWEST, bits_per_byte_interval
from core.jobfolder import EventReader
from core.jobs.context import WorkerContext, WorkOutcome
from core.lessons import LessonBook
from core.models.base import LanguageModel
from core.models.load import CONFIG, WEIGHTS, save_weights
from core.objectives.dialogues import mark_learnt
from core.sentences import N_, Sentence
from core.tokenizer.files import save_encoder, save_transformers
from core.tokenizer.roles import TokenRoles
from core.training import adapters
from core.training.checkpoint import RunState
from core.training.datasheet import write_sheet
from core.training.distributed.together import ranks
from core.training.forgetting import compare_after
from core.training.prepare import Prepared
from core.training.provenance import manifest_of
from core.training.reproduction import compare_weights
from core.training.watch import take
from core.versions.forgetting import forgetting_to_json
from core.versions.library import VersionEntry, VersionLibrary
from core.versions.manifest import Measures
from core.versions.publish import publish
from core.versions.scores import KeptScores, keep_scores, kept_scores


def publish_version(
    context: WorkerContext, prepared: Prepared, state: RunState, seconds_for_scoring: float,
    forgetting_tokens: int,
) -> WorkOutcome:  # fmt: skip
    """Score, write and publish; emits phases, `published` and `result`.

    Asked to pause or cancel while scoring, it leaves: the state is in a checkpoint.

    Args:
        forgetting_tokens: So much of the parent's text is scored, where that was not done before.
    """
    context.phase("evaluating")
    prepared.model.eval()
    limit = _limit(context, prepared, state, seconds_for_scoring)
    unseen, seen = _final_scores(context, prepared, limit)
    forgetting = compare_after(context, prepared, forgetting_tokens)
    if context.stopping():
        return "cancelled" if context.asked() == "cancel" else "paused"
    figures = _figures(prepared, unseen, seen)
    context.phase("publishing")
    plan = prepared.plan
    measures = Measures(
        parameters=plan.parameters, steps=state.step, tokens_seen=state.tokens_seen,
        epochs=state.tokens_seen / max(1, prepared.objective.text_tokens(prepared.store)),
        seconds=state.active_seconds, best_step=state.best_step,
        tokens_per_second=state.tokens_seen / max(1e-9, state.active_seconds), **figures,
        **_electricity(prepared.decisions.get("measured") or {}),
    )  # fmt: skip
    manifest = manifest_of(context, prepared, measures)
    manifest = manifest.model_copy(update={"forgetting": forgetting})
    measured_by = "causal" if prepared.objective.name == "distil" else prepared.objective.name

    def write(folder: Path) -> None:
        _write(folder, context, prepared)
        if figures["heldout_loss"] is None:
            return
        nats, sizes = unseen.nats.tolist(), unseen.bytes.tolist()
        job = prepared.job
        texts = "+".join([job.snapshot, *(one.snapshot for one in job.mixed)])
        kept = KeptScores(measured_by, texts, limit, nats, sizes)
        keep_scores(folder, kept)

    path, published = context.patiently(lambda: publish(context.home, manifest, write))
    if published.name != prepared.job.version:
        context.warn("name-taken", _renamed(prepared.job.version, published.name))
    mark_learnt(LessonBook(context.home), context.folder.path, published.id)
    context.emit(ev.Published(version=published.name, version_id=published.id, path=str(path)))
    context.result(
        {
            "version": published.name,
            "id": published.id,
            "path": str(path),
            "parameters": plan.parameters,
            "tokens_seen": state.tokens_seen,
            "steps": state.step,
            "seconds": state.active_seconds,
            **figures,
            "best_step": state.best_step,
            "forgetting": forgetting and forgetting_to_json(forgetting, prepared.objective.name),
            **_repeated(context, prepared, path),
        }  # fmt: skip
    )
    return "done"


def _figures(prepared: Prepared, unseen: Scores, seen: Scores) -> dict[str, float | None]:
    """The final figures as version.json and `result` carry them: nothing of unseen text where none
    was held out, no bits per byte where the loss is none of a text, no interval of one document."""
    held, in_bits = prepared.objective.held_out(prepared.store), prepared.objective.in_bits
    bounds: tuple[float | None, float | None] = None, None
    if held and in_bits and len(unseen.nats) >= FEWEST:
        bounds = bits_per_byte_interval(unseen.nats, unseen.bytes)
    return {
        "heldout_loss": unseen.loss if held else None,
        "heldout_bits_per_byte": unseen.bits_per_byte if held and in_bits else None,
        "heldout_low": bounds[0], "heldout_high": bounds[1],
        "train_bits_per_byte": seen.bits_per_byte if in_bits else None,
        "masked_accuracy": unseen.details.get("masked_accuracy") if held else None,
        "preference_accuracy": unseen.details.get("accuracy") if held else None,
    }  # fmt: skip


def _repeated(context: WorkerContext, prepared: Prepared, path: Path) -> dict[str, Any]:
    """What a repetition came to."""
    if prepared.job.reproduces is None:
        return {}
    with contextlib.suppress(TerakoyaError):  # Gone meanwhile: nothing to compare with.
        before = VersionLibrary(context.home).usable(prepared.job.reproduces)
        return {"reproduction": compare_weights(before, path, prepared)}
    return {}


def _electricity(measured: dict[str, Any]) -> dict[str, Any]:
    """What is kept of the energy with the version; the whole stands in its `decisions`."""
    source = measured.get("energy_source", "estimate")
    return {"energy_wh": measured.get("energy_wh"), "energy_measured": source != "estimate"}


def _renamed(wanted: str, name: str) -> Sentence:
    return Sentence(
        "Warnings",
        N_("Warnings", "The name “{wanted}” was taken meanwhile, so the version is called “{name}”."),
        {"wanted": wanted, "name": name},
    )  # fmt: skip


def _limit(context: WorkerContext, prepared: Prepared, state: RunState, seconds: float) -> int:
    """Tokens of the test part that fit in the time; where the version is to be compared with another
    one, as many as that one was measured on."""
    other = prepared.job.compared_with or prepared.job.reproduces
    if other is not None:
        with contextlib.suppress(TerakoyaError):
            kept = kept_scores(VersionLibrary(context.home).get(other).path)
            if kept is not None:
                return kept.limit
    speed = 1.5 * state.tokens_seen / max(1e-9, state.active_seconds * ranks())  # By one device.
    return max(4096, int(speed * seconds / 3))


def _final_scores(context: WorkerContext, prepared: Prepared, limit: int) -> tuple[Scores, Scores]:
    """Test part with half-context stride, and as much seen text."""
    splits = map(prepared.store.split, ("test", "check", "train"))
    test = next(split for split in splits if len(split.tokens))
    test = take(test, limit, prepared.pieces)
    units = by_block(test, prepared.pieces) if test.documents < 30 else None
    stop = context.stopping
    measure = prepared.objective.scores
    unseen = measure(prepared.model, test, units, stop)
    size = max(1024, min(len(test.tokens), 16_384))
    seen = take(prepared.store.split("train"), size, prepared.pieces)
    return unseen, measure(prepared.model, seen, None, stop)


def _write(folder: Path, context: WorkerContext, prepared: Prepared) -> None:
    model, roles = prepared.model, prepared.roles
    masters = prepared.stepper.weights()
    if prepared.plan.adapter_parameters:
        adapters.write(folder, prepared, masters)
    else:
        model.to(torch.float32)
        with torch.no_grad():
            for name, weight in model.named_parameters():
                weight.copy_(masters[name])
        save_weights(model, folder / WEIGHTS)
    write_json(folder / CONFIG, model.config.to_transformers(roles))
    write_sheet(folder, context, _before(context, prepared))
    write_text(folder / "metrics.jsonl", _metrics(context))
    template = prepared.objective.template
    stops = roles.stops | (template.stops if template else set())
    write_json(folder / "generation_config.json", _generation(model, roles, stops))
    text, context_size = prepared.tokenizer_text, model.config.context
    if model.bidirectional:
        segments = model.config.types > 1
        save_encoder(folder, text, context_size, roles, model.config.padding, segments)
    else:
        given = prepared.parent or prepared.origin
        source = given.path if given else None
        save_transformers(folder, text, context_size, source, template.text if template else None)


def _before(context: WorkerContext, prepared: Prepared) -> list[VersionEntry]:
    """The versions whose text the new one has read too; one that is gone tells no more."""
    before = [prepared.parent] if prepared.parent is not None else []
    if prepared.job.teacher is not None:
        with contextlib.suppress(TerakoyaError):
            before.append(VersionLibrary(context.home).get(prepared.job.teacher))
    return before


def _generation(model: LanguageModel, roles: TokenRoles, stops: set[int]) -> dict[str, Any]:
    """generation_config.json; an encoder writes nothing, so nothing is said of how."""
    if model.bidirectional:
        return {"pad_token_id": model.config.padding}
    return {
        "bos_token_id": roles.begin, "eos_token_id": sorted(stops),
        "pad_token_id": roles.pad,
        "do_sample": True, "temperature": 0.8, "top_p": 0.95, "top_k": 40,
    }  # fmt: skip


def _metrics(context: WorkerContext) -> str:
    """The run's curve, a row for each held-out measure and for each batch of metrics; steps that a
    resume or a way back did again stand in it once."""
    rows: list[tuple[float, dict[str, Any]]] = []  # With the row's last step.
    for event in _events(context):
        match event:
            case ev.Metrics():
                rows.append((event.columns["step"][-1] or 0, {"metrics": event.columns}))
            case ev.Evaluated():
                row = {"step": event.step, "loss": event.loss, "bits_per_byte": event.bits_per_byte}
                rows.append((event.step, row))
            case ev.Started() | ev.RolledBack():
                step = event.from_step if isinstance(event, ev.Started) else event.to_step
                rows = [kept for row in rows if (kept := _up_to(step, *row)) is not None]
            case _:
                pass
    return "\n".join(json.dumps(row) for _, row in rows) + "\n"


def _up_to(step: int, last: float, row: dict[str, Any]) -> tuple[float, dict[str, Any]] | None:
    """What of a row belongs to steps up to `step`."""
    if last <= step:
        return last, row
    columns = row.get("metrics")
    count = sum(s <= step for s in columns["step"]) if columns else 0
    if not columns or not count:
        return None
    cut = {name: values[:count] for name, values in columns.items()}
    return cut["step"][-1], {"metrics": cut}


def _events(context: WorkerContext) -> Iterator[ev.Event]:
    reader = EventReader(context.folder)
    while events := reader.poll():
        yield from events
