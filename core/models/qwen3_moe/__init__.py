"""Qwen3-MoE (Qwen Team 2025)."""

from core.models.qwen3_moe.model import Qwen3Moe as Model
from core.models.rotary_decoder.init import initialise

__all__ = ["Model", "initialise"]
