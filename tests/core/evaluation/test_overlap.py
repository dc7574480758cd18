"""Text that was trained on is recognised, however it was cut, and other text is not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from core.evaluation.overlap import SHARE, WINDOW, shared, stretches

_WORDS = [
    "river",
    "stone",
    "lantern",
    "crane",
    "winter",
    "letter",
    "bridge",
    "market",
    "fox",
    "moon",
    "garden",
    "rain",
]


def prose(seed: int, words: int = 2_000) -> str:
    dice = random.Random(seed)
    return " ".join(dice.choice(_WORDS) + str(dice.randrange(100)) for _ in range(words))


def test_a_text_that_was_cut_into_blocks_is_recognised() -> None:
    text = prose(1)
    blocks = [text[i : i + 700] for i in range(0, len(text), 700)]
    assert shared([text], blocks) > 0.85
    assert shared([text[3_000:9_000]], blocks) > 0.85


def test_half_of_a_text_counts_as_half() -> None:
    text = prose(2, 8_000)
    half = len(text) // 2
    assert shared([text], [text[:half]]) == pytest.approx(0.5, abs=0.1)
    assert shared([text], [text[: half // 2]]) < SHARE


def test_other_text_in_the_same_words_is_not_taken_for_it() -> None:
    assert shared([prose(3)], [prose(4), prose(5)]) == 0.0


def test_letter_case_and_line_ends_do_not_hide_it() -> None:
    text = prose(6)
    assert shared([text.upper().replace(" ", "\n")], [text]) == 1.0


def test_short_and_empty_texts_are_never_called_trained_on() -> None:
    assert shared([], ["a" * 500]) == 0.0
    assert shared(["short"], ["short"]) == 0.0
    assert len(stretches("x" * (WINDOW - 1))) == 0


def test_the_hash_of_a_stretch_does_not_depend_on_where_it_stands() -> None:
    text = prose(7)
    inner = stretches(text[1_000:6_000])
    assert len(inner) > 50
    assert np.isin(inner, stretches("春の朝 " + text)).all()
