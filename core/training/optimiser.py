"""Muon for matrices, AdamW for embeddings, output layer and norms."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import torch
from torch import Tensor

from core.recipe import Recipe
from core.training.roles import is_decayed, role_of

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
NEWTON_SCHULZ_STEPS = 5
POSITIONS_SHARE = 0.1
"""Of the embedding's rate, for an encoder's positions: at the whole rate attention loses sight of them
(unseen masked loss after 300 steps, TinyShakespeare: 3.89 against 3.83 where the rate is 0.01, and 4.20
against 3.83 where it is 0.03)."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Peak learning rates of the three kinds of weights."""

    matrices: float
    embedding: float
    head: float


@dataclass(frozen=True, slots=True)
class Adam:
    """What AdamW remembers and divides by (Kingma and Ba 2015, algorithm 1)."""

    beta1: float = 0.9
    beta2: float = 0.95
    epsilon: float = 1e-10

    @classmethod
    def of(cls, recipe: Recipe) -> Adam:
        """As chosen, else the app's own."""
        usual = cls()
        beta2, epsilon = recipe.adam_beta2, recipe.adam_epsilon
        return cls(
            usual.beta1, usual.beta2 if beta2 is None else beta2,
            usual.epsilon if epsilon is None else epsilon,
        )  # fmt: skip


def orthogonalised(g_NRC: Tensor) -> Tensor:
    """The nearest semi-orthogonal matrices, roughly: quintic Newton–Schulz (Jordan et al. 2024).

    Works on a stack of equally shaped matrices in bf16; returns bf16 of the same shape.
    """
    a, b, c = NEWTON_SCHULZ
    x = g_NRC.to(torch.bfloat16)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.mT
        mixed = torch.baddbmm(gram, gram, gram, beta=b, alpha=c)
        x = torch.baddbmm(x, mixed, x, beta=a)
    return x.mT if tall else x


def moved(gradient: Tensor, buffer: Tensor, momentum: float) -> Tensor:
    """Nesterov's momentum: `buffer` goes on in place, `gradient` (fp32) becomes the direction."""
    average = buffer.float()
    average.lerp_(gradient, 1 - momentum)
    if average is not buffer:
        buffer.copy_(average)
    return gradient.lerp_(average, momentum)


class Muon:
    """Momentum, orthogonalised, for hidden matrices; equally shaped ones go as one stack."""

    def __init__(
        self,
        named: list[tuple[str, Tensor]],
        momentum: float,
        weight_decay: float,
        state_dtype: torch.dtype = torch.float32,
    ) -> None:
        self._momentum = momentum
        self._decay = weight_decay
        shapes: dict[tuple[int, ...], list[tuple[str, Tensor]]] = defaultdict(list)
        for name, weight in named:
            shapes[tuple(weight.shape)].append((name, weight))
        self._groups = list(shapes.values())
        self._buffers = [
            torch.zeros(
                (len(group), *group[0][1].shape), device=group[0][1].device, dtype=state_dtype
            )
            for group in self._groups
        ]

    @torch.no_grad()
    def step(self, gradients: dict[str, Tensor], rate: float) -> None:
        for group, buffer in zip(self._groups, self._buffers, strict=True):
            gradient = torch.stack([gradients[name] for name, _ in group]).float()
            direction = moved(gradient, buffer, self._momentum)
            # Weights that are stacks themselves (experts) are so many matrices more.
            update = orthogonalised(direction.flatten(0, -3)).view(direction.shape)
            rows, columns = buffer.shape[-2:]
            size = rate * math.sqrt(max(1.0, rows / columns))
            for (_, weight), change in zip(group, update, strict=True):
                if self._decay:
                    weight.mul_(1 - rate * self._decay)
                weight.add_(change, alpha=-size)

    def state(self) -> dict[str, Tensor]:
        return {
            f"muon.{name}": buffer[i]
            for group, buffer in zip(self._groups, self._buffers, strict=True)
            for i, (name, _) in enumerate(group)
        }

    def load(self, state: dict[str, Tensor]) -> None:
        for name, target in self.state().items():
            target.copy_(state[name])


_AT_ONCE = 8 << 20


