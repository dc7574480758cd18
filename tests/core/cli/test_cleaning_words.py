"""--clean of corpus add and refresh: what is said, and that it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.corpus_cleaning import cleaning_of
from core.corpus.library import CorpusLibrary
from core.errors import UsageError
from core.home import Home
from core.jobs.kinds import CleaningOptions
from tests.core.cli.conftest import Run

BEFORE = CleaningOptions(personal=["ip"], least_characters=9)


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ([], {}),
        (["personal=mail, phone,mail"], {"personal": ["mail", "phone"]}),
        (
            ["personal=all"],
            {"personal": ["mail", "phone", "postal", "my_number", "card", "ip"]},
        ),
        (["personal=none", "languages=JA"], {"personal": [], "languages": ["ja"]}),
        (["languages=all", "unicode=nfkc"], {"unicode": "nfkc"}),
        (["paragraphs=off", "near-duplicates=false"], {"paragraphs": False, "near_duplicates": False}),
        (["least_characters=30"], {"least_characters": 30}),
    ],
)  # fmt: skip
def test_words_change_what_they_name_alone(words: list[str], after: dict[str, object]) -> None:
    assert cleaning_of(words, BEFORE) == BEFORE.model_copy(update=after)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("personal", "“personal” sets no cleaning; expected NAME=VALUE"),
        ("personal=mails", "personal must be of mail, phone, postal, my_number, card, ip, all"),
        ("languages=ja,klingon", "not “klingon”"),
        ("ruby=off", "There is no setting called ruby"),
        ("least_characters=-1", "least_characters must be at least 0"),
        ("paragraphs=perhaps", "paragraphs must be true or false"),
    ],
)
def test_what_is_no_cleaning_is_one_sentence(word: str, why: str) -> None:
    with pytest.raises(UsageError) as error:
        cleaning_of([word], BEFORE)
    assert why in str(error.value)


def test_a_corpus_is_cleaned_as_was_said_and_later_in_another_way(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Write to taro@example.jp or call 03-1234-5678, please.\n")
    home = tmp_path / "home"
    where = ("--home", str(home))
    added = run("corpus", "add", "p", str(tmp_path / "a.txt"), "--clean", "personal=all", *where)
    assert added.code == 0
    assert "personal mail 15, personal phone 12." in added.out
    assert run("corpus", "refresh", "p", "--clean", "personal=mail", *where).code == 0
    manifest = CorpusLibrary(Home(home)).get("p")
    assert manifest.cleaning == CleaningOptions(personal=["mail"])
    assert manifest.removed["personal"] == 15
    again = run("corpus", "refresh", "p", "--clean", "personal=mail", *where)
    assert "Nothing changed since “p” was read." in again.out
