"""Muon on rows of matrices: whole matrices meet on one rank each, are orthogonalised, and part again."""

from __future__ import annotations

import math
from collections import defaultdict

import torch
import torch.distributed as dist
from torch import Tensor

from core.training.optimiser import Adam, Muon, Optimiser, Rates, moved, orthogonalised


def rows_of(total: int, rank: int, count: int) -> tuple[int, int]:
    """The rows [begin, end) of `total` that `rank` holds: FSDP's division (that of torch.chunk)."""
    size = -(-total // count)
    begin = min(total, rank * size)
    return begin, min(total, begin + size)


class ShardedMuon(Muon):
    """The steps of core.training.optimiser.Muon, with weights, gradients and momentum in rows.

    Momentum and decay are elementwise and stay where the rows are. Newton–Schulz needs whole
    matrices: of each stack of equally shaped ones, every rank receives the rows of its own share
    (matrix i goes to rank i mod N) in one all-to-all, in the bf16 that Newton–Schulz begins with,
    and sends the rows of the result back in another. Its state is the own rows, by the names of the
    whole. Stacks of matrices (experts) are divided between matrices, so that nothing is sent.
    """

    def __init__(
        self, named: list[tuple[str, Tensor]], heights: dict[str, int], momentum: float,
        weight_decay: float, state_dtype: torch.dtype, rank: int, count: int,
    ) -> None:  # fmt: skip
        """`named`: the local rows [r, C] of each matrix, or local matrices [r, R, C] of a stack;
        `heights`: how many there are on all ranks."""
        self._stacks = Muon(
            [(n, w) for n, w in named if w.ndim > 2], momentum, weight_decay, state_dtype
        )
        self._momentum, self._decay = momentum, weight_decay
        self._rank, self._count = rank, count
        shapes: dict[tuple[int, int], list[tuple[str, Tensor]]] = defaultdict(list)
        for name, rows in ((n, w) for n, w in named if w.ndim == 2):
            shapes[heights[name], rows.shape[1]].append((name, rows))
        self._shapes, self._groups = list(shapes), list(shapes.values())
        self._buffers = [
            torch.zeros(
                (len(group), *group[0][1].shape), device=group[0][1].device, dtype=state_dtype
            )
            for group in self._groups
        ]

    @torch.no_grad()
    def step(self, gradients: dict[str, Tensor], rate: float) -> None:
        self._stacks.step(gradients, rate)
        for (height, width), group, buffer in zip(
            self._shapes, self._groups, self._buffers, strict=True
        ):
            gradient = torch.stack([gradients[name] for name, _ in group]).float()
            update = self._orthogonalised(moved(gradient, buffer, self._momentum), height)
            size = rate * math.sqrt(max(1.0, height / width))
            for (_, weight), change in zip(group, update, strict=True):
                if self._decay:
                    weight.mul_(1 - rate * self._decay)
                weight.add_(change, alpha=-size)

    def state(self) -> dict[str, Tensor]:
        return {**super().state(), **self._stacks.state()}

    def _orthogonalised(self, rows_MrC: Tensor, height: int) -> Tensor:
        """Own rows of the orthogonalised M matrices, from own rows of the matrices; bf16."""
        matrices, own, width = rows_MrC.shape
        count, rank = self._count, self._rank
        order = [i for owner in range(count) for i in range(owner, matrices, count)]
        shares = [len(range(owner, matrices, count)) for owner in range(count)]
        begins = [rows_of(height, other, count) for other in range(count)]
        heights = [end - begin for begin, end in begins]
        away = [share * own * width for share in shares]
        home = [shares[rank] * other * width for other in heights]
        sent = rows_MrC.to(torch.bfloat16)[order].flatten()
        pieces = _exchange(sent, away, home).split(home)
        whole = torch.cat(
            [piece.view(shares[rank], h, width) for piece, h in zip(pieces, heights, strict=True)],
            dim=1,
        )
        if shares[rank]:
            whole = orthogonalised(whole)
        answer = torch.cat([part.flatten() for part in whole.split(heights, dim=1)])
        result = _exchange(answer, home, away).view(matrices, own, width)
        places = torch.empty(matrices, dtype=torch.int64)
        places[order] = torch.arange(matrices)
        return result[places.to(result.device)]


class ShardedOptimiser(Optimiser):
    """Muon and AdamW on rows; AdamW is elementwise, so that it needs nothing of its own."""

    def __init__(
        self, masters: dict[str, Tensor], rates: Rates, kind: str, momentum: float,
        weight_decay: float, state_dtype: torch.dtype, heights: dict[str, int], rank: int,
        count: int, adam: Adam | None = None,
    ) -> None:  # fmt: skip
        self._division = (heights, rank, count)
        super().__init__(masters, rates, kind, momentum, weight_decay, state_dtype, adam)

    def _muon_of(
        self, matrices: list[tuple[str, Tensor]], momentum: float, weight_decay: float
    ) -> Muon:
        heights, rank, count = self._division
        return ShardedMuon(
            matrices, heights, momentum, weight_decay, self._state_dtype, rank, count
        )


def _exchange(sent: Tensor, away: list[int], home: list[int]) -> Tensor:
    """All to all: `away[r]` elements go to rank r, `home[r]` come from it."""
    received = sent.new_empty(sum(home))
    dist.all_to_all_single(received, sent.contiguous(), home, away)
    return received
