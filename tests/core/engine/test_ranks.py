"""With how many processes a job starts: what it says, what it began with, what the machine has."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from core.engine import launch, ranks
from core.hardware import Device, Gpu
from core.jobfolder import JobFolder
from core.jobs.kinds import ReadJob, TrainJob
from core.jobs.ranks import TOLD, Place, own_place
from core.recipe import Recipe
from core.sentences import Sentence


def folder_of(tmp_path: Path, **changes: object) -> JobFolder:
    job = TrainJob(version="v", corpus="c", snapshot="s", tokenizer="t", recipe=Recipe())
    data = job.model_copy(update=changes).model_dump(mode="json")
    return JobFolder.create(tmp_path / "runs", "train", "v", data)


def machine_with(monkeypatch: pytest.MonkeyPatch, *names: str, broken: int = 0) -> None:
    """GPUs as the driver and PyTorch name them; the last `broken` of them cannot be used."""
    fault = Sentence("Errors", "it is gone")
    found = [
        Device(
            f"cuda:{i}", "CUDA", name, 8 << 30, fault=fault if i >= len(names) - broken else None
        )
        for i, name in enumerate(names)
    ]
    seen = [Gpu(name, 8 << 30, 0, None, None, None) for name in names]
    monkeypatch.setattr(ranks, "gpus", lambda: seen)
    monkeypatch.setattr(ranks, "devices", lambda: [*found, Device("cpu", "CPU", "x", 8 << 30)])


def began(count: int, device: str) -> dict[str, object]:
    return {"ranks": count, "machine": {"device": device}, "plan": {}}


def test_a_training_takes_every_gpu_that_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine_with(monkeypatch, "A", "A", "A", "A")
    assert ranks.ranks_of(folder_of(tmp_path)) == 4
    assert ranks.ranks_of(folder_of(tmp_path, devices=2)) == 2
    assert ranks.ranks_of(folder_of(tmp_path, devices=1)) == 1
    assert ranks.ranks_of(folder_of(tmp_path, device="cuda:1")) == 1
    assert ranks.ranks_of(folder_of(tmp_path, device="cpu")) == 1


@pytest.mark.parametrize("objective", ["masked", "chat", "preference", "distil"])
def test_what_several_devices_do_not_minimise_together_is_trained_on_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objective: str
) -> None:
    machine_with(monkeypatch, "A", "A", "A", "A")
    recipe = Recipe.model_validate({"objective": objective})
    assert ranks.ranks_of(folder_of(tmp_path, recipe=recipe)) == 1
    assert ranks.ranks_of(folder_of(tmp_path, recipe=recipe, devices=4)) == 1


@pytest.mark.parametrize(("names", "broken"), [(("A", "B"), 0), (("A", "A"), 1), (("A",), 0)])
def test_gpus_of_different_kinds_or_with_a_fault_do_not_train_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], broken: int
) -> None:
    machine_with(monkeypatch, *names, broken=broken)
    assert ranks.ranks_of(folder_of(tmp_path)) == 1


def test_a_run_that_began_keeps_its_number_while_there_are_as_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine_with(monkeypatch, "A", "A", "A", "A")
    assert ranks.ranks_of(folder_of(tmp_path, decisions=began(2, "cuda"))) == 2
    assert ranks.ranks_of(folder_of(tmp_path, decisions=began(8, "cuda"))) == 4
    machine_with(monkeypatch)
    assert ranks.ranks_of(folder_of(tmp_path, decisions=began(8, "cuda"))) == 1
    assert ranks.ranks_of(folder_of(tmp_path, devices=8, decisions=began(8, "cuda"))) == 1


def test_the_processor_is_shared_out_only_where_that_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine_with(monkeypatch)
    monkeypatch.setattr(psutil, "cpu_count", lambda: 4)
    assert ranks.ranks_of(folder_of(tmp_path)) == 1
    assert ranks.ranks_of(folder_of(tmp_path, devices=2)) == 2
    # Too many: one process starts and says so, and a run that has begun takes what there is.
    assert ranks.ranks_of(folder_of(tmp_path, devices=5)) == 1
    assert ranks.ranks_of(folder_of(tmp_path, devices=5, decisions=began(5, "cpu"))) == 4


def test_other_jobs_and_damaged_ones_are_one_process(tmp_path: Path) -> None:
    read = ReadJob(corpus="c", paths=[]).model_dump(mode="json")
    assert ranks.ranks_of(JobFolder.create(tmp_path / "runs", "read", "c", read)) == 1
    folder = folder_of(tmp_path)
    folder.job_file.write_text("{", encoding="utf-8")
    assert ranks.ranks_of(folder) == 1


def test_a_worker_does_not_take_itself_for_a_rank_of_somebody_elses_launch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in TOLD:
        monkeypatch.setenv(name, "1")
    assert not set(TOLD) & set(launch.worker_environment())
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert own_place() == Place(1, 2, 1, 1)
    monkeypatch.setenv("WORLD_SIZE", "many")
    assert own_place().alone
