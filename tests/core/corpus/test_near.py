"""Near duplicates among many texts: found in parts, whatever the order, and near indeed."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.corpus import near
from core.corpus.duplicates import NEAR, SKETCH, summaries
from core.corpus.hashes import Hashes, exact_of, places_of, table_of
from core.corpus.sketches import SketchFile
from tests.core.corpus.near_texts import edited, japanese, prose

SMALL = 40_000
"""A budget that makes several parts of a few hundred texts."""
ONCE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read(texts: list[str], folder: Path) -> tuple[SketchFile, Hashes]:
    hashes, sketches = summaries(texts)
    return SketchFile.of(folder / "sketches", sketches), table_of(hashes)


def everything(file: SketchFile) -> NDArray[np.bool_]:
    return np.ones(len(file), bool)


def family(seed: int, members: int) -> list[str]:
    """One text and its copies, each a little changed."""
    text = japanese(seed, 400) if seed % 2 else prose(seed, 120)
    language = "ja" if seed % 2 else "en"
    return [text, *(edited(text, seed + i, 0.01, language) for i in range(1, members))]


@pytest.mark.parametrize("budget", [near.BUDGET, SMALL])
def test_of_each_family_one_stays(tmp_path: Path, budget: int) -> None:
    families = [family(seed, 1 + seed % 5) for seed in range(60)]
    texts = [(number, text) for number, texts in enumerate(families) for text in texts]
    random.Random(1).shuffle(texts)
    file, hashes = read([text for _, text in texts], tmp_path)
    found = near.clusters(file, everything(file), hashes, NEAR, budget=budget)
    stays = [texts[row][0] for row in np.unique(found).tolist()]
    assert sorted(stays) == list(range(60))
    for row, kept in enumerate(found.tolist()):
        assert texts[row][0] == texts[kept][0]
        assert found[kept] == kept
        assert tuple(hashes[kept]) <= tuple(hashes[row])  # The first by hash stays.


@given(st.lists(st.integers(0, 11), min_size=1, max_size=30), st.randoms())
@ONCE
def test_the_order_of_texts_does_not_matter(
    tmp_path: Path, picks: list[int], order: random.Random
) -> None:
    texts = [family(pick, 4)[i % 4] for i, pick in enumerate(picks)]
    results: list[set[tuple[str, str]]] = []
    for some in (texts, order.sample(texts, len(texts))):
        file, hashes = read(some, tmp_path)
        found = near.clusters(file, everything(file), hashes, NEAR).tolist()
        results.append({(text, some[kept]) for text, kept in zip(some, found, strict=True)})
    assert results[0] == results[1]


@given(st.lists(st.integers(0, 7), min_size=1, max_size=20), st.integers(0, 20), st.booleans())
@ONCE
def test_what_was_there_stays_when_more_comes(
    tmp_path: Path, picks: list[int], count: int, small: bool
) -> None:
    texts = [family(pick, 4)[i % 4] for i, pick in enumerate(picks)]
    budget = SMALL if small else near.BUDGET
    file, hashes = read(texts[:count], tmp_path)
    before = near.clusters(file, everything(file), hashes, NEAR, budget=budget)
    old = np.zeros(len(texts), bool)
    old[: len(before)] = before == np.arange(len(before))
    file, hashes = read(texts, tmp_path)
    after = near.clusters(file, everything(file), hashes, NEAR, old, budget)
    assert (after[old] == np.flatnonzero(old)).all()
    new = after[len(before) :]
    assert all(old[kept] or kept >= len(before) for kept in new.tolist())


def test_a_chain_is_not_merged_into_its_first_link(tmp_path: Path) -> None:
    chain = [prose(1, 200)]
    for step in range(30):
        words = chain[-1].split()
        chain.append(" ".join(words[10:] + prose(100 + step, 10).split()))
    file, hashes = read(chain, tmp_path)
    found = near.clusters(file, everything(file), hashes, NEAR)
    for row, kept, alike in near.pairs(file, found):
        assert alike >= NEAR
        assert abs(row - kept) <= 7
    assert len(np.unique(found)) >= 4


def test_texts_that_share_a_licence_are_not_near_but_their_copies_are(tmp_path: Path) -> None:
    licence = prose(9, 150)
    texts = [prose(100 + i, 150) + " " + licence for i in range(300)]
    copies = [text + " and a last word" for text in texts[::3]]
    file, hashes = read(texts + copies, tmp_path)
    for budget in (near.BUDGET, SMALL):
        found = near.clusters(file, everything(file), hashes, NEAR, budget=budget)
        groups = {frozenset((row, kept)) for row, kept, _ in near.pairs(file, found)}
        assert groups == {frozenset((3 * i, 300 + i)) for i in range(100)}


def test_only_those_that_take_part_are_merged(tmp_path: Path) -> None:
    texts = family(2, 6)
    file, hashes = read(texts, tmp_path)
    take = np.array([True, False, True, False, True, False])
    found = near.clusters(file, take, hashes, NEAR)
    assert (found[~take] == [1, 3, 5]).all()
    assert len(np.unique(found[take])) == 1


def test_every_near_pair_across_the_sides_is_found(tmp_path: Path) -> None:
    texts = [prose(seed, 300) for seed in range(200)]
    copies = [texts[seed].replace("moka", "kamo", 1) + " one more" for seed in range(0, 200, 7)]
    file, _ = read(texts + copies, tmp_path)
    unseen = np.arange(len(file)) < 200
    for budget in (near.BUDGET, SMALL):
        pairs = near.across(file, unseen, ~unseen, NEAR, budget)
        assert pairs.tolist() == [[7 * i, 200 + i] for i in range(len(copies))]


def test_nothing_is_near_when_a_side_is_empty(tmp_path: Path) -> None:
    file, hashes = read([prose(1, 100)], tmp_path)
    whole = everything(file)
    assert near.across(file, whole, ~whole, NEAR).shape == (0, 2)
    assert near.across(file, ~whole, whole, NEAR).shape == (0, 2)
    assert near.clusters(file, ~whole, hashes, NEAR).tolist() == [0]


def test_no_texts_at_all(tmp_path: Path) -> None:
    file, hashes = read([], tmp_path)
    assert len(near.clusters(file, everything(file), hashes, NEAR)) == 0
    assert list(near.pairs(file, np.empty(0, np.int32))) == []


def test_rows_are_taken_in_any_order(tmp_path: Path) -> None:
    table = np.arange(40_000 * SKETCH, dtype=np.uint64).reshape(-1, SKETCH)
    file = SketchFile.of(tmp_path / "s", table)  # More than one region.
    rows = np.array([39_999, 0, 32_768, 32_767, 5, 5])
    assert (file.take(rows) == table[rows]).all()


# ---- exact ---------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=40))
def test_equal_texts_are_found_old_ones_first(rows: list[tuple[int, bool]]) -> None:
    names = [bytes([number % 3]) * 8 + bytes([number]) * 8 for number, _ in rows]
    old = [was for _, was in rows]
    found = exact_of(table_of(names), np.array(old, bool)).tolist()
    for row, name in enumerate(names):
        same = [i for i, other in enumerate(names) if other == name]
        assert found[row] == min(same, key=lambda i: (not old[i], i))
        assert row in same


def test_hashes_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.corpus.hashes._PART", 16)
    rng = np.random.default_rng(1)
    known = rng.integers(0, 2**64, (500, 2), np.uint64)
    known[:20, 0] = 7  # Equal halves are no equal hashes.
    wanted = np.concatenate([known[100:200], rng.integers(0, 2**64, (50, 2), np.uint64)])
    assert places_of(wanted, known).tolist() == [*range(100, 200), *[-1] * 50]
    assert (places_of(wanted, known[:0]) == -1).all()
    double = np.concatenate([known, known])
    assert exact_of(double).tolist() == [*range(500)] * 2
