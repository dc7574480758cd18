"""SmolLM3: every fourth layer rotates nothing."""

from __future__ import annotations

from core.models.rotary_decoder.model import RotaryDecoder


class SmolLM3(RotaryDecoder):
    """See `core.families.smollm3`."""
