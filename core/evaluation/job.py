"""The evaluation job: versions on the same texts, with intervals and paired differences."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from core.corpus.gathering import Stopped
from core.corpus.tokens import TokenSplit
from core.errors import Damaged, EmptyCorpus
from core.evaluation.bias import Suite, read_suite
from core.evaluation.bias import measure as measure_bias
from core.evaluation.encoders import EncoderMeasure
from core.evaluation.pseudo import pseudo_score
from core.evaluation.score import Scores, by_block, score
from core.evaluation.texts import (
    EvaluationText,
    corpus_text,
    encode,
    file_text,
    training_hashes,
    was_trained_on,
)
from core.files import write_json
from core.generation.stream import Outcome, write
from core.intervals import bits_per_byte_interval, paired_difference
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import EvaluateJob
from core.models.base import LanguageModel
from core.models.devices import choose_device, device_name
from core.models.encoder.model import Encoder
from core.models.load import load_model
from core.sampling import SamplingSettings
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import token_bytes
from core.tokenizer.roles import roles_of
from core.versions.library import VersionEntry, VersionLibrary
from core.versions.manifest import RESTORE, CorpusPin

FEW_DOCUMENTS = 30


@dataclass
class Measured:
    """What one version reached on each text."""

    entry: VersionEntry
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    scores: dict[str, Scores] = field(default_factory=dict[str, Scores])
    opening: dict[str, Any] | None = None
    bias: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Of each suite, see core.evaluation.bias."""

    @property
    def pseudo(self) -> bool:
        return any(row["pseudo"] for row in self.rows)


def run(context: WorkerContext) -> WorkOutcome:
    """Worker function of the job kind "evaluate"."""
    job = cast(EvaluateJob, context.config)
    device, warning = choose_device(job.device)
    context.started(device=device_name(device))
    if warning is not None:
        context.warn("device", warning)
    library = VersionLibrary(context.home)
    entries = [library.usable(name) for name in dict.fromkeys(job.versions)]
    context.phase("reading")
    suites = [read_suite(path) for path in job.suites]
    try:
        shared = _shared_texts(context, job, entries)
    except Stopped:
        return _stopped(context)
    results: list[Measured] = []
    for index, entry in enumerate(entries):
        context.phase("evaluating")
        context.progress(index, len(entries), "versions", detail=entry.manifest.title)
        measured = _measure(context, job, entry, shared, device, suites)
        if measured is None:
            return _stopped(context)
        results.append(measured)
    comparisons = _compare(results)
    context.result(_result(results, comparisons))
    _keep(context, job, results, comparisons)
    return "done"


def _stopped(context: WorkerContext) -> WorkOutcome:
    return "cancelled" if context.asked() == "cancel" else "paused"


def _shared_texts(
    context: WorkerContext, job: EvaluateJob, entries: list[VersionEntry]
) -> list[EvaluationText]:
    """Files, and of each version the held-out text of its corpus; where that holds nothing out, as
    lessons do, of the next one that it comes from."""
    texts = [
        file_text(context.home, path, lambda: context.asked() is not None) for path in job.texts
    ]
    if job.heldout:
        known: dict[str, EvaluationText | None] = {}
        for pin in (pin for entry in entries for pin in _until_found(entry, known)):
            if pin.snapshot not in known:
                known[pin.snapshot] = corpus_text(context.home, pin, "heldout")
        texts += [text for text in known.values() if text is not None]
    if not texts and not job.suites:
        names = ", ".join(entry.name for entry in entries)
        text = N_("Errors", "the corpora of {names} (they are gone)")
        raise EmptyCorpus("text", path=Sentence("Errors", text, {"names": names}), files=0)
    return texts


def _until_found(
    entry: VersionEntry, known: dict[str, EvaluationText | None]
) -> Iterator[CorpusPin]:
    """The corpora that a version itself read, then those of its ancestors, the latest first, up to one
    with held-out text."""
    own = entry.manifest.own_corpora
    found = False
    for number, pin in enumerate(entry.manifest.corpora):
        if number >= own and found:
            return
        yield pin
        found = found or known.get(pin.snapshot) is not None


