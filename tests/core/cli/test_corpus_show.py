"""corpus show says what cleaning did."""

from __future__ import annotations

from core.cli.corpus import _cleaned


def test_what_cleaning_did_is_told_in_characters_and_in_documents() -> None:
    removed = {"aozora_ruby": 1_234, "personal": 0, "unicode": 5, "least_characters": 3}
    assert _cleaned(removed) == [
        "Taken out or changed by cleaning, in characters: aozora ruby 1,234, unicode 5.",
        "Taken out or changed by cleaning, in documents: least characters 3.",
    ]
    assert _cleaned({}) == []
