"""A reading that is asked to stop ends within half a second, whatever it is doing."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from core.corpus.library import CorpusLibrary
from core.engine.engine import Engine
from core.home import Home
from core.jobs.kinds import ReadJob
from tests.core.corpus.conftest import Read, visible
from tests.core.corpus.test_read_job import parts, until


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Text whose tokenizer takes seconds to learn."""
    place = tmp_path_factory.mktemp("random")
    letters = "abcdefghijklmnopqrstuvwxyz"
    for i in range(8):
        rng = random.Random(i)
        words = ("".join(rng.choices(letters, k=rng.randint(3, 12))) for _ in range(20_000))
        (place / f"{i}.txt").write_text(" ".join(words), encoding="utf-8")
    return place


@pytest.mark.parametrize("ask", ["pause", "cancel"])
def test_learning_a_tokenizer_does_not_make_anybody_wait(
    tmp_path: Path, folder: Path, read: Read, ask: str
) -> None:
    engine = Engine(Home(tmp_path / "worked").prepare())
    try:
        job = ReadJob(corpus="c", paths=[str(folder)], vocabulary=3_000)
        run = engine.submit("read", job, "c")
        until(lambda: engine.record(run).phase == "tokenizer" or not engine.record(run).active)
        time.sleep(0.2)
        assert engine.record(run).phase == "tokenizer"
        begun = time.monotonic()
        (engine.pause if ask == "pause" else engine.cancel)(run)
        until(lambda: not engine.record(run).active)
        assert time.monotonic() - begun < 1.5  # Half a second on a machine that is not loaded.
        assert engine.record(run).state == ("paused" if ask == "pause" else "cancelled")
        assert not CorpusLibrary(engine.home).exists("c")
        assert visible(engine.home) == []
        if ask == "pause":
            kept = {p.name for p in parts(engine, run).glob("*.parquet")}
            engine.resume(run)
            assert engine.wait(run, 120).state == "done"
            found = {f.store for f in CorpusLibrary(engine.home).files("c")}
            assert found == kept  # Nothing was read twice.
    finally:
        engine.close(keep_trainings=False)
