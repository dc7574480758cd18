"""Readings that are paused, killed, or run out of disk: nothing is lost, nothing is half there."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from core.corpus import gathering
from core.corpus import reading as reading_module
from core.corpus.library import CorpusLibrary
from core.corpus.progress_log import ProgressLog
from core.corpus.reading import Reading
from core.errors import NoSpace
from core.home import Home
from core.jobs.kinds import ReadJob
from tests.core.corpus.conftest import Read, Write, prose, reader, stop_after, visible


class Asked(Exception):
    """A power cut, at a chosen file."""


@pytest.mark.parametrize("calls", [0, 1, 23, 59, 100, 150, 10_000])
def test_a_paused_reading_goes_on_to_the_same_corpus(
    read: Read, empty_home: Home, many: Path, tmp_path: Path, calls: int
) -> None:
    scratch = tmp_path / "scratch"
    other = Home(tmp_path / "other").prepare()
    stopped = reader(other, many, scratch).run(stop_after(calls))
    resumed = stopped or reader(other, many, scratch).run(lambda: False)
    straight = read(many, heldout_share=0.2).manifest
    assert resumed is not None
    assert resumed.snapshot == straight.snapshot
    assert resumed.totals == straight.totals
    assert resumed.tokenizer == straight.tokenizer
    assert (stopped is None) == (calls < 10_000)


@pytest.mark.parametrize("at", [1, 30, 59])
def test_a_killed_reading_goes_on_from_what_was_saved(
    read: Read, many: Path, tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "_TASK_FILES", 1)
    opened: list[str] = []
    real = gathering.FileReading

    class Counted(real):
        def __iter__(self) -> Any:
            if len(opened) == at:
                raise KeyboardInterrupt
            opened.append(self._path)
            return super().__iter__()

    monkeypatch.setattr(gathering, "FileReading", Counted)
    scratch = tmp_path / "scratch"
    home = Home(tmp_path / "other").prepare()
    with pytest.raises(KeyboardInterrupt):
        reader(home, many, scratch).run(lambda: False)
    before, at = list(opened), 10_000
    manifest = reader(home, many, scratch).run(lambda: False)
    assert manifest is not None
    assert sorted(opened) == sorted(set(opened))  # None was opened twice.
    assert opened[: len(before)] == before
    monkeypatch.undo()
    assert manifest.snapshot == read(many, heldout_share=0.2).manifest.snapshot


def test_a_line_that_a_kill_cut_off_is_read_again(
    read: Read, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "_TASK_FILES", 20)
    scratch = tmp_path / "scratch"
    home = Home(tmp_path / "other").prepare()
    assert reader(home, many, scratch).run(stop_after(100)) is None
    assert sum(map(len, ProgressLog(scratch).lines())) == 20
    log = scratch / "read.jsonl"
    log.write_bytes(log.read_bytes()[:-9])
    assert ProgressLog(scratch).lines() == []
    manifest = reader(home, many, scratch).run(lambda: False)
    assert manifest is not None
    assert manifest.snapshot == read(many, heldout_share=0.2).manifest.snapshot


def test_a_large_file_can_be_paused_in_its_middle(
    read: Read, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.corpus.readers import input as reader_input

    monkeypatch.setattr(reader_input, "PIECE_BYTES", 10_000)
    monkeypatch.setattr(reader_input, "PIECE_CHARACTERS", 2_000)
    folder = write("a.txt", prose(1))
    write("large.txt", prose(2, 9_000))
    write("z.txt", prose(3))
    scratch = tmp_path / "scratch"
    home = Home(tmp_path / "other").prepare()
    assert reader(home, folder, scratch).run(stop_after(8)) is None
    manifest = reader(home, folder, scratch).run(lambda: False)
    straight = read(folder, heldout_share=0.2)
    assert manifest is not None
    assert manifest.snapshot == straight.manifest.snapshot
    whole = read(folder, heldout_share=0.0)
    assert "".join(whole.texts()).split() == f"{prose(1)} {prose(2, 9_000)} {prose(3)}".split()


def test_a_reading_that_is_stopped_leaves_the_old_corpus_as_it_was(
    read: Read, many: Path, tmp_path: Path, write: Write
) -> None:
    before = read(many)
    write("new.txt", prose(99))
    scratch = tmp_path / "scratch"
    assert reader(before.home, many, scratch).run(stop_after(3)) is None
    assert CorpusLibrary(before.home).get("c") == before.manifest
    assert len(before.texts()) == 60


def test_a_full_disk_is_one_sentence_and_the_old_corpus_stays(
    read: Read, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read(many)
    real = pq.ParquetWriter.write_table

    def full(self: Any, *arguments: Any, **named: Any) -> None:
        if "texts-" in str(self.where):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, *arguments, **named)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    (many / "doc-01.txt").write_text(prose(1234))
    with pytest.raises(NoSpace, match="full"):
        read(many)
    monkeypatch.undo()
    assert CorpusLibrary(before.home).get("c") == before.manifest
    assert len(before.texts()) == 60
    assert len(list((before.folder / "texts").iterdir())) == 1
    assert read(many).manifest.snapshot != before.manifest.snapshot


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_fills_up_while_reading_is_told_and_mended_by_room(
    small_disk: Path, write: Write
) -> None:
    for i in range(16):  # Random letters do not pack: the parts alone outgrow the disk.
        rng = random.Random(i)
        folder = write(f"{i}.txt", "".join(rng.choices("abcdefghijklmnopqrstuvwxyz \n", k=100_000)))
    home = Home(small_disk / "home").prepare()
    scratch = small_disk / "parts"
    with pytest.raises(NoSpace) as error:
        reader(home, folder, scratch).run(lambda: False)
    assert str(small_disk) in str(error.value)
    assert visible(home) == []
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    job = ReadJob(corpus="c", paths=[str(folder)], vocabulary=300)
    manifest = Reading(home, job, scratch, lambda *_: None).run(lambda: False)
    assert manifest is not None
    assert manifest.totals.read == 16


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_read_only_home_is_told(many: Path, tmp_path: Path) -> None:
    from core.errors import NoPermission

    home = Home(tmp_path / "home").prepare()
    home.corpora.chmod(0o500)
    with pytest.raises(NoPermission):
        reader(home, many, tmp_path / "scratch").run(lambda: False)
