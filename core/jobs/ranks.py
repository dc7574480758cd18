"""Which of the processes of one training this is, as torch.distributed.run tells each of them."""

from __future__ import annotations

import os
from dataclasses import dataclass

TOLD = (
    "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "GROUP_RANK", "ROLE_RANK", "ROLE_WORLD_SIZE",
    "MASTER_ADDR", "MASTER_PORT", "TORCHELASTIC_RUN_ID",
)  # fmt: skip
"""What the launcher puts into the environment; a process that is no rank must not inherit it."""


@dataclass(frozen=True, slots=True)
class Place:
    """`rank` of `count` over all machines; `local_rank` of `local_count` on this one."""

    rank: int = 0
    count: int = 1
    local_rank: int = 0
    local_count: int = 1

    @property
    def alone(self) -> bool:
        return self.count == 1


def own_place() -> Place:
    """Alone, unless torch.distributed.run (or what sets the same variables) started this process."""
    if "MASTER_ADDR" not in os.environ:
        return Place()
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
    try:
        rank, count, local_rank, local_count = (int(os.environ[name]) for name in names)
    except (KeyError, ValueError):
        return Place()
    return Place(rank, count, local_rank, local_count)
