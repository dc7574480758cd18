"""What happens between or beside readings: damaged texts are read anew, notes stay, nothing comes twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.corpus import adopting
from core.corpus import reading as reading_module
from core.corpus.library import CorpusLibrary
from core.corpus.progress_log import ProgressLog
from core.corpus.reading import Reading
from core.corpus.store import TextFile
from core.corpus.watch import changes
from core.errors import BeingRead, Damaged, NameTaken
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import ReadJob
from tests.core.corpus.conftest import Corpus, Read, Write, prose, stop_after


def remove(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def spoil(file: Path) -> None:
    """In the middle: what the file says of itself at its end stays whole."""
    data = bytearray(file.read_bytes())
    data[4 : len(data) // 2] = bytes(len(data) // 2 - 4)
    file.write_bytes(data)


@pytest.mark.parametrize("harm", [remove, cut, spoil])
def test_texts_that_are_damaged_are_read_anew(
    read: Read, many: Path, harm: Callable[[Path], None]
) -> None:
    before = read(many)
    rows = before.rows
    for file in (before.folder / "texts").glob("*.parquet"):
        harm(file)
    after = read(many)
    assert after.rows == rows
    assert after.manifest.snapshot == before.manifest.snapshot


def test_a_flipped_bit_is_seen_wherever_it_is(read: Read, many: Path) -> None:
    (file,) = (read(many).folder / "texts").glob("*.parquet")
    whole, rows = file.read_bytes(), np.arange(60)
    with TextFile(file) as texts:
        right = list(texts.take(rows, ["text", "sketch"]))
    seen = 0
    for place in range(10, len(whole), len(whole) // 60):
        changed = bytearray(whole)
        changed[place] ^= 16
        file.write_bytes(changed)
        try:
            with TextFile(file) as texts:
                assert list(texts.take(rows, ["text", "sketch"])) == right
        except Damaged:
            seen += 1
    assert seen > 20


def test_a_damaged_list_of_a_state_is_written_again(read: Read, many: Path) -> None:
    before = read(many)
    rows = before.rows
    (before.folder / "snapshots" / before.manifest.snapshot / "rows.npy").write_bytes(b"")
    assert read(many).side_of() == {row["text"]: row["split"] for row in rows}


def test_damaged_texts_of_a_source_that_is_gone_are_told(read: Read, write: Write) -> None:
    write("a/one.txt", prose(1))
    folder = write("b/two.txt", prose(2))
    before = read(folder / "a")
    (folder / "a" / "one.txt").unlink()
    (folder / "a").rmdir()
    for file in (before.folder / "texts").glob("*.parquet"):
        file.unlink()
    after = read(folder / "b")
    assert [Path(v.path).name for v in after.files.values() if v.verdict == "read"] == ["two.txt"]
    assert after.reason("a") == "not found (moved or deleted)"


def test_what_is_read_twice_in_a_run_comes_once(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill between taking over what another run has read and forgetting that run."""
    monkeypatch.setattr(reading_module, "_TASK_FILES", 10)
    home = Home(tmp_path / "home").prepare()

    def begun() -> tuple[Reading, Path]:
        job = ReadJob(corpus="c", paths=[str(many)])
        run = JobFolder.create(home.runs, "read", "c", job.model_dump(mode="json"))
        return Reading(home, job, run.path / "parts", lambda *_: None), run.path / "parts"

    first, parts = begun()
    assert first.run(stop_after(100)) is None
    with monkeypatch.context() as patch:
        patch.setattr(adopting, "delete_folder", lambda _: None)
        second, own = begun()
        assert second.run(stop_after(100)) is None
    assert ProgressLog(parts).lines()
    manifest = second.run(lambda: False)
    assert manifest is not None
    assert (manifest.totals.files, manifest.totals.documents) == (60, 60)
    assert manifest.totals.duplicates == 0
    assert len(ProgressLog(own).lines()) >= 6


