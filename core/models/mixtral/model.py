"""Mixtral: every block has experts."""

from __future__ import annotations

from torch import Tensor

from core.models.rotary_decoder.expert_files import Names, read_experts, write_experts
from core.models.rotary_decoder.model import RotaryDecoder

_NAMES = Names("block_sparse_moe", "w1", "w3", "w2")


class Mixtral(RotaryDecoder):
    """See `core.families.mixtral`."""

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return super().from_file(read_experts(weights, _NAMES))

    def to_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return write_experts(weights, _NAMES)
