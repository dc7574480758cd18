"""GPT-3 (Brown et al. 2020), in the layout of transformers' GPTNeoForCausalLM.

That program does not divide attention by √(D / H), so its files' queries are divided already.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

from core.models.learned import Block, LearnedDecoder
from core.models.learned_files import plain_names, renamed, rescaled

_PROJECTIONS = ("q_proj", "k_proj", "v_proj", "out_proj")
_FOREIGN = {f"attn.attention.{part}": f"attn.{part}" for part in _PROJECTIONS}
_OWN = {own: foreign for foreign, own in _FOREIGN.items()}


class Gpt3(LearnedDecoder):
    """Every second layer sees a window only."""

    def make_blocks(self, config: Any) -> list[Block]:
        return [Block(config, config.window if near else None) for near in config.locals]

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return rescaled(self.config, renamed(plain_names(self.config, weights), _FOREIGN))

    def to_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return renamed(rescaled(self.config, dict(weights), to_file=True), _OWN)
