"""Qwen3: queries and keys are normed, nothing has a bias."""

from __future__ import annotations

from core.models.rotary_decoder.cache import KeyValueCache
from core.models.rotary_decoder.layers import Attention, Block, RMSNorm, attend, is_plain, rotary
from core.models.rotary_decoder.model import RotaryDecoder


class Qwen3(RotaryDecoder):
    """See `core.families.qwen3`."""


__all__ = [
    "Attention", "Block", "KeyValueCache", "Qwen3", "RMSNorm", "attend", "is_plain", "rotary",
]  # fmt: skip
