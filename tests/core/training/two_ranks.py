"""Run by torch.distributed.run in the tests: what two ranks compute beside what one does.

Argument: a folder with `ranks/` in it. Rank 0 writes what it found to found.json there.
"""

from __future__ import annotations

import copy
import json
import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.distributed import distributed_c10d

from core.errors import RankLost, RanksSilent
from core.families.base import FamilyConfig
from core.families.qwen3 import Qwen3Config
from core.families.qwen3_moe import Qwen3MoeConfig
from core.jobfolder import JobFolder
from core.jobs.ranks import own_place
from core.models.base import LanguageModel
from core.models.registry import build, initialise
from core.objectives.batch import Batch
from core.training.distributed import follow
from core.training.distributed.conductor import ShardedStepper
from core.training.distributed.files import read_whole
from core.training.distributed.group import Group, sum_of_all
from core.training.distributed.roll import Roll
from core.training.optimiser import Adam, Rates
from core.training.stepper import Stepper

# Odd numbers of rows everywhere, and norms: nothing divides by two.
SIZES = {"vocabulary": 41, "layers": 3, "width": 33, "heads": 3, "kv_heads": 1, "head_size": 22,
         "feed_forward": 47, "context": 16}  # fmt: skip
RATES = Rates(matrices=0.005, embedding=0.02, head=0.002)


def model_of(tied: bool, experts: int = 0) -> LanguageModel:
    """With experts: an odd number of them; without a balancing loss, which is no mean over rows."""
    config: FamilyConfig = Qwen3Config(**SIZES, tied=tied)
    if experts:
        config = Qwen3MoeConfig(**SIZES, tied=tied, experts=experts, chosen=2, balance=0.0)
    model = build(config)
    initialise(model, seed=3)
    return model


def batch_of(step: int, size: int) -> Batch:
    """Learnable text: each token follows from the one before; every third batch has two documents."""
    draw = torch.Generator().manual_seed(step)
    first = torch.randint(0, 41, (size, 1), generator=draw)
    rows = (first * 7 + torch.arange(17) * 3) % 41
    documents = (torch.arange(16) > 6).long().expand(size, -1) if step % 3 == 0 else None
    return Batch(rows[:, :-1].contiguous(), rows[:, 1:].contiguous(), documents)


def both(
    group: Group, kind: str, dtype: torch.dtype, tied: bool, experts: int = 0, **more: Any
) -> tuple[Stepper, ShardedStepper]:
    options: Any = (dtype, RATES, kind, 0.9, 0.1, 0.5)
    one = Stepper(model_of(tied, experts), *options, **more)
    return one, ShardedStepper(group, model_of(tied, experts), *options, **more)


def apart(ours: dict[str, Tensor], theirs: dict[str, Tensor]) -> float:
    """Length of the difference of all weights together."""
    assert set(ours) == set(theirs)
    return (
        float(sum((ours[n].float() - w.float()).square().sum() for n, w in theirs.items())) ** 0.5
    )


def trained(
    group: Group, kind: str, dtype: torch.dtype, tied: bool, sizes: list[int], **more: Any
) -> Any:
    """Both train on the same batches; what they say and where they end."""
    one, two = both(group, kind, dtype, tied, **more)
    begun = copy.deepcopy(one.weights())
    rows: list[list[float]] = []
    for step, size in enumerate(sizes):
        batch = batch_of(step, size)
        a, b = one.step(batch, 2, 1.0), two.step(batch, 2, 1.0)
        rows.append([float(x) for x in (a.loss, b.loss, a.gradient_norm, b.gradient_norm)])
    moved = apart(one.weights(), begun)
    inputs = batch_of(99, 2).inputs
    with torch.no_grad():
        logits = [s.model(inputs).float() for s in (one, two)]
    return {
        "rows": rows, "weights": apart(two.weights(), one.weights()) / moved,
        "logits": float((logits[0] - logits[1]).abs().max()), "steps": two.optimiser.steps,
    }  # fmt: skip


def dropping(group: Group, checkpointing: bool, seed: int = 5) -> dict[str, Tensor]:
    """What two ranks come to that leave numbers out, each others."""
    model = model_of(False)
    model.use_dropout(0.2, seed)
    made = ShardedStepper(
        group, model, torch.float32, RATES, "muon", 0.9, 0.1, 0.5, checkpointing=checkpointing
    )
    for step in range(4):
        made.step(batch_of(step, 5), 2, 1.0)
    return copy.deepcopy(made.weights())


