"""Llama: nothing is normed twice, nothing has a bias by default."""

from __future__ import annotations

from core.models.rotary_decoder.model import RotaryDecoder


class Llama(RotaryDecoder):
    """See `core.families.llama`."""
