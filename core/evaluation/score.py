"""Scoring text: every token once, in windows with half-context stride."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from core.corpus.tokens import TokenSplit

_LOGITS_AT_ONCE = 4 << 20


@dataclass(frozen=True)
class Scores:
    """For each scored block: summed nats, tokens, UTF-8 bytes of its text."""

    nats: NDArray[np.float64]
    tokens: NDArray[np.int64]
    bytes: NDArray[np.float64]

    @property
    def loss(self) -> float:
        """Nats per token."""
        return float(self.nats.sum() / max(1, self.tokens.sum()))

    @property
    def bits_per_byte(self) -> float:
        return float(self.nats.sum() / np.log(2) / max(1.0, float(self.bytes.sum())))


@dataclass(frozen=True, slots=True)
class Window:
    """`tokens` [n + 1], of which the targets from `first` on are scored, for `document`."""

    tokens: NDArray[np.int64]
    first: int
    document: int


def windows_of(
    split: TokenSplit, context: int, end_of_text: int, stride: int, documents: list[int]
) -> Iterator[Window]:
    """Windows that together score every token of `documents` exactly once.

    A document is read after an end-of-text token, its own end-of-text token is scored too.
    """
    for document in documents:
        begin, end = int(split.offsets[document]), int(split.offsets[document + 1])
        tokens = np.concatenate([[end_of_text], split.tokens[begin:end]]).astype(np.int64)
        position = 1
        while position < len(tokens):
            start = 0 if position == 1 else max(0, position - 1 - (context - stride))
            stop = min(len(tokens), start + context + 1)
            yield Window(tokens[start:stop], position - start - 1, document)
            position = stop


@torch.inference_mode()
def score(
    model: Any,
    split: TokenSplit,
    end_of_text: int,
    stride: int | None = None,
    documents: list[int] | None = None,
    batch: int = 16,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Scores:
    """Score documents of `split` (all, or those listed) with `model`.

    Args:
        stride: New tokens of each further window; None means half the context.
        progress: Called with the number of tokens scored so far.
    """
    context = model.config.context
    chosen = list(range(split.documents)) if documents is None else documents
    place = {document: index for index, document in enumerate(chosen)}
    nats = np.zeros(len(chosen))
    counts = np.zeros(len(chosen), np.int64)
    waiting: list[Window] = []

    def flush() -> None:
        for window, losses in zip(waiting, _losses(model, waiting), strict=True):
            nats[place[window.document]] += losses.sum()
            counts[place[window.document]] += len(losses)
        waiting.clear()
        if progress:
            progress(int(counts.sum()))

    for window in windows_of(split, context, end_of_text, stride or context // 2, chosen):
        if stop and stop():
            break
        if waiting and len(window.tokens) != len(waiting[0].tokens):
            flush()
        waiting.append(window)
        if len(waiting) >= batch:
            flush()
    if waiting:
        flush()
    return Scores(nats, counts, split.bytes[chosen].astype(np.float64))


def _losses(model: Any, windows: list[Window]) -> list[NDArray[np.float64]]:
    """Nats of every scored target of equally long windows."""
    device = next(model.parameters()).device
    block = torch.from_numpy(np.stack([w.tokens for w in windows])).to(device)
    hidden = model.hidden(block[:, :-1])
    first = min(w.first for w in windows)
    hidden, targets = hidden[:, first:], block[:, first + 1 :]
    flat, wanted = hidden.reshape(-1, hidden.shape[-1]), targets.reshape(-1)
    rows = max(1, _LOGITS_AT_ONCE // model.config.vocabulary)
    pieces = [
        functional.cross_entropy(
            model.lm_head(flat[i : i + rows]).float(), wanted[i : i + rows], reduction="none"
        )
        for i in range(0, len(flat), rows)
    ]
    losses = torch.cat(pieces).view(len(windows), -1).double().cpu().numpy()
    return [row[window.first - first :] for row, window in zip(losses, windows, strict=True)]