def dropped(group: Group) -> dict[str, float]:
    """How far apart they are when they do it again, compute blocks twice, or draw otherwise."""
    first = dropping(group, False)
    again, twice, other = dropping(group, False), dropping(group, True), dropping(group, False, 6)
    return {
        "again": apart(again, first),
        "twice": apart(twice, first),
        "other": apart(other, first),
    }


def saved(group: Group, folder: Path) -> Any:
    """Two ranks write; one device reads, goes on, and gives it back to two."""
    one, two = both(group, "muon", torch.float32, False)
    for step in range(3):
        two.step(batch_of(step, 4), 2, 1.0)
    parts = folder / "checkpoints" / "parts"
    parts.mkdir(parents=True)
    hashes = two.write(parts, folder, ["model", "optimizer"])
    whole = read_whole(parts)
    weights, state = two.weights(), two.optimiser.state()
    exact = all(whole["model"][n].equal(w) for n, w in weights.items())
    exact &= all(whole["optimizer"][n].equal(t) for n, t in state.items())
    exact &= set(whole["model"]) == set(weights) and set(whole["optimizer"]) == set(state)
    one.load_weights(whole["model"])
    one.optimiser.load(whole["optimizer"], two.optimiser.steps)
    rows: list[list[float]] = []
    for step in range(3, 6):
        batch = batch_of(step, 4)
        rows.append([float(s.step(batch, 2, 1.0).loss) for s in (one, two)])
    two.load_weights(one.weights())
    two.optimiser.load(one.optimiser.state(), one.optimiser.steps)
    back = all(two.weights()[n].equal(w) for n, w in one.weights().items())
    theirs = one.optimiser.state()
    back &= all(t.equal(theirs[n]) for n, t in two.optimiser.state().items())
    before = copy.deepcopy(two.weights())
    seconds = two.time(batch_of(7, 4), 2)
    still = all(two.weights()[n].equal(w) for n, w in before.items())
    return {
        "files": sorted(hashes), "exact": exact, "rows": rows, "back": back, "seconds": seconds,
        "still": still,
    }  # fmt: skip


def lost(group: Group, folder: JobFolder) -> Any:
    """What rank 0 says of one that lives and is silent, and of one that is killed."""
    group.seconds = 1.0
    distributed_c10d._set_pg_timeout(timedelta(seconds=group.seconds))
    found: dict[str, str] = {}
    try:
        with group.watched():
            sum_of_all(torch.zeros(1))
    except RanksSilent as error:
        found["silent"] = str(error)
    (folder.path / "now").touch()
    begun = time.monotonic()
    try:
        group.gather({})
    except RankLost as error:
        found["lost"] = str(error)
    return {**found, "seconds": time.monotonic() - begun}


def be_lost(folder: JobFolder) -> None:
    while not (folder.path / "now").exists():
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # Which torch sends when one rank is gone.
    folder, place = JobFolder(Path(sys.argv[1])), own_place()
    lock = folder.rank_lock(place.rank)
    assert lock.acquire()
    folder.write_rank(place.rank)
    torch.set_num_threads(1)
    group = Group(place, torch.device("cpu"), Roll(folder, place))
    if place.rank:
        follow.obey(group, folder)
        be_lost(folder)
    else:
        found = {
            "muon": trained(group, "muon", torch.float32, False, [5, 4, 3] * 10),
            "adamw": trained(group, "adamw", torch.float32, True, [4, 1, 5] * 2),
            "bf16": trained(group, "muon", torch.bfloat16, True, [4] * 6),
            "lean": trained(
                group,
                "muon",
                torch.bfloat16,
                False,
                [4, 3] * 3,
                state_dtype=torch.bfloat16,
                checkpointing=True,
            ),
            "experts": trained(group, "muon", torch.float32, False, [5, 4, 3] * 4, experts=3),
            "adam": trained(
                group, "adamw", torch.float32, False, [4, 3] * 4, adam=Adam(0.9, 0.98, 1e-3)
            ),
            "dropped": dropped(group),
            "saved": saved(group, folder.path),
        }
        group.tell({"do": "leave"})
        found["lost"] = lost(group, folder)
        (folder.path / "found.json").write_text(json.dumps(found), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
