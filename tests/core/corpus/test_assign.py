"""No unseen text is trained on, nor anything near to it; nothing that has a side changes it."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.corpus import duplicates, split
from core.corpus.assign import TextTable, assign
from core.corpus.duplicates import NEAR, normalised
from core.corpus.hashes import exact_of, table_of
from tests.core.corpus.near_texts import edited, exact, japanese, prose

ONCE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)


def table(texts: list[str], folder: Path) -> TextTable:
    with TextTable(folder / "sketches") as made:
        made.add_texts(texts)
    return made


def copies(seed: int, count: int) -> list[str]:
    """A text and its near copies, far nearer than NEAR."""
    text = japanese(seed, 300) if seed % 2 else prose(seed, 90)
    return [text, *(text + f" {number}." for number in range(1, count))]


def texts_of(picks: list[int]) -> list[str]:
    return [copies(pick, 6)[i % 6] for i, pick in enumerate(picks)]


def nothing_is_near_across(texts: list[str], sides: list[split.Side | None]) -> None:
    unseen = [t for t, side in zip(texts, sides, strict=True) if side in ("check", "test")]
    for text, side in zip(texts, sides, strict=True):
        if side == "train":
            assert all(exact(text, other) < NEAR for other in unseen)


@pytest.mark.parametrize("merge", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_a_text_and_its_near_duplicate_never_stand_on_both_sides(
    tmp_path: Path, seed: int, merge: bool
) -> None:
    texts = [prose(1000 * seed + i, 200) for i in range(60)]
    texts += [text + " and a last word" for text in texts[::3]]
    random.Random(seed).shuffle(texts)
    found = assign(table(texts, tmp_path), 0.3, NEAR, merge=merge)
    nothing_is_near_across(texts, list(found))
    kept = [side for side in found if side is not None]
    assert set(kept) == {"train", "check", "test"}
    assert found.near == len(texts) - len(kept) == (20 if merge else found.near) > 0


@given(
    st.lists(st.integers(0, 40), min_size=12, max_size=40), st.integers(0, 40), st.booleans(),
    st.randoms(),
)  # fmt: skip
@ONCE
def test_growing_and_mixing_change_no_side_and_keep_near_texts_together(
    tmp_path: Path, picks: list[int], count: int, merge: bool, order: random.Random
) -> None:
    texts = list(dict.fromkeys(texts_of(picks)))
    first = texts[:count]
    before = dict(zip(first, assign(table(first, tmp_path), 0.3, NEAR, merge=merge), strict=True))
    mixed = order.sample(texts, len(texts))
    codes = [split.SIDES.index(side) if (side := before.get(t)) else split.OUT for t in mixed]
    old = np.array(codes, np.int8)
    after = list(assign(table(mixed, tmp_path), 0.3, NEAR, old=old, merge=merge))
    for text, side in zip(mixed, after, strict=True):
        if before.get(text) is not None:
            assert side == before[text]
    again = assign(table(texts, tmp_path), 0.3, NEAR, merge=merge)
    moved = assign(table(mixed, tmp_path), 0.3, NEAR, merge=merge)
    assert dict(zip(texts, again, strict=True)) == dict(zip(mixed, moved, strict=True))
    different = len(set(picks))
    if different >= 10 and (merge or different * 10 >= 8 * len(picks)):
        nothing_is_near_across(texts, list(again))  # Else the corpus is mostly copies of itself.


def test_of_a_near_pair_the_trained_copy_goes(tmp_path: Path) -> None:
    texts = [prose(i, 200) for i in range(60)]
    alone = list(assign(table(texts, tmp_path), 0.3, NEAR))
    unseen = texts[alone.index("test")]
    more = [unseen + f" ending {i}" for i in range(8)]
    found = list(assign(table(texts + more, tmp_path), 0.3, NEAR))
    assert found[:60] == alone
    assert "train" not in found[60:]


def test_what_is_near_to_old_text_of_another_side_goes_whichever_side_that_is(
    tmp_path: Path,
) -> None:
    texts = [prose(i, 200) for i in range(60)]
    alone = assign(table(texts, tmp_path), 0.3, NEAR)
    more = [f"{text} ending" for text in texts]
    old = np.concatenate([alone.codes, np.full(60, split.OUT, np.int8)])
    found = list(assign(table(texts + more, tmp_path), 0.3, NEAR, old=old))
    assert found[:60] == list(alone)
    kinds = {(a, b) for a, b in zip(found[:60], found[60:], strict=True) if b is not None}
    assert all((a == "train") == (b == "train") for a, b in kinds)
    assert found[60:].count(None) > 10


def test_text_near_to_both_sides_is_left_out(tmp_path: Path) -> None:
    texts = [prose(i, 100) for i in range(60)]
    alone = assign(table(texts, tmp_path), 0.3, NEAR)
    one, two = texts[list(alone).index("train")], texts[list(alone).index("test")]
    both = [one + " " + two]
    old = np.append(alone.codes, split.OUT).astype(np.int8)
    found = list(assign(table(texts + both, tmp_path), 0.3, 0.4, old=old))
    assert found == [*alone, None]


def test_a_corpus_of_one_pattern_is_not_emptied(tmp_path: Path) -> None:
    texts = [f"Log entry number {i:04}: " + prose(1, 8) for i in range(100)]
    for merge in (False, True):
        found = list(assign(table(texts, tmp_path), 0.1, NEAR, merge=merge))
        assert found.count("train") > 50
        assert {"check", "test"} <= set(found)


def test_thirty_backups_of_a_novel_are_merged(tmp_path: Path) -> None:
    novel = prose(1, 8_000)
    texts = [edited(novel, i, 0.001) for i in range(35)] + [prose(100 + i, 2_000) for i in range(5)]
    found = assign(table(texts, tmp_path), 0.1, NEAR, merge=True)
    assert found.near == 34
    assert found.stands_for is not None
    assert len(np.unique(found.stands_for[:35])) == 1


def test_the_first_of_equal_texts_is_kept_or_the_old_one() -> None:
    hashes = table_of([name * 16 for name in (b"a", b"b", b"a", b"c", b"b")])
    assert exact_of(hashes).tolist() == [0, 1, 0, 3, 1]
    old = np.array([False, False, True, False, False])
    assert exact_of(hashes, old).tolist() == [2, 1, 2, 3, 1]


def test_texts_that_do_not_take_part_have_no_side(tmp_path: Path) -> None:
    texts = [prose(i, 50) for i in range(40)]
    keep = [i % 2 == 0 for i in range(40)]
    found = assign(table(texts, tmp_path), 0.2, NEAR, keep)
    assert [side is not None for side in found] == keep
    assert found.exact == 20


def test_equal_texts_share_their_side(tmp_path: Path) -> None:
    texts = [prose(i, 60) for i in range(40)] * 2
    found = list(assign(table(texts, tmp_path), 0.2, NEAR))
    assert found[:40] == found[40:]


def test_a_text_that_fills_the_corpus_is_trained_on(tmp_path: Path) -> None:
    for seed in range(12):
        texts = [prose(seed, 60)] * 80 + [prose(100 + seed * 50 + i, 60) for i in range(20)]
        found = list(assign(table(texts, tmp_path), 0.05, NEAR))
        assert found[:80] == ["train"] * 80
        assert {"check", "test"} <= set(found)


def test_sides_are_those_of_the_hashes(tmp_path: Path) -> None:
    texts = [prose(i, 60) for i in range(200)]
    found = list(assign(table(texts, tmp_path), 0.2, NEAR))
    for text, side in zip(texts, found, strict=True):
        place = split.position(duplicates.text_hash(normalised(text)))
        assert side == ("train" if place >= 0.2 else "check" if place < 0.1 else "test")
