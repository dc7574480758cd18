"""Which of the optimiser's rates a weight gets, and whether it is decayed, told by its name and shape."""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from core.models.adapters.tokens import VALUES

Role = Literal["matrix", "embedding", "positions", "rest"]
_TABLES = (
    "embed_tokens", "wte", "wpe", "tokens_embed", "positions_embed", "embeddings.",
)  # fmt: skip
_POSITIONS = "embeddings.positions."
"""Of an encoder, whose attention begins with them (core.models.encoder.nearby)."""
_BLOCKS = (".layers.", ".h.", ".layer.", ".blocks.")
_OF_HEADS = ("transform.weight", "pooler.weight")
"""Square matrices between an encoder's blocks and its output layers."""


_UNDECAYED = (VALUES,)
"""Rows that are trained one by one: they would be drawn to zero, away from all others of their table."""


def is_decayed(name: str, weight: Tensor) -> bool:
    """Whether weight decay is for it: for matrices and tables only."""
    return weight.ndim > 1 and not name.endswith(_UNDECAYED)


def role_of(name: str, weight: Tensor) -> Role:
    """A hidden matrix (what Muon is for; a stack of them, as experts have, is one too), a table that
    is looked up, an encoder's positions, or the rest: output layer, norms, biases."""
    if _POSITIONS in name:
        return "positions"
    if any(part in name for part in _TABLES) and weight.ndim == 2:
        return "embedding"
    if weight.ndim >= 2 and (name in _OF_HEADS or any(part in name for part in _BLOCKS)):
        return "matrix"
    return "rest"
