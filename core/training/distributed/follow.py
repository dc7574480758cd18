"""The life of every rank but the first: hear a word, do it, listen again."""

from __future__ import annotations

import traceback
from typing import Any

import torch

from core.errors import TerakoyaError
from core.jobfolder import JobFolder
from core.jobs.kinds import TrainJob
from core.jobs.ranks import Place
from core.reasons import error_for
from core.training.distributed.conductor import receive
from core.training.distributed.group import Group
from core.training.distributed.roll import Roll
from core.training.distributed.shards import Build, Shards
from core.training.distributed.together import own_device, own_threads


def run(folder: JobFolder, place: Place, job: TrainJob) -> int:
    """Obey rank 0 until it says that the work is over. Returns the exit code."""
    roll = Roll(folder, place)
    try:
        device = own_device(job.wanted_device, place)
        torch.set_num_threads(own_threads(place))
        roll.beat()
        group = Group(place, device, roll)
        roll.watch(lambda _error: group.leave_at_once(1))
        obey(group, folder)
    except Exception as error:
        if not isinstance(error, TerakoyaError):
            traceback.print_exc()
        roll.confess(error_for(error))
        return 1
    finally:
        roll.close()
    return 0


def obey(group: Group, folder: JobFolder) -> None:
    shards: Shards | None = None
    while (word := group.hear())["do"] != "leave":
        with group.watched():
            if word["do"] == "build":
                shards = None  # Its memory first.
                shards = Shards(group, Build(**word["build"]))
            else:
                assert shards is not None
                _do(word, group, shards, folder)


def _do(word: dict[str, Any], group: Group, shards: Shards, folder: JobFolder) -> None:
    match word["do"]:
        case "step":
            share = receive(group, word["shape"], word["total"])
            shards.step(share, word["micro_batch"], word["factor"])
        case "time":
            shards.time(receive(group, word["shape"], word["total"]), word["micro_batch"])
        case "weights":
            shards.weights(None)
        case "load_weights":
            shards.load_weights(None)
        case "optimiser_state":
            shards.optimiser_state(None)
        case "load_optimiser":
            shards.load_optimiser(None, word["steps"])
        case "checkpointing":
            shards.model.checkpointing = word["wanted"]
        case "write":
            shards.write(folder.path / word["folder"], word["kinds"])
        case unknown:
            raise ValueError(f"rank 0 asked for “{unknown}”")
