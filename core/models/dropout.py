"""Dropout (Srivastava et al. 2014) whose random numbers can be drawn again.

What is left out is a pure function of a seed, the optimiser's step, the micro-batch, the rank and the
place in the model: a resumed run, a step that is taken again and a block that is computed twice leave
out the same. Outside a training pass, and where no gradients are recorded, nothing is left out.

Left out are numbers of the embedding, of what attention and feed-forward layer add to the residual
stream (after a norm of their own, where the family has one), and attention's probabilities, on a CPU
in our own functions and on CUDA in the library's. On other devices probabilities are kept whole: the
library's attention there draws from a stream that cannot be set back. A single expert's part is not
dropped by itself, but with the sum.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

PROBABILITIES, MIXED, FED = range(3)
"""Places in a block: attention's probabilities, what attention adds, what the feed-forward layer adds."""
_PLACES = 4
_MASK = (1 << 64) - 1


_uncompiled = torch._disable_dynamo
"""A compiled block calls such a function as it is: it would be compiled anew for the seed of each step.
(`torch.compiler.disable` would load the compiler with this module: a second for every worker.)"""


class Chance(NamedTuple):
    """With which `rate` numbers are left out, a multiple of 2^-16, and the `seed` from which is drawn
    which."""

    rate: float
    seed: int


class Noise:
    """The randomness of one model; `during` says of which training pass."""

    def __init__(self, rate: float, seed: int) -> None:
        self.rate, self.seed = round(rate * (1 << 16)) / (1 << 16), seed
        self._pass: int | None = None

    @contextlib.contextmanager
    def during(self, step: int, begin: int, rank: int = 0) -> Generator[None]:
        """For a forward and backward pass: the optimiser's step, the first row of the micro-batch, the
        process."""
        self._pass = _mixed(self.seed, step, begin, rank)
        try:
            yield
        finally:
            self._pass = None

    def chance(self, place: int) -> Chance | None:
        """Of one place of the model; None where nothing is left out."""
        if self._pass is None or not torch.is_grad_enabled():
            return None
        return Chance(self.rate, _mixed(self._pass, place) >> 1)


class Drop:
    """A model's noise as one block meets it."""

    def __init__(self, noise: Noise, block: int) -> None:
        self._noise, self._first = noise, _PLACES * block

    def chance(self, place: int) -> Chance | None:
        return self._noise.chance(self._first + place)

    @_uncompiled
    def __call__(self, x: Tensor, place: int) -> Tensor:
        chance = self.chance(place)
        if chance is None:
            return x
        result = _LeftOut.apply(x, chance)
        assert isinstance(result, Tensor)
        return result


class Dropping:
    """A part of a model in which numbers can be left out. None: they never are, at no cost."""

    drop: Drop | None = None


def left_out(x: Tensor, drop: Drop | None, place: int) -> Tensor:
    """x, some of its numbers zero and the others as much larger (1 / (1 - rate))."""
    return x if drop is None else drop(x, place)


@_uncompiled
def dropped(function: type[torch.autograd.Function], drop: Drop, *given: Any) -> Tensor:
    """Our own attention of a CPU, `function`, with some of its probabilities left out."""
    result = function.apply(*given, drop.chance(PROBABILITIES))
    assert isinstance(result, Tensor)
    return result


def attended(q: Tensor, k: Tensor, v: Tensor, drop: Drop | None, **how: Any) -> Tensor:
    """The library's attention, fused where that is possible."""
    if drop is None or q.device.type != "cuda":
        return functional.scaled_dot_product_attention(q, k, v, **how)
    return _attended(q, k, v, drop, **how)


@_uncompiled
def _attended(q: Tensor, k: Tensor, v: Tensor, drop: Drop, **how: Any) -> Tensor:
    chance = drop.chance(PROBABILITIES)
    if chance is not None:  # It draws from the device's own stream, which nothing else here does.
        torch.cuda.default_generators[q.device.index or 0].manual_seed(chance.seed)
        how["dropout_p"] = chance.rate
    return functional.scaled_dot_product_attention(q, k, v, **how)


def factors(chance: Chance | None, part: int, weights: Tensor) -> Tensor | None:
    """What the probabilities of one part of an attention are multiplied by, drawn again where they
    are asked for again: 0, or 1 / (1 - rate). None where nothing is left out."""
    if chance is None:
        return None
    there = kept(Chance(chance.rate, _mixed(chance.seed, part) >> 1), weights)
    return there.to(weights.dtype).mul_(1 / (1 - chance.rate))


def kept(chance: Chance, like: Tensor) -> Tensor:
    """bool of the shape of `like`: what is not left out."""
    draw = torch.Generator(like.device).manual_seed(chance.seed)
    if like.device.type != "cpu":
        there = torch.empty(like.shape, dtype=torch.bool, device=like.device)
        return there.bernoulli_(1 - chance.rate, generator=draw)
    # 16 bits a number; the library's own way takes three and a half times as long (measured).
    count = like.numel()
    bits = torch.empty(-(-count // 4), dtype=torch.int64).random_(-(1 << 63), None, generator=draw)
    least = round(chance.rate * (1 << 16)) - (1 << 15)
    return (bits.view(torch.int16)[:count] >= least).view(like.shape)


class _LeftOut(torch.autograd.Function):
    """Keeps one byte a number."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, chance: Chance) -> Tensor:
        there = kept(chance, x)
        ctx.save_for_backward(there)
        ctx.scale = 1 / (1 - chance.rate)
        return (x * there).mul_(ctx.scale)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor, None]:
        (there,) = ctx.saved_tensors
        return (grad_outputs[0] * there).mul_(ctx.scale), None


def _mixed(*numbers: int) -> int:
    """64 bits in which each number counts: SplitMix64 (Steele et al. 2014), one after another."""
    state = 0
    for number in numbers:
        state = (state + number + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state
