"""Qwen2: queries, keys and values have biases."""

from __future__ import annotations

from core.models.rotary_decoder.model import RotaryDecoder


class Qwen2(RotaryDecoder):
    """See `core.families.qwen2`."""
