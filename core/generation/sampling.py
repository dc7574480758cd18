"""Choosing the next token: temperature, top-k, top-p, repetition penalty, a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.sampling import SamplingSettings


@dataclass(frozen=True, slots=True)
class Choice:
    """The token that was chosen, how likely the model itself (at temperature 1) held it, its rank
    from 1, and the likeliest tokens with their probabilities."""

    token: int
    probability: float
    rank: int
    alternatives: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])


def choose(
    logits_V: Tensor,
    settings: SamplingSettings,
    draw: torch.Generator,
    recent: Sequence[int],
    alternatives: int = 6,
) -> Choice:
    """Sample one token from logits [V] (fp32). `recent`: tokens that the penalty makes less likely."""
    plain = logits_V.softmax(-1)
    wanted = logits_V
    if settings.repetition_penalty > 1 and recent:
        index = torch.tensor(sorted(set(recent)), device=logits_V.device)
        values = logits_V[index]
        penalty = settings.repetition_penalty
        wanted = logits_V.clone()
        wanted[index] = torch.where(values > 0, values / penalty, values * penalty)
    token = _draw(wanted, settings, draw)
    return describe(plain, token, alternatives)


def describe(probabilities_V: Tensor, token: int, alternatives: int = 6) -> Choice:
    """What the model held of `token`, and what it held likelier."""
    own = probabilities_V[token]
    rank = int((probabilities_V > own).sum()) + 1
    top = probabilities_V.topk(min(alternatives, len(probabilities_V)))
    return Choice(
        token, float(own), rank, list(zip(top.indices.tolist(), top.values.tolist(), strict=True))
    )


def _draw(logits: Tensor, settings: SamplingSettings, draw: torch.Generator) -> int:
    if settings.temperature <= 0:
        return int(logits.argmax())
    count = settings.top_k or len(logits)
    top = (logits / settings.temperature).topk(min(count, len(logits)))
    probabilities = top.values.softmax(-1)
    if settings.top_p < 1:
        before = probabilities.cumsum(-1) - probabilities
        probabilities = probabilities.masked_fill(before >= settings.top_p, 0.0)
    place = torch.multinomial(probabilities.cpu(), 1, generator=draw)
    return int(top.indices[int(place)])
