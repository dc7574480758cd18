"""Gemma 3 (Gemma Team 2025)."""

from core.models.gemma3.model import Gemma3 as Model
from core.models.rotary_decoder.init import initialise

__all__ = ["Model", "initialise"]
