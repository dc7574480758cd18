"""Sources and corpora that count differently, said on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from core.corpus.library import CorpusLibrary
from core.files import read_json, write_json
from core.home import Home
from core.jobfolder import JobFolder
from tests.core.cli.conftest import Run


@pytest.fixture
def two(raised_home: Home) -> Home:
    """With a second corpus, of the same text, called “a=b”."""
    folder = raised_home.corpora / "a=b"
    shutil.copytree(raised_home.corpora / "Stories", folder)
    manifest = read_json(folder / "corpus.json")
    write_json(folder / "corpus.json", {**manifest, "id": "other"})
    return raised_home


def _job(printed: str) -> dict[str, object]:
    return JobFolder(Path(json.loads(printed)["folder"])).read().config


def test_corpora_are_mixed_in_their_shares(run: Run, two: Home) -> None:
    done = run(
        "train", "--corpus", "Stories", "--corpus", "a=b", "--share", "a=b=2", "--name", "Mix",
        "--steps", "3", "--no-start", "--json", "--home", str(two.path),
    )  # fmt: skip
    assert done.code == 0, done.err
    assert " passes · a=b " in done.err
    job = _job(done.out)
    assert (job["corpus"], job["weight"]) == ("Stories", 1.0)
    [other] = job["mixed"]  # type: ignore[misc]
    assert (other["corpus"], other["corpus_id"], other["weight"]) == ("a=b", "other", 2.0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--corpus Stories --share Stories=0", "--share takes NAME=FACTOR with a factor from 0.01 to 10, such as Letters=2, not “Stories=0”."),
        ("--corpus Stories --share 2", "--share takes NAME=FACTOR with a factor from 0.01 to 10, such as Letters=2, not “2”."),
        ("--corpus Stories --share Nobody=2", "“Nobody” is not among the corpora that are read: Stories."),
        ("--corpus Stories .", "Give corpora, or files and folders, not both: read the files into a corpus first, then give it beside “Stories”."),
    ],
)  # fmt: skip
def test_what_cannot_be_mixed_is_said(run: Run, two: Home, words: str, said: str) -> None:
    done = run("train", *words.split(), "--name", "never", "--steps", "3", "--home", str(two.path))
    assert (done.code, done.err.strip()) == (2, said)


def test_a_sources_weight_and_licence_are_noted_and_go_into_the_next_training(
    run: Run, raised_home: Home
) -> None:
    home = ("--home", str(raised_home.path))
    [source] = CorpusLibrary(raised_home).get("Stories").sources
    snapshot = CorpusLibrary(raised_home).get("Stories").snapshot
    done = run("corpus", "weight", "Stories", Path(source.path).name, "2", *home)
    assert (done.code, done.out.strip()) == (0, f"Stories: {Path(source.path).name} 2×")
    run("corpus", "licence", "Stories", source.path, "CC BY 4.0", *home)
    [changed] = CorpusLibrary(raised_home).get("Stories").sources
    assert (changed.weight, changed.licence) == (2.0, "CC BY 4.0")
    assert CorpusLibrary(raised_home).get("Stories").snapshot == snapshot
    words = ("train", "--corpus", "Stories", "--name", "n", "--steps", "3", "--no-start", "--json")
    assert _job(run(*words, *home).out)["weights"] == {source.path: 2.0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("weight Stories nowhere 2", "There is no source of the corpus “Stories” called “nowhere”. It has: "),
        ("weight Stories nowhere 11", "A source counts between 0.01 and 10 times."),
        ("weight Stories nowhere 0", "A source counts between 0.01 and 10 times."),
        ("licence Nobody x y", "There is no corpus called “Nobody”. Known: Stories."),
    ],
)  # fmt: skip
def test_what_cannot_be_noted_is_said(run: Run, raised_home: Home, words: str, said: str) -> None:
    done = run("corpus", *words.split(), "--home", str(raised_home.path))
    assert done.code == 2 and done.err.strip().startswith(said)
