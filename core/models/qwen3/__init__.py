"""Qwen3 (Qwen Team 2025)."""

from core.models.qwen3.model import Qwen3 as Model
from core.models.rotary_decoder.init import initialise

__all__ = ["Model", "initialise"]
