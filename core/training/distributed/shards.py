"""One rank's part of a model, of its gradients and of the optimiser's state.

Every method is a collective: all ranks call it at the same point, with the same plain arguments.
"""

from __future__ import annotations

import functools
import time
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.distributed.fsdp import (
    FSDPModule,
    MixedPrecisionPolicy,
    fully_shard,
    register_fsdp_forward_method,
)

from core.errors import TerakoyaError, error_of
from core.families.registry import family_of
from core.models.base import LanguageModel
from core.models.registry import build as build_model
from core.objectives import causal
from core.sentences import values_to_json
from core.training.distributed.files import INDEX, file_name, write_index, write_part
from core.training.distributed.group import Group, sum_of_all
from core.training.distributed.muon import ShardedOptimiser, rows_of
from core.training.optimiser import Adam, Rates
from core.training.stepper import StepResult


@dataclass(frozen=True, slots=True)
class Build:
    """What every rank must know to hold its part."""

    config: dict[str, Any]
    dtype: str
    rates: dict[str, float]
    kind: str
    momentum: float
    weight_decay: float
    clip: float
    state_dtype: str
    checkpointing: bool
    adam: dict[str, float]
    dropout_seed: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Share:
    """The rows of a global batch that one rank computes: `own` of `total` count, the rest of
    `inputs` (padding, so that all ranks hold equally many) has no weight."""

    inputs: Tensor
    targets: Tensor
    documents: Tensor | None
    own: int
    total: int


