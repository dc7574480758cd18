"""GPT-1: its model, and its initial weights."""

from core.models.gpt1.model import Gpt1 as Model
from core.models.learned_init import initialise

__all__ = ["Model", "initialise"]
