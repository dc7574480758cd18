"""Mistral (Jiang et al. 2023)."""

from core.models.mistral.model import Mistral as Model
from core.models.rotary_decoder.init import initialise

__all__ = ["Model", "initialise"]
