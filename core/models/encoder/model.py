"""A post-norm encoder with a head that guesses hidden tokens, in plain PyTorch.

Shapes: B batch, T tokens, D width, H heads, K head size, F feed-forward width, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from core.families.encoder import EncoderConfig
from core.models.base import LanguageModel
from core.models.dropout import FED, MIXED, Dropping, left_out
from core.models.encoder.attention import attend
from core.models.encoder.names import Names, renamed


def _gelu_tanh(x: Tensor) -> Tensor:
    return functional.gelu(x, approximate="tanh")


_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": functional.gelu, "gelu_new": _gelu_tanh, "gelu_pytorch_tanh": _gelu_tanh,
    "relu": functional.relu,
}  # fmt: skip


class Block(nn.Module, Dropping):
    """Attention and feed-forward; the sum with what came in is normed after each (post-norm)."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        d, f = config.width, config.feed_forward
        self.heads, self.head_size = config.heads, config.head_size
        self.query = nn.Linear(d, d)
        self.key = nn.Linear(d, d)
        self.value = nn.Linear(d, d)
        self.output = nn.Linear(d, d)
        self.attention_norm = nn.LayerNorm(d, config.norm_epsilon)
        self.up = nn.Linear(d, f)
        self.down = nn.Linear(f, d)
        self.output_norm = nn.LayerNorm(d, config.norm_epsilon)
        self.activation = _ACTIVATIONS[config.activation]

    def forward(self, x_BTD: Tensor, documents_BT: Tensor | None) -> Tensor:
        b, t, d = x_BTD.shape

        def heads(linear: nn.Linear) -> Tensor:
            return linear(x_BTD).view(b, t, self.heads, self.head_size).transpose(1, 2)

        seen = attend(
            heads(self.query), heads(self.key), heads(self.value), documents_BT, self.drop
        )
        seen = self.output(seen.transpose(1, 2).reshape(b, t, d))
        x_BTD = self.attention_norm(x_BTD + left_out(seen, self.drop, MIXED))
        fed = self.down(self.activation(self.up(x_BTD)))
        return self.output_norm(x_BTD + left_out(fed, self.drop, FED))


