"""GPT-2: its model, and its initial weights."""

from core.models.gpt2.model import Gpt2 as Model
from core.models.learned_init import initialise

__all__ = ["Model", "initialise"]
