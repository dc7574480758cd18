"""Rank 0's side: a stepper like any other, whose every act is first told to the other ranks.

So the training loop decides alone (what is asked, when to save, when to end) and all ranks obey at
the same step.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from core.models.base import LanguageModel
from core.objectives.base import Objective
from core.objectives.batch import Batch
from core.training.distributed.group import Group
from core.training.distributed.shards import Build, Shards, Share
from core.training.optimiser import Adam, Rates
from core.training.stepper import Stepper, StepResult


class ShardedStepper(Stepper):
    """A Stepper over all ranks of a group; nothing of it runs on one rank alone."""

    def __init__(
        self,
        group: Group,
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
        """`objective`: only causal is dealt out. `model` gives the first weights; from then on it is rank 0's copy for evaluating."""
        self._group = group
        self.dtype = dtype
        self.updating = False
        name, state = (str(kind).removeprefix("torch.") for kind in (dtype, state_dtype))
        self._build = Build(
            {"family": model.config.shape.family, **asdict(model.config)}, name, asdict(rates), kind, momentum, weight_decay, clip, state,
            checkpointing, asdict(adam or Adam()), model.noise.seed if model.noise else 0,
        )  # fmt: skip
        group.tell({"do": "build", "build": self._build.to_json()})
        with group.watched():
            self._shards = Shards(group, self._build)
        self._model = model
        self.load_weights({n: w.detach() for n, w in model.named_parameters()})
        if dtype != torch.float32:
            model.to(dtype)
        self._fresh = False
        self.optimiser = _WholeOptimiser(group, self._shards)

    @property
    def checkpointing(self) -> bool:
        return self._shards.model.checkpointing

    @checkpointing.setter
    def checkpointing(self, wanted: bool) -> None:
        self._group.tell({"do": "checkpointing", "wanted": wanted})
        self._shards.model.checkpointing = wanted

    def drop_gradients(self) -> None:
        """A step that ran out of memory is the end of all ranks: the next attempt goes on with less."""

    @property
    def masters(self) -> dict[str, Tensor]:
        """Names, shapes and kinds of the weights of all ranks, without their values."""
        shapes = self._shards.shapes
        return {name: torch.empty(shape, device="meta") for name, shape in shapes.items()}

    @property
    def device(self) -> torch.device:
        return self._group.device

    # ---- steps -------------------------------------------------------------------------------

    def step(self, batch: Batch, micro_batch: int, factor: float) -> StepResult:
        """Train on `batch`, of which every rank computes its share in pieces of `micro_batch`."""
        self._fresh = False
        with self._group.watched():
            share = deal(self._group, "step", batch, {"micro_batch": micro_batch, "factor": factor})
            return self._shards.step(share, micro_batch, factor)

    def time(self, batch: Batch, micro_batch: int) -> float:
        """Seconds of a forward and backward pass over one micro-batch that changes nothing."""
        with self._group.watched():
            share = deal(self._group, "time", batch, {"micro_batch": micro_batch})
            return self._shards.time(share, micro_batch)

    # ---- states ------------------------------------------------------------------------------

    @property
    def model(self) -> LanguageModel:
        """The whole model in the working precision on rank 0, as it is after the last step."""
        if not self._fresh:
            self._gather({n: w.detach() for n, w in self._model.named_parameters()})
            self._fresh = True
        return self._model

    def weights(self) -> dict[str, Tensor]:
        """fp32 master weights by transformers' names (a tied table once), on the CPU."""
        found = {name: torch.empty(shape) for name, shape in self._shards.shapes.items()}
        self._gather(found)
        return found

    def _gather(self, into: dict[str, Tensor]) -> None:
        self._group.tell({"do": "weights"})
        with self._group.watched():
            self._shards.weights(into)

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Raises KeyError when one is missing."""
        whole = {name: weights[name] for name in self._shards.shapes}
        self._fresh = False
        self._group.tell({"do": "load_weights"})
        with self._group.watched():
            self._shards.load_weights(whole)

    def write(self, folder: Path, root: Path, kinds: list[str]) -> dict[str, str]:
        """Every rank writes its rows into `folder`, which lies below `root`, the job's folder (on
        another machine that may have another path). Returns names and hashes of the files.

        Raises:
            NoSpace, NoPermission: What any of the ranks met.
        """
        place = folder.relative_to(root).as_posix()
        self._group.tell({"do": "write", "folder": place, "kinds": kinds})
        return self._shards.write(folder, kinds) or {}


class _WholeOptimiser:
    """The optimiser's state as one device would hold it."""

    def __init__(self, group: Group, shards: Shards) -> None:
        self._group, self._shards = group, shards

    @property
    def steps(self) -> int:
        return self._shards.optimiser.steps

    def state(self) -> dict[str, Tensor]:
        """Of all ranks, on the CPU."""
        found: dict[str, Tensor] = {}
        self._group.tell({"do": "optimiser_state"})
        with self._group.watched():
            self._shards.optimiser_state(found)
        return found

    def load(self, state: dict[str, Tensor], steps: int) -> None:
        """Raises KeyError when a buffer is missing."""
        whole = {name: state[name] for name in self._shards.optimiser.state()}
        self._group.tell({"do": "load_optimiser", "steps": steps})
        with self._group.watched():
            self._shards.load_optimiser(whole, steps)


# ---- dealing a batch out -------------------------------------------------------------------------


def deal(group: Group, what: str, batch: Batch, word: dict[str, object]) -> Share:
    """Rank 0: tell what is done with the batch and give every rank its rows; returns its own.

    Only rank 0 reads the corpus: a step's tokens are some kilobytes, and the order of the data stays
    a function of (seed, step) for any number of ranks.
    """
    total, context = batch.inputs.shape
    count = group.place.count
    parts = [batch.inputs, batch.targets]
    parts += [] if batch.documents is None else [batch.documents]
    block = torch.stack([part.to(torch.int32) for part in parts], dim=1)  # [B, 2 or 3, T]
    most = -(-total // count)
    dealt: list[Tensor] = []
    for rank in range(count):
        own = block[total * rank // count : total * (rank + 1) // count]
        dealt.append(torch.cat([own, block[:1].expand(most - len(own), -1, -1)]).contiguous())
    shape = [most, len(parts), context]
    group.tell({"do": what, "shape": shape, "total": total, **word})
    return _received(group, dealt, shape, total)


def receive(group: Group, shape: list[int], total: int) -> Share:
    """The other ranks' side of `deal`."""
    return _received(group, None, shape, total)


def _received(group: Group, dealt: list[Tensor] | None, shape: list[int], total: int) -> Share:
    pinned = group.device.type == "cuda"
    rows = torch.empty(shape, dtype=torch.int32, pin_memory=pinned)
    rows = group.scatter(dealt, rows)
    rank, count = group.place.rank, group.place.count
    own = total * (rank + 1) // count - total * rank // count
    documents = rows[:, 2] if shape[1] > 2 else None
    return Share(rows[:, 0], rows[:, 1], documents, own, total)
