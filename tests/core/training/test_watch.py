"""The part of unseen text that is measured while a run goes on."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus.tokens import TokenSplit
from core.training.watch import take

PIECES = [b""] + [b"x" * (1 + token % 3) for token in range(1, 1 << 16)]


def split_of(lengths: list[int]) -> TokenSplit:
    """Documents of these lengths; a token tells its place, 0 ends every document."""
    offsets = np.cumsum([0, *lengths], dtype=np.int64)
    tokens = np.arange(1, offsets[-1] + 1).astype(np.uint16)
    tokens[offsets[1:] - 1] = 0
    parts = itertools.pairwise(offsets)
    sizes = [sum(len(PIECES[t]) for t in tokens[a:b]) for a, b in parts]
    return TokenSplit(tokens, offsets, np.array(sizes, np.int64))


@given(
    lengths=st.lists(st.integers(2, 4000), min_size=1, max_size=15),
    limit=st.integers(300, 9000),
)
@settings(max_examples=80, deadline=None)
def test_passages_are_pieces_of_single_documents_and_their_bytes_are_counted(
    lengths: list[int], limit: int
) -> None:
    split = split_of(lengths)
    taken = take(split, limit, PIECES)
    assert min(limit, len(split.tokens)) / 2 < len(taken.tokens) <= limit
    assert len(taken.tokens) == taken.offsets[-1]
    assert (np.diff(taken.offsets) > 0).all()
    places = taken.tokens[taken.tokens > 0]
    assert (np.diff(places.astype(int)) > 0).all()  # In order, none twice.
    for begin, end in zip(taken.offsets[:-1], taken.offsets[1:], strict=True):
        assert (taken.tokens[begin : end - 1] > 0).all()  # Only the last may end a document.
        assert (np.diff(taken.tokens[begin : end - 1].astype(int)) == 1).all()
    assert taken.bytes.sum() == sum(len(PIECES[t]) for t in taken.tokens)


@pytest.mark.parametrize("lengths", [[30_000, 30_000], [200] * 300, [30_000, *[200] * 150]])
def test_the_second_half_of_a_corpus_counts_as_much_as_the_first(lengths: list[int]) -> None:
    split = split_of(lengths)
    taken = take(split, 6000, PIECES)
    words = taken.tokens[taken.tokens > 0]
    assert len(taken.tokens) > 5500
    assert abs(float((words > len(split.tokens) // 2).mean()) - 0.5) < 0.1


def test_a_text_below_the_limit_is_taken_whole() -> None:
    split = split_of([50, 70])
    assert take(split, 120, PIECES) is split
