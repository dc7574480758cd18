"""Checkpoints: whole or not there, the newest whole one wins, the one before the decay stays."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from core.training.checkpoint import (
    KEEP,
    MODEL,
    OPTIMISER,
    STATE,
    Best,
    Checkpoints,
    RunState,
)
from core.training.retention import MOST, Held, surplus
from core.training.tensorfile import write_tensors


@pytest.fixture
def checkpoints(tmp_path: Path) -> Checkpoints:
    return Checkpoints(tmp_path / "checkpoints")


def weights(value: float) -> dict[str, Tensor]:
    return {"a": torch.full((5, 7), value), "b": torch.full((3,), -value)}


def save(checkpoints: Checkpoints, *steps: int, keep: bool = False) -> Path:
    path = checkpoints.folder
    for step in steps:
        state = RunState(step=step, optimiser_steps=step, tokens_seen=step * 10)
        path = checkpoints.save(state, weights(step), {"m": torch.full((4,), float(step))}, keep)
    return path


def names(checkpoints: Checkpoints) -> list[str]:
    return sorted(p.name for p in checkpoints.folder.iterdir())


def newest_step(checkpoints: Checkpoints) -> int | None:
    loaded = checkpoints.newest()
    return None if loaded is None else loaded[0].step


def test_what_was_saved_comes_back_bit_for_bit(checkpoints: Checkpoints) -> None:
    drawn = {"w": torch.randn(11, 3), "v": torch.randn(4)}
    state = RunState(5, 5, 1.5, 50, 2.25, 4, 0, {"decay_step": 3})
    checkpoints.save(state, drawn, {"m": torch.ones(2)})
    loaded = checkpoints.newest()
    assert loaded is not None
    assert loaded[0] == state
    assert all(torch.equal(loaded[1][name], drawn[name]) for name in drawn)
    assert torch.equal(loaded[2]["m"], torch.ones(2))


def test_older_ones_are_thinned_but_never_the_one_before_the_decay(
    checkpoints: Checkpoints,
) -> None:
    save(checkpoints, 10, 20)
    save(checkpoints, 30, keep=True)
    save(checkpoints, *range(40, 200, 10))
    kept = [int(name[5:]) for name in names(checkpoints)]
    assert len(kept) == MOST
    assert {30, 180, 190} <= set(kept)
    checkpoints.clear()
    assert names(checkpoints) == ["step-00000030", "step-00000190"]


def test_a_limit_in_gigabytes_is_kept_but_for_what_must_stay(tmp_path: Path) -> None:
    size = 4 * (5 * 7 + 3 + 4)  # Bytes of tensors alone; headers and state come to it.
    small = Checkpoints(tmp_path / "small", gigabytes=0)
    save(small, 10, keep=True)
    save(small, 20, 30)
    assert names(small) == ["step-00000010", "step-00000030"]
    large = Checkpoints(tmp_path / "large", gigabytes=5000 / 1e9)
    save(large, *range(10, 120, 10))
    used = sum(file.stat().st_size for file in large.folder.rglob("*") if file.is_file())
    assert 2 * size < used <= 5000
    assert {"step-00000100", "step-00000110"} <= set(names(large))


@pytest.mark.parametrize("seed", range(20))
def test_what_stays_is_within_the_limit_and_lies_geometrically(seed: int) -> None:
    chance = random.Random(seed)
    steps = sorted(chance.sample(range(1, 5000), 30))
    fixed = {steps[-1], *chance.sample(steps, 2)}
    held = [Held(step, chance.randint(50, 150), step in fixed) for step in steps]
    budget = chance.choice([0, 700, 10_000])
    gone = surplus(held, budget, 10)
    stay = [one for one in held if one.step not in gone]
    assert fixed <= {one.step for one in stay}
    loose = [one for one in stay if not one.fixed]
    assert not loose or (len(stay) <= 10 and sum(one.size for one in stay) <= budget)
    if budget == 10_000:
        assert len(stay) == 10
        assert steps[-2] not in gone


def test_steps_kept_of_a_long_run_are_spread_over_all_of_it() -> None:
    held: list[Held] = []
    for step in range(100, 100_001, 100):
        held = [Held(one.step, 1) for one in held] + [Held(step, 1, fixed=True)]
        gone = surplus(held, 1000, 8)
        held = [one for one in held if one.step not in gone]
    steps = [one.step for one in held]
    ratios = [after / before for before, after in itertools.pairwise(steps[:-2])]
    assert steps[0] == 100
    assert steps[-2:] == [99_900, 100_000]
    assert max(ratios) < 10


def test_keeping_a_step_that_was_saved_already_marks_it(checkpoints: Checkpoints) -> None:
    path = save(checkpoints, 10)
    assert save(checkpoints, 10, keep=True) == path
    assert (path / KEEP).exists()


def _truncate(path: Path) -> None:
    file = path / MODEL
    file.write_bytes(file.read_bytes()[:-3])


def _flip(path: Path) -> None:
    file = path / OPTIMISER
    data = bytearray(file.read_bytes())
    data[-2] ^= 1
    file.write_bytes(data)


def _remove(path: Path) -> None:
    (path / MODEL).unlink()


def _half_a_state(path: Path) -> None:
    file = path / STATE
    file.write_text(file.read_text()[:20])


def _another_kind_of_state(path: Path) -> None:
    (path / STATE).write_text("[1, 2]")


def _no_model_in_the_list(path: Path) -> None:
    data = json.loads((path / STATE).read_text())
    del data["hashes"][MODEL]
    (path / STATE).write_text(json.dumps(data))


@pytest.mark.parametrize(
    "damage",
    [_truncate, _flip, _remove, _half_a_state, _another_kind_of_state, _no_model_in_the_list],
)
def test_a_damaged_one_is_passed_over(checkpoints: Checkpoints, damage: object) -> None:
    save(checkpoints, 10)
    damage(save(checkpoints, 20))  # type: ignore[operator]
    assert newest_step(checkpoints) == 10


def test_a_damaged_step_is_written_anew_when_it_is_reached_again(checkpoints: Checkpoints) -> None:
    save(checkpoints, 10)
    _flip(save(checkpoints, 20))
    save(checkpoints, 20)
    assert newest_step(checkpoints) == 20


def test_what_a_killed_writer_left_is_never_read_and_is_tidied(checkpoints: Checkpoints) -> None:
    whole = save(checkpoints, 10)
    half = checkpoints.folder / ".step-00000020-abc123"
    half.mkdir()
    (half / MODEL).write_bytes((whole / MODEL).read_bytes()[:50])
    assert newest_step(checkpoints) == 10
    checkpoints.tidy()
    assert names(checkpoints) == ["step-00000010"]


def test_a_flipped_digit_of_the_state_is_damage_too(checkpoints: Checkpoints) -> None:
    save(checkpoints, 10)
    file = save(checkpoints, 20) / STATE
    file.write_text(file.read_text().replace('"tokens_seen": 200', '"tokens_seen": 300'))
    assert newest_step(checkpoints) == 10
    assert checkpoints.damaged == [20]


def test_a_damaged_one_is_removed_when_a_newer_state_is_safe(checkpoints: Checkpoints) -> None:
    save(checkpoints, 10)
    _flip(save(checkpoints, 20))
    assert newest_step(checkpoints) == 10
    save(checkpoints, 15)
    assert names(checkpoints) == ["step-00000010", "step-00000015"]


def test_a_tensor_file_is_what_the_library_reads_and_its_hash_is_of_its_bytes(
    tmp_path: Path,
) -> None:
    tensors = {
        "b": torch.randn(3, 5).to(torch.bfloat16), "a": torch.randn(7, dtype=torch.float64),
        "none": torch.empty(0, 4), "one": torch.tensor(3, dtype=torch.int32),
        "yes": torch.tensor([True, False]), "turned": torch.randn(4, 6).t(),
    }  # fmt: skip
    digest = write_tensors(tmp_path / "t.safetensors", tensors)
    assert digest == hashlib.sha256((tmp_path / "t.safetensors").read_bytes()).hexdigest()
    found = load_file(tmp_path / "t.safetensors")
    assert set(found) == set(tensors)
    for name, tensor in tensors.items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor)


# ---- the best ------------------------------------------------------------------------------------


def best_saved(
    checkpoints: Checkpoints, step: int, best: int, held: bool = True, keep: bool = False
) -> None:
    """A checkpoint of `step` whose best is that of step `best`."""
    state = RunState(step=step, best_step=best, best_loss=1.0, best_kept=best)
    kept = Best(best, weights(best)) if held else None
    checkpoints.save(state, weights(step), {"m": torch.ones(4)}, keep, kept)


def test_the_best_stays_beside_the_checkpoint_that_names_it(checkpoints: Checkpoints) -> None:
    assert checkpoints.best(20) is None
    best_saved(checkpoints, 25, 20)
    best_saved(checkpoints, 35, 20, held=False)
    found = checkpoints.best(20)
    assert found is not None
    assert torch.equal(found["a"], weights(20)["a"])
    best_saved(checkpoints, 45, 40)
    best_saved(checkpoints, 55, 40, held=False)
    assert names(checkpoints)[0] == "best-00000040", "nothing that could come back names 20"


def test_the_best_outlives_the_checkpoint_that_held_it(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path / "checkpoints", gigabytes=0)
    best_saved(checkpoints, 20, 20)
    best_saved(checkpoints, 30, 20, held=False)
    best_saved(checkpoints, 40, 20, held=False)
    assert names(checkpoints) == ["best-00000020", "step-00000040"]
    found = checkpoints.best(20)
    assert found is not None
    assert torch.equal(found["a"], weights(20)["a"])


def test_a_best_that_is_lost_is_not_named_any_more(checkpoints: Checkpoints) -> None:
    best_saved(checkpoints, 25, 20)
    (checkpoints.folder / "best-00000020" / MODEL).unlink()
    loaded = Checkpoints(checkpoints.folder).newest()
    assert loaded is not None
    assert loaded[0].best_loss is loaded[0].best_step is loaded[0].best_kept is None


def test_after_publishing_only_the_best_before_the_decay_stays(checkpoints: Checkpoints) -> None:
    best_saved(checkpoints, 25, 20, keep=True)
    best_saved(checkpoints, 45, 40)
    checkpoints.clear()
    assert names(checkpoints) == ["best-00000020", "step-00000025", "step-00000045"]


def test_an_empty_folder_has_nothing_to_go_on_from(checkpoints: Checkpoints) -> None:
    assert checkpoints.newest() is None
    checkpoints.tidy()
    checkpoints.clear()
