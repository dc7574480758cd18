"""Files appear whole or not at all; locks vanish with their holder."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import files
from core.errors import NoPermission, NoSpace
from core.files import (
    FileLock,
    atomic_file,
    friendly_os_errors,
    publish_folder,
    read_json,
    write_json,
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=8,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_json_comes_back_as_it_was(tmp_path: Path, data: object) -> None:
    write_json(tmp_path / "a.json", data)
    assert read_json(tmp_path / "a.json") == data


def test_japanese_stays_readable_and_odd_file_names_survive(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"name": "漢字"})
    assert "漢字" in (tmp_path / "a.json").read_text(encoding="utf-8")
    odd = {"path": "bad\udcff.txt", "name": "漢字"}
    write_json(tmp_path / "b.json", odd)
    assert read_json(tmp_path / "b.json") == odd


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_json_number_is_refused_and_the_old_file_stays(
    tmp_path: Path, number: float
) -> None:
    write_json(tmp_path / "a.json", {"x": 1})
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "a.json", {"x": number})
    assert read_json(tmp_path / "a.json") == {"x": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_file(path, "w") as file:
        file.write("new and long")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("at", ["write", "fsync", "replace"])
def test_a_full_disk_is_one_sentence_and_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if at == "replace":
        monkeypatch.setattr(Path, "replace", full)
    else:
        monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoSpace, match="full") as error, atomic_file(path, "w") as file:
        file.write("new")
        if at == "write":
            full()
    monkeypatch.undo()
    assert str(path) in str(error.value)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE is POSIX")
def test_a_file_size_limit_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    script = """
import resource, signal, sys
from pathlib import Path
from core.files import atomic_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with atomic_file(Path(sys.argv[1])) as file:
        file.write(bytes(100_000))
except OSError as error:
    print(error.errno)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert int(done.stdout) == errno.EFBIG
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, NoSpace), (errno.EDQUOT, NoSpace), (errno.EACCES, NoPermission),
        (errno.EPERM, NoPermission), (errno.EROFS, NoPermission), (errno.EIO, OSError),
    ],
)  # fmt: skip
def test_errors_of_the_system_become_our_sentences(number: int, kind: type[Exception]) -> None:
    with pytest.raises(kind), friendly_os_errors(Path("/some/where")):
        raise OSError(number, os.strerror(number))


def test_a_published_folder_appears_whole(tmp_path: Path) -> None:
    temporary = tmp_path / ".new"
    (temporary / "deep").mkdir(parents=True)
    (temporary / "deep" / "a").write_bytes(b"x")
    publish_folder(temporary, tmp_path / "final")
    assert (tmp_path / "final" / "deep" / "a").read_bytes() == b"x"
    assert not temporary.exists()


def test_nothing_is_published_over_a_folder_that_has_something(tmp_path: Path) -> None:
    for name in ("new", "final"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text(name)
    with pytest.raises(OSError, match=r"not empty|exists|Access"):
        publish_folder(tmp_path / "new", tmp_path / "final")
    assert (tmp_path / "final" / "a").read_text() == "final"


def test_folder_bytes_are_the_sum_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(10))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(bytes(5))
    assert files.folder_bytes(tmp_path) == 15


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    one, two = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert not two.is_held_elsewhere()
    with one:
        assert one.held
        assert one.acquire()
        assert not two.acquire()
        assert two.is_held_elsewhere()
    assert two.acquire()
    two.release()


def test_a_lock_vanishes_with_the_process_that_held_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = """
import sys, time
from pathlib import Path
from core.files import FileLock
print(FileLock(Path(sys.argv[1])).acquire() and "held", flush=True)
time.sleep(600)
""".replace(
        "FileLock(Path(sys.argv[1])).acquire()", "(lock := FileLock(Path(sys.argv[1]))).acquire()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).resolve().parents[2],
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = FileLock(path)
        assert not lock.acquire()
        holder.kill()
        holder.wait()
        assert lock.acquire(blocking=True)
        lock.release()
