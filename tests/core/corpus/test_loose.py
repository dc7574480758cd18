"""Texts that are no corpus's are read by the same readers: archives, within limits, in order."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from core.corpus import loose
from core.corpus.gathering import Stopped
from core.home import Home
from core.jobs.kinds import CleaningOptions
from tests.core.corpus.conftest import Write


def texts(home: Home, path: Path) -> tuple[list[str], int]:
    found, verdicts = loose.texts_of(home, str(path), CleaningOptions())
    return found, len(verdicts)


def test_files_and_members_come_in_their_order(empty_home: Home, write: Write) -> None:
    folder = write("c.txt", "third file")
    write("a.txt", "first file")
    write("d.bin", bytes(range(256)))
    write(".hidden.txt", "nobody's")
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("1.txt", "one in it")
        archive.writestr("2.html", "<p>two in it</p>")
    assert texts(empty_home, folder) == (
        ["first file\n", "one in it\n", "two in it\n", "third file\n"],
        6,
    )
    assert texts(empty_home, folder / "b.zip") == (["one in it\n", "two in it\n"], 2)
    assert texts(empty_home, folder / "d.bin") == ([], 1)


def test_it_can_be_stopped(empty_home: Home, write: Write) -> None:
    with pytest.raises(Stopped):
        loose.texts_of(empty_home, str(write("a.txt", "a")), CleaningOptions(), lambda: True)
