"""One batch of training, whatever is learnt from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of tokens; a row is what a micro-batch never divides.

    inputs: int64 [B, T]. targets: int64 [B, T]. documents: int [B, T] where a row holds several
    texts: attention stays inside each. weights: bool [B, T], the places whose targets count (None:
    all). extra: further tensors of an objective, each [B, ...].
    """

    inputs: Tensor
    targets: Tensor
    documents: Tensor | None
    weights: Tensor | None = None
    extra: dict[str, Tensor] = field(default_factory=dict[str, Tensor])

    def piece(self, begin: int, end: int, device: torch.device) -> Batch:
        """Rows begin … end on `device`."""

        def part(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor[begin:end].to(device, non_blocking=True)

        inputs, targets = part(self.inputs), part(self.targets)
        assert inputs is not None and targets is not None
        extra = {name: value for name, t in self.extra.items() if (value := part(t)) is not None}
        return Batch(inputs, targets, part(self.documents), part(self.weights), extra)

    def pinned(self) -> Batch:
        """In memory from which a GPU copies by itself."""

        def pin(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor.pin_memory()

        extra = {name: tensor.pin_memory() for name, tensor in self.extra.items()}
        return Batch(
            self.inputs.pin_memory(), self.targets.pin_memory(), pin(self.documents),
            pin(self.weights), extra,
        )  # fmt: skip


class Source(Protocol):
    """Where batches come from: a pure function of the step (and of a seed it was made with)."""

    def make(self, step: int) -> Batch: ...
