"""One optimiser step: forward, backward, accumulation, clipping, update."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import Tensor

from core.models.base import LanguageModel
from core.objectives.base import Objective
from core.objectives.batch import Batch
from core.objectives.causal import Causal
from core.training.optimiser import Adam, Optimiser, Rates


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
        model: LanguageModel,
        dtype: torch.dtype,
        rates: Rates,
        kind: str,
        momentum: float,
        weight_decay: float,
        clip: float,
        state_dtype: torch.dtype = torch.float32,
        checkpointing: bool = False,
        objective: Objective | None = None,
        adam: Adam | None = None,
    ) -> None:
        """`state_dtype`: of the optimiser's state. `objective`: causal by default. Weights that need
        no gradient stay as they are. `checkpointing`: compute each block again in the
        backward pass instead of keeping what lies inside it (Chen et al. 2016)."""
        self.model = model
        self.dtype = dtype
        self._objective = objective or Causal()
        self._clip = clip
        self.checkpointing = checkpointing
        self.updating = False
        named = {name: w for name, w in model.named_parameters() if w.requires_grad}
        # In fp32 the model computes with the masters themselves.
        self.masters = {name: w.detach().float() for name, w in named.items()}
        if dtype != torch.float32:
            model.to(dtype)
        self._working = {n: w for n, w in model.named_parameters() if w.requires_grad}
        self.optimiser = Optimiser(
            self.masters, rates, kind, momentum, weight_decay, state_dtype, adam
        )
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
        rows, whole = len(batch.inputs), self._objective.count(batch)
        loss = torch.zeros((), device=self.device)
        sums: dict[str, Tensor] = {}
        for start in range(0, rows, micro_batch):
            piece = batch.piece(start, start + micro_batch, self.device)
            share = self._objective.count(piece) / max(1.0, whole) if micro_batch < rows else 1.0
            with self.model.training_pass(self.optimiser.steps, start):
                minimised, shown = self._losses(piece)
                (minimised * share).backward()
            loss += shown.detach() * share
            self._take_gradients(sums, whole=micro_batch >= rows)
        norm = self._norm(sums)
        if self.device.type == "cpu" and not bool(torch.isfinite(loss + norm)):
            return StepResult(loss, norm)  # Elsewhere the guard sees it when metrics are fetched.
        self._shorten(sums, norm)
        self.updating = True
        self.optimiser.step(sums, factor)
        self._sync()
        self.updating = False
        return StepResult(loss, norm)

    def _losses(self, piece: Batch) -> tuple[Tensor, Tensor]:
        """What is minimised, and of it the objective, which alone is shown."""
        shown = self._objective.loss(self.model, piece)
        own = self.model.auxiliary_loss()
        return (shown if own is None else shown + own), shown

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
        with self.model.training_pass(0, 0):
            loss, _ = self._losses(batch.piece(0, micro_batch, self.device))
            loss.backward()
        float(loss.detach())  # Waits for the device.
        self.model.zero_grad(set_to_none=True)
        return time.perf_counter() - begun

    def compile(self) -> None:
        """Compile each block at its first use; equal blocks share their code."""
        for block in self.model.blocks:
            block.compile(dynamic=False)

    def forget_compiled(self) -> None:
        """Compute as it was written again."""
        for block in self.model.blocks:
            block._compiled_call_impl = None

    @property
    def device(self) -> torch.device:
        return next(iter(self._working.values())).device

    def _take_gradients(self, sums: dict[str, Tensor], whole: bool) -> None:
        for name, weight in self._working.items():
            gradient = weight.grad
            if gradient is None:  # A part that this batch did not use.
                gradient = torch.zeros_like(weight)
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
        """Copy the masters into the working weights, where those are others, and let the model know."""
        if self.dtype != torch.float32:
            for name, weight in self._working.items():
                weight.copy_(self.masters[name])
        self.model.refresh()

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