def test_what_was_read_with_other_options_does_not_hide_what_goes_on(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "_TASK_FILES", 10)
    home = Home(tmp_path / "home").prepare()
    job = ReadJob(corpus="c", paths=[str(many)])
    other = job.model_copy(update={"cleaning": job.cleaning.model_copy(update={"unicode": "nfkc"})})
    parts = tmp_path / "parts"
    for one in (other, job):
        assert Reading(home, one, parts, lambda *_: None).run(stop_after(100)) is None
    count = len(ProgressLog(parts).lines())
    assert Reading(home, job, parts, lambda *_: None).run(stop_after(1)) is None
    assert len(ProgressLog(parts).lines()) == count
    told: list[float] = []

    def say(phase: str, done: float, *_: object) -> None:
        told.extend([done] if phase == "reading" else [])

    assert Reading(home, job, parts, say).run(lambda: False) is not None
    assert told[0] > 0


def test_another_share_is_kept_unseen_when_it_is_asked_for(read: Read, many: Path) -> None:
    some = set(read(many, heldout_share=0.1).texts("check", "test"))
    more = set(read(many, heldout_share=0.4).texts("check", "test"))
    assert some < more
    assert len(more) > 12
    assert set(read(many, heldout_share=0.1).texts("check", "test")) == some
    assert not read(many, heldout_share=0.0).texts("check", "test")
    assert set(read(many, heldout_share=0.1).texts("check", "test")) == some


def test_texts_of_the_same_words_under_other_footers_are_on_one_side(
    read: Read, write: Write
) -> None:
    footers = [prose(1000 + number, 60).replace("\n", " ") for number in range(8)]
    for i in range(160):
        words = prose(i % 40, 25).replace("\n", " ")
        folder = write(f"{i:03}.txt", f"{words}\n\n{footers[(3 * i + i // 40) % 8]}\n")
    corpus = read(folder, heldout_share=0.2)
    trained = {text.strip() for text in corpus.texts("train")}
    unseen = {text.strip() for text in corpus.texts("check", "test")}
    assert corpus.manifest.removed["paragraphs"]
    assert len(trained) > 20
    assert unseen
    assert not trained & unseen


def reading(corpus: Corpus, folder: Path, scratch: Path, say: Callable[..., None]) -> Reading:
    return Reading(corpus.home, ReadJob(corpus="c", paths=[str(folder)]), scratch, say)


def test_what_is_noted_while_a_corpus_is_read_stays(
    read: Read, many: Path, tmp_path: Path, write: Write
) -> None:
    corpus = read(many)
    library = CorpusLibrary(corpus.home)
    write("more.txt", prose(99))

    def say(phase: str, *_: object) -> None:
        if phase == "counting":
            library.set_licence("c", many.name, "MIT")
            library.set_weight("c", many.name, 2.0)

    assert reading(corpus, many, tmp_path / "s", say).run(lambda: False) is not None
    assert [(s.licence, s.weight) for s in library.get("c").sources] == [("MIT", 2.0)]


def test_a_corpus_that_is_read_is_neither_renamed_nor_removed(
    read: Read, many: Path, tmp_path: Path
) -> None:
    corpus = read(many)
    library = CorpusLibrary(corpus.home)
    tried: list[str] = []

    def say(phase: str, *_: object) -> None:
        if phase == "writing" and not tried:
            for act in (lambda: library.rename("c", "d"), lambda: library.remove("c")):
                with pytest.raises(BeingRead) as caught:
                    act()
                tried.append(str(caught.value))

    assert reading(corpus, many, tmp_path / "s", say).run(lambda: False) is not None
    assert tried == ["“c” is being read. Wait until that is done, or stop it, and try again."] * 2
    assert library.rename("c", "C").name == "C"
    with pytest.raises(NameTaken):
        read(many, corpus="c")
    library.remove("C")


def test_what_is_noted_of_a_source_stays_when_the_folder_around_it_is_added(
    read: Read, many: Path
) -> None:
    one, two = many / "doc-01.txt", many / "doc-02.txt"
    corpus = read(one, two, weights={str(one): 2.0})
    library = CorpusLibrary(corpus.home)
    corpus = read(many)
    assert [(Path(s.path).name, s.weight, s.read) for s in corpus.manifest.sources] == [
        ("doc-01.txt", 2.0, 1), (many.name, 1.0, 59),
    ]  # fmt: skip
    assert corpus.manifest.totals.documents == 60
    assert not changes(library, "c")
    assert [Path(s.path).name for s in read(two).manifest.sources] == ["doc-01.txt", many.name]
    again = read(dropped=[str(one)])
    assert [(Path(s.path).name, s.read) for s in again.manifest.sources] == [(many.name, 60)]
