"""--encoding and --map of corpus add and refresh: what is chosen of single files, and that it stays."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from core.cli.corpus_files import file_of
from core.cli.encodings import encodings_of, named
from core.corpus.library import CorpusLibrary
from core.corpus.reading import Reading, read_corpus_now
from core.corpus.store import Snapshot
from core.errors import PathMissing, UsageError
from core.home import Home
from core.jobs.kinds import CleaningOptions, ReadJob
from tests.core.cli.conftest import Run

WORDS = "むかしむかし、あるところに猫がいました。" * 3


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("Shift_JIS", "cp932"), ("sjis", "cp932"), ("SHIFT-JIS", "cp932"), ("cp932", "cp932"),
        ("windows-31j", "cp932"), ("euc-jp", "euc_jp"), ("iso-8859-1", "latin-1"),
        ("UTF8", "utf-8"), ("utf-8-sig", "utf-8"), ("Mac Roman", "mac_roman"), ("auto", ""),
        ("rot13", None), ("utf-9", None), ("\0", None),
    ],
)  # fmt: skip
def test_an_encoding_has_many_names(name: str, python: str | None) -> None:
    assert named(name) == python


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("a.txt", "chooses no encoding; expected FILE=NAME"),
        ("a.txt=utf-9", "There is no encoding “utf-9”. There are: auto, UTF-8, Shift_JIS, EUC-JP"),
        ("=utf-8", "chooses no encoding"),
        ("folder=utf-8", "folder is a folder: name its files one by one."),
    ],
)
def test_what_is_no_choice_is_one_sentence(tmp_path: Path, word: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(UsageError) as error:
        encodings_of([word], [str(tmp_path)])
    assert why in str(error.value)


def test_files_are_named_by_their_path_or_from_their_source_on(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "in").mkdir(parents=True)
    file = source / "in" / "a=b.txt"
    file.write_text("a")
    inner, outer = tmp_path / "inner.zip", source / "outer.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x/c.txt", "c")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "y/inner.zip")
        archive.writestr("d.txt", "d")
    sources = [str(source)]
    assert file_of(str(file), sources, "map") == str(file)
    assert file_of("in/a=b.txt", sources, "map") == str(file)
    assert file_of("a=b.txt", [str(file)], "map") == str(file)
    assert file_of("outer.zip/d.txt", sources, "map") == f"{outer}/d.txt"
    deep = f"{outer}/y/inner.zip/x/c.txt"
    assert file_of("y/inner.zip/x/c.txt", [str(outer)], "map") == deep
    with pytest.raises(UsageError, match="is no file of the corpus, whose sources are"):
        file_of(str(inner), sources, "map")
    for missing in ("none.txt", "outer.zip/none.txt"):
        with pytest.raises(PathMissing):
            file_of(missing, sources, "map")


def test_a_chosen_encoding_stays(run: Run, empty_home: Home, tmp_path: Path) -> None:
    folder, scratch, more = (tmp_path / name for name in ("texts", "scratch", "more"))
    for path in (folder, scratch, more):
        path.mkdir()
    file = folder / "unsure.txt"
    file.write_bytes(WORDS.encode("euc_jp"))
    (more / "other.txt").write_text(WORDS.replace("猫", "犬") * 20, encoding="utf-8")
    cleaning = CleaningOptions(gutenberg=False)
    job = ReadJob(corpus="t", paths=[str(folder)], cleaning=cleaning, heldout_share=0.1)
    read_corpus_now(empty_home, job, scratch)
    home = ("--home", str(empty_home.path), "--json")
    wrong = run("corpus", "refresh", "t", "--encoding", "unsure.txt=latin-1", *home)
    assert [f["encoding"] for f in wrong.document["files"]] == ["Latin-1"]
    added = run("corpus", "add", "t", str(more), *home)
    assert added.code == 0
    assert encodings(added.document["files"]) == {"unsure.txt": "Latin-1", "other.txt": "UTF-8"}
    manifest = CorpusLibrary(empty_home).get("t")
    assert (manifest.cleaning, manifest.heldout_share) == (cleaning, 0.1)
    file.write_bytes((WORDS + "おしまい。").encode("euc_jp"))
    changed = run("corpus", "refresh", "t", *home).document
    assert encodings(changed["files"])["unsure.txt"] == "Latin-1"
    back = run("corpus", "refresh", "t", "--encoding", f"{file}=auto", *home).document
    assert encodings(back["files"])["unsure.txt"] == "EUC-JP"
    folder_of = CorpusLibrary(empty_home).folder("t")
    texts = [
        r["text"] for r in Snapshot(folder_of, CorpusLibrary(empty_home).get("t").snapshot).rows()
    ]
    assert any("おしまい。" in text for text in texts)


def test_guesses_are_told(run: Run, empty_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "short.txt"
    file.write_bytes("naïve café, à la carte: déjà vu".encode("cp850"))
    home = ("--home", str(empty_home.path))
    ran = run("corpus", "add", "t", str(file), *home, "--json")
    unsure = [f for f in ran.document["files"] if not f["sure"]]
    assert ran.document["unsure"] == len(unsure) == 1
    assert "Note: 1 encoding is a guess, marked “?” in: " in ran.err
    assert "--encoding" in ran.err


def test_a_choice_whose_reading_is_broken_off_is_kept(
    run: Run, empty_home: Home, tmp_path: Path
) -> None:
    scratch, file = tmp_path / "scratch", tmp_path / "a.txt"
    scratch.mkdir()
    file.write_bytes(WORDS.encode("euc_jp"))
    read_corpus_now(empty_home, ReadJob(corpus="t", paths=[str(file)], heldout_share=0.05), scratch)
    job = ReadJob(corpus="t", heldout_share=0.05, encodings={str(file): "latin-1"})
    assert Reading(empty_home, job, scratch, lambda *_: None).run(lambda: True) is None
    ran = run("corpus", "refresh", "t", "--home", str(empty_home.path), "--json")
    assert encodings(ran.document["files"]) == {"a.txt": "Latin-1"}
    again = run("corpus", "refresh", "t", "--home", str(empty_home.path))
    assert "Nothing changed" in again.out


def encodings(files: list[dict[str, str]]) -> dict[str, str]:
    return {Path(file["path"]).name: file["encoding"] for file in files}
