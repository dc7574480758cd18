"""GPT-3: its model, and its initial weights."""

from core.models.gpt3.model import Gpt3 as Model
from core.models.learned_init import initialise

__all__ = ["Model", "initialise"]
