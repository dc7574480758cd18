"""SmolLM3 (Hugging Face 2025)."""

from core.models.rotary_decoder.init import initialise
from core.models.smollm3.model import SmolLM3 as Model

__all__ = ["Model", "initialise"]
