"""Checkpoints: whole or not there, the newest whole one wins, the one before the decay stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor

from core.training.checkpoint import KEEP, KEPT, MODEL, OPTIMISER, STATE, Checkpoints, RunState


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
    save(checkpoints, 40, 50, 60)
    assert names(checkpoints) == ["step-00000030", "step-00000050", "step-00000060"]
    checkpoints.clear()
    assert names(checkpoints) == ["step-00000030", "step-00000060"]
    assert KEPT == 2


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


def test_the_best_is_kept_apart_and_only_one_of_them(checkpoints: Checkpoints) -> None:
    assert checkpoints.best() is None
    for step in (10, 30, 20):
        checkpoints.save_best(RunState(step=step), weights(step))
    best = checkpoints.best()
    assert best is not None
    assert torch.equal(best["a"], weights(20)["a"])
    assert newest_step(checkpoints) is None  # It has no optimiser: nothing to go on from.


def test_an_empty_folder_has_nothing_to_go_on_from(checkpoints: Checkpoints) -> None:
    assert checkpoints.newest() is None
    checkpoints.tidy()
    checkpoints.clear()
