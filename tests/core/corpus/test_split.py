"""Sides depend on the words alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import split
from core.corpus.duplicates import normalised, text_hash

HASHES = st.lists(st.binary(min_size=16, max_size=16), min_size=3, max_size=80, unique=True)
WORDS = st.sampled_from(["one", "two", "three", "花", "鳥。", "end.\n", "\n\n", " ", "long" * 40])
TEXTS = st.lists(WORDS, max_size=2000).map("".join)


def numbered(count: int) -> list[bytes]:
    return [text_hash(f"text {i}") for i in range(count)]


@given(HASHES, st.floats(0.005, 0.5), st.randoms())
def test_sides_do_not_depend_on_the_order(
    hashes: list[bytes], share: float, order: random.Random
) -> None:
    before = dict(zip(hashes, split.sides(hashes, share), strict=True))
    mixed = order.sample(hashes, len(hashes))
    assert dict(zip(mixed, split.sides(mixed, share), strict=True)) == before


@given(HASHES, HASHES, st.floats(0.005, 0.5))
def test_growth_never_moves_text_from_training_to_unseen(
    hashes: list[bytes], more: list[bytes], share: float
) -> None:
    before = dict(zip(hashes, split.sides(hashes, share), strict=True))
    grown = hashes + [h for h in more if h not in before]
    after = dict(zip(grown, split.sides(grown, share), strict=True))
    for name, side in before.items():
        if side == "train" and split.position(name) >= share:
            assert after[name] == "train"
        elif len(hashes) > 20 / share:
            assert after[name] == side


@given(HASHES, st.floats(0.005, 0.5))
def test_every_side_has_something(hashes: list[bytes], share: float) -> None:
    assert set(split.sides(hashes, share)) == {"train", "check", "test"}


def test_equal_texts_share_their_side_even_when_they_are_needed() -> None:
    hashes = numbered(3) * 5
    sides = split.sides(hashes, 0.01)
    assert sides[:3] * 5 == sides


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_the_share_is_kept_by_number(share: float) -> None:
    sides = split.sides(numbered(20_000), share)
    for part in ("check", "test"):
        expected = 20_000 * share / 2
        assert abs(sides.count(part) - expected) < 5 * expected**0.5  # Five standard deviations.


def test_positions_are_uniform() -> None:
    places = np.sort([split.position(h) for h in numbered(5_000)])
    uniform = (np.arange(5_000) + 0.5) / 5_000
    assert np.abs(places - uniform).max() < 1.63 / 5_000**0.5  # Kolmogorov–Smirnov, 1 %.


@pytest.mark.parametrize(
    ("lengths", "few"),
    [
        ([1000] * 29, True),
        ([1000] * 30, False),
        ([1_000_000, 800_000] + [1000] * 100, True),
        ([500, 1500] * 100, False),
        ([], True),
    ],
)
def test_documents_are_few_when_few_of_them_hold_most_of_the_text(
    lengths: list[int], few: bool
) -> None:
    assert split.few(lengths) is few


@given(TEXTS, st.integers(50, 3000))
def test_blocks_make_up_the_text_and_are_about_as_long_as_asked(text: str, length: int) -> None:
    blocks = list(split.blocks(text, length))
    assert "".join(blocks) == text
    assert all(blocks)
    assert all(len(block) <= length * 1.5 + 1 for block in blocks)
    assert all(len(block) >= length // 2 for block in blocks[:-1])


def story(seed: int, lines: int) -> list[str]:
    words = [
        "the",
        "old",
        "fox",
        "ran",
        "over",
        "a",
        "red",
        "hill",
        "and",
        "saw",
        "no",
        "moon",
        "in",
        "any",
        "lake",
    ]
    rng = random.Random(seed)
    return [" ".join(rng.choices(words, k=9)) + f" {i}.\n" for i in range(lines)]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*story(9, 40), *lines],
        lambda lines: [*lines, *story(9, 40)],
        lambda lines: [*lines[:777], *story(9, 3), *lines[777:]],
        lambda lines: [*lines[:777], *lines[787:]],
    ],
    ids=["in front", "behind", "inside", "cut out"],
)
def test_blocks_away_from_a_change_stay_as_they_are(
    change: Callable[[list[str]], list[str]],
) -> None:
    lines = story(1, 2_000)
    before = set(split.blocks("".join(lines), 1_000))
    after = set(split.blocks("".join(change(lines)), 1_000))
    # At the most the blocks until the cuts agree again, and the last one.
    assert len(before - after) <= 8
    assert len(before) > 80


def test_tiny_shakespeare_is_kept_whole_with_about_its_share_unseen(shared_data: Path) -> None:
    text = (shared_data / "en-pretrain" / "tinyshakespeare.txt").read_text(encoding="utf-8")
    blocks = list(split.blocks(text, split.block_length(len(text))))
    assert "".join(blocks) == text
    sides = split.sides([text_hash(normalised(block)) for block in blocks], 0.05)
    unseen = sum(len(b) for b, s in zip(blocks, sides, strict=True) if s != "train")
    assert 0.02 < unseen / len(text) < 0.09
    assert all(block.endswith("\n") for block in blocks)
