"""Reader processes: what one of them dies of costs the file that it was at, nothing else."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from core.corpus import pool as module
from core.corpus.gathering import GivenFile
from core.corpus.manifest import FileVerdict
from core.corpus.pool import Pool, Task, new_texts
from core.errors import NoSpace
from core.home import Home
from core.jobs.kinds import CleaningOptions
from core.sentences import Sentence
from tests.core.corpus.conftest import Read, prose


def given(path: Path) -> GivenFile:
    status = path.stat()
    return GivenFile(
        path=str(path), source=str(path.parent), bytes=status.st_size, modified=status.st_mtime_ns
    )


@pytest.fixture
def files(tmp_path: Path) -> list[GivenFile]:
    for i in range(12):
        (tmp_path / f"{i:02}.txt").write_text(prose(i), encoding="utf-8")
    return [given(path) for path in sorted(tmp_path.glob("*.txt"))]


def read_all(home: Home, parts: Path, portions: list[list[GivenFile]]) -> dict[str, FileVerdict]:
    parts.mkdir(exist_ok=True)
    with Pool(home.path, CleaningOptions(), 2) as pool:
        tasks = (Task(part, new_texts(parts)) for part in portions)
        done = list(pool.read(tasks, lambda: False, lambda _: None))
    return {Path(v.path).name: v for task in done for v in task.verdicts}


def reason(verdict: FileVerdict) -> str:
    return Sentence.from_json(verdict.reason).english() if verdict.reason else ""


def test_several_readers_read_every_file_once(
    empty_home: Home, tmp_path: Path, files: list[GivenFile]
) -> None:
    parts = tmp_path / "parts"
    found = read_all(empty_home, parts, [files[i : i + 3] for i in range(0, 12, 3)])
    assert len(found) == 12
    assert {v.verdict for v in found.values()} == {"read"}
    assert {v.store for v in found.values()} == {p.name for p in parts.glob("*.parquet")}


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be stopped there")
def test_a_file_that_hangs_is_left_out_and_the_others_are_read(
    empty_home: Home, tmp_path: Path, files: list[GivenFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    monkeypatch.setattr(module, "PATIENCE", 2.0)
    pipe = tmp_path / "05b.txt"
    os.mkfifo(pipe)  # Opening it waits for a writer that never comes.
    hung = GivenFile(path=str(pipe), source=str(tmp_path), bytes=9, modified=0)
    found = read_all(empty_home, tmp_path / "parts", [[*files[:6], hung, *files[6:]]])
    assert reason(found.pop("05b.txt")) == "reading it does not come to an end"
    assert len(found) == 12
    assert {v.verdict for v in found.values()} == {"read"}


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be stopped there")
def test_a_reader_that_gets_little_of_the_processor_has_more_time(
    empty_home: Home, tmp_path: Path, files: list[GivenFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As beside a training: it works on, but hardly."""
    monkeypatch.setattr(module, "PATIENCE", 1.0)
    monkeypatch.setattr(module, "_STARVED", 60)
    big = tmp_path / "big.txt"
    big.write_text("Some words of a long text. " * 400_000, encoding="utf-8")
    monkeypatch.setattr(module, "SLOWEST", big.stat().st_size * 10)
    stop = threading.Event()
    throttle = threading.Thread(target=_hold_readers_back, args=(stop,))
    throttle.start()
    try:
        begun = time.monotonic()
        found = read_all(empty_home, tmp_path / "parts", [[given(big), *files]])
        assert time.monotonic() - begun > 2.0
    finally:
        stop.set()
        throttle.join()
    assert len(found) == 13
    assert {v.verdict for v in found.values()} == {"read"}


def _hold_readers_back(stop: threading.Event) -> None:
    """Leave them a fifth of the time."""
    while not stop.is_set():
        readers: list[psutil.Process] = []
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.Error):  # It has just ended.
                readers += [child] if "reader" in " ".join(child.cmdline()) else []
        for asks, seconds in ((psutil.Process.suspend, 0.2), (psutil.Process.resume, 0.05)):
            for reader in readers:
                with contextlib.suppress(psutil.Error):
                    asks(reader)
            time.sleep(seconds)


