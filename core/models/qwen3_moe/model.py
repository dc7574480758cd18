"""Qwen3-MoE: Qwen3 with experts in its blocks."""

from __future__ import annotations

from torch import Tensor

from core.models.rotary_decoder.expert_files import Names, read_experts, write_experts
from core.models.rotary_decoder.model import RotaryDecoder

_NAMES = Names("mlp", "gate_proj", "up_proj", "down_proj")


class Qwen3Moe(RotaryDecoder):
    """See `core.families.qwen3_moe`."""

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return super().from_file(read_experts(weights, _NAMES))

    def to_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return write_experts(weights, _NAMES)
