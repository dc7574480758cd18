"""GPT-1 (Radford et al. 2018), in the layout of transformers' OpenAIGPTLMHeadModel."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from core.models.dropout import FED, MIXED, left_out
from core.models.learned import Block, LearnedCache, LearnedDecoder, Mask
from core.models.learned_files import from_conv, plain_names, renamed, to_conv

_TABLES = {"tokens_embed": "wte", "positions_embed": "wpe"}


class PostNormBlock(Block):
    """Attention and feed-forward, each added to what came in and normed then."""

    def forward(self, x: Tensor, mask: Mask, cache: LearnedCache | None, layer: int) -> Tensor:
        x = self.ln_1(x + left_out(self.attn(x, mask, cache, layer), self.drop, MIXED))
        return self.ln_2(x + left_out(self.mlp(x), self.drop, FED))


class Gpt1(LearnedDecoder):
    """Norms behind the sums, none at the end."""

    def make_blocks(self, config: Any) -> list[Block]:
        return [PostNormBlock(config) for _ in range(config.layers)]

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return from_conv(renamed(plain_names(self.config, weights), _TABLES))

    def to_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return renamed(to_conv(weights), {own: foreign for foreign, own in _TABLES.items()})
