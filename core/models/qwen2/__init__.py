"""Qwen2 (Qwen Team 2024)."""

from core.models.qwen2.model import Qwen2 as Model
from core.models.rotary_decoder.init import initialise

__all__ = ["Model", "initialise"]
