"""Trainings on several devices, as the command line asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import TrainJob
from tests.core.cli.conftest import Run

WORDS = ("train", "--corpus", "Stories", "--name", "Many", "--steps", "9")


def test_a_job_folder_is_made_for_torchrun_without_being_started(
    raised_home: Home, run: Run
) -> None:
    home = ("--home", str(raised_home.path))
    ran = run(*WORDS, *home, "--devices", "16", "--device", "cuda", "--no-start", "--json")
    assert ran.code == 0, ran.err
    folder = JobFolder(Path(ran.document["folder"]))
    assert folder.id == ran.document["run"]
    job = TrainJob.model_validate(folder.read().config)
    assert (job.version, job.devices, job.device, job.recipe.steps) == ("Many", 16, "cuda", 9)
    assert not folder.events_file.exists()
    listed = run("runs", "list", *home, "--json").document["runs"]
    assert folder.id in [entry["id"] for entry in listed]
    # Without --json: the path alone, for a script.
    again = run(*WORDS[:4], "More", *WORDS[5:], *home, "--no-start")
    assert JobFolder(Path(again.out.strip())).read().kind == "train"


@pytest.mark.parametrize("number", ["0", "-1", "1025", "two"])
def test_a_number_of_devices_that_cannot_be_is_refused(
    raised_home: Home, run: Run, number: str
) -> None:
    ran = run(*WORDS, "--home", str(raised_home.path), f"--devices={number}")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert number in ran.err
