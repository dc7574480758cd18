"""Which checkpoints stay, where a disk holds only some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST = 8
"""Of one run, however large the disk."""


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint on the disk; one that is `fixed` is never given up."""

    step: int
    size: int
    fixed: bool = False


def surplus(held: Sequence[Held], budget: int, most: int = MOST) -> set[int]:
    """Steps of the checkpoints to give up so that the rest takes `budget` bytes at most.

    What stays lies geometrically in the steps (10, 20, 40, 80 …): given up is always the one that
    leaves the smallest hole, as a ratio of its neighbours' steps. The newest but one, the way out
    where the newest is damaged, goes last. Where the fixed ones alone take more, they stay all the same.
    """
    stay = sorted(held, key=lambda one: one.step)
    gone: set[int] = set()
    while len(stay) > most or sum(one.size for one in stay) > budget:
        loose = [place for place, one in enumerate(stay) if not one.fixed]
        if not loose:
            break
        second = len(stay) - 2
        inner = [place for place in loose if place != second] or loose
        victim = min(inner, key=lambda place: _hole(stay, place))
        gone.add(stay.pop(victim).step)
    return gone


def _hole(stay: list[Held], place: int) -> float:
    before = stay[place - 1].step if place else 0
    after = stay[min(place + 1, len(stay) - 1)].step
    return after / before if before else float("inf")
