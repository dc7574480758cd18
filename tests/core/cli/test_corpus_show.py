"""corpus show says what cleaning did."""

from __future__ import annotations

import pytest

from core.cli.corpus import _cleaned, _place
from core.corpus.manifest import FileVerdict


def test_what_cleaning_did_is_told_in_characters_and_in_documents() -> None:
    removed = {"aozora_ruby": 1_234, "personal": 0, "unicode": 5, "least_characters": 3}
    assert _cleaned(removed) == [
        "Taken out or changed by cleaning, in characters: aozora ruby 1,234, unicode 5.",
        "Taken out or changed by cleaning, in documents: least characters 3.",
    ]
    assert _cleaned({}) == []


@pytest.mark.parametrize(
    ("path", "source", "shown"),
    [
        ("/a/b/c.txt", "/a/b/c.txt", "c.txt"),
        ("/a/b/c/d.txt", "/a/b", "c/d.txt"),
        ("/a/b.zip/c/d.txt", "/a/b.zip", "c/d.txt"),
        ("/a/b.zip/c/d.txt", "/a", "b.zip/c/d.txt"),
        ("/a/" + "x" * 80 + ".txt", "/a", "…" + "x" * 55 + ".txt"),
    ],
)
def test_files_of_one_name_are_told_apart_by_their_place(
    path: str, source: str, shown: str
) -> None:
    assert _place(FileVerdict(path=path, source=source, verdict="read")) == shown
