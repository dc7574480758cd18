"""Coming together and parting: the processes that torch.distributed.run started for one training."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import psutil
import torch

from core import events as ev
from core.errors import OutOfMemory, RankLost, RanksSilent, TerakoyaError, TooFewDevices
from core.hardware import cores
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.jobs.ranks import Place, own_place
from core.jobs.relief import relieve
from core.models.devices import resolve_device
from core.planning.machine import Machine
from core.sentences import N_, Sentence, values_to_json
from core.training.distributed.group import Group
from core.training.distributed.roll import Roll

if TYPE_CHECKING:
    from core.training.distributed.conductor import ShardedStepper

SUPERVISED = "TERAKOYA_SUPERVISED"
"""Set where the engine's own launcher started the ranks, and its supervisor starts them again."""
_current: Group | None = None


def current() -> Group | None:
    """The group this process trains in; None where it trains alone."""
    return _current


def ranks() -> int:
    """How many processes train together; 1 where this one trains alone."""
    return _current.place.count if _current else 1


def own_device(wanted: str, place: Place) -> torch.device:
    """The device of this rank: of several GPUs each rank takes one.

    Raises:
        UnknownDevice, DeviceUnusable: There is no such device, or it cannot be used.
        TooFewDevices: There are fewer GPUs than processes here.
    """
    gpus = wanted.startswith("cuda") or (wanted == "auto" and torch.cuda.is_available())
    if place.alone or not gpus or not torch.cuda.is_available():
        return resolve_device(wanted)
    available = 1 if ":" in wanted else torch.cuda.device_count()
    if place.local_count > available:
        host = socket.gethostname()
        raise TooFewDevices("devices", host=host, available=available, wanted=place.local_count)
    device = torch.device(
        "cuda", place.local_rank
    )  # The others are not touched: that takes memory.
    torch.cuda.set_device(device)
    return device


def sharded_stepper() -> Callable[..., ShardedStepper]:
    """Makes the stepper of this group. FSDP takes half a second to import: only where it is used."""
    from core.training.distributed.conductor import ShardedStepper

    assert _current is not None
    return functools.partial(ShardedStepper, _current)


def machine_of_all(machine: Machine) -> Machine:
    """What the devices of all ranks can do together. Cores are shared out, not multiplied."""
    if _current is None:
        return machine
    place = _current.place
    times = place.count if _current.device.type == "cuda" else place.count / place.local_count
    return machine.model_copy(
        update={
            "gflops_fp32": machine.gflops_fp32 * times,
            "gflops_bf16": machine.gflops_bf16 * times,
            "threads": own_threads(place),
        }
    )


def note_ranks(context: WorkerContext, decisions: dict[str, Any]) -> None:
    """Write down with how many ranks the run goes on; say so when they are others than before."""
    before = decisions.get("ranks", 1)
    if before == ranks():
        return
    decisions["ranks"] = ranks()
    threads = own_threads(own_place())  # Other sums than before in any case.
    decisions["threads"] = []
    for part in ("plan", "machine"):
        decisions[part] = {**decisions[part], "threads": threads}
    context.folder.update_config({"decisions": decisions})
    text = N_("Warnings", "The run began on {before} devices and goes on on {now}.")
    context.warn("ranks", Sentence("Warnings", text, {"before": before, "now": ranks()}))


def own_threads(place: Place) -> int:
    """The cores of this machine, shared out between its ranks."""
    return max(1, cores() // max(1, place.local_count))


@contextlib.contextmanager
def together(context: WorkerContext, job: TrainJob) -> Generator[torch.device]:
    """Rank 0: train with the others, if there are any; gives this rank's device.

    Raises:
        TooFewDevices: The job wants more than this machine has.
        RanksSilent: The others did not come.
    """
    global _current
    place = own_place()
    device = own_device(job.wanted_device, place)
    if place.alone:
        if job.decisions is None and (job.devices or 1) > 1:
            _ensure_enough(device, job.devices or 1)
        yield device
        return
    roll = Roll(context.folder, place)
    try:
        roll.beat()
        group = _current = Group(place, device, roll)
        roll.watch(lambda error: _give_up(context, group, error))
        try:
            yield device
        except (RankLost, RanksSilent):
            raise  # A word would wait in vain: the others see the broken connection.
        except OutOfMemory as error:
            _spare_memory(context, error)
            raise
        except BaseException:
            with contextlib.suppress(TerakoyaError, RuntimeError):
                group.tell({"do": "leave"})
            raise
        roll.close()  # From here on they may go.
        group.tell({"do": "leave"})
    finally:
        roll.close()
        _current = None


def _ensure_enough(device: torch.device, wanted: int) -> None:
    on_cpu = psutil.cpu_count() or 1
    available = torch.cuda.device_count() if device.type == "cuda" else on_cpu
    if wanted > available:
        host = socket.gethostname()
        raise TooFewDevices("devices", host=host, available=available, wanted=wanted)


def _spare_memory(context: WorkerContext, error: OutOfMemory) -> None:
    """One rank's memory was not enough, and the others wait in the middle of a step: all end, and
    the next attempt goes on with less, at once where somebody is there to start it."""
    sentence = relieve(context.folder)
    if sentence is not None:
        context.warn("less-memory", sentence)
        error.again = SUPERVISED in os.environ


def _give_up(context: WorkerContext, group: Group, error: TerakoyaError) -> None:
    """Another rank is gone and the main thread hangs, waiting for a GPU that waits for it."""
    values = values_to_json(error.values)
    context.emit(ev.Ended(outcome="failed", code=error.code, values=values))
    group.leave_at_once(1)