class AdamW:
    """AdamW (Loshchilov and Hutter 2019) with a rate for each weight; decay for matrices only.

    The library's fused step reads and writes everything once. With a bf16 state it sees fp32 copies
    of a few weights at a time.
    """

    def __init__(
        self,
        named: list[tuple[str, Tensor]],
        adam: Adam | None = None,
        weight_decay: float = 0.0,
        state_dtype: torch.dtype = torch.float32,
    ) -> None:
        self._names = [name for name, _ in named]
        self._weights = [weight for _, weight in named]
        self._adam = adam or Adam()
        self._decays = [weight_decay if is_decayed(name, w) else 0.0 for name, w in named]
        self._first = [torch.zeros_like(w, dtype=state_dtype) for w in self._weights]
        self._second = [torch.zeros_like(w, dtype=state_dtype) for w in self._weights]
        self.steps = 0

    @torch.no_grad()
    def step(self, gradients: dict[str, Tensor], rates: list[float]) -> None:
        """One step; `rates` in the order of the weights."""
        self.steps += 1
        alike: dict[tuple[float, float], list[int]] = defaultdict(list)
        for index, pair in enumerate(zip(rates, self._decays, strict=True)):
            alike[pair].append(index)
        for (rate, decay), indices in alike.items():
            for few in _at_once(indices, self._weights):
                self._update(few, gradients, rate, decay)

    def _update(
        self, indices: list[int], gradients: dict[str, Tensor], rate: float, decay: float
    ) -> None:
        weights = [self._weights[i] for i in indices]
        kept = [*(self._first[i] for i in indices), *(self._second[i] for i in indices)]
        wide = [state.to(torch.float32) for state in kept]
        slopes = [gradients[self._names[i]].to(torch.float32) for i in indices]
        count = torch.tensor(float(self.steps), device=weights[0].device)
        torch._fused_adamw_(
            weights, slopes, wide[: len(indices)], wide[len(indices) :], [],
            [count] * len(indices), lr=rate, beta1=self._adam.beta1, beta2=self._adam.beta2,
            weight_decay=decay, eps=self._adam.epsilon, amsgrad=False, maximize=False,
        )  # fmt: skip
        for state, computed in zip(kept, wide, strict=True):
            if computed is not state:
                state.copy_(computed)

    def state(self) -> dict[str, Tensor]:
        result: dict[str, Tensor] = {}
        for name, first, second in zip(self._names, self._first, self._second, strict=True):
            result[f"adamw.first.{name}"] = first
            result[f"adamw.second.{name}"] = second
        return result

    def load(self, state: dict[str, Tensor], steps: int) -> None:
        for name, target in self.state().items():
            target.copy_(state[name])
        self.steps = steps


def _at_once(indices: list[int], weights: list[Tensor]) -> list[list[int]]:
    """Runs of weights that are together at most so many numbers: copies of them stay small."""
    runs: list[list[int]] = []
    room = 0
    for index in indices:
        size = weights[index].numel()
        if size > room or not runs:
            runs.append([])
            room = _AT_ONCE
        runs[-1].append(index)
        room -= size
    return runs


class Optimiser:
    """Both, with the weights divided between them by name and shape."""

    def __init__(
        self,
        masters: dict[str, Tensor],
        rates: Rates,
        kind: str,
        momentum: float,
        weight_decay: float,
        state_dtype: torch.dtype = torch.float32,
        adam: Adam | None = None,
    ) -> None:
        """`state_dtype`: bf16 halves the state where memory is short."""
        self.rates = rates
        self._state_dtype = state_dtype
        matrices = [
            (name, weight)
            for name, weight in masters.items()
            if kind == "muon" and role_of(name, weight) == "matrix"
        ]
        taken = {name for name, _ in matrices}
        rest = [(name, weight) for name, weight in masters.items() if name not in taken]
        self._muon = self._muon_of(matrices, momentum, weight_decay) if matrices else None
        decay = weight_decay if kind == "adamw" else 0.0
        self._adamw = AdamW(rest, adam, decay, state_dtype)
        self._rest_rates = [self._rate_of(name, weight) for name, weight in rest]

    def _muon_of(
        self, matrices: list[tuple[str, Tensor]], momentum: float, weight_decay: float
    ) -> Muon:
        """Another division of the matrices over devices brings a Muon of its own."""
        return Muon(matrices, momentum, weight_decay, self._state_dtype)

    def _rate_of(self, name: str, weight: Tensor) -> float:
        role = role_of(name, weight)
        rates = {
            "embedding": self.rates.embedding, "matrix": self.rates.matrices,
            "positions": self.rates.embedding * POSITIONS_SHARE,
        }  # fmt: skip
        return rates.get(role, self.rates.head)

    def step(self, gradients: dict[str, Tensor], factor: float) -> None:
        """`factor`: the schedule's share of the peak rates, 0–1."""
        if self._muon:
            self._muon.step(gradients, self.rates.matrices * factor)
        self._adamw.step(gradients, [rate * factor for rate in self._rest_rates])

    def state(self) -> dict[str, Tensor]:
        own = self._muon.state() if self._muon else {}
        return {**own, **self._adamw.state()}

    @property
    def steps(self) -> int:
        return self._adamw.steps

    def load(self, state: dict[str, Tensor], steps: int) -> None:
        """Raises KeyError when a buffer is missing."""
        if self._muon:
            self._muon.load(state)
        self._adamw.load(state, steps)
