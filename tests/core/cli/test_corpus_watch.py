"""corpus changes and corpus refresh."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.corpus.library import CorpusLibrary
from core.corpus.reading import read_corpus_now
from core.home import Home
from core.jobs.kinds import CleaningOptions, ReadJob
from tests.core.cli.conftest import Run


def test_changes_are_listed_and_read(
    run: Run, empty_home: Home, little_texts: Path, tmp_path: Path
) -> None:
    folder, scratch = tmp_path / "texts", tmp_path / "scratch"
    shutil.copytree(little_texts, folder)
    scratch.mkdir()
    cleaning = CleaningOptions(gutenberg=False)
    read_corpus_now(
        empty_home,
        ReadJob(corpus="t", paths=[str(folder)], cleaning=cleaning, heldout_share=0.1),
        scratch,
    )
    home = ("--home", str(empty_home.path))
    assert "Nothing changed" in run("corpus", "changes", "t", *home).out
    gone = sorted(folder.iterdir())[0]
    gone.rename(folder / "renamed.txt")
    found = run("corpus", "changes", "t", *home, "--json").document
    assert found == {
        "corpus": "t", "new": [str(folder / "renamed.txt")], "changed": [], "gone": [str(gone)],
    }  # fmt: skip
    told = run("corpus", "changes", "t", *home).out
    assert "renamed.txt" in told
    assert "corpus refresh t" in told
    done = run("corpus", "refresh", "t", *home, "--json")
    assert done.code == 0
    paths = [Path(file["path"]).name for file in done.document["files"]]
    assert "renamed.txt" in paths
    assert gone.name not in paths
    manifest = CorpusLibrary(empty_home).get("t")
    assert (manifest.cleaning, manifest.heldout_share) == (cleaning, 0.1)
    again = run("corpus", "refresh", "t", *home)
    assert "Nothing changed" in again.out
    assert run("corpus", "changes", "none", *home).code == 2
