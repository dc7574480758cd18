"""A modern decoder in plain PyTorch, named as transformers names it.

Shapes: B batch, T new tokens, S tokens attended to, D width, K head size, V vocabulary.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from core.families.rotary import Rope, RotaryConfig
from core.families.sparse import SparseConfig
from core.models.attention import MASKED, outside
from core.models.base import LanguageModel
from core.models.dropout import left_out
from core.models.rotary import rotation_tables
from core.models.rotary_decoder.cache import KeyValueCache, room_for
from core.models.rotary_decoder.layers import (
    Block,
    Lean,
    Mask,
    Place,
    RMSNorm,
    SparseBlock,
    block_of,
    is_plain,
)
from core.models.rotary_decoder.rope import tables

Where = tuple[torch.device, torch.dtype]


class Span(NamedTuple):
    """The new tokens of a pass: `new` of them behind `start` others. `lean`: see `Lean`."""

    start: int
    new: int
    lean: bool
    documents: Tensor | None

    @property
    def end(self) -> int:
        return self.start + self.new


class Decoder(nn.Module):
    """Embedding, blocks and final norm (transformers calls it `model`)."""

    def __init__(self, config: RotaryConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocabulary, config.width)
        self.layers = nn.ModuleList([block_of(config, layer) for layer in range(config.layers)])
        self.norm = RMSNorm(config.width, config.norm_epsilon)

    @property
    def blocks(self) -> list[Block | SparseBlock]:
        return [block for block in self.layers if isinstance(block, (Block, SparseBlock))]


class RotaryDecoder(LanguageModel):
    """A decoder with its output layer. `forward` gives logits, `hidden` what feeds the output
    layer."""

    config: RotaryConfig

    def __init__(self, config: RotaryConfig) -> None:
        super().__init__(config)
        self.model = Decoder(config)
        self.lm_head = nn.Linear(config.width, config.vocabulary, bias=False)
        if config.tied:
            self.lm_head.weight = self.model.embed_tokens.weight
        self._tables: dict[tuple[Where, Rope], tuple[Tensor, Tensor]] = {}
        self._masks: dict[Where, Tensor] = {}
        self._uneven: list[Tensor] = []

    @property
    def blocks(self) -> list[nn.Module]:
        return list(self.model.layers)

    @property
    def embedding(self) -> nn.Embedding:
        return self.model.embed_tokens

    @property
    def output_layer(self) -> nn.Linear:
        return self.lm_head

    @property
    def output_weight(self) -> Tensor:
        return self.lm_head.weight

    @property
    def tied(self) -> dict[str, str]:
        return {"lm_head.weight": "model.embed_tokens.weight"} if self.config.tied else {}

    def new_cache(self, batch: int, device: torch.device, dtype: torch.dtype) -> KeyValueCache:
        return KeyValueCache(self.config, batch, device, dtype)

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """What older files keep besides is left out: the rotation's buffers, a tied copy."""
        return {
            name: weight
            for name, weight in weights.items()
            if not name.endswith(".rotary_emb.inv_freq") and name not in self.tied
        }

    def hidden(
        self,
        tokens_BT: Tensor,
        cache: KeyValueCache | None = None,
        documents_BT: Tensor | None = None,
        segments_BT: Tensor | None = None,
        restart: bool = False,
    ) -> Tensor:
        """Normed last hidden states [B, T, D].

        Args:
            tokens_BT: int64 token ids.
            cache: Keys and values of what came before; its length is advanced by T.
            documents_BT: Number of the document of each token: attention stays inside it.
        """
        x_BTD = left_out(self.embedded(tokens_BT), self.drop, 0)
        learning = torch.is_grad_enabled()
        lean = cache is None and x_BTD.device.type == "cpu" and learning
        start = cache.length if cache else 0
        span = Span(start, tokens_BT.shape[1], lean, documents_BT)
        where = x_BTD.device, x_BTD.dtype
        kinds = [(self.config.rope(n), self.config.window(n)) for n in range(self.config.layers)]
        places = {kind: self._place(where, span, *kind) for kind in dict.fromkeys(kinds)}
        for index, (block, kind) in enumerate(zip(self.model.blocks, kinds, strict=True)):
            given = (x_BTD, places[kind], cache, index)
            again = self.checkpointing and learning
            result = _twice(block, *given) if again else block(*given)
            if isinstance(result, tuple):
                x_BTD, uneven = result
                self._uneven += [] if uneven is None else [uneven]
            else:
                x_BTD = result
        if cache is not None:
            cache.length += span.new
        return self.model.norm(x_BTD)

    def embedded(self, tokens_BT: Tensor) -> Tensor:
        """Vectors of tokens [B, T, D], in the type that is computed in."""
        x_BTD = self.model.embed_tokens(tokens_BT)
        if torch.is_autocast_enabled(x_BTD.device.type):
            x_BTD = x_BTD.to(torch.get_autocast_dtype(x_BTD.device.type))
        if self.config.embedding_scale == 1.0:
            return x_BTD
        # Rounded to the type first, as the published code does.
        return x_BTD * torch.tensor(self.config.embedding_scale).to(x_BTD.dtype)

    def auxiliary_loss(self) -> Tensor | None:
        """How unevenly experts were used since the last call, with its weight; mean over layers."""
        uneven, self._uneven = self._uneven, []
        if not uneven or not isinstance(self.config, SparseConfig):
            return None
        return torch.stack(uneven).mean() * self.config.balance

    # ---- places ------------------------------------------------------------------------------

    def _place(self, where: Where, span: Span, rope: Rope | None, window: int | None) -> Place:
        """Rotation and mask of one kind of layer."""
        cos = sin = rotations = None
        if rope is not None:
            cos, sin = (
                table[span.start : span.end] for table in self.rotation(*where, rope, span.end)
            )
        mask: Mask
        if span.lean:
            if cos is not None and sin is not None:
                rotations = rotation_tables(cos, sin, self.config.attention_scale)
            mask = Lean(span.documents, rotations, window)
        else:
            mask = self._mask(where, span, window)
        return Place(cos, sin, mask)

    def _mask(self, where: Where, span: Span, window: int | None) -> Tensor | None:
        """Additive mask of the new tokens, or None where `attend` needs none."""
        if window is not None and window < span.end:
            cut = outside(span.new, span.end, window, *where)
            mask = self._causal(where, span.end)[span.start : span.end, : span.end] + cut
        else:
            whole = span.start == 0 and span.documents is None
            if span.new == 1 or (whole and not is_plain(where[0], span.new)):
                return None
            mask = self._causal(where, span.end)[span.start : span.end, : span.end]
        if span.documents is None:
            return mask
        apart = span.documents[:, :, None] != span.documents[:, None, :]
        return mask.masked_fill(apart, MASKED)[:, None]

    def _causal(self, where: Where, size: int) -> Tensor:
        """At least [size, size]; grows with what is really asked for."""
        device, dtype = where
        if where not in self._masks or len(self._masks[where]) < size:
            span = min(self.config.context, max(size, 128))
            with torch.inference_mode(False):  # Shared with training, which saves it.
                full = torch.full((span, span), MASKED, dtype=dtype, device=device)
                self._masks[where] = full.triu(1)
        return self._masks[where]

    def rotation(
        self, device: torch.device, dtype: torch.dtype, rope: Rope, needed: int = 1
    ) -> tuple[Tensor, Tensor]:
        """Cosines and sines of at least `needed` positions, of the whole context where it is not
        very long: [S, K]."""
        key = ((device, dtype), rope)
        if key not in self._tables or len(self._tables[key][0]) < needed:
            room = room_for(needed, self.config.context)
            with torch.inference_mode(False):
                cos, sin = tables(rope, self.config.head_size, room)
                self._tables[key] = cos.to(device, dtype), sin.to(device, dtype)
        return self._tables[key]


def _twice(block: nn.Module, *given: Any) -> Any:
    """A block that keeps its input only and is computed again in the backward pass. Its random
    numbers are a function of where they are drawn, so none are restored."""
    return checkpoint(block, *given, use_reentrant=False, preserve_rng_state=False)
