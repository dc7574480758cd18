"""The worker process: what it refuses, and that one folder has one worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core import events as ev
from core.engine.launch import MAIN
from core.home import Home
from core.jobfolder import EventReader, JobFolder


def work(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(MAIN), "job", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60
    )


def ends(folder: JobFolder) -> list[ev.Ended]:
    return [e for e in EventReader(folder).poll() if isinstance(e, ev.Ended)]


def test_a_folder_that_holds_no_job_is_refused_with_a_sentence(tmp_path: Path) -> None:
    done = work(str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.strip() == "job needs the folder of a run (one that holds job.json)."


def test_a_second_worker_leaves_the_first_alone(empty_home: Home) -> None:
    folder = JobFolder.create(empty_home.runs, "measure", "", {})
    lock = folder.rank_lock(0)
    assert lock.acquire()
    try:
        done = work(str(folder.path))
    finally:
        lock.release()
    assert done.returncode == 2
    assert "already being worked on" in done.stderr
    assert "Traceback" not in done.stderr
    assert not folder.events_file.exists()


@pytest.mark.parametrize(
    ("kind", "config"),
    [("juggle", {}), ("train", {"version": "x"}), ("measure", {"device": "auto", "colour": 3})],
    ids=["unknown kind", "missing fields", "unknown field"],
)
def test_a_job_that_cannot_be_understood_fails_with_its_file(
    empty_home: Home, kind: str, config: dict[str, object]
) -> None:
    folder = JobFolder.create(empty_home.runs, kind, "", config)
    done = work(str(folder.path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    [ended] = ends(folder)
    assert (ended.outcome, ended.code) == ("failed", "damaged")
    assert str(folder.job_file) in ended.values["path"]
    events = EventReader(folder).poll()
    assert [e.event for e in events] == ["started", "ended"]
