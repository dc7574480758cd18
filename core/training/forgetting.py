"""The guard against forgetting: the parent's own unseen text, before the first step and after the last.

Both measures are of the same passages, in the same precision, so that their difference is a paired
one (core.intervals). What was measured before is kept in the run's folder: after a pause
the parent, or its corpus, may be gone.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any

import numpy as np
import torch

from core import events as ev
from core.corpus.library import CorpusLibrary
from core.corpus.tokens import TokenSplit, open_tokens
from core.errors import TerakoyaError
from core.evaluation.score import Scores, by_block, score
from core.files import read_json, write_json
from core.intervals import FEWEST, paired_difference
from core.jobs.context import WorkerContext
from core.models.base import LanguageModel
from core.models.load import load_model
from core.tokenizer import files as tokenizer_files
from core.training.prepare import Prepared
from core.training.watch import take
from core.versions.forgetting import forgetting_to_json
from core.versions.library import VersionEntry
from core.versions.manifest import CorpusPin, Forgetting

FILE = "forgetting.json"
MOST_TOKENS = 65_536
Found = tuple[CorpusPin, TokenSplit, str]
"""What is measured, and `Forgetting.how`."""


def measure_before(context: WorkerContext, prepared: Prepared, limit: int, step: int) -> None:
    """Score the parent's text with the parent's weights, once for a run; tells it.

    Args:
        limit: About so many tokens of it.
        step: At 0 the weights are still the parent's, else these are loaded beside them.
    """
    parent = prepared.parent
    if parent is None or (context.folder.path / FILE).is_file():
        return
    found = _text_of(context, parent)
    if found is None:
        return
    begun = time.monotonic()
    pin, whole, how = found
    split = take(whole, min(limit, MOST_TOKENS), prepared.pieces)
    model = prepared.model if step == 0 else _parents(prepared, parent)
    scores = _score(context, prepared, model, split)
    if context.stopping():
        return
    prepared.decisions["forgetting_seconds"] = time.monotonic() - begun
    document = {
        "text": pin.name, "how": how, "tokens": split.tokens.tolist(), "offsets": split.offsets.tolist(),
        "bytes": split.bytes.tolist(), "nats": scores.nats.tolist(),
    }  # fmt: skip
    context.patiently(lambda: write_json(context.folder.path / FILE, document))
    told = {"text": pin.name, "how": how, "before": scores.bits_per_byte, "after": None}
    context.emit(ev.Forgetting(data=told))


def compare_after(context: WorkerContext, prepared: Prepared, limit: int) -> Forgetting | None:
    """Score the same text with the weights as they are now; None where there is nothing to compare,
    or when asked to stop."""
    if prepared.parent is None:
        return None
    measure_before(context, prepared, limit, step=1)
    try:
        kept: dict[str, Any] = read_json(context.folder.path / FILE)
        split = TokenSplit(
            np.array(kept["tokens"], np.uint32), np.array(kept["offsets"], np.int64),
            np.array(kept["bytes"], np.int64),
        )  # fmt: skip
        before = np.array(kept["nats"], np.float64)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    after = _score(context, prepared, prepared.model, split)
    if context.stopping() or len(after.nats) != len(before):
        return None
    _, low, high = paired_difference(after.nats, before, after.bytes)
    told = len(before) >= FEWEST
    bits = float(before.sum() / np.log(2) / max(1.0, after.bytes.sum()))
    found = Forgetting(
        text=str(kept["text"]), before=bits, after=after.bits_per_byte,
        low=low if told else None, high=high if told else None, how=kept.get("how", "text"),
    )  # fmt: skip
    context.emit(ev.Forgetting(data=forgetting_to_json(found, prepared.objective.name)))
    return found


def _text_of(context: WorkerContext, parent: VersionEntry) -> Found | None:
    """The unseen text of the latest corpus of the parent that has any (lessons have none), and how
    it is measured; None where all are unknown or gone."""
    found = (_unseen(context, parent, pin) for pin in parent.manifest.corpora)
    return next(filter(None, found), None)


def _unseen(context: WorkerContext, parent: VersionEntry, pin: CorpusPin) -> Found | None:
    library = CorpusLibrary(context.home)
    corpus = next((corpus for corpus in library.list() if corpus.id == pin.id), None)
    if corpus is None:
        return None
    kind, talks = parent.manifest.kind, 2 * corpus.totals.conversations > corpus.totals.documents
    how = "hidden" if kind == "fill" else "conversations" if kind == "chat" and talks else "text"
    with contextlib.suppress(TerakoyaError):
        tokenizer = parent.path / tokenizer_files.TOKENIZER_FILE
        store = open_tokens(
            library.folder(corpus.name), pin.snapshot, tokenizer, None, context.stopping
        )
        for side in ("test", "check") if store else ():
            split = store.split(side)  # type: ignore[union-attr, arg-type]
            if len(split.tokens) > 1:
                return pin, split, how
    return None


def _parents(prepared: Prepared, parent: VersionEntry) -> LanguageModel:
    dtype = torch.bfloat16 if prepared.plan.precision == "bf16" else torch.float32
    return load_model(parent.path, prepared.device, dtype)


def _score(
    context: WorkerContext, prepared: Prepared, model: LanguageModel, split: TokenSplit
) -> Scores:
    """By passages; what an encoder makes of a text is the business of its objective."""
    units, training, stride = by_block(split, prepared.pieces), model.training, model.config.context
    model.eval()
    try:
        if model.bidirectional:
            return prepared.objective.scores(model, split, units, context.stopping, stride)
        end = prepared.roles.end
        return score(model, split, end, stride=stride, units=units, stop=context.stopping)
    finally:
        model.train(training)
