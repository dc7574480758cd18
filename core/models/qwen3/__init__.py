"""Qwen3."""

from core.models.qwen3.init import initialise
from core.models.qwen3.model import Qwen3 as Model

__all__ = ["Model", "initialise"]
