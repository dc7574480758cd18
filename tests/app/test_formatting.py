"""Numbers as people read them, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app import formatting

Speak = Callable[[str], None]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (950, "950"), (1000, "1.0k"), (12_345, "12.3k"), (999_960, "1.0M"), (999.7, "1.0k"), (99_960, "100k"), (-2500, "-2.5k"), (4.1e6, "4.1M"), (1.25e9, "1.2B")],
)  # fmt: skip
def test_short_numbers_have_at_most_three_figures_and_a_letter(number: float, text: str) -> None:
    assert formatting.compact(number) == text


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("en", 6130, "6,130"), ("en", 61_300_000, "61.3 million"), ("en", 2e12, "2.0 trillion"), ("en", 999_960_000, "1.0 billion"),
        ("ja", 6130, "6,130"), ("ja", 123_456, "12.3万"), ("ja", 61_300_000, "6,130万"),
        ("ja", 250_000_000, "2.5億"),
    ],
)  # fmt: skip
def test_large_amounts_are_said_in_the_words_of_the_language(
    speak: Speak, language: str, number: float, text: str
) -> None:
    speak(language)
    assert formatting.amount_text(number) == text


@pytest.mark.parametrize(
    ("seconds", "english"),
    [(0, "0 s"), (89, "89 s"), (90, "2 min"), (3_540, "59 min"), (3_600, "1 h 0 min"), (180_000, "2 d 2 h"), (-5, "0 s")],
)  # fmt: skip
def test_durations_are_rounded_to_what_matters(speak: Speak, seconds: float, english: str) -> None:
    speak("en")
    assert formatting.duration(seconds) == english


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (845_000, "845 kB"),
        (49_200_000, "49.2 MB"),
        (5.1e9, "5.1 GB"),
        (200e9, "200 GB"),
        (999.99e6, "1.0 GB"),
    ],
)
def test_bytes_are_told_in_decimal_units(count: float, text: str) -> None:
    assert formatting.bytes_text(count) == text