def _measure(
    context: WorkerContext,
    job: EvaluateJob,
    entry: VersionEntry,
    shared: list[EvaluationText],
    device: torch.device,
    suites: list[Suite],
) -> Measured | None:
    model = load_model(entry.path, device)
    tokenizer = tokenizer_files.load(entry.path)
    pieces = token_bytes(tokenizer, model.config.vocabulary)
    roles = roles_of(tokenizer, entry.path)
    if roles is None:
        raise Damaged(path=str(entry.path), reason=tokenizer_files.NO_END, hint=RESTORE)
    end = roles.end
    result = Measured(entry)
    asked = None
    if isinstance(model, Encoder):
        asked = EncoderMeasure(entry, model, tokenizer, pieces, roles)
    texts = list(shared)
    if job.seen and entry.manifest.corpora:
        seen = corpus_text(context.home, entry.manifest.corpora[0], "seen")
        texts += [_shortened(seen, shared)] if seen else []
    trained = training_hashes(context.home, entry.manifest)
    for text in texts:
        split = encode(text, tokenizer, end)
        units = by_block(split, pieces) if split.documents < FEW_DOCUMENTS else None
        total = len(split.tokens)
        label = f"{entry.manifest.title} · {text.path.split('/')[-1]}"

        def tell(done: int, total: int = total, label: str = label) -> None:
            context.progress(done, total, "tokens", detail=label)

        if asked is not None:
            scores = asked.score(split, units, lambda: context.asked() is not None, tell)
        else:
            scores = score(
                model, split, end, units=units, stop=lambda: context.asked() is not None,
                progress=tell,
            )  # fmt: skip
        if context.asked() is not None:
            return None
        result.scores[text.path] = scores
        known = was_trained_on(context.home, entry.manifest, text, trained)
        result.rows.append(_row(text, scores, known))
    for suite in suites:
        told = _pairs_of(context, model, asked, end)
        if (found := measure_bias(suite, tokenizer, told)) is None:
            return None
        result.bias.append(found)
    if job.opening and asked is not None:
        result.opening = asked.opening(job.opening)
    elif job.opening:
        result.opening = _continue(model, tokenizer, pieces, end, job)
    return result


def _pairs_of(
    context: WorkerContext, model: LanguageModel, asked: EncoderMeasure | None, end: int
) -> Callable[[TokenSplit, NDArray[np.bool_]], Scores | None]:
    """How sentences of pairs are scored."""

    def score_pairs(split: TokenSplit, both: NDArray[np.bool_]) -> Scores | None:
        def stop() -> bool:
            return context.asked() is not None

        if asked is not None:
            scores = pseudo_score(model, split, asked.frame, both, False, stop=stop)
        else:
            scores = score(model, split, end, stop=stop)
        return None if stop() else scores

    return score_pairs


def _shortened(seen: EvaluationText, shared: list[EvaluationText]) -> EvaluationText:
    """About as much seen text as there is held-out text: a fair sample, by hash."""
    wanted = max((t.bytes for t in shared if t.kind == "heldout"), default=100_000)
    documents: list[str] = []
    hashes: list[bytes] = []
    size = 0
    for found, document in sorted(zip(seen.hashes, seen.documents, strict=True)):
        room = wanted - size
        if room <= 0:
            break
        cut = document.encode("utf-8")[:room].decode("utf-8", "ignore")
        documents.append(cut)
        hashes.append(found)
        size += len(cut.encode("utf-8"))
    return EvaluationText(seen.path, "seen", documents, hashes)


