"""Whoever gives the command again instead of resuming loses nothing of what was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpus import gathering
from core.corpus import reading as reading_module
from core.corpus.adopting import PARTS, adopt
from core.corpus.reading import Reading
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import ReadJob
from tests.core.corpus.conftest import Read, stop_after


def begun(home: Home, folder: Path, corpus: str = "c") -> tuple[Reading, Path]:
    """A reading as a run of `home`, and where its parts lie."""
    job = ReadJob(corpus=corpus, paths=[str(folder)], heldout_share=0.2)
    run = JobFolder.create(home.runs, "read", corpus, job.model_dump(mode="json"))
    return Reading(home, job, run.path / PARTS, lambda *_: None), run.path / PARTS


def test_another_run_goes_on_where_one_was_broken_off(
    read: Read, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "_TASK_FILES", 10)
    home = Home(tmp_path / "other").prepare()
    first, parts = begun(home, many)
    assert first.run(stop_after(100)) is None
    left = sum(file.stem[:5] == "texts" for file in parts.glob("*.parquet"))
    assert left
    opened: list[str] = []
    real = gathering.FileReading.__iter__

    def counted(self: gathering.FileReading) -> object:
        opened.append(self._path)
        return real(self)

    monkeypatch.setattr(gathering.FileReading, "__iter__", counted)
    again, _ = begun(home, many)
    manifest = again.run(lambda: False)
    assert manifest is not None
    assert len(opened) == 60 - 10 * left
    assert not parts.exists()
    monkeypatch.undo()
    assert manifest.snapshot == read(many, heldout_share=0.2).manifest.snapshot
    resumed = first.run(lambda: False)
    assert resumed is not None
    assert resumed.snapshot == manifest.snapshot


def test_parts_of_other_corpora_stay_where_they_are(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "_TASK_FILES", 10)
    home = Home(tmp_path / "other").prepare()
    other, parts = begun(home, many, "another")
    assert other.run(stop_after(100)) is None
    adopt(home, "c", tmp_path / "parts")
    assert list(parts.glob("*.parquet"))
    assert not (tmp_path / "parts").exists()
    adopt(home, "ANOTHER", tmp_path / "parts")
    assert not parts.exists()
    assert list((tmp_path / "parts").glob("*.parquet"))
