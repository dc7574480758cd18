"""Hashes and sketches against plain code that does the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import duplicates
from core.corpus.duplicates import NEAR, SHINGLE, SKETCH, normalised, sketch, summaries
from core.corpus.near import similarities
from tests.core.corpus.near_texts import edited, estimate, exact, japanese, prose, shingles


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Hello  World", "hello\nworld\n"),
        ("ＡＢＣ  一二", "ａｂｃ\u3000一二"),
        ("Straße", "STRASSE"),
    ],
)
def test_space_and_case_do_not_matter(one: str, two: str) -> None:
    assert duplicates.text_hash(normalised(one)) == duplicates.text_hash(normalised(two))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.95, 1.0])
def test_the_estimate_is_near_the_exact_similarity(share: float) -> None:
    errors: list[float] = []
    for seed in range(30):
        common = prose(seed, int(400 * share))
        one = common + " " + prose(1000 + seed, 400 - int(400 * share))
        two = common + " " + prose(2000 + seed, 400 - int(400 * share))
        errors.append(estimate(one, two) - exact(one, two))
    # The standard error of one estimate is at most 1 / (2 √SKETCH).
    assert np.std(errors) <= 1.3 / (2 * SKETCH**0.5)
    assert abs(np.mean(errors)) <= 3 / (2 * SKETCH**0.5) / len(errors) ** 0.5


@given(st.text(max_size=400))
def test_a_sketch_holds_the_smallest_distinct_hashes(text: str) -> None:
    found = sketch(text)
    assert found.shape == (SKETCH,)
    real = found[found != duplicates.NOTHING]
    assert (np.diff(real.astype(object)) > 0).all()
    assert len(real) == min(SKETCH, len(shingles(text)))


def test_a_repeated_text_has_the_sketch_of_its_shingles_and_itself_for_a_neighbour() -> None:
    text = "the same line again\n" * 50_000
    found = sketch(text)
    assert (found != duplicates.NOTHING).sum() == len(shingles(text[:200]))
    assert estimate(text, text) == 1.0


@pytest.mark.parametrize("text", ["", "short", "x" * (SHINGLE - 1)])
def test_texts_without_a_shingle_are_near_nothing(text: str) -> None:
    assert estimate(text, text) == 0.0


TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=" \t\nAbc\x1c\x85\u3000é“”–ßİΣ\ud800あ", max_size=80),
)


@given(TEXTS, TEXTS, st.integers(0, 60))
def test_normalising_is_as_plain_code_has_it(one: str, two: str, times: int) -> None:
    for text in (one, one + "Some  plain\nText. " * times + two, (two + " ") * times):
        assert normalised(text) == " ".join(duplicates.plain_signs(text).split())


@given(st.lists(TEXTS | st.integers(0, 9).map(lambda seed: prose(seed, 400)), max_size=12))
def test_many_texts_at_once_have_the_same_hashes_and_sketches(texts: list[str]) -> None:
    hashes, sketches = summaries(texts)
    assert sketches.shape == (len(texts), SKETCH)
    for text, name, found in zip(texts, hashes, sketches, strict=True):
        normal = normalised(text)
        assert name == duplicates.text_hash(normal)
        assert (found == sketch(normal)).all()
        assert len(found[found != duplicates.NOTHING]) == min(SKETCH, len(shingles(normal)))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_copy_with_a_twentieth_changed_is_near_and_other_prose_is_not(language: str) -> None:
    near, far = 0, 0
    for seed in range(40):
        text = japanese(seed, 900) if language == "ja" else prose(seed, 250)
        other = japanese(seed + 1000, 900) if language == "ja" else prose(seed + 1000, 250)
        near += estimate(text, edited(text, seed, 0.05, language)) >= NEAR
        far += estimate(text, other) >= NEAR
    assert near >= 32
    assert far == 0


def test_the_chapters_of_one_author_are_not_near(shared_data: Path) -> None:
    paths = sorted((shared_data / "ja-pretrain" / "aozora").glob("*.txt"))
    _, sketches = summaries([p.read_bytes().decode("cp932", "replace") for p in paths])
    ones, twos = np.triu_indices(len(paths), 1)
    alike = similarities(sketches[ones], sketches[twos])
    assert len(paths) > 100
    assert alike.max() < NEAR
