"""corpus tokenizer, as a user types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpus.library import CorpusLibrary
from core.home import Home
from core.tokenizer.lab.kinds import train
from tests.core.cli.conftest import Run


def test_tokenizers_are_tried_compared_and_chosen(
    run: Run, raised_home: Home, tmp_path: Path
) -> None:
    home = ("--home", str(raised_home.path))
    own = CorpusLibrary(raised_home).get("Stories").tokenizer
    assert own is not None
    listed = run("corpus", "tokenizer", "Stories", *home)
    assert listed.code == 0
    assert f"* {own.hash}" in " ".join(listed.out.split())
    made = run(
        "corpus", "tokenizer", "Stories", "--kind", "characters", "--compare", "A cat.", "--choose",
        "--json", *home,
    ).document  # fmt: skip
    assert made["made"]["kind"] == "characters"
    cells = {row["kind"]: row["here"]["texts"][0]["cells"] for row in made["compared"]}
    assert [cell["text"] for cell in cells["characters"]] == list("A cat.")
    assert made["tokenizer"]["hash"] == made["made"]["id"]
    assert CorpusLibrary(raised_home).get("Stories").tokenizer.chosen  # type: ignore[union-attr]
    path = tmp_path / "tokenizer.json"
    path.write_text(train("bytes", (), 260).to_str(), encoding="utf-8")
    brought = run("corpus", "tokenizer", "Stories", "--import", str(path), *home)
    assert "1.00 bytes per token" in brought.out
    curve = run("corpus", "tokenizer", "Stories", "--curve", "--json", *home).document["curve"]
    assert curve[0]["vocabulary"] <= curve[-1]["vocabulary"]
    back = run("corpus", "tokenizer", "Stories", "--choose", own.hash, *home)
    assert back.code == 0
    assert "has this tokenizer now" in back.out
    assert CorpusLibrary(raised_home).get("Stories").tokenizer.hash == own.hash  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "There is no corpus called “nobody”."),
        (("Stories", "--choose"), "--choose needs an id"),
        (("Stories", "--choose", "none"), "There is no tokenizer called “none”. Known: "),
        (("Stories", "--choose", "../x"), "There is no tokenizer called"),
        (("Stories", "--vocabulary", "3"), "A vocabulary has from 260"),
        (("Stories", "--kind", "words"), "--kind knows no “words”."),
        (("Stories", "--curve", "--kind", "bytes"), "A curve is of bpe or unigram."),
        (("Stories", "--import", "none.json"), "none.json"),
        (("Stories", "--import", __file__), "cannot be imported: it is not JSON."),
        (("Stories", "--import", "x", "--kind", "bpe"), "--import stands alone"),
    ],
)
def test_bad_words_get_one_sentence(
    run: Run, raised_home: Home, words: tuple[str, ...], said: str
) -> None:
    done = run("corpus", "tokenizer", *words, "--home", str(raised_home.path))
    assert done.code == 2
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1
