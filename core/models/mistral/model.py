"""Mistral: Llama's layers, seen through a sliding window."""

from __future__ import annotations

from core.models.rotary_decoder.model import RotaryDecoder


class Mistral(RotaryDecoder):
    """See `core.families.mistral`."""
