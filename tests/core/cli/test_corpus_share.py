"""corpus export and corpus sheet, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.corpus.library import CorpusLibrary
from core.home import Home
from tests.core.cli.conftest import Run


def test_texts_are_exported_and_the_sheet_is_printed(
    run: Run, raised_home: Home, tmp_path: Path
) -> None:
    home = ("--home", str(raised_home.path))
    totals = CorpusLibrary(raised_home).get("Stories").totals
    out = tmp_path / "out"
    out.mkdir()
    told = run("corpus", "export", "Stories", "--to", str(out), "--side", "train", *home, "--json")
    assert told.document["documents"] == totals.train_documents
    rows = (out / "Stories.jsonl").read_text(encoding="utf-8").splitlines()
    assert len([json.loads(row) for row in rows]) == totals.train_documents
    again = run("corpus", "export", "Stories", "--to", str(out), *home)
    assert (again.code, "already" in again.err) == (2, True)
    printed = run("corpus", "sheet", "Stories", *home)
    assert printed.code == 0
    assert printed.out.startswith("# Data sheet: Stories\n")
    place = tmp_path / "sheet.md"
    assert run("corpus", "sheet", "Stories", "--to", str(place), *home).code == 0
    assert place.read_text(encoding="utf-8") == printed.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "nobody", "--to", "x"), "There is no corpus called “nobody”."),
        (("export", "Stories", "--to", "x", "--one-file"), "--one-file goes with --format text."),
        (("sheet", "nobody"), "There is no corpus called “nobody”."),
        (("sheet", "Stories", "--to", "."), "There is already"),
        (("export", "Stories", "--to", "x", "--format", "xml"), "--format knows no “xml”."),
        (("export", "Stories"), "--to must be given."),
    ],
)
def test_bad_words_get_one_sentence(
    run: Run, raised_home: Home, words: tuple[str, ...], said: str
) -> None:
    done = run("corpus", *words, "--home", str(raised_home.path))
    assert done.code == 2
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1
