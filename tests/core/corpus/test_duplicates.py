"""Sketches against exact sets of shingles; near duplicates never on both sides."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import duplicates, split
from core.corpus.assign import TextTable, assign, first_of_each
from core.corpus.duplicates import NEAR, SKETCH, near_pairs, normalised, similarities, sketch

WORDS = [
    f"{a}{b}"
    for a in ("mo", "ka", "ri", "to", "shi", "ne", "lu")
    for b in ("ra", "mi", "son", "k", "e")
]


def prose(seed: int, words: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def shingles(text: str) -> set[bytes]:
    data = text.encode("utf-8")
    return {data[i : i + 16] for i in range(len(data) - 15)}


def exact(one: str, two: str) -> float:
    a, b = shingles(one), shingles(two)
    return len(a & b) / max(1, len(a | b))


def estimate(one: str, two: str) -> float:
    return float(similarities(sketch(one)[None], sketch(two)[None])[0])


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


@pytest.mark.parametrize("text", ["", "short", "x" * 15])
def test_texts_without_a_shingle_are_near_nothing(text: str) -> None:
    assert estimate(text, text) == 0.0


def test_every_near_pair_across_the_sides_is_found() -> None:
    texts = [prose(seed, 300) for seed in range(200)]
    copies = {
        seed: texts[seed].replace("moka", "kamo", 1) + " one more" for seed in range(0, 200, 7)
    }
    table = np.stack([sketch(t) for t in [*texts, *copies.values()]])
    unseen = np.arange(200)
    trained = np.arange(200, len(table))
    pairs = near_pairs(table, unseen, trained, NEAR)
    assert {(int(a), int(b)) for a, b in pairs} == {
        (seed, 200 + i) for i, seed in enumerate(copies)
    }


def test_nothing_is_near_when_a_side_is_empty() -> None:
    table = np.stack([sketch(prose(1, 100))])
    none = np.empty(0, np.int64)
    assert len(near_pairs(table, none, np.arange(1), NEAR)) == 0
    assert len(near_pairs(table, np.arange(1), none, NEAR)) == 0


# ---- sides ---------------------------------------------------------------------------------------


def table_of(texts: list[str], folder: Path) -> TextTable:
    table = TextTable(folder / "sketches")
    for text in texts:
        table.add_text(text)
    return table


@pytest.mark.parametrize("seed", range(5))
def test_a_text_and_its_near_duplicate_never_stand_on_both_sides(tmp_path: Path, seed: int) -> None:
    texts = [prose(1000 * seed + i, 200) for i in range(60)]
    texts += [text + " and a last word" for text in texts[::3]]
    random.Random(seed).shuffle(texts)
    found = assign(table_of(texts, tmp_path), 0.3, NEAR)
    kept = [(t, s) for t, s in zip(texts, found.sides, strict=True) if s is not None]
    assert {side for _, side in kept} == {"train", "check", "test"}
    for text, side in kept:
        for other, its in kept:
            if side == "train" and its != "train":
                assert exact(text, other) < NEAR
    assert found.near == len(texts) - len(kept)
    assert found.near > 0


def test_of_a_near_pair_the_trained_copy_goes(tmp_path: Path) -> None:
    texts = [prose(i, 200) for i in range(60)]
    sides = split.sides([duplicates.text_hash(normalised(t)) for t in texts], 0.3)
    unseen = texts[sides.index("test")]
    copies = [unseen + f" ending {i}" for i in range(8)]
    found = assign(table_of(texts + copies, tmp_path), 0.3, NEAR)
    assert found.sides[:60] == sides
    assert "train" not in found.sides[60:]


def test_a_corpus_of_one_pattern_is_not_emptied(tmp_path: Path) -> None:
    texts = [f"Log entry number {i:04}: " + prose(1, 300) for i in range(100)]
    found = assign(table_of(texts, tmp_path), 0.1, NEAR)
    assert found.sides.count("train") > 50
    assert {"check", "test"} <= set(found.sides)


def test_the_first_of_equal_texts_is_kept() -> None:
    assert first_of_each([b"a", b"b", b"a", b"c", b"b"]) == [True, True, False, True, False]


def test_texts_that_do_not_take_part_have_no_side(tmp_path: Path) -> None:
    texts = [prose(i, 50) for i in range(40)]
    keep = [i % 2 == 0 for i in range(40)]
    found = assign(table_of(texts, tmp_path), 0.2, NEAR, keep)
    assert [side is not None for side in found.sides] == keep
    assert found.exact == 20


def test_a_text_that_fills_the_corpus_is_trained_on(tmp_path: Path) -> None:
    for seed in range(12):
        texts = [prose(seed, 60)] * 80 + [prose(100 + seed * 50 + i, 60) for i in range(20)]
        found = assign(table_of(texts, tmp_path), 0.05, NEAR)
        assert found.sides[:80] == ["train"] * 80
        assert {"check", "test"} <= set(found.sides)