class Shards:
    """Weights fully sharded by rows (FSDP2; Zhao et al. 2023): fp32 masters lie in rows over the
    ranks, each block is gathered in the working precision for its forward and backward pass, and
    gradients are summed in fp32 to the rows they belong to."""

    def __init__(self, group: Group, build: Build) -> None:
        self._group, self._clip = group, build.clip
        self.dtype = getattr(torch, build.dtype)
        with torch.device(group.device):
            sizes = dict(build.config)
            model = build_model(family_of(sizes.pop("family")).config(**sizes))
        model.checkpointing = build.checkpointing
        model.use_dropout(model.config.dropout, build.dropout_seed)
        self._training_pass = functools.partial(model.training_pass, rank=group.place.rank)
        shapes = {name: weight.shape for name, weight in model.named_parameters()}
        self.model = _sharded(model, group, self.dtype)
        self.heights = {name: shape[0] for name, shape in shapes.items()}
        self.shapes = {name: list(shape) for name, shape in shapes.items()}
        with torch.no_grad():
            self.masters = {name: _rows(weight) for name, weight in model.named_parameters()}
        place = group.place
        self.optimiser = ShardedOptimiser(
            self.masters, Rates(**build.rates), build.kind, build.momentum, build.weight_decay,
            getattr(torch, build.state_dtype), self.heights, place.rank, place.count,
            Adam(**build.adam),
        )  # fmt: skip

    # ---- steps -------------------------------------------------------------------------------

    def step(self, share: Share, micro_batch: int, factor: float) -> StepResult:
        """One optimiser step; loss (a mean over the tokens of all ranks) and norm are global."""
        held = len(share.inputs)
        loss = torch.zeros((), device=self._group.device)
        for start in range(0, held, micro_batch):
            # Only the last backward pass sums over the ranks; until then gradients add up in fp32.
            self.model.set_requires_gradient_sync(start + micro_batch >= held)
            with self._training_pass(self.optimiser.steps, start):
                minimised, shown = self._losses(share, start, min(micro_batch, held - start))
                minimised.backward()
            loss += shown.detach()
        gradients = self._take_gradients()
        norms = torch._foreach_norm(list(gradients.values()))
        squares = torch.stack([norm.float() for norm in norms]).square().sum()
        loss, squares = sum_of_all(torch.stack([loss, squares])).unbind()
        norm = squares.sqrt()
        if norm.device.type == "cpu" and not bool(torch.isfinite(loss + norm)):
            return StepResult(loss, norm)  # Left out, as on one device; all ranks see the same sum.
        if self._clip:
            scale = (self._clip / (norm + 1e-6)).clamp(max=1.0)
            torch._foreach_mul_(list(gradients.values()), scale)
        self.optimiser.step(gradients, factor)
        return StepResult(loss, norm)

    def time(self, share: Share, micro_batch: int) -> float:
        """Seconds of a forward and backward pass over one micro-batch that changes nothing."""
        begun = time.perf_counter()
        self.model.set_requires_gradient_sync(True)
        with self._training_pass(0, 0):
            loss, _ = self._losses(share, 0, min(micro_batch, len(share.inputs)))
            loss.backward()
        float(loss.detach())  # Waits for the device.
        self.model.zero_grad(set_to_none=True)
        return time.perf_counter() - begun

    def _losses(self, share: Share, start: int, size: int) -> tuple[Tensor, Tensor]:
        """The part of the batch's mean loss that rows start … start + size of this rank add: what is
        minimised, and of it the objective, which alone is shown.

        A rank that has none left computes one row of padding at weight zero, because the others
        need its share of the weights meanwhile.
        """
        real = max(0, min(size, share.own - start))
        rows = slice(start, start + max(1, real))
        device = self._group.device
        documents = share.documents
        mean = causal.loss(
            self.model,
            share.inputs[rows].to(device, torch.int64, non_blocking=True),
            share.targets[rows].to(device, torch.int64, non_blocking=True),
            None if documents is None else documents[rows].to(device, non_blocking=True),
        )
        weight, own = real / share.total, self.model.auxiliary_loss()
        return (mean if own is None else mean + own) * weight, mean * weight

    def _take_gradients(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for name, weight in self.model.named_parameters():
            assert weight.grad is not None
            found[name] = _rows(weight.grad)
            weight.grad = None
        return found

    # ---- states ------------------------------------------------------------------------------

    @torch.no_grad()
    def weights(self, into: dict[str, Tensor] | None) -> None:
        """Bring the masters together; rank 0 gives `into`, which is filled and may be of another
        kind (a bf16 copy)."""
        for name, weight in self.model.named_parameters():
            whole: Tensor = weight.full_tensor()  # type: ignore[attr-defined]
            if into is not None:
                into[name].copy_(whole)

    @torch.no_grad()
    def load_weights(self, whole: dict[str, Tensor] | None) -> None:
        """Spread rank 0's weights over the ranks."""
        self._spread(whole, self.masters)

    @torch.no_grad()
    def optimiser_state(self, into: dict[str, Tensor] | None) -> None:
        """Bring the optimiser's state together in rank 0's `into`."""
        count = self._group.place.count
        for name, rows in self.optimiser.state().items():
            height = self._height(name)
            size = -(-height // count)
            padded = rows.new_zeros((size, *rows.shape[1:]))
            padded[: len(rows)] = rows
            whole = self._group.together(padded)[:height]
            if into is not None:
                into[name] = whole.to("cpu")

    @torch.no_grad()
    def load_optimiser(self, whole: dict[str, Tensor] | None, steps: int) -> None:
        state = self.optimiser.state()
        self._spread(whole, state)
        self.optimiser.load(state, steps)

    def _spread(self, whole: dict[str, Tensor] | None, parts: dict[str, Tensor]) -> None:
        for name, rows in parts.items():
            height = self._height(name)
            shape = torch.empty((height, *rows.shape[1:]), dtype=rows.dtype, device="meta")
            tensor = self._group.spread(None if whole is None else whole[name], shape)
            begin, end = self._place_of(name)
            rows.copy_(tensor[begin:end])

    # ---- checkpoints -------------------------------------------------------------------------

    @torch.no_grad()
    def write(self, folder: Path, kinds: list[str]) -> dict[str, str] | None:
        """Every rank writes its rows into `folder` (which is there already); rank 0 adds the index.

        Returns the hashes of all files on rank 0. Raises there what any rank met: NoSpace or
        NoPermission.
        """
        place = self._group.place
        parts: list[dict[str, Any]] = []
        answer: dict[str, Any] = {"parts": parts}
        try:
            for kind in kinds:
                name = file_name(kind, place.rank, place.count)
                tensors = self._tensors(kind)
                held = {n: list(self._place_of(n)) for n, rows in tensors.items() if len(rows)}
                digest = write_part(folder / name, {n: tensors[n] for n in held})
                parts.append({"file": name, "kind": kind, "rows": held, "hash": digest})
        except TerakoyaError as error:
            answer = {"error": error.code, "values": values_to_json(error.values)}
        answers = self._group.gather(answer)
        if not self._group.first:
            return None
        for answer in answers:
            if "error" in answer:
                raise error_of(answer["error"], answer["values"])
        found = [part for answer in answers for part in answer["parts"]]
        hashes = {part["file"]: part.pop("hash") for part in found}
        shapes = {
            kind: {n: [self._height(n), *t.shape[1:]] for n, t in self._tensors(kind).items()}
            for kind in kinds
        }
        return {**hashes, INDEX: write_index(folder, shapes, found)}

    def _tensors(self, kind: str) -> dict[str, Tensor]:
        return self.masters if kind == "model" else self.optimiser.state()

    def _height(self, name: str) -> int:
        return self.heights[weight_of(name)]

    def _place_of(self, name: str) -> tuple[int, int]:
        return rows_of(self._height(name), self._group.place.rank, self._group.place.count)


def weight_of(name: str) -> str:
    """The weight that an entry of the optimiser's state belongs to ("adamw.first.NAME")."""
    for prefix in ("muon.", "adamw.first.", "adamw.second."):
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


def _rows(tensor: Any) -> Tensor:
    """The local rows of a DTensor, sharing its memory."""
    return tensor.to_local()


def _sharded(model: LanguageModel, group: Group, dtype: torch.dtype) -> Any:
    """`model`, whose blocks are gathered one by one; the rest (tables and last norm) at once, and
    kept from the forward to the backward pass, because the output layer is used outside it."""
    policy = MixedPrecisionPolicy(
        param_dtype=None if dtype == torch.float32 else dtype, reduce_dtype=torch.float32
    )
    for block in model.blocks:
        fully_shard(block, mesh=group.mesh, mp_policy=policy)
    fully_shard(model, mesh=group.mesh, mp_policy=policy, reshard_after_forward=False)
    register_fsdp_forward_method(model, "hidden")
    # It warns that nobody may write into what `hidden` returns; nobody does.
    warnings.filterwarnings("ignore", message="FSDP2-wrapped module .* returned a view")
    for module in model.modules():
        if isinstance(module, FSDPModule):  # Sums, not means: each part is weighted by its tokens.
            module.set_force_sum_reduction_for_comms(True)
            module.set_gradient_divide_factor(1.0)
    return model
