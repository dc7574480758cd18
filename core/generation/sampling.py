"""Choosing the next token: temperature, top-k, top-p, repetition penalty, a seed.

All of it looks at the few likeliest tokens, which one partition finds: no sort of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.sampling import SamplingSettings

Logits = NDArray[np.float32]
_FEW = 512
"""Tokens that are looked at first when top-k is off; nearly always they hold top-p."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The token that was chosen, how likely the model itself (at temperature 1) held it, its rank
    from 1, and the likeliest tokens with their probabilities."""

    token: int
    probability: float
    rank: int
    alternatives: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])


def choose(
    logits_V: Logits,
    settings: SamplingSettings,
    draw: np.random.Generator,
    recent: Sequence[int],
    alternatives: int = 6,
) -> Choice:
    """Sample one token from logits [V]. `recent`: tokens that the penalty makes less likely.

    The penalty (Keskar et al. 2019) only ever lowers, so the likeliest k are among the k + recent
    likeliest without it. Top-p (Holtzman et al. 2020) is measured on what top-k left.
    """
    penalised = sorted(set(recent)) if settings.repetition_penalty > 1 else []
    penalty = settings.repetition_penalty
    with np.errstate(all="ignore"):  # A broken model's infinities are chosen from all the same.
        if settings.top_k or settings.temperature <= 0:
            wanted = settings.top_k or 1
            top = likeliest(logits_V, max(alternatives, wanted + len(penalised)))
            values = _penalise(logits_V[top], np.isin(top, penalised), penalty)
            order = np.argsort(-values, kind="stable")[:wanted]
            token = int(top[order[_draw(values[order], settings, draw)]])
        else:
            top = likeliest(logits_V, alternatives)
            token = _draw_from_all(logits_V, penalised, settings, draw)
        return _describe(logits_V, token, top[:alternatives])


def describe(logits_V: Logits, token: int, alternatives: int = 6) -> Choice:
    """What a model with these logits [V] held of `token`, and what it held likelier."""
    with np.errstate(all="ignore"):
        return _describe(logits_V, token, likeliest(logits_V, alternatives))


def likeliest(logits_V: NDArray[Any], count: int) -> NDArray[np.int64]:
    """The `count` likeliest tokens, likeliest first; equal ones by their number."""
    if count >= len(logits_V):
        top = np.arange(len(logits_V))
    else:
        top = np.sort(np.argpartition(logits_V, -count)[-count:])
    return top[np.argsort(-logits_V[top], kind="stable")]


def _describe(logits: Logits, token: int, top: NDArray[np.int64]) -> Choice:
    own, highest = logits[token], logits.max()
    total = np.exp(logits - highest).sum()
    shares = np.exp(logits[top] - highest) / total
    return Choice(
        token,
        float(np.exp(own - highest) / total),
        int(np.count_nonzero(logits > own)) + 1,
        list(zip(top.tolist(), shares.tolist(), strict=True)),
    )


def _penalise(logits: Logits, hit: Any, penalty: float) -> NDArray[np.float64]:
    """In double precision, those at `hit` (a mask, or indices) less likely."""
    values = logits.astype(np.float64)
    chosen = values[hit]
    values[hit] = np.where(chosen > 0, chosen / penalty, chosen * penalty)
    return values


def _draw_from_all(
    logits: Logits, penalised: list[int], settings: SamplingSettings, draw: np.random.Generator
) -> int:
    """Without top-k. Top-p is looked for among few tokens first, then among more."""
    values = _penalise(logits, penalised, settings.repetition_penalty)
    if settings.top_p >= 1:
        return _draw(values, settings, draw)
    needed = settings.top_p * np.exp((values - values.max()) / settings.temperature).sum()
    for count in (_FEW, 16 * _FEW, len(values)):
        order = likeliest(values, count)
        held = np.exp((values[order] - values[order[0]]) / settings.temperature).cumsum()
        if held[-1] >= needed or len(order) == len(values):
            break
    inside = order[: int(np.searchsorted(held, needed)) + 1]
    plain = settings.model_copy(update={"top_p": 1.0})
    return int(inside[_draw(values[inside], plain, draw)])


def _draw(
    values: NDArray[np.float64], settings: SamplingSettings, draw: np.random.Generator
) -> int:
    """Place of the one that is drawn of `values`; with top-p (and for greed) likeliest first."""
    if settings.temperature <= 0:
        return 0
    chances = np.exp((values - values.max()) / settings.temperature)
    if settings.top_p < 1:
        shares = chances / chances.sum()
        chances = chances[
            : max(1, int(np.count_nonzero(shares.cumsum() - shares < settings.top_p)))
        ]
    sums = chances.cumsum()
    place = int(np.searchsorted(sums, draw.random() * sums[-1], side="right"))
    return min(place, len(sums) - 1)