class Embeddings(nn.Module):
    """Tokens, positions and kinds of segments, summed and normed."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Embedding(config.positions, config.width)
        self.types = nn.Embedding(config.types, config.width) if config.types else None
        self.norm = nn.LayerNorm(config.width, config.norm_epsilon)

    def forward(self, tokens_BT: Tensor, segments_BT: Tensor | None) -> Tensor:
        x_BTD = self.words(tokens_BT) + self.positions(self.places(tokens_BT))
        if self.types is not None:
            kinds = self.types.weight[0] if segments_BT is None else self.types(segments_BT)
            x_BTD = x_BTD + kinds
        return self.norm(x_BTD)

    def places(self, tokens_BT: Tensor) -> Tensor:
        """Rows of the table of positions: [T], or [B, T] where padding does not count (RoBERTa)."""
        if not self.config.first_position:
            return torch.arange(tokens_BT.shape[1], device=tokens_BT.device)
        there = (tokens_BT != self.config.padding).long()
        return there.cumsum(1) * there + self.config.padding


class Encoder(LanguageModel):
    """`hidden` is what the output layer is given; `encoded` what the blocks give."""

    bidirectional: ClassVar[bool] = True
    names: ClassVar[Names]
    """What transformers' file of the family calls the parts."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__(config)
        d = config.width
        self.embeddings = Embeddings(config)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(_blocks(config))})
        self.transform = nn.Linear(d, d)
        self.transform_norm = nn.LayerNorm(d, config.norm_epsilon)
        self.decoder = nn.Linear(d, config.vocabulary)
        if config.tied:
            self.decoder.weight = self.embeddings.words.weight
        self.pooler = nn.Linear(d, d) if config.pairs else None
        self.pair = nn.Linear(d, 2) if config.pairs else None
        self._head_activation = _ACTIVATIONS[self.head_activation(config)]

    @staticmethod
    def head_activation(config: EncoderConfig) -> str:
        return config.activation

    @property
    def blocks(self) -> list[nn.Module]:
        layers = self.encoder["layer"]
        assert isinstance(layers, nn.ModuleList)
        return list(layers)

    @property
    def embedding(self) -> nn.Embedding:
        return self.embeddings.words

    @property
    def output_weight(self) -> Tensor:
        return self.decoder.weight

    @property
    def output_bias(self) -> Tensor | None:
        return self.decoder.bias

    @property
    def tied(self) -> dict[str, str]:
        return {"decoder.weight": "embeddings.words.weight"} if self.config.tied else {}

    def hidden(
        self,
        tokens_BT: Tensor,
        cache: Any = None,
        documents_BT: Tensor | None = None,
        segments_BT: Tensor | None = None,
        restart: bool = False,
    ) -> Tensor:
        if cache is not None:
            raise NotImplementedError("an encoder sees a text at once and keeps nothing of it")
        return self.transformed(self.encoded(tokens_BT, documents_BT, segments_BT))

    def encoded(
        self,
        tokens_BT: Tensor,
        documents_BT: Tensor | None = None,
        segments_BT: Tensor | None = None,
    ) -> Tensor:
        """What the last block gives [B, T, D]; attention stays inside each document."""
        return self.states(tokens_BT, documents_BT, segments_BT)[-1]

    def states(
        self,
        tokens_BT: Tensor,
        documents_BT: Tensor | None = None,
        segments_BT: Tensor | None = None,
    ) -> list[Tensor]:
        """The embedding's and each block's output, [B, T, D] each, as a student is compared with."""
        found = [left_out(self.embeddings(tokens_BT, segments_BT), self.drop, 0)]
        again = self.checkpointing and torch.is_grad_enabled()
        for block in self.blocks:
            found.append(_twice(block, found[-1], documents_BT) if again
                         else block(found[-1], documents_BT))  # fmt: skip
        return found

    def transformed(self, encoded: Tensor) -> Tensor:
        """[..., D] of chosen places → what the output layer is given for them."""
        return self.transform_norm(self._head_activation(self.transform(encoded)))

    def pair_logits(self, encoded_ND: Tensor) -> Tensor:
        """From what was encoded at the classifier tokens: [N, 2], the first for "the second segment
        follows the first". Raises NotImplementedError where the family has no such head."""
        if self.pooler is None or self.pair is None:
            raise NotImplementedError(type(self).__name__)
        return self.pair(torch.tanh(self.pooler(encoded_ND)))

    # ---- files -------------------------------------------------------------------------------

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """Old names (gamma, beta) are known; buffers, copies of tied tensors and heads that the
        model does not have are left out; a file without the head for pairs gets an empty one."""
        found = self.names.to_own(weights)
        wanted = set(self.state_dict().keys()) - set(self.tied)
        found = {name: tensor for name, tensor in found.items() if name in wanted}
        if self.pooler is not None and not any(n.startswith(("pooler.", "pair.")) for n in found):
            found |= _empty_pairs(self.config.width)
        return found

    def to_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return renamed(weights, self.names.to_foreign)


def _blocks(config: EncoderConfig) -> list[Block]:
    return [Block(config) for _ in range(config.layers)]


def _empty_pairs(width: int) -> dict[str, Tensor]:
    """The identity and zeros: it says "one half" of everything until it is trained."""
    return {
        "pooler.weight": torch.eye(width), "pooler.bias": torch.zeros(width),
        "pair.weight": torch.zeros(2, width), "pair.bias": torch.zeros(2),
    }  # fmt: skip


def _twice(block: nn.Module, x: Tensor, documents: Tensor | None) -> Tensor:
    """A block that keeps its input only and is computed again in the backward pass."""
    result = checkpoint(block, x, documents, use_reentrant=False, preserve_rng_state=False)
    assert isinstance(result, Tensor)
    return result
