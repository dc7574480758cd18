"""Llama (Touvron et al. 2023)."""

from core.models.llama.model import Llama as Model
from core.models.rotary_decoder.init import initialise

__all__ = ["Model", "initialise"]
