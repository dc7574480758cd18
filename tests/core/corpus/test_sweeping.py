"""What is left of earlier states of a corpus: nothing, but what somebody may still need."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from core.corpus import sweeping
from core.corpus.manifest import CorpusManifest
from core.corpus.store import Snapshot
from core.files import write_json
from core.home import Home, Trash
from core.jobfolder import JobFolder
from tests.core.corpus.conftest import Corpus, Read, Write, prose


def states(corpus: Corpus) -> set[str]:
    """Those that anything is left of."""
    folder = corpus.folder
    found = {path.stem for path in (folder / "snapshots").iterdir()}
    found |= {path.stem.partition("-")[2] for path in folder.glob("duplicates-*")}
    return found | {path.name.partition("-")[2] for path in (folder / "tokens").iterdir()}


def texts(corpus: Corpus) -> int:
    return len(list((corpus.folder / "texts").iterdir()))


def begins(corpus: Corpus, state: str, number: int) -> bool:
    """Whether a state has still the text of this number."""
    first = Snapshot(corpus.folder, state).row(0, ["text"])["text"]
    return len(first) > 100 and prose(number, 900).startswith(first[:100])


def grow(read: Read, write: Write, times: int) -> list[Corpus]:
    """A corpus whose one file changes again and again."""
    found: list[Corpus] = []
    for number in range(times):
        folder = write("a.txt", prose(number, 900))
        found.append(read(folder, heldout_share=0.2))
    return found


def test_the_state_of_now_and_the_one_before_stay(read: Read, write: Write) -> None:
    grown = grow(read, write, 4)
    last = grown[-1]
    names = [corpus.manifest.snapshot for corpus in grown]
    assert len(set(names)) == 4
    assert states(last) == set(names[-2:])
    assert texts(last) == 2
    assert begins(last, names[-2], 2)


@pytest.mark.parametrize("place", ["version", "run", "trash", "unreadable"])
def test_what_a_version_or_a_job_names_stays(
    read: Read, write: Write, empty_home: Home, place: str
) -> None:
    first, second = grow(read, write, 2)
    name = first.manifest.snapshot
    folder = empty_home.versions / "v"
    if place == "run":
        folder = empty_home.runs / "20260101-000000-train-0000"
    folder.mkdir(parents=True)
    file = folder / ("job.json" if place == "run" else "version.json")
    write_json(file, {"config": {"mixed": [{"snapshot": name}]}})
    if place == "trash":
        Trash(empty_home).put(folder)
    if place == "unreadable":
        file.write_bytes(b"\xff")
    last = grow(read, write, 4)[-1]
    assert name in states(last)
    assert begins(last, name, 0)
    assert (second.manifest.snapshot in states(last)) == (place == "unreadable")


def test_a_job_that_looks_at_the_corpus_is_not_disturbed(
    read: Read, write: Write, empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = grow(read, write, 2)[0]
    run = empty_home.runs / "20260101-000000-check-0000"
    run.mkdir()
    (run / "job.json").write_text(json.dumps({"kind": "check", "config": {"corpus": "C"}}))
    monkeypatch.setattr(JobFolder, "is_alive", lambda self: self.path == run)
    assert first.manifest.snapshot in states(grow(read, write, 4)[-1])
    monkeypatch.undo()
    last = read(write("a.txt", prose(9, 900)), heldout_share=0.2)
    assert len(states(last)) == 2


@pytest.mark.parametrize("at", range(3))
def test_a_kill_in_the_middle_is_mended_by_the_next_reading(
    read: Read, write: Write, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    first, second = grow(read, write, 2)
    calls = 0

    def cut(path: Path) -> None:
        nonlocal calls
        calls += 1
        if calls > at:
            raise KeyboardInterrupt
        path.unlink(missing_ok=True)

    monkeypatch.setattr(sweeping, "_delete", cut)
    with pytest.raises(KeyboardInterrupt):
        read(write("a.txt", prose(7, 900)), heldout_share=0.2)
    monkeypatch.undo()
    there = read(heldout_share=0.2)
    assert there.texts()
    last = read(write("a.txt", prose(8, 900)), heldout_share=0.2)
    assert states(last) == {there.manifest.snapshot, last.manifest.snapshot}
    assert texts(last) == 2
    assert first.manifest.snapshot != second.manifest.snapshot


def test_tokens_of_the_tokenizer_stay_for_those_that_come(
    read: Read, write: Write, empty_home: Home
) -> None:
    corpus = grow(read, write, 1)[0]
    manifest: CorpusManifest = corpus.manifest.model_copy(update={"snapshot": "other"})
    kept = [path.name for path in (corpus.folder / "tokens").iterdir()]
    (corpus.folder / "tokens" / "other-gone").mkdir()
    sweeping.sweep(empty_home, corpus.folder, manifest)
    assert [path.name for path in (corpus.folder / "tokens").iterdir()] == kept
    assert not list((corpus.folder / "snapshots").iterdir())


def test_what_a_kill_left_half_written_goes_after_a_day(read: Read, write: Write) -> None:
    corpus = grow(read, write, 1)[0]
    left = [
        corpus.folder / ".files.jsonl.01234567.tmp", corpus.folder / ".duplicates-0123.parquet",
        corpus.folder / "snapshots" / ".x.json.01234567.tmp",
    ]  # fmt: skip
    fresh = corpus.folder / ".corpus.json.89abcdef.tmp"
    for file in (*left, fresh):
        file.write_bytes(b"x")
    for file in left:
        os.utime(file, (0, 0))
    read(heldout_share=0.2)
    assert not any(file.exists() for file in left)
    assert fresh.exists()
