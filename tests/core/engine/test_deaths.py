"""Causes of death: signal, exit code, want of memory, and the last words of this attempt only."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import events as ev
from core import hardware
from core.engine.deaths import Before, last_line, memory_kills
from core.errors import sentence_of
from core.jobfolder import JobFolder
from core.sentences import values_from_json


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    """A run that has a checkpoint."""
    made = JobFolder(tmp_path)
    made.stderr_file.write_text("words of an earlier attempt\n")
    (made.checkpoints / "step-00000010").mkdir(parents=True)
    return made


def words(end: ev.Ended) -> str:
    assert end.outcome == "died"
    return sentence_of(end.code, values_from_json(end.values)).english()


@pytest.mark.parametrize(
    ("code", "cause"), [(-9, "SIGKILL"), (-11, "SIGSEGV"), (3, "exit code 3"), (-199, "signal 199")]
)
def test_signal_or_code_and_the_last_words_are_told(
    folder: JobFolder, code: int, cause: str
) -> None:
    before = Before.now(folder)
    assert f"({cause})" in words(before.end_of(code, folder))
    with folder.stderr_file.open("a") as file:
        file.write("first\nat a loss for words\n\n  \n")
    assert f"({cause}: at a loss for words)" in words(before.end_of(code, folder))


def test_a_kill_for_want_of_memory_is_told_as_that(
    folder: JobFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = tmp_path / "vmstat"
    counter.write_text("nr_free_pages 5\noom_kill 7\noom_kill_disable 3\n")
    monkeypatch.setattr(hardware, "_COUNTERS", (counter, tmp_path / "missing"))
    assert memory_kills() == 7
    before = Before.now(folder)
    assert "SIGKILL" in words(before.end_of(-9, folder))
    counter.write_text("oom_kill 8\n")
    told = words(before.end_of(-9, folder))
    assert told.startswith("The memory of this computer was not enough.")
    assert "exit code 1" in words(before.end_of(1, folder))


def test_who_died_before_saving_anything_is_told_that_it_begins_again(folder: JobFolder) -> None:
    before = Before.now(folder)
    assert words(before.end_of(-11, folder)).endswith("resume goes on from there.")
    (folder.checkpoints / "step-00000010").rmdir()
    told = words(before.end_of(-11, folder))
    assert told.endswith("(SIGSEGV) before anything was saved: resume begins again.")
    (folder.path / "parts").mkdir()
    (folder.path / "parts" / "read.jsonl").touch()  # Of a reading, which has no checkpoints.
    assert words(before.end_of(-11, folder)).endswith("resume goes on from there.")


def test_a_log_that_is_not_there_has_no_last_line(tmp_path: Path) -> None:
    assert last_line(tmp_path / "nothing") == ""
