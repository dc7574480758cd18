"""Initial weights of Qwen3: those of the whole line."""

from core.models.rotary_decoder.init import initialise

__all__ = ["initialise"]
