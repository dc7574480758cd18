"""A folder that was moved with a half-done run in it: found, not mistaken for a living one, finished."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core import events as ev
from core.engine.engine import Engine
from core.engine.launch import recorded_processes, signal_workers
from core.files import write_json
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.attempts import last_attempt
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.processes import note
from core.training import threads
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

TEN_YEARS = 315_360_000


class Killed(BaseException):
    """Ends an attempt without a word, as SIGKILL does."""


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[str]]:
    """A process that has nothing to do with us; it writes down who it is."""
    code = "import json, sys; from core.processes import note; print(json.dumps(note()), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def test_a_moved_home_goes_on_where_it_was(
    raised_home: Home, tmp_path: Path, make_train_job: Callable[..., TrainJob],
    train_here: Callable[..., Trained], stranger: subprocess.Popen[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    job = make_train_job(raised_home, "Stories", "Ume", steps=24, evaluations=4)

    def kill(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Evaluated) and event.step == 18:
            raise Killed

    with pytest.raises(Killed):
        train_here(raised_home, job, kill)
    [path] = [p for p in raised_home.runs.iterdir() if last_attempt(JobFolder(p)).open]
    moved = _move(raised_home, tmp_path / "another disk" / "ホーム")
    folder = JobFolder(moved.runs / path.name)
    assert stranger.stdout is not None
    _age(folder, json.loads(stranger.stdout.readline()))

    assert not folder.is_alive()
    assert recorded_processes(folder) == []
    signal_workers(folder, hard=True)
    assert stranger.poll() is None, "a process that is not ours was killed"
    engine = Engine(moved)
    try:
        states = {record.id: record.state for record in engine.rescan()}
        assert states[folder.id] == "died"
        record = engine.record(folder.id)
        assert record.checkpoint is not None
        engine.resume(folder.id)
        done = engine.wait(folder.id, 120)
        assert done.state == "done", done.error
        assert done.attempt == 2
    finally:
        engine.close(keep_trainings=False)
    config = folder.read().config | {"version": "Whole", "title": "Whole"}
    # With the same decisions, and none of its own: a busy machine would choose other threads.
    monkeypatch.setattr(threads, "LEAST_SECONDS", 1e9)
    monkeypatch.setattr(threads, "RETRY_SECONDS", 1e9)
    assert train_here(moved, TrainJob.model_validate(config)).outcome == "done"
    library = VersionLibrary(moved)
    assert library.get("Ume").problem is None
    weights = [
        (library.get(name).path / "model.safetensors").read_bytes() for name in ("Ume", "Whole")
    ]
    assert weights[0] == weights[1]
    assert str(raised_home.path) not in folder.job_file.read_text(encoding="utf-8")


def _move(home: Home, place: Path) -> Home:
    place.parent.mkdir(parents=True)
    shutil.copytree(home.path, place)  # Another disk: copied, then removed.
    shutil.rmtree(home.path)
    return Home(place)


def _age(folder: JobFolder, stranger: dict[str, object]) -> None:
    """What a run may hold that comes from another computer, whose clock was ten years ahead."""
    (folder.path / "ranks").mkdir(exist_ok=True)
    write_json(folder.rank_file(0), {**stranger, "host": "the-old-computer"})
    write_json(folder.rank_file(1), {**stranger, "boot": "an earlier start"})
    write_json(folder.rank_file(2), {**note(), "ticks": 1, "started": 0.0})
    for lock in ("ranks/0.lock", "ranks/1.lock", "supervisor.lock"):
        (folder.path / lock).touch()
    for lock in ("queue.lock", "home.lock", "queue-order.lock"):
        (folder.home / lock).touch()
    write_json(folder.path / "queued.json", {"ticket": 1})
    folder.ask(1, "cancel")  # Meant for the attempt that is over.
    lines = [json.loads(line) for line in folder.events_file.read_bytes().splitlines()]
    with folder.events_file.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps({**line, "time": line["time"] + TEN_YEARS}) + "\n")
    job = json.loads(folder.job_file.read_text(encoding="utf-8"))
    write_json(folder.job_file, {**job, "created": job["created"] + TEN_YEARS})
