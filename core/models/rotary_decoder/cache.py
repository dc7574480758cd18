"""Keys and values of what came before."""

from __future__ import annotations

import torch
from torch import Tensor

from core.families.rotary import RotaryConfig

AT_ONCE = 8192
"""Contexts up to this have their room at once; longer ones, which are rarely filled, as it grows."""


def room_for(needed: int, context: int) -> int:
    """Places to take for `needed` tokens: the whole context, or the next power of two of it."""
    return min(context, max(AT_ONCE, 1 << (needed - 1).bit_length()))


class KeyValueCache:
    """Keys and values of the tokens seen so far, of every layer."""

    def __init__(
        self, config: RotaryConfig, batch: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.context = config.context
        room = room_for(1, config.context)
        shape = (config.layers, batch, config.kv_heads, room, config.head_size)
        self.keys = torch.zeros(shape, device=device, dtype=dtype)
        self.values = torch.zeros(shape, device=device, dtype=dtype)
        self.length = 0

    @property
    def room(self) -> int:
        return self.keys.shape[3]

    def reserve(self, tokens: int) -> bool:
        """Make room for `tokens`; whether keys and values had to move for it."""
        if tokens <= self.room:
            return False
        room = room_for(tokens, self.context)
        self.keys, self.values = (
            torch.cat((kept, kept.new_zeros(*kept.shape[:3], room - self.room, kept.shape[4])), 3)
            for kept in (self.keys, self.values)
        )
        return True

    def append(self, layer: int, k_BGTK: Tensor, v_BGTK: Tensor) -> tuple[Tensor, Tensor]:
        """Store new keys and values of a layer; returns all of it up to now."""
        end = self.length + k_BGTK.shape[2]
        self.reserve(end)
        self.keys[layer, :, :, self.length : end] = k_BGTK
        self.values[layer, :, :, self.length : end] = v_BGTK
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]
