"""Scoring text: every token once, in windows with half-context stride."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from core.corpus.tokens import TokenSplit

_LOGITS_AT_ONCE = 4 << 20
_BLOCK, _SMALLEST_BLOCK = 2000, 200


@dataclass(frozen=True)
class Scores:
    """For each scored unit: summed nats, tokens, UTF-8 bytes of its text."""

    nats: NDArray[np.float64]
    tokens: NDArray[np.int64]
    bytes: NDArray[np.float64]
    details: dict[str, float] = field(default_factory=dict[str, float])
    """Further figures of an objective (accuracy …)."""

    @property
    def loss(self) -> float:
        """Nats per token."""
        return float(self.nats.sum() / max(1, self.tokens.sum()))

    @property
    def bits_per_byte(self) -> float:
        return float(self.nats.sum() / np.log(2) / max(1.0, float(self.bytes.sum())))


@dataclass(frozen=True, slots=True)
class Window:
    """`tokens` [n + 1], of which the targets from `first` on are scored; the first scored one is
    token number `begin` of the whole split."""

    tokens: NDArray[np.int64]
    first: int
    begin: int


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
            yield Window(tokens[start:stop], position - start - 1, begin + position - 1)
            position = stop


@dataclass(frozen=True)
class Units:
    """Which unit (document, or block of bytes) each token belongs to; UTF-8 bytes of each unit."""

    of_token: NDArray[np.int64]
    bytes: NDArray[np.float64]


def by_document(split: TokenSplit) -> Units:
    lengths = np.diff(split.offsets)
    return Units(np.repeat(np.arange(split.documents), lengths), split.bytes.astype(np.float64))


def by_block(split: TokenSplit, pieces: Sequence[bytes], size: int | None = None) -> Units:
    """Blocks of `size` bytes inside each document, for texts of few documents.

    By default 2 kB; in a text so short that this gives fewer than thirty, a thirtieth of it.
    """
    lengths = np.array([len(piece) for piece in pieces], np.int64)[split.tokens]
    if size is None:
        size = max(_SMALLEST_BLOCK, min(_BLOCK, int(split.bytes.sum()) // 30))
    of_token = np.empty(len(split.tokens), np.int64)
    sizes: list[float] = []
    for begin, end in zip(split.offsets[:-1], split.offsets[1:], strict=True):
        starts = np.cumsum(lengths[begin:end]) - lengths[begin:end]
        blocks = starts // size
        of_token[begin:end] = len(sizes) + blocks
        sizes += np.bincount(blocks, lengths[begin:end]).tolist()
    return Units(of_token, np.array(sizes, np.float64))


@torch.inference_mode()
def score(
    model: Any,
    split: TokenSplit,
    end_of_text: int,
    stride: int | None = None,
    documents: list[int] | None = None,
    batch: int = 16,
    units: Units | None = None,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Scores:
    """Score documents of `split` (all, or those listed) with `model`.

    Args:
        stride: New tokens of each further window; None means half the context.
        units: What nats are summed by, if not by document.
        progress: Called with the number of tokens scored so far.
    """
    context = model.config.context
    chosen = list(range(split.documents)) if documents is None else documents
    units = units or by_document(split)
    nats = np.zeros(len(units.bytes))
    counts = np.zeros(len(units.bytes), np.int64)
    waiting: list[Window] = []

    def flush() -> None:
        for window, losses in zip(waiting, _losses(model, waiting), strict=True):
            own = units.of_token[window.begin : window.begin + len(losses)]
            np.add.at(nats, own, losses)
            np.add.at(counts, own, 1)
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
    scored = counts > 0
    return Scores(nats[scored], counts[scored], units.bytes[scored])


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
            model.logits(flat[i : i + rows]).float(), wanted[i : i + rows], reduction="none"
        )
        for i in range(0, len(flat), rows)
    ]
    losses = torch.cat(pieces).view(len(windows), -1).double().cpu().numpy()
    return [row[window.first - first :] for row, window in zip(losses, windows, strict=True)]
