"""Batches: a pure function of seed and step, in which every token is used."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus.tokens import TokenSplit
from core.objectives.windows import WindowOrder, WindowSource
from core.training.batches import Batches

END = 0


def split_of(total: int, documents: int = 1) -> TokenSplit:
    """Tokens 1, 2, 3, … so that a token tells its place; every document ends with 0."""
    tokens = np.arange(1, total + 1).astype(np.uint16)
    offsets = np.linspace(0, total, documents + 1).astype(np.int64)
    tokens[offsets[1:] - 1] = END
    return TokenSplit(tokens, offsets, np.diff(offsets))


def batches(split: TokenSplit, seed: int = 3, first: int = 0, context: int = 16) -> Batches:
    return Batches(WindowSource(split, context, 4, seed, END), first)


@given(
    total=st.integers(34, 700), context=st.integers(2, 32), seed=st.integers(0, 99),
    number=st.integers(0, 3),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_pass_trains_on_every_token_and_on_hardly_any_twice(
    total: int, context: int, seed: int, number: int
) -> None:
    order = WindowOrder(total, context, seed)
    seen = np.zeros(total, int)
    for index in range(number * order.windows, (number + 1) * order.windows):
        start = order.start(index)
        seen[(start + 1 + np.arange(context)) % total] += 1  # Targets.
    assert seen.min() >= 1
    assert seen.sum() < total + context


def test_passes_differ_in_order_and_offset() -> None:
    order = WindowOrder(1000, 10, seed=1)
    first = [order.start(i) for i in range(order.windows)]
    second = [order.start(order.windows + i) for i in range(order.windows)]
    assert first != second
    assert set(first) != set(second)
    assert first != sorted(first)


def test_a_step_gives_the_same_batch_whatever_was_asked_before() -> None:
    split = split_of(500)
    one = batches(split)
    try:
        run = [one.get(step) for step in range(40)]
    finally:
        one.close()
    for step in (0, 7, 39):
        other = batches(split, first=step)
        try:
            again = other.get(step)
        finally:
            other.close()
        assert torch.equal(again.inputs, run[step].inputs)
        assert torch.equal(again.targets, run[step].targets)


def test_another_seed_gives_another_order() -> None:
    one, two = batches(split_of(500), seed=1), batches(split_of(500), seed=2)
    try:
        assert not torch.equal(one.get(0).inputs, two.get(0).inputs)
    finally:
        one.close()
        two.close()


def test_targets_are_the_inputs_one_token_later_also_round_the_end() -> None:
    split = split_of(50)
    made = batches(split)
    try:
        for step in range(10):
            batch = made.get(step)
            places = np.searchsorted(split.tokens[:-1], batch.inputs.numpy())
            follow = split.tokens[(np.where(batch.inputs.numpy() == END, 49, places) + 1) % 50]
            assert (batch.targets.numpy() == follow).all()
    finally:
        made.close()


def test_a_window_may_be_longer_than_half_the_text() -> None:
    made = batches(split_of(18), context=16)
    try:
        assert made.get(0).inputs.shape == (4, 16)
    finally:
        made.close()


def test_documents_are_numbered_where_a_window_holds_more_than_one() -> None:
    made = batches(split_of(400, documents=40), context=32)
    try:
        batch = made.get(0)
    finally:
        made.close()
    assert batch.documents is not None
    for row, numbers in zip(batch.inputs, batch.documents, strict=True):
        starts = row == END  # An end-of-text token opens the document after it.
        assert torch.equal(numbers.diff() == 1, starts[1:])


def test_a_fault_in_preparing_is_raised_where_the_batch_is_asked_for() -> None:
    broken = TokenSplit(np.array([], np.uint16), np.array([0]), np.array([], np.int64))
    made = Batches(WindowSource(broken, 8, 2, 0, END), 0)
    try:
        with pytest.raises((ZeroDivisionError, IndexError, ValueError)):
            made.get(0)
    finally:
        made.close()
