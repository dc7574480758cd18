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
        ("en", 6130, "6,130"), ("en", 61_300_000, "61.3 million"), ("en", 350_000_000, "350 million"), ("en", 2e12, "2.0 trillion"), ("en", 999_960_000, "1.0 billion"),
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


@pytest.mark.parametrize(
    ("watt_hours", "text"),
    [(0, "0.00 Wh"), (0.001, "0.01 Wh"), (0.42, "0.42 Wh"), (1.26, "1.3 Wh"), (12, "12 Wh"),
     (90, "0.09 kWh"), (1287e6, "1,287,000 kWh")],
)  # fmt: skip
def test_energy_is_told_in_the_unit_of_its_size(watt_hours: float, text: str) -> None:
    assert formatting.energy_text(watt_hours) == text


@pytest.mark.parametrize(
    ("grams", "text"), [(0.04, "0.0 g"), (43, "43 g"), (1200, "1.2 kg"), (552e6, "552 t")]
)
def test_grams_are_told_in_the_unit_of_their_size(grams: float, text: str) -> None:
    assert formatting.grams_text(grams) == text


@pytest.mark.parametrize(
    ("amount", "currency", "english", "japanese"),
    [
        (2.8, "JPY", "¥3", "3円"), (0.1, "JPY", "<¥1", "1円未満"), (0.019, "USD", "$0.02", "$0.02"),
        (0.001, "EUR", "<€0.01", "<€0.01"), (1234.5, "CHF", "1,234.50 CHF", "1,234.50 CHF"),
    ],
)  # fmt: skip
def test_money_is_told_as_its_country_does_and_never_as_nothing(
    speak: Speak, amount: float, currency: str, english: str, japanese: str
) -> None:
    speak("en")
    assert formatting.money_text(amount, currency) == english
    speak("ja")
    assert formatting.money_text(amount, currency) == japanese


def test_differences_carry_their_sign_and_short_durations_their_seconds(speak: Speak) -> None:
    speak("en")
    assert [formatting.difference_text(d) for d in (0.4, -0.031, 0.001)] == [
        "+40 %",
        "−3 %",
        "±0 %",
    ]  # noqa: RUF001
    assert [formatting.exact_duration(s) for s in (80, 158, 599.6)] == [
        "80 s",
        "2 min 38 s",
        "10 min",
    ]


def test_what_takes_lifetimes_is_told_in_years() -> None:
    day = 86_400.0
    assert formatting.duration(700 * day) == "700 d 0 h"
    assert formatting.duration(3 * 365.25 * day) == "3 years"
    assert formatting.duration(1_234_567 * 365.25 * day) == "1,234,567 years"
