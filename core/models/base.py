"""What training, scoring and writing ask of any model."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.families.base import FamilyConfig
from core.models.adapters.tokens import OutputFunction, Rows, TrainedEmbedding, TrainedHead
from core.models.dropout import Drop, Dropping, Noise


class LanguageModel(nn.Module, ABC):
    """A model with its output layer. Its parameters are named and laid out for computing; what
    transformers' files call them is the business of `from_file` and `to_file`.

    Shapes: B batch, T tokens, D width, V vocabulary.
    """

    bidirectional: ClassVar[bool] = False
    """Whether every token sees all others (an encoder): it fills in blanks and continues nothing."""

    config: Any
    """The family's FamilyConfig."""

    def __init__(self, config: FamilyConfig) -> None:
        super().__init__()
        self.config = config
        self.checkpointing = False
        """Whether each block is computed again in the backward pass (Chen et al. 2016)."""
        self.noise: Noise | None = None
        """See `use_dropout`."""
        self.drop: Drop | None = None
        """Of the embedding."""

    @property
    @abstractmethod
    def blocks(self) -> list[nn.Module]:
        """The equal parts, in order: what is compiled, recomputed and sharded one by one."""

    @property
    @abstractmethod
    def embedding(self) -> nn.Embedding:
        """The table of tokens [V, D]."""

    @property
    @abstractmethod
    def output_weight(self) -> Tensor:
        """The output layer's matrix [V, D]."""

    @property
    def output_bias(self) -> Tensor | None:
        """The output layer's bias [V], where it has one."""
        return None

    @property
    def output_layer(self) -> nn.Linear | None:
        """The module that holds this matrix, where it is one: all decoders' `lm_head`."""
        return None

    @property
    def output_rows(self) -> Rows | None:
        """The output layer's rows that are trained though the rest of it is not."""
        layer = self.output_layer
        return layer.rows if isinstance(layer, TrainedHead) else None

    def refresh(self) -> None:
        """To be called when trained weights were changed: tables take their trained rows in."""
        for table in (self.embedding, self.output_layer):
            if isinstance(table, (TrainedEmbedding, TrainedHead)):
                table.refresh()

    @abstractmethod
    def hidden(
        self,
        tokens_BT: Tensor,
        cache: Any = None,
        documents_BT: Tensor | None = None,
        segments_BT: Tensor | None = None,
        restart: bool = False,
    ) -> Tensor:
        """What the output layer is given [B, T, D].

        Args:
            tokens_BT: int64 token ids.
            cache: Keys and values of what came before, from `new_cache`; advanced by T. Decoders
                only.
            documents_BT: Number of the document of each token: attention stays inside it.
            segments_BT: Token types 0 and 1, where the family has them.
            restart: Positions begin anew in each document, as when it is read by itself. Rotated
                ones only know distances: for them this is always so.
        """

    def logits(self, hidden: Tensor) -> Tensor:
        """[..., D] → [..., V]."""
        rows = self.output_rows
        if rows is not None:
            given = (hidden, self.output_weight, rows.values, rows.ids)
            return cast(Tensor, OutputFunction.apply(*given))
        return functional.linear(hidden, self.output_weight, self.output_bias)

    def forward(self, tokens_BT: Tensor, *more: Any, **named: Any) -> Tensor:
        """Logits [B, T, V]; further arguments as for `hidden`."""
        return self.logits(self.hidden(tokens_BT, *more, **named))

    def auxiliary_loss(self) -> Tensor | None:
        """What training adds to its objective for the model's own sake, of all passes since the last
        call: the balance of experts. None where there is nothing."""
        return None

    # ---- dropout -----------------------------------------------------------------------------

    def use_dropout(self, rate: float, seed: int) -> None:
        """From now on leave out a share of the numbers in training passes (see core.models.dropout);
        0: never. The config says so too."""
        self.config = replace(self.config, dropout=rate)
        self.noise = noise = Noise(rate, seed) if rate else None
        self.drop = Drop(noise, 0) if noise else None
        for number, block in enumerate(self.blocks, 1):
            for part in block.modules():
                if isinstance(part, Dropping):
                    part.drop = Drop(noise, number) if noise else None

    def training_pass(
        self, step: int, begin: int, rank: int = 0
    ) -> contextlib.AbstractContextManager[None]:
        """Around a forward and backward pass over the micro-batch that begins with row `begin`."""
        return self.noise.during(step, begin, rank) if self.noise else contextlib.nullcontext()

    # ---- writing -----------------------------------------------------------------------------

    def new_cache(self, batch: int, device: torch.device, dtype: torch.dtype) -> Any:
        """An empty cache for `batch` texts. Raises NotImplementedError for an encoder."""
        raise NotImplementedError(type(self).__name__)

    # ---- files -------------------------------------------------------------------------------

    @property
    def tied(self) -> dict[str, str]:
        """Own names that stand for the same tensor as another: name → the one that is stored."""
        return {}

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """Weights as transformers' file of this family has them, by own names and layout. What a
        file may hold and the model needs not (buffers, a tied table's copy) is left out."""
        return weights

    def to_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """The way back; a tied table stands once."""
        return weights

    def tie(self) -> None:
        """Make tied parameters one tensor again, after weights were assigned."""
        for name, stored in self.tied.items():
            owner, _, last = name.rpartition(".")
            setattr(self.get_submodule(owner), last, self.get_parameter(stored))
