"""Less memory: the same gradients, half the state, and a run that goes on when there is none left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from core import events as ev
from core.errors import OutOfMemory
from core.families.qwen3 import Qwen3Config
from core.home import Home
from core.jobs.kinds import TrainJob
from core.models.qwen3.init import initialise
from core.models.qwen3.model import Qwen3
from core.objectives.batch import Batch
from core.planning.plan import Plan
from core.reasons import is_out_of_memory
from core.training import probe
from core.training.optimiser import Rates
from core.training.stepper import Stepper

CONFIG = Qwen3Config(
    vocabulary=41, layers=2, width=32, heads=2, kv_heads=1, head_size=16, feed_forward=48,
    context=16, tied=False,
)  # fmt: skip
FULL = "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes."


@pytest.fixture
def job(raised_home: Home, make_train_job: Callable[..., TrainJob]) -> TrainJob:
    return make_train_job(raised_home, "Stories", "Ume", steps=6, evaluations=1)


def _stepper(dtype: torch.dtype = torch.float32, kind: str = "muon", **settings: Any) -> Stepper:
    model = Qwen3(CONFIG)
    initialise(model, 1)
    return Stepper(model, dtype, Rates(0.05, 0.05, 0.01), kind, 0.9, 0.0, 1.0, **settings)


def _batch() -> Batch:
    tokens = torch.randint(41, (6, 17), generator=torch.Generator().manual_seed(0))
    return Batch(tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous(), None)


def _weights_after(stepper: Stepper, steps: int, micro_batch: int) -> dict[str, Tensor]:
    for _ in range(steps):
        stepper.step(_batch(), micro_batch, 1.0)
    return stepper.weights()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_computing_a_block_twice_changes_no_bit(dtype: torch.dtype) -> None:
    kept = _weights_after(_stepper(dtype), 3, 3)
    twice = _weights_after(_stepper(dtype, checkpointing=True), 3, 3)
    assert all(torch.equal(kept[name], twice[name]) for name in kept)


def test_computing_a_block_twice_keeps_less() -> None:
    sizes: dict[bool, int] = {}
    for checkpointing in (False, True):
        stepper = _stepper(checkpointing=checkpointing)
        kept: list[int] = []

        def keep(saved: Tensor, kept: list[int] = kept) -> Tensor:
            kept.append(saved.numel())
            return saved

        with torch.autograd.graph.saved_tensors_hooks(keep, lambda saved: saved):
            stepper.model.hidden(_batch().inputs)
        sizes[checkpointing] = sum(kept)
    assert sizes[True] < 0.2 * sizes[False]


@pytest.mark.parametrize("kind", ["muon", "adamw"])
def test_a_bf16_state_takes_half_and_learns_nearly_the_same(kind: str) -> None:
    exact, short = _stepper(kind=kind), _stepper(kind=kind, state_dtype=torch.bfloat16)
    begin = {name: weight.clone() for name, weight in exact.weights().items()}
    state = short.optimiser.state()
    assert {tensor.dtype for tensor in state.values()} == {torch.bfloat16}
    wanted, got = _weights_after(exact, 8, 6), _weights_after(short, 8, 6)
    way = sum(float((wanted[n] - begin[n]).norm()) for n in begin)
    off = sum(float((wanted[n] - got[n]).norm()) for n in begin)
    assert off < 0.25 * way


def test_a_run_without_memory_goes_on_with_smaller_pieces_and_says_so(
    raised_home: Home,
    job: TrainJob,
    train_here: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = job.recipe.model_copy(update={"steps": 6, "batch": 8, "micro_batch": 8})
    job = job.model_copy(update={"recipe": recipe})
    undisturbed = train_here(raised_home, job)
    step, taken = Stepper.step, []

    def narrow(self: Stepper, batch: Batch, micro_batch: int, factor: float) -> Any:
        if factor and self.optimiser.steps >= 2 and micro_batch > 2:
            raise RuntimeError(FULL)
        taken.append(micro_batch)
        return step(self, batch, micro_batch, factor)

    monkeypatch.setattr(Stepper, "step", narrow)
    done = train_here(raised_home, job.model_copy(update={"version": "Take"}))
    assert done.outcome == "done"
    assert taken[-6:] == [8, 8, 2, 2, 2, 2]
    assert [event.code for event in done.of(ev.Warned)] == ["less-memory"] * 2
    assert done.folder.read().config["decisions"]["plan"]["micro_batch"] == 2
    assert done.losses[6] == pytest.approx(undisturbed.losses[6], abs=0.02)


def test_a_run_that_cannot_do_with_less_says_that_memory_is_short(
    raised_home: Home,
    job: TrainJob,
    train_here: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    step = Stepper.step

    def full(self: Stepper, batch: Batch, micro_batch: int, factor: float) -> Any:
        if factor:
            raise RuntimeError(FULL)
        return step(self, batch, micro_batch, factor)

    monkeypatch.setattr(Stepper, "step", full)
    with pytest.raises(OutOfMemory):
        train_here(raised_home, job)


def test_only_a_want_of_memory_is_one() -> None:
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"))
    assert is_out_of_memory(RuntimeError(FULL))
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("shapes do not fit"))
    assert not is_out_of_memory(ValueError("out of memory"))


@pytest.mark.parametrize(("bf16", "chosen"), [(2.0, "fp32"), (0.5, "bf16"), (1.0, "bf16")])
def test_the_precision_that_takes_a_step_sooner_is_chosen(
    bf16: float, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def timed(self: Stepper, batch: Batch, micro_batch: int) -> float:
        return bf16 if self.dtype == torch.bfloat16 else 1.0

    def make(plan: Plan) -> Stepper:
        return _stepper(torch.bfloat16 if plan.precision == "bf16" else torch.float32)

    monkeypatch.setattr(Stepper, "time", timed)
    plan = _plan(precision="bf16")
    stepper, plan = probe._faster_precision(make, make(plan), plan, _batch())
    assert plan.precision == chosen
    assert stepper.dtype == (torch.bfloat16 if chosen == "bf16" else torch.float32)


def _plan(**changes: Any) -> Plan:
    from core.planning.machine import Machine
    from core.planning.plan import Text, make_plan
    from core.recipe import Recipe

    made = make_plan(Recipe(steps=5), Text(train_tokens=10_000, vocabulary=300), Machine())
    return Plan(**{**made.to_json(), **changes})


def test_a_probe_finds_how_many_windows_fit() -> None:
    def make(plan: Plan) -> Stepper:
        stepper = _stepper()
        time = stepper.time

        def narrow(batch: Batch, micro_batch: int) -> float:
            if micro_batch > 2:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return time(batch, micro_batch)

        stepper.time = narrow  # type: ignore[method-assign]
        return stepper

    _, plan, seconds = probe._fitting(make, _plan(micro_batch=6), _batch())
    assert plan.micro_batch == 1
    assert seconds > 0
