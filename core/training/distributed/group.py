"""The processes of one training and how they speak: words from rank 0 to all, tensors between all."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh

from core.errors import OutOfMemory, RanksSilent
from core.jobs.ranks import Place
from core.models.devices import device_name
from core.reasons import is_out_of_memory
from core.training.distributed.roll import Roll

COLLECTIVE_SECONDS = 600.0
"""Longest wait for another process in the middle of a step; the environment may say otherwise."""
_PATIENCE = timedelta(days=7)
_INLINE = 1024


class Group:
    """Every process has one. Tensors go over NCCL between GPUs and over gloo between CPUs; words
    (JSON, never a pickle) always over gloo, so that they never wait for a GPU's stream."""

    def __init__(self, place: Place, device: torch.device, roll: Roll) -> None:
        """Waits until all processes have come. Raises RanksSilent."""
        self.place, self.device, self.roll = place, device, roll
        self.seconds = float(os.environ.get("TERAKOYA_COLLECTIVE_SECONDS") or COLLECTIVE_SECONDS)
        with self.watched():
            dist.init_process_group(
                "nccl" if device.type == "cuda" else "gloo",
                timeout=timedelta(seconds=self.seconds),
                device_id=device if device.type == "cuda" else None,
            )
            # Between two words rank 0 may read a corpus for an hour: who is gone, the roll tells.
            words = dist.new_group(backend="gloo", timeout=_PATIENCE)
            assert isinstance(words, dist.ProcessGroup)
            self._words = words
            self.mesh: DeviceMesh = init_device_mesh(device.type, (place.count,))
        roll.complete = True

    @property
    def first(self) -> bool:
        return self.place.rank == 0

    # ---- words -------------------------------------------------------------------------------

    def tell(self, word: dict[str, Any]) -> None:
        """Rank 0: say `word` to all others."""
        self._broadcast(json.dumps(word).encode())

    def hear(self) -> dict[str, Any]:
        """The others: wait for the next word of rank 0."""
        return json.loads(self._broadcast(None))

    def gather(self, word: dict[str, Any]) -> list[dict[str, Any]]:
        """What every rank has to say, in their order; all hear it."""
        data = json.dumps(word).encode()
        with self.watched():
            sizes = torch.zeros(self.place.count, dtype=torch.int64)
            sizes[self.place.rank] = len(data)
            dist.all_reduce(sizes, group=self._words)
            own = torch.zeros(int(sizes.max()), dtype=torch.uint8)
            own[: len(data)] = _bytes(data)
            found = [torch.empty_like(own) for _ in range(self.place.count)]
            dist.all_gather(found, own, group=self._words)
        return [
            json.loads(block[:size].numpy().tobytes())
            for block, size in zip(found, sizes.tolist(), strict=True)
        ]

    def _broadcast(self, data: bytes | None) -> bytes:
        """One message where the word is short: its length and its bytes in a block."""
        head = torch.zeros(_INLINE, dtype=torch.uint8)
        if data is not None:
            head[:8] = _bytes(len(data).to_bytes(8, "little"))
            part = data[: _INLINE - 8]
            head[8 : 8 + len(part)] = _bytes(part)
        with self.watched():
            dist.broadcast(head, src=0, group=self._words)
            size = int.from_bytes(head[:8].numpy().tobytes(), "little")
            if size <= _INLINE - 8:
                return head[8 : 8 + size].numpy().tobytes()
            rest = torch.empty(size, dtype=torch.uint8) if data is None else _bytes(data)
            dist.broadcast(rest, src=0, group=self._words)
        return rest.numpy().tobytes()

    # ---- tensors -----------------------------------------------------------------------------

    def scatter(self, parts: list[Tensor] | None, like: Tensor) -> Tensor:
        """Each rank's part of a list that rank 0 holds (on the CPU); fills and returns `like`."""
        with self.watched():
            dist.scatter(like, parts, src=0, group=self._words)
        return like

    def spread(self, whole: Tensor | None, like: Tensor) -> Tensor:
        """Rank 0's tensor on every rank's device; `like` tells shape and kind to the others."""
        if whole is None:
            whole = torch.empty_like(like, device=self.device)
        whole = whole.to(self.device, like.dtype).contiguous()
        dist.broadcast(whole, src=0)
        return whole

    def together(self, part: Tensor) -> Tensor:
        """Equally tall parts of all ranks, one above the other."""
        whole = part.new_empty((self.place.count * len(part), *part.shape[1:]))
        dist.all_gather_single(whole, part.contiguous())
        return whole

    # ---- failures ----------------------------------------------------------------------------

    @contextlib.contextmanager
    def watched(self) -> Generator[None]:
        """What a broken connection means, in words.

        Raises:
            RankLost: Another process ended; or whatever error it left behind.
            RanksSilent: All live, but they waited for each other for too long.
            OutOfMemory: Here. The others are in the middle of something, so all must end.
        """
        try:
            yield
        except RuntimeError as error:
            if is_out_of_memory(error):
                raise OutOfMemory(device=device_name(self.device)) from error
            lost = self.roll.verdict()
            if lost is not None:
                raise lost from error
            if _is_silence(error):
                seconds = round(self.seconds)
                raise RanksSilent(count=self.place.count, seconds=seconds) from error
            raise

    def leave_at_once(self, code: int) -> None:
        """End this process without tearing connections down in order: a lost peer would block that."""
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _is_silence(error: RuntimeError) -> bool:
    words = str(error).casefold()
    return "timed out" in words or "timeout" in words or isinstance(error, dist.DistError)


def _bytes(data: bytes) -> Tensor:
    return torch.frombuffer(bytearray(data), dtype=torch.uint8)


def sum_of_all(values: Tensor) -> Tensor:
    """The sum over all ranks, in place."""
    dist.all_reduce(values)
    return values
