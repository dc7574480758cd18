"""Reading as a job: a real worker that is paused, resumed, cancelled and killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.corpus.library import CorpusLibrary
from core.engine.engine import Engine
from core.errors import StateError
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import ReadJob
from tests.core.corpus.conftest import Read


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(Home(tmp_path / "worked").prepare())
    yield engine
    engine.close(keep_trainings=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough files for a worker to be met in their middle."""
    place = tmp_path_factory.mktemp("many")
    for i in range(1_500):
        words = " ".join(f"word{(i * 31 + j * j) % 5_000}" for j in range(250))
        (place / f"{i:04}.txt").write_text(words + ".\n")
    return place


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen"
        time.sleep(0.01)


def begin(engine: Engine, folder: Path) -> str:
    """Start reading and return once some files were read."""
    job = ReadJob(corpus="c", paths=[str(folder)], vocabulary=300)
    run = engine.submit("read", job, "c")

    def begun() -> bool:
        record = engine.record(run)
        told = record.progress
        return not record.active or (told is not None and told.unit == "bytes" and told.done > 0)

    until(begun)
    return run


def parts(engine: Engine, run: str) -> Path:
    return JobFolder.find(engine.home.runs, run).path / "parts"


def test_a_paused_reading_resumes_to_the_corpus_of_an_uninterrupted_one(
    engine: Engine, folder: Path, read: Read
) -> None:
    run = begin(engine, folder)
    with contextlib.suppress(StateError):  # A quick machine has read all of it.
        engine.pause(run)
    paused = engine.wait(run, 60).state
    assert paused in ("paused", "done")
    if paused == "paused":
        assert not CorpusLibrary(engine.home).exists("c")
        engine.resume(run)
        assert engine.wait(run, 60).state == "done"
    straight = read(folder, vocabulary=300).manifest
    assert CorpusLibrary(engine.home).get("c").snapshot == straight.snapshot
    assert not parts(engine, run).exists()


def test_a_cancelled_reading_leaves_no_corpus(engine: Engine, folder: Path) -> None:
    run = begin(engine, folder)
    with contextlib.suppress(StateError):
        engine.cancel(run)
    state = engine.wait(run, 60).state
    assert state in ("cancelled", "done")
    assert CorpusLibrary(engine.home).exists("c") == (state == "done")
    assert CorpusLibrary(engine.home).problems() == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows knows no SIGKILL")
def test_a_killed_reading_says_so_and_resumes(engine: Engine, folder: Path, read: Read) -> None:
    run = begin(engine, folder)
    rank = JobFolder.find(engine.home.runs, run).rank_file(0)
    os.kill(json.loads(rank.read_text(encoding="utf-8"))["pid"], signal.SIGKILL)
    record = engine.wait(run, 60)
    if record.state != "done":
        assert record.state == "died"
        assert CorpusLibrary(engine.home).list() == []
        assert CorpusLibrary(engine.home).problems() == []
        engine.resume(run)
        assert engine.wait(run, 60).state == "done"
    assert (
        CorpusLibrary(engine.home).get("c").snapshot
        == read(folder, vocabulary=300).manifest.snapshot
    )
