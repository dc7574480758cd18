"""Sides depend on the words alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import split
from core.corpus.duplicates import normalised, text_hash
from core.corpus.hashes import table_of

HASHES = st.lists(st.binary(min_size=16, max_size=16), min_size=3, max_size=80, unique=True)
WORDS = st.sampled_from(["one", "two", "three", "花", "鳥。", "end.\n", "\n\n", " ", "long" * 40])
TEXTS = st.lists(WORDS, max_size=2000).map("".join)


def numbered(count: int) -> list[bytes]:
    return [text_hash(f"text {i}") for i in range(count)]


def sides(hashes: list[bytes], share: float, old: list[int] | None = None) -> list[str]:
    codes = split.sides(table_of(hashes), share, None if old is None else np.array(old, np.int8))
    return [split.SIDES[code] for code in codes]


def stretches(
    text: str, ends: list[int], sides: list[split.Side | None]
) -> list[tuple[split.Side, str]]:
    return [(side, text[start:end]) for side, start, end in split.parted(text, ends, sides)]


@given(HASHES, st.floats(0.005, 0.5), st.randoms())
def test_sides_do_not_depend_on_the_order(
    hashes: list[bytes], share: float, order: random.Random
) -> None:
    before = dict(zip(hashes, sides(hashes, share), strict=True))
    mixed = order.sample(hashes, len(hashes))
    assert dict(zip(mixed, sides(mixed, share), strict=True)) == before


@given(HASHES, HASHES, st.floats(0.005, 0.5))
def test_growth_never_moves_text_from_training_to_unseen(
    hashes: list[bytes], more: list[bytes], share: float
) -> None:
    before = dict(zip(hashes, sides(hashes, share), strict=True))
    grown = hashes + [h for h in more if h not in before]
    after = dict(zip(grown, sides(grown, share), strict=True))
    for name, side in before.items():
        if side == "train" and split.position(name) >= share:
            assert after[name] == "train"
        elif len(hashes) > 20 / share:
            assert after[name] == side


@given(HASHES, HASHES, st.floats(0.005, 0.5), st.floats(0.005, 0.5))
def test_text_that_has_a_side_keeps_it(
    hashes: list[bytes], more: list[bytes], share: float, changed: float
) -> None:
    before = split.sides(table_of(hashes), share).tolist()
    new = [h for h in more if h not in hashes]
    after = sides(new + hashes, changed, [split.OUT] * len(new) + before)
    assert after[len(new) :] == [split.SIDES[code] for code in before]


@given(HASHES, st.floats(0.005, 0.5))
def test_every_side_has_something(hashes: list[bytes], share: float) -> None:
    assert set(sides(hashes, share)) == {"train", "check", "test"}


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_the_share_is_kept_by_number(share: float) -> None:
    found = sides(numbered(20_000), share)
    for part in ("check", "test"):
        expected = 20_000 * share / 2
        assert abs(found.count(part) - expected) < 5 * expected**0.5  # Five standard deviations.


def test_positions_are_uniform() -> None:
    hashes = numbered(5_000)
    places = split.positions(table_of(hashes))
    assert places.tolist() == [split.position(h) for h in hashes]
    uniform = (np.arange(5_000) + 0.5) / 5_000
    assert np.abs(np.sort(places) - uniform).max() < 1.63 / 5_000**0.5  # Kolmogorov–Smirnov, 1 %.


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
    found = sides([text_hash(normalised(block)) for block in blocks], 0.05)
    unseen = sum(len(b) for b, s in zip(blocks, found, strict=True) if s != "train")
    assert 0.02 < unseen / len(text) < 0.09
    assert all(block.endswith("\n") for block in blocks)


# ---- gaps ----------------------------------------------------------------------------------------

SIDES = st.sampled_from(["train", "check", "test", None])
PROSE = st.lists(
    st.sampled_from(["One two. ", "花が咲いた。", "Line\n", "long" * 60, "“Yes!” ", "\n\n", " "]),
    min_size=1, max_size=60,
).map("".join)  # fmt: skip


@given(PROSE, st.integers(10, 300), st.lists(SIDES, min_size=80, max_size=80))
def test_unseen_stretches_are_whole_and_a_gap_lies_before_what_is_trained_on(
    text: str, length: int, chosen: list[split.Side | None]
) -> None:
    ends = split.cuts(text, length)
    sides = chosen[: len(ends)]
    blocks = list(split.pieces(text, ends))
    found = stretches(text, ends, sides)
    unseen = "".join(b for b, s in zip(blocks, sides, strict=True) if s in ("check", "test"))
    assert "".join(t for s, t in found if s != "train").split() == unseen.split()
    trained = "".join(b for b, s in zip(blocks, sides, strict=True) if s == "train")
    borders = sum({a, b} >= {"train"} and bool({a, b} & {"check", "test"})
                  for a, b in pairwise(sides))  # fmt: skip
    kept = "".join(t for s, t in found if s == "train")
    assert len(trained) - len(kept) <= borders * split.GAP + sum(
        len(b) for b in blocks if not b.strip()
    ) + text.count(" ") + text.count("\n")
    for _, stretch in found:
        assert stretch in text
        assert stretch.strip()


def test_the_sentence_beside_unseen_text_is_on_neither_side() -> None:
    text = "A a. B b. C c.\nD d. E e.\nF f. G g. H h."
    ends = [15, 25, len(text)]
    found = stretches(text, ends, ["train", "test", "train"])
    assert found == [("train", "A a. B b. "), ("test", "D d. E e.\n"), ("train", "G g. H h.")]


def test_without_a_sentence_end_the_gap_is_as_long_as_gaps_get_but_never_beyond_the_middle() -> (
    None
):
    text = "x" * 1000 + "y" * 1000 + "z" * 100
    found = stretches(text, [1000, 2000, 2100], ["test", "train", "check"])
    assert [len(stretch) for _, stretch in found] == [1000, 1000 - 2 * split.GAP, 100]
    found = stretches(text, [1000, 2000, 2100], ["test", None, "train"])
    assert [len(stretch) for _, stretch in found] == [1000, 100]
    found = stretches(text, [2000, 2100], ["test", "train"])
    assert [len(stretch) for _, stretch in found] == [2000, 50]
