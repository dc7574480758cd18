"""GPT-2 (Radford et al. 2019), in the layout of transformers' GPT2LMHeadModel."""

from __future__ import annotations

from torch import Tensor

from core.models.learned import LearnedDecoder
from core.models.learned_files import from_conv, plain_names, rescaled, to_conv


class Gpt2(LearnedDecoder):
    """As the shared decoder is; variants of the attention's scale are part of the queries."""

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return rescaled(self.config, from_conv(plain_names(self.config, weights)))

    def to_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return to_conv(rescaled(self.config, dict(weights), to_file=True))
