"""Batches in which the parent's own text comes again."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.corpus.tokens import TokenSplit
from core.objectives.batch import Batch
from core.objectives.replay import _Mixed, together, without


class Rows:
    """Row number `row` holds only that number, plus `base`."""

    def __init__(self, base: int) -> None:
        self._base = base

    def make(self, row: int) -> Batch:
        block = torch.full((1, 4), self._base + row)
        return Batch(block, block + 1, None)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.9])
def test_old_rows_come_in_their_share_and_no_row_is_lost_or_read_twice(share: float) -> None:
    source = _Mixed(Rows(0), [Rows(10_000)], np.array([1.0]), share, 5, seed=3)
    rows = [row for step in range(200) for row in source.make(step).inputs[:, 0].tolist()]
    old, new = [r for r in rows if r >= 10_000], [r for r in rows if r < 10_000]
    assert len(rows) == 1000
    assert len(old) == pytest.approx(1000 * share, abs=1)
    assert new == list(range(len(new)))
    assert old == list(range(10_000, 10_000 + len(old)))


def test_which_corpus_comes_again_depends_on_its_length_and_the_seed_alone() -> None:
    def corpora(seed: int) -> list[int]:
        old = [Rows(10_000), Rows(20_000)]
        source = _Mixed(Rows(0), [*old], np.array([0.8, 0.2]), 0.5, 2, seed)  # type: ignore[list-item]
        steps = list(range(400)) if seed == 1 else list(reversed(range(400)))
        found = {step: source.make(step).inputs[-1, 0].item() // 10_000 for step in steps}
        return [int(found[step]) for step in range(400)]

    first = corpora(1)
    assert first == corpora(1)
    assert first.count(2) == pytest.approx(80, abs=25)
    assert first != corpora(2)


def test_what_only_some_rows_have_is_filled_up_for_the_others() -> None:
    plain = Batch(torch.zeros(1, 3).long(), torch.ones(1, 3).long(), None)
    answers = Batch(
        torch.ones(2, 3).long(), torch.ones(2, 3).long(), torch.ones(2, 3).long(),
        torch.tensor([[True, False, False]] * 2), {"segments": torch.ones(2, 3)},
    )  # fmt: skip
    batch = together([answers, plain])
    assert batch.documents is not None
    assert batch.weights is not None
    assert batch.documents.tolist() == [[1, 1, 1], [1, 1, 1], [0, 0, 0]]
    assert batch.weights.tolist() == [[True, False, False]] * 2 + [[True] * 3]
    assert batch.extra["segments"].tolist() == [[1.0] * 3, [1.0] * 3, [0.0] * 3]
    assert together([plain, plain]).documents is None
    assert together([plain, plain]).weights is None


def test_documents_that_are_unseen_somewhere_are_left_out() -> None:
    split = TokenSplit(np.arange(9, dtype=np.uint16), np.array([0, 2, 5, 9]), np.array([4, 6, 8]))
    left = without(split, np.array([False, True, False]))
    assert left.tokens.tolist() == [0, 1, 5, 6, 7, 8]
    assert left.offsets.tolist() == [0, 2, 6]
    assert left.bytes.tolist() == [4, 8]
    assert without(split, np.zeros(3, bool)) is split