def _row(text: EvaluationText, scores: Scores, trained_on: bool) -> dict[str, Any]:
    low, high = bits_per_byte_interval(scores.nats, scores.bytes)
    return {
        "path": text.path, "kind": text.kind, "bytes": int(scores.bytes.sum()),
        "tokens": int(scores.tokens.sum()), "loss": scores.loss,
        "bits_per_byte": scores.bits_per_byte, "low": low, "high": high,
        "perplexity": math.exp(min(50.0, scores.loss)),
        "trained_on": trained_on, "pseudo": bool(scores.details.get("pseudo")),
        **{name: scores.details.get(name) for name in ("masked_accuracy", "masked_low", "masked_high")},
        "unknown": scores.details.get("unknown", 0.0),
    }  # fmt: skip


def _continue(
    model: LanguageModel, tokenizer: Any, pieces: list[bytes], end: int, job: EvaluateJob
) -> dict[str, Any]:
    settings = SamplingSettings(max_tokens=job.opening_tokens, seed=job.seed)
    prompt = [end, *tokenizer.encode(job.opening).ids]
    outcome = Outcome()
    begun = time.monotonic()
    cells = list(write(model, pieces, prompt, settings, {end}, outcome))
    seconds = max(1e-6, time.monotonic() - begun)
    return {
        "prompt": job.opening, "text": "".join(cell.text for cell in cells),
        "tokens_per_second": outcome.tokens / seconds,
    }  # fmt: skip


def _compare(results: list[Measured]) -> list[dict[str, Any]]:
    """Decoders among themselves and encoders among themselves: pseudo-perplexity is another thing
    than perplexity."""
    kinds = ([m for m in results if m.pseudo is kind] for kind in (False, True))
    return [row for alike in kinds for row in _compare_alike(alike)]


def _compare_alike(results: list[Measured]) -> list[dict[str, Any]]:
    """Each version against the best one of each shared text, on the same documents."""
    found: list[dict[str, Any]] = []
    paths = [row["path"] for row in results[0].rows if row["kind"] != "seen"] if results else []
    for path in paths:
        rows = {m.entry.name: next(r for r in m.rows if r["path"] == path) for m in results}
        fair = [m for m in results if not rows[m.entry.name]["trained_on"]]
        if not fair:
            continue
        best = min(fair, key=lambda m: rows[m.entry.name]["bits_per_byte"])
        clear = True
        for other in results:
            if other is best:
                continue
            difference = _difference(other.scores[path], best.scores[path])
            enough = len(best.scores[path].nats) > 1  # One piece of text proves nothing.
            clear = clear and enough and difference["low"] > 0
            found.append(
                {
                    "path": path,
                    "version": other.entry.name,
                    "against": best.entry.name,
                    **difference,
                }
            )
        rows[best.entry.name]["best"] = clear and len(results) > 1
    return found


def _difference(one: Scores, two: Scores) -> dict[str, float]:
    """In bits per byte; positive: `two` is better. Units agree, because they are cut by bytes."""
    count = min(len(one.nats), len(two.nats))
    whole, low, high = paired_difference(one.nats[:count], two.nats[:count], two.bytes[:count])
    return {"difference": whole, "low": low, "high": high}


def _result(results: list[Measured], comparisons: list[dict[str, Any]]) -> dict[str, Any]:
    versions = [
        {
            "name": m.entry.name, "id": m.entry.id, "texts": m.rows, "opening": m.opening,
            "bias": m.bias,
        }
        for m in results
    ]  # fmt: skip
    return {"versions": versions, "comparisons": comparisons}


def _keep(
    context: WorkerContext,
    job: EvaluateJob,
    results: list[Measured],
    comparisons: list[dict[str, Any]],
) -> None:
    """A copy with each version that took part."""
    for measured in results:
        document = {
            "schema": 1, "id": context.job.id, "created": time.time(),
            "version": measured.entry.id, "texts": measured.rows, "opening": measured.opening,
            "with": [m.entry.name for m in results], "comparisons": comparisons,
            "seed": job.seed, "bias": measured.bias,
        }  # fmt: skip
        write_json(measured.entry.path / "evaluations" / f"{context.job.id}.json", document)
        VersionLibrary(context.home).refresh_card(measured.entry.id)
