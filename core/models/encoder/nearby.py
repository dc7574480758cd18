"""First weights of positions, and of attention that begins by looking at neighbours.

What stands at a hidden token is the same everywhere, so nothing is learnt there before attention has
found what stands beside it, which from random weights takes far longer than a short training lasts. Here
it begins with it, as attention does in trained models (Trockman and Kolter 2023, Mimetic
Initialization of Self-Attention Layers, for pictures). All of it is trained on like everything else.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

OFFSETS = (-1, 1, -2, 2, -3, 3, -4, 4)
"""Where the first heads look; further ones are drawn as usual."""
SHARPNESS = 7.0
"""Mean score of the neighbour above all others: about two thirds of the attention at 64 tokens."""


def waves(count: int, draw: torch.Generator) -> Tensor:
    """Frequencies [count], radians for each token, drawn evenly from 0 to π: two positions then have
    little in common unless they are the same (Rahimi and Recht 2007, random Fourier features)."""
    return torch.rand(count, generator=draw) * math.pi


def positions(rows: int, width: int, frequencies: Tensor, deviation: float) -> Tensor:
    """Table [rows, width] with sine and cosine of each frequency side by side."""
    table = torch.zeros(rows, width)
    turned = torch.arange(rows)[:, None] * frequencies[None]
    table[:, 0 : 2 * len(frequencies) : 2] = turned.sin()
    table[:, 1 : 2 * len(frequencies) : 2] = turned.cos()
    return table.mul_(deviation * math.sqrt(2.0))


def neighbours(
    heads: int, head_size: int, frequencies: Tensor, share: float
) -> tuple[Tensor, Tensor]:
    """Weights of queries and keys [heads, head_size, D] for the heads in `OFFSETS`; each has
    frequencies of its own.

    Args:
        share: The positions' share of the variance of what attention reads.
    """
    pairs = head_size // 2
    width = heads * head_size
    query, key = torch.zeros(heads, head_size, width), torch.zeros(heads, head_size, width)
    size = math.sqrt(SHARPNESS / (share * math.sqrt(head_size)))
    for head, offset in zip(range(heads), OFFSETS, strict=False):
        for pair in range(pairs):
            number = head * pairs + pair
            turn = float(frequencies[number]) * offset
            cosine, sine = size * math.cos(turn), size * math.sin(turn)
            up, across = 2 * pair, 2 * number
            query[head, up, across], query[head, up, across + 1] = cosine, sine
            query[head, up + 1, across], query[head, up + 1, across + 1] = -sine, cosine
            key[head, up, across] = key[head, up + 1, across + 1] = size
    return query[: len(OFFSETS)], key[: len(OFFSETS)]
