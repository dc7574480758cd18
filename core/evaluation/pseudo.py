"""Scoring text with an encoder: pseudo-perplexity and the share of hidden tokens that it guesses.

Salazar et al. 2020 (Masked Language Model Scoring): each token is hidden in turn and guessed from all
others; the sum of these losses takes the place of the loss of a decoder, but is no likelihood of the
text and never compared with one. Exactly, that is a pass for each token, so a sample of tokens is
hidden, spread evenly over every unit. A cheaper estimate hides every n-th token at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from core.corpus.tokens import TokenSplit
from core.evaluation.score import Scores, Units, by_document
from core.intervals import ratio_interval
from core.tokenizer.frame import Frame

EXACT_CONTEXT = 128
"""Most tokens that an exactly scored one is seen among, its frame counted."""
EXACT_TOKENS = 2_048
"""Tokens that an exact measure hides, one by one, at most (but one of each unit)."""
_TOKENS_AT_ONCE = 4_096


@dataclass(frozen=True)
class Hidden:
    """One pass: `tokens` with their frame, `places` [n] in it that are hidden, `begin` the number of
    the text's first token in the split."""

    tokens: NDArray[np.int64]
    places: NDArray[np.int64]
    begin: int


@torch.inference_mode()
def pseudo_score(
    model: Any, split: TokenSplit, frame: Frame, chosen: NDArray[np.bool_], together: bool,
    units: Units | None = None, stop: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Scores:  # fmt: skip
    """Nats of the `chosen` tokens (bool, for each token of the split), spread over their units: a
    unit's sum is what its sample says of all its tokens. `details`: how many were hidden
    (`hidden`), the share that was guessed (`masked_accuracy`, 95 %: `masked_low` to `masked_high`), and the share of tokens that stand for
    unknown characters (`unknown`): these are never asked for.

    Args:
        units: By document, as far as it is known, if nothing else.
        together: Hide all chosen tokens of a window at once, in windows of the model's context;
            else one at a time, in the middle of what is around it.
        progress: Called with the number of tokens hidden so far.
    """
    units = units or by_known_document(split, frame)
    count = len(units.bytes)
    nats, hits, seen = np.zeros(count), np.zeros(count, np.int64), np.zeros(count, np.int64)
    passes = _windows(model, split, frame, chosen) if together else _one_by_one(
        model, split, frame, chosen
    )  # fmt: skip
    for block in _blocks(passes):
        if stop and stop():
            break
        for one, losses, right in zip(block, *_guesses(model, frame, block), strict=True):
            own = units.of_token[one.begin + one.places - 1]
            np.add.at(nats, own, losses)
            np.add.at(hits, own, right)
            np.add.at(seen, own, 1)
        if progress:
            progress(int(seen.sum()))
    scored = seen > 0
    whole = np.bincount(units.of_token[_scorable(split, frame)], minlength=count)
    low, high = ratio_interval(hits[scored].astype(np.float64), seen[scored].astype(np.float64))
    hidden, strange = int(seen.sum()), int(_unknown(split, frame).sum())
    return Scores(
        nats[scored] * whole[scored] / seen[scored], whole[scored].astype(np.int64),
        units.bytes[scored],
        {
            "pseudo": 1.0, "hidden": float(hidden), "together": float(together),
            "masked_accuracy": float(hits.sum() / max(1, hidden)),
            "masked_low": low, "masked_high": high,
            "unknown": strange / max(1, int(whole.sum()) + strange),
        },
    )  # fmt: skip


def by_known_document(split: TokenSplit, frame: Frame) -> Units:
    """Documents, whose bytes count as far as their tokens are known: nobody is asked for the rest.
    (Blocks are as long as what their tokens spell, which leaves it out already.)"""
    units = by_document(split)
    known, strange = (
        np.bincount(units.of_token[tokens], minlength=len(units.bytes))
        for tokens in (_scorable(split, frame), _unknown(split, frame))
    )
    return Units(units.of_token, units.bytes * known / np.maximum(1, known + strange))


def every(split: TokenSplit, frame: Frame, n: int) -> NDArray[np.bool_]:
    """Every n-th token of the split."""
    chosen = np.zeros(len(split.tokens), bool)
    chosen[n // 2 :: n] = True
    return chosen & _scorable(split, frame)


def sample(split: TokenSplit, frame: Frame, units: Units, most: int) -> NDArray[np.bool_]:
    """About `most` tokens, spread evenly over each unit, and at least one of each that has any."""
    places = np.flatnonzero(_scorable(split, frame))
    step = max(1.0, len(places) / max(1, most))
    chosen = np.zeros(len(split.tokens), bool)
    own = units.of_token[places]
    bounds = np.flatnonzero(np.diff(own)) + 1
    for part in np.split(places, bounds):
        if len(part):
            count = max(1, round(len(part) / step))
            chosen[part[(np.arange(count) * len(part) + len(part) // 2) // count]] = True
    return chosen


def _scorable(split: TokenSplit, frame: Frame) -> NDArray[np.bool_]:
    """Tokens that are text: no ends, nothing special."""
    known = np.zeros(max(int(split.tokens.max()), int(frame.ordinary.max())) + 1, bool)
    known[frame.ordinary] = True
    return known[split.tokens]


def _unknown(split: TokenSplit, frame: Frame) -> NDArray[np.bool_]:
    if frame.unknown is None:
        return np.zeros(len(split.tokens), bool)
    return np.asarray(split.tokens == frame.unknown)


def _windows(
    model: Any, split: TokenSplit, frame: Frame, chosen: NDArray[np.bool_]
) -> Iterator[Hidden]:
    size = model.config.context - 2
    for first, end in _texts(split, frame):
        for begin in range(first, end, size):
            stop = min(begin + size, end)
            places = np.flatnonzero(chosen[begin:stop]) + 1
            if len(places):
                yield Hidden(_framed(split, frame, begin, stop), places, begin)


def _one_by_one(
    model: Any, split: TokenSplit, frame: Frame, chosen: NDArray[np.bool_]
) -> Iterator[Hidden]:
    size = min(model.config.context, EXACT_CONTEXT) - 2
    texts = _texts(split, frame)
    for token in np.flatnonzero(chosen).tolist():
        first, end = texts[int(np.searchsorted(split.offsets, token, side="right")) - 1]
        begin = max(first, min(token - size // 2, end - size))
        stop = min(end, begin + size)
        yield Hidden(_framed(split, frame, begin, stop), np.array([token - begin + 1]), begin)


def _texts(split: TokenSplit, frame: Frame) -> list[tuple[int, int]]:
    """Each document without the token that ends it; a passage cut out of one has none."""
    known = _scorable(split, frame)
    pairs = zip(split.offsets[:-1].tolist(), split.offsets[1:].tolist(), strict=True)
    return [(a, b if b > a and known[b - 1] else max(a, b - 1)) for a, b in pairs]


def _framed(split: TokenSplit, frame: Frame, begin: int, stop: int) -> NDArray[np.int64]:
    text = split.tokens[begin:stop].astype(np.int64)
    return np.concatenate([[frame.classifier], text, [frame.separator]])


def _blocks(passes: Iterator[Hidden]) -> Iterator[list[Hidden]]:
    """Passes of equal length, as many as are computed at once."""
    waiting: list[Hidden] = []
    for one in passes:
        length = len(one.tokens)
        full = (len(waiting) + 1) * length > _TOKENS_AT_ONCE
        if waiting and (length != len(waiting[0].tokens) or full):
            yield waiting
            waiting = []
        waiting.append(one)
    if waiting:
        yield waiting


def _guesses(
    model: Any, frame: Frame, block: list[Hidden]
) -> tuple[list[NDArray[np.float64]], list[NDArray[np.bool_]]]:
    """For each pass: nats of each hidden token, and whether it was the best guess."""
    device = next(model.parameters()).device
    tokens = torch.from_numpy(np.stack([one.tokens for one in block])).to(device)
    rows = torch.from_numpy(np.repeat(np.arange(len(block)), [len(b.places) for b in block]))
    places = torch.from_numpy(np.concatenate([one.places for one in block]))
    rows, places = rows.to(device), places.to(device)
    wanted = tokens[rows, places]
    read = tokens.clone()
    read[rows, places] = frame.mask
    logits = model.logits(model.transformed(model.encoded(read)[rows, places])).float()
    losses = functional.cross_entropy(logits, wanted, reduction="none").double().cpu().numpy()
    right = (logits.argmax(-1) == wanted).cpu().numpy()
    cuts = np.cumsum([len(one.places) for one in block])[:-1]
    return np.split(losses, cuts), np.split(right, cuts)
