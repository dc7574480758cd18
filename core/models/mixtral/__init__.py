"""Mixtral (Jiang et al. 2024)."""

from core.models.mixtral.model import Mixtral as Model
from core.models.rotary_decoder.init import initialise

__all__ = ["Model", "initialise"]
