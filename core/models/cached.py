"""Writing with any decoder: its own forward pass with a cache of keys and values."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from core.models.base import LanguageModel
from core.models.matrices import Vector


class CachedDecoder:
    """Logits of the next token, token after token, in the model's type on its device."""

    def __init__(self, model: LanguageModel) -> None:
        weight = model.embedding.weight
        self._model, self._device, self._dtype = model, weight.device, weight.dtype
        self.context: int = model.config.context
        self._cache = model.new_cache(1, self._device, self._dtype)

    @property
    def length(self) -> int:
        return self._cache.length

    @torch.inference_mode()
    def prompt(self, tokens: Sequence[int]) -> Vector:
        """Logits [V] after the first `tokens` (at most the context); what came before is forgotten."""
        self._cache.length = 0
        return self._after(list(tokens))

    @torch.inference_mode()
    def step(self, token: int) -> Vector:
        """Logits [V] after one more token. The context must have room."""
        return self._after([token])

    def _after(self, tokens: list[int]) -> Vector:
        hidden = self._model.hidden(torch.tensor([tokens], device=self._device), self._cache)
        return self._model.logits(hidden[0, -1]).float().cpu().numpy()
