"""corpus check, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.corpus.contamination_report import FILE, last_report
from core.corpus.library import CorpusLibrary
from core.corpus.store import Snapshot
from core.home import Home
from tests.core.cli.conftest import Run


def test_a_leak_is_reported_with_both_places_and_kept(
    run: Run, raised_home: Home, tmp_path: Path
) -> None:
    library = CorpusLibrary(raised_home)
    folder = library.folder("Stories")
    rows = Snapshot(folder, library.get("Stories").snapshot).rows(["text", "split", "title"])
    row = next(row for row in rows if row["split"] == "train" and len(row["text"]) > 300)
    leak = row["text"][:250].replace("\n", " ").rpartition(" ")[0]
    suite = tmp_path / "suite.jsonl"
    lines = [{"q": "A question that nobody ever asked in any story of this whole corpus, I say."}]
    lines += [{"q": leak}, {"q": "Why?"}]
    suite.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    words = ("corpus", "check", "Stories", "--against", str(suite), "--home", str(raised_home.path))
    told = run(*words, "--json")
    (report,) = told.document["suites"]
    assert (report["items"], report["found"], report["short"]) == (3, 1, 1)
    (match,) = report["matches"]
    assert (match["item"], match["text"]) == (2, leak)
    assert match["title"] == row["title"]
    printed = run(*words)
    assert "suite.jsonl, item 2 (100%) in" in printed.out
    kept = last_report(library, "Stories")
    assert kept is not None
    assert kept.suites[0].found == 1
    (folder / FILE).write_text("{", encoding="utf-8")
    assert last_report(library, "Stories") is None
    (folder / FILE).unlink()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody", "--against", "README.md"), "There is no corpus called “nobody”."),
        (("Stories", "--against", "/nowhere"), "/nowhere"),
        (("Stories",), "--against must be given."),
        (("Stories", "--against", "EMPTY"), "There is nothing to look for in"),
    ],
)
def test_bad_words_get_one_sentence(
    run: Run, raised_home: Home, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    filled = [str(empty) if word == "EMPTY" else word for word in words]
    done = run("corpus", "check", *filled, "--home", str(raised_home.path))
    assert done.code == 2
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1
