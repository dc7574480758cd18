"""What is told of folders that changed after they were read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from core.corpus.library import FILES, CorpusLibrary
from core.corpus.manifest import FileVerdict
from core.corpus.watch import Changes, changes, worth_reading_again
from tests.core.corpus.conftest import Corpus, Read, Write, prose


def look(corpus: Corpus) -> Changes:
    return changes(CorpusLibrary(corpus.home), corpus.manifest.name)


def names(paths: list[str]) -> list[str]:
    return [Path(path).name for path in paths]


def note(corpus: Corpus, *verdicts: FileVerdict) -> None:
    """Write other verdicts into the corpus, as a reading of another edition would have."""
    lines = "".join(verdict.model_dump_json() + "\n" for verdict in verdicts)
    (corpus.folder / FILES).write_text(lines, encoding="utf-8")


def with_times(corpus: Corpus) -> list[FileVerdict]:
    return [
        file.model_copy(update={"modified": Path(file.path).stat().st_mtime_ns})
        for file in corpus.files.values()
    ]


def test_nothing_is_told_of_a_folder_that_stayed_as_it_was(read: Read, many: Path) -> None:
    corpus = read(many)
    assert not look(corpus)
    note(corpus, *with_times(corpus))
    assert not look(corpus)


def test_new_changed_and_deleted_files_are_told_apart(read: Read, write: Write, many: Path) -> None:
    corpus = read(many)
    write("sub/new.txt", prose(900))
    write("doc-03.txt", prose(901, words=99))
    (many / "doc-05.txt").unlink()
    found = look(corpus)
    assert names(found.new) == ["new.txt"]
    assert names(found.changed) == ["doc-03.txt"]
    assert names(found.gone) == ["doc-05.txt"]
    assert not look(read(many)), "reading again takes all of it in"


def test_another_time_is_a_change_even_where_the_size_is_the_same(read: Read, many: Path) -> None:
    corpus = read(many)
    note(corpus, *with_times(corpus))
    os.utime(many / "doc-07.txt", ns=(1, 1))
    assert names(look(corpus).changed) == ["doc-07.txt"]


def test_without_noted_times_what_was_written_after_the_reading_has_changed(
    read: Read, many: Path
) -> None:
    corpus = read(many)
    note(corpus, *(f.model_copy(update={"modified": 0}) for f in corpus.files.values()))
    later = int(corpus.manifest.changed * 1e9) + 5_000_000_000
    os.utime(many / "doc-07.txt", ns=(later, later))
    assert names(look(corpus).changed) == ["doc-07.txt"]


def test_files_that_would_be_skipped_on_sight_are_no_news(
    read: Read, write: Write, many: Path
) -> None:
    corpus = read(many)
    write(".hidden.txt", "x")
    write("empty.txt", "")
    write("Thumbs.db", "x")
    assert not look(corpus)


def test_a_source_that_is_not_there_has_not_lost_its_files(
    read: Read, many: Path, tmp_path: Path
) -> None:
    other = tmp_path / "disk"
    shutil.copytree(many, other)
    corpus = read(many, other)
    shutil.rmtree(other)
    assert not look(corpus)


def test_members_of_an_archive_stand_and_fall_with_it(read: Read, write: Write, many: Path) -> None:
    archive = write("old.zip", b"PK something") / "old.zip"
    corpus = read(many)
    kept = [file for file in with_times(corpus) if Path(file.path) != archive]
    common: dict[str, Any] = {"source": str(many), "verdict": "read"}
    modified = archive.stat().st_mtime_ns
    members = [
        FileVerdict(path=f"{archive}/{name}", modified=modified, **common)
        for name in ("a.txt", "sub/b.txt")
    ]
    note(corpus, *kept, *members)
    assert not look(corpus)
    os.utime(archive, ns=(1, 1))
    assert look(corpus).changed == [str(archive)]
    whole = FileVerdict(path=str(archive), modified=1, bytes=archive.stat().st_size, **common)
    note(corpus, *kept, whole, *members)
    assert not look(corpus)
    archive.unlink()
    assert look(corpus).gone == [str(archive)]


def test_what_an_earlier_edition_read_is_worth_reading_again(
    read: Read, write: Write, many: Path
) -> None:
    write("empty.txt", "")
    corpus = read(many)
    library = CorpusLibrary(corpus.home)
    assert not worth_reading_again(library, "c")
    first, *others = corpus.files.values()
    note(corpus, first.model_copy(update={"settings": "", "verdict": "skipped"}), *others)
    assert not look(corpus)
    assert worth_reading_again(library, "c")
    read(many)
    assert not worth_reading_again(library, "c")
