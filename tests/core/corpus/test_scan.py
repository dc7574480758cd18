"""Every file below what was dropped gets a line."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.corpus.scan import Found, scan
from tests.core.corpus.conftest import Read

Write = Callable[..., Path]


def lines(*sources: Path) -> dict[str, str]:
    """Path relative to the first source → reason ("" for none)."""
    return {
        os.path.relpath(found.path, sources[0]): found.problem.english() if found.problem else ""
        for found in scan([str(source) for source in sources])
    }


def test_files_come_in_a_stable_order_with_their_sizes(write: Write) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.txt", "A.txt"):
        folder = write(name, name)
    found = list(scan([str(folder)]))
    assert [os.path.relpath(f.path, folder) for f in found] == [
        "A.txt", "b.txt", "a/y.txt", "a/z.txt",
    ]  # fmt: skip
    assert [f.bytes for f in found] == [5, 5, 7, 7]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pptx", "PPTX"), ("a.PPTX", "PPTX"), ("a.doc", "DOC"),
        ("a.xlsx", "XLSX"), ("a.7z", "7z"),
    ],
)  # fmt: skip
def test_a_format_that_is_not_read_yet_is_named(write: Write, name: str, kind: str) -> None:
    folder = write(name, b"whatever")
    (found,) = scan([str(folder)])
    assert found.kind == kind
    assert kind in str(lines(folder)[name])


def test_what_is_not_entered_is_said(write: Write) -> None:
    folder = write("a.txt", "text")
    write(".git/config", "x")
    write("__MACOSX/._a.txt", "x")
    write(".hidden.txt", "x")
    write("empty.txt", "")
    (folder / "again.txt").symlink_to(folder / "a.txt")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "loop").symlink_to(folder)
    assert lines(folder) == {
        "a.txt": "",
        ".git": "a hidden folder of the system",
        "__MACOSX": "a hidden folder of the system",
        ".hidden.txt": "a hidden file of the system",
        "empty.txt": "the file is empty",
        "again.txt": "the same file as a.txt",
        "gone.txt": "not found (moved or deleted)",
        "loop": "a link to a folder: add that folder itself to read it",
    }


def test_a_link_that_points_at_itself_is_one_line(write: Write) -> None:
    folder = write("a.txt", "text")
    (folder / "self").symlink_to(folder / "self")
    assert lines(folder)["self"].startswith("cannot be read")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipes_and_sockets_are_not_opened(write: Write, tmp_path: Path) -> None:
    folder = write("a.txt", "text")
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "s.txt"))
        assert lines(folder) == {"a.txt": "", "pipe.txt": "not a file", "s.txt": "not a file"}


def test_a_file_under_two_sources_comes_once(write: Write) -> None:
    folder = write("a.txt", "text")
    found = list(scan([str(folder), str(folder / "a.txt")]))
    assert [f.source for f in found] == [str(folder)]


def test_a_folder_that_refuses_to_be_listed_is_a_line(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write("a.txt", "text")
    write("secret/b.txt", "text")
    real = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert lines(folder) == {"a.txt": "", "secret": "no permission to read it"}


def test_a_source_that_vanished_is_a_line(tmp_path: Path) -> None:
    (found,) = scan([str(tmp_path / "gone")])
    assert isinstance(found, Found)
    assert found.problem is not None
    assert found.problem.english() == "not found (moved or deleted)"


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses such names itself")
def test_a_name_that_is_no_text_is_still_one_line(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/bad\xff.txt"
    Path(os.fsdecode(path)).write_text("text")
    (found,) = scan([str(tmp_path)])
    assert found.problem is not None
    assert "rename" in found.problem.english()
    str(found.path).encode("utf-8")


def test_what_is_not_read_is_called_by_its_ending(read: Read, write: Write) -> None:
    folder = write("a.txt", "A text that can be read.")
    write("b.zip", b"PK\x03\x04 and no more")
    write("c.bin", bytes(range(256)))
    write("noending", bytes(range(256)))
    write("d.txt", bytes(range(256)))
    (folder / "folder").symlink_to(folder)
    kinds = {name: file.kind for name, file in read(folder).files.items()}
    assert kinds == {
        "a.txt": "TXT", "b.zip": "ZIP", "c.bin": "BIN", "noending": "", "d.txt": "TXT", "folder": "",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="paths are not that long there")
def test_folders_within_folders_are_walked_however_deep(tmp_path: Path) -> None:
    folders = [tmp_path]
    for _ in range(1100):
        folders.append(folders[-1] / "d")
        folders[-1].mkdir()
    file = folders[-1] / "deep.txt"
    file.write_text("Deep down.", encoding="utf-8")
    try:
        assert [found.path for found in scan([str(tmp_path)])] == [file]
    finally:  # What removes folders later may call itself for each.
        file.unlink()
        for folder in reversed(folders[1:]):
            folder.rmdir()