def test_a_reader_that_is_killed_is_replaced(
    empty_home: Home, tmp_path: Path, files: list[GivenFile]
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    killed: list[int] = []

    def kill(_: GivenFile) -> None:
        if not killed:
            own = psutil.Process().children()
            killed.extend(child.pid for child in own if "reader" in " ".join(child.cmdline()))
            for pid in killed:
                psutil.Process(pid).kill()

    with Pool(empty_home.path, CleaningOptions(), 2) as pool:
        tasks = (Task([file], new_texts(parts)) for file in files)
        done = list(pool.read(tasks, lambda: False, kill))
    assert killed
    assert sorted(v.path for t in done for v in t.verdicts) == [f.path for f in files]
    assert {v.verdict for t in done for v in t.verdicts} == {"read"}


def test_stopping_takes_less_than_half_a_second(
    empty_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = tmp_path / "big.txt"
    big.write_text("Some words of a long text. " * 2_000_000, encoding="utf-8")
    parts = tmp_path / "parts"
    parts.mkdir()
    begun: list[float] = []
    with Pool(empty_home.path, CleaningOptions(), 1) as pool:
        tasks = iter([Task([given(big)], new_texts(parts))])
        done = pool.read(tasks, lambda: bool(begun), lambda _: begun.append(time.monotonic()))
        assert list(done) == []
    assert time.monotonic() - begun[0] < 0.5
    assert not [c for c in psutil.Process().children() if "reader" in " ".join(c.cmdline())]


def test_a_file_that_needs_too_much_memory_is_left_out(
    empty_home: Home, tmp_path: Path, files: list[GivenFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "memory_limit", lambda: 1 << 20)  # Less than any process has.
    monkeypatch.setattr(module, "_MEMORY_EVERY", 0.0)
    big = tmp_path / "big.txt"
    big.write_text("Some words of a long text. " * 2_000_000, encoding="utf-8")
    found = read_all(empty_home, tmp_path / "parts", [[given(big)]])
    assert "needs more than" in reason(found["big.txt"])


def test_an_unchanged_file_is_not_opened_again(read: Read, many: Path) -> None:
    first = read(many)
    stamps = {name: file.stamp for name, file in first.files.items()}
    (many / "doc-07.txt").write_text(prose(1007), encoding="utf-8")
    for path in many.glob("*.txt"):
        if path.name != "doc-07.txt":  # Content that nobody looks at, under the old time.
            status = path.stat()
            path.write_bytes(bytes(status.st_size))
            import os

            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = read(many)
    assert {n: f.stamp for n, f in again.files.items() if n != "doc-07.txt"} == {
        n: s for n, s in stamps.items() if n != "doc-07.txt"
    }
    assert prose(1007).strip() in {text.strip() for text in again.texts()}
    assert len(again.texts()) == 60
    stores = {file.store for file in again.files.values()}
    assert len(stores) == 2


def test_a_file_that_is_a_copy_is_not_read_again_either(read: Read, many: Path) -> None:
    read(many)
    (many / "copy.txt").write_bytes((many / "doc-07.txt").read_bytes())
    first = read(many).files["copy.txt"]
    assert first.store
    assert read(many).files["copy.txt"].store == first.store


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_disk_that_is_full_is_no_fault_of_a_file(
    empty_home: Home, tmp_path: Path, files: list[GivenFile]
) -> None:
    task = Task(files, tmp_path / "full.parquet")
    task.out.symlink_to("/dev/full")
    with (
        Pool(empty_home.path, CleaningOptions(), 1) as pool,
        pytest.raises(NoSpace, match="full"),
    ):
        list(pool.read([task], lambda: False, lambda _: None))


def test_files_read_while_nobody_listened_are_not_given_up(
    empty_home: Home, tmp_path: Path, files: list[GivenFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-Z, or a machine that slept."""
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    monkeypatch.setattr(module, "_UNHEARD", 0.5)
    parts = tmp_path / "parts"
    parts.mkdir()
    slept: list[GivenFile] = []

    def sleep(file: GivenFile) -> None:
        if not slept:
            slept.append(file)
            time.sleep(1.5)

    with Pool(empty_home.path, CleaningOptions(), 2) as pool:
        tasks = (Task([file], new_texts(parts)) for file in files)
        done = list(pool.read(tasks, lambda: False, sleep))
    assert sorted(v.path for t in done for v in t.verdicts) == [f.path for f in files]
    assert {v.verdict for t in done for v in t.verdicts} == {"read"}


def test_a_reader_that_was_told_to_end_gets_nothing_more(
    empty_home: Home, tmp_path: Path, files: list[GivenFile]
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    with Pool(empty_home.path, CleaningOptions(), 1) as pool:
        tasks = (Task([file], new_texts(parts)) for file in files)
        done: list[Task] = []
        for task in pool.read(tasks, lambda: False, lambda _: None):
            if not done:  # Its word that it is done crossed the order to end.
                (reader,) = pool._readers
                reader.late = True
                reader.kill(Sentence("Verdicts", "late"))
            done.append(task)
    assert sorted(v.path for t in done for v in t.verdicts) == [f.path for f in files]
    assert {v.verdict for t in done for v in t.verdicts} == {"read"}
