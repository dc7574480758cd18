"""One optimiser step: forward, backward, accumulation, clipping, update."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import Tensor

from core.models.qwen3.model import Qwen3
from core.objectives import causal
from core.training.batches import Batch
from core.training.optimiser import Optimiser, Rates


@dataclass(frozen=True, slots=True)
class StepResult:
    """Still on the device: fetching them is left to who shows them."""

    loss: Tensor
    gradient_norm: Tensor


class Stepper:
    """Holds fp32 master weights; the model itself computes in `dtype`.

    With bf16 every product is bf16, while master weights, sums of gradients over micro-batches
    and the optimiser's state are fp32.
    """

    def __init__(
        self,
        model: Qwen3,
        dtype: torch.dtype,
        rates: Rates,
        kind: str,
        momentum: float,
        weight_decay: float,
        clip: float,
        state_dtype: torch.dtype = torch.float32,
        checkpointing: bool = False,
    ) -> None:
        """`state_dtype`: of the optimiser's state. `checkpointing`: compute each block again in the
        backward pass instead of keeping what lies inside it (Chen et al. 2016)."""
        self.model = model
        self.dtype = dtype
        self._clip = clip
        self.checkpointing = checkpointing
        self.updating = False
        named = dict(model.named_parameters())
        # In fp32 the model computes with the masters themselves.
        self.masters = {name: w.detach().float() for name, w in named.items()}
        if dtype != torch.float32:
            model.to(dtype)
        self._working = dict(model.named_parameters())
        self.optimiser = Optimiser(self.masters, rates, kind, momentum, weight_decay, state_dtype)
        self._sync()

    @property
    def checkpointing(self) -> bool:
        return self.model.checkpointing

    @checkpointing.setter
    def checkpointing(self, wanted: bool) -> None:
        self.model.checkpointing = wanted

    def step(self, batch: Batch, micro_batch: int, factor: float) -> StepResult:
        """Train on `batch` in pieces of `micro_batch` windows.

        On the CPU a step whose loss or gradient is no number changes nothing.
        """
        total = len(batch.inputs)
        loss = torch.zeros((), device=self.device)
        sums: dict[str, Tensor] = {}
        for start in range(0, total, micro_batch):
            piece = slice(start, start + micro_batch)
            inputs = batch.inputs[piece].to(self.device, non_blocking=True)
            targets = batch.targets[piece].to(self.device, non_blocking=True)
            documents = batch.documents
            if documents is not None:
                documents = documents[piece].to(self.device, non_blocking=True)
            share = len(inputs) / total
            part = causal.loss(self.model, inputs, targets, documents) * share
            part.backward()
            loss += part.detach()
            self._take_gradients(sums, whole=micro_batch >= total)
        norm = self._norm(sums)
        if self.device.type == "cpu" and not bool(torch.isfinite(loss + norm)):
            return StepResult(loss, norm)  # Elsewhere the guard sees it when metrics are fetched.
        self._shorten(sums, norm)
        self.updating = True
        self.optimiser.step(sums, factor)
        self._sync()
        self.updating = False
        return StepResult(loss, norm)

    def _shorten(self, gradients: dict[str, Tensor], norm: Tensor) -> None:
        """Clip to the longest gradient that is used as it is; without waiting for a GPU's norm."""
        if not self._clip or (norm.device.type == "cpu" and float(norm) <= self._clip):
            return
        scale = (self._clip / (norm + 1e-6)).clamp(max=1.0)
        for gradient in gradients.values():
            gradient.mul_(scale.to(gradient.dtype))

    def drop_gradients(self) -> None:
        """What a step that ran out of memory has left."""
        for weight in self._working.values():
            weight.grad = None

    def time(self, batch: Batch, micro_batch: int) -> float:
        """Seconds of a forward and backward pass over one micro-batch that changes nothing."""
        begun = time.perf_counter()
        documents = None if batch.documents is None else batch.documents[:micro_batch]
        loss = causal.loss(
            self.model,
            batch.inputs[:micro_batch].to(self.device),
            batch.targets[:micro_batch].to(self.device),
            None if documents is None else documents.to(self.device),
        )
        loss.backward()
        float(loss.detach())  # Waits for the device.
        self.model.zero_grad(set_to_none=True)
        return time.perf_counter() - begun

    def compile(self) -> None:
        """Compile each block at its first use; equal blocks share their code."""
        for block in self.model.model.blocks:
            block.compile(dynamic=False)

    def forget_compiled(self) -> None:
        """Compute as it was written again."""
        for block in self.model.model.blocks:
            block._compiled_call_impl = None

    @property
    def device(self) -> torch.device:
        return next(iter(self._working.values())).device

    def _take_gradients(self, sums: dict[str, Tensor], whole: bool) -> None:
        for name, weight in self._working.items():
            gradient = weight.grad
            assert gradient is not None
            weight.grad = None
            if whole:
                sums[name] = gradient
            elif name in sums:
                sums[name] += gradient
            else:
                sums[name] = gradient.float()

    def _norm(self, gradients: dict[str, Tensor]) -> Tensor:
        norms = torch._foreach_norm(list(gradients.values()))
        return torch.stack([n.float() for n in norms]).norm()

    @torch.no_grad()
    def _sync(self) -> None:
        """Copy the masters into the working weights, where those are others."""
        if self.dtype == torch.float32:
            return
        for name, weight in self._working.items():
            weight.copy_(self.masters[name])

    # ---- states ------------------------------------------------------------------------------

    def weights(self) -> dict[str, Tensor]:
        """fp32 master weights by transformers' names (a tied table once)."""
        return self.masters

    @torch.no_grad()
    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Raises KeyError when one is missing."""
        for name, master in self.masters.items():
            master.copy_(weights[name])
        self._sync()
