"""Weights: how often each document is read, pass by pass, whatever is learnt from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.corpus.mixture import Part
from core.corpus.runs import chained, stretches
from core.corpus.tokens import TokenSplit
from core.home import Home
from core.objectives.chat import Chat, ChatSource
from core.objectives.dialogues import Talks
from core.objectives.masking import MaskedSource
from core.objectives.packing import RowOrder
from core.objectives.passes import Passes, Repeats
from core.objectives.preference import Pairs, PairSource, Preference
from core.objectives.windows import WindowOrder, WindowSource
from core.tokenizer.template import Rendered
from tests.core.objectives.talks import ingredients, with_recipe
from tests.core.objectives.test_masked import frame

END = 0
WEIGHTS = [0.5, 1.0, 2.0, 3.5]


def split_of(lengths: list[int], weights: list[float] | None = None) -> TokenSplit:
    """Every token of document n is n + 4, but the last, which ends it."""
    parts = [np.append(np.full(length - 1, n + 4), END) for n, length in enumerate(lengths)]
    offsets = np.cumsum([0, *lengths]).astype(np.int64)
    counts = None if weights is None else np.array(weights)
    tokens = np.concatenate(parts).astype(np.uint16)
    return TokenSplit(tokens, offsets, np.array(lengths, np.int64), "train", counts)


def talks_of(count: int, weights: list[float] | None) -> Talks:
    return Talks((Rendered([n] * 5, [False] + [True] * 4, 4) for n in range(count)), weights)


# ---- how often -----------------------------------------------------------------------------------


def test_each_document_is_read_as_often_as_it_counts() -> None:
    weights = np.repeat(WEIGHTS, 6)
    repeats = Repeats(weights, len(weights), seed=5)
    times = np.stack([repeats.times(number) for number in range(10)])
    assert times.sum(0).tolist() == [10 * weight for weight in weights]
    half, one, two, more = (times[:, weights == weight] for weight in WEIGHTS)
    assert (one == 1).all() and (two == 2).all()
    # Half of them each time, and then the other half.
    assert (half.sum(1) == 3).all() and (half[::2] + half[1::2] == 1).all()
    assert set(np.unique(more)) == {3, 4} and (more.sum(1) == 21).all()


@given(
    weights=st.lists(st.floats(0, 10), min_size=1, max_size=12).filter(any),
    passes=st.integers(1, 30), seed=st.integers(0, 99),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_no_document_is_ever_more_than_one_reading_away_from_its_weight(
    weights: list[float], passes: int, seed: int
) -> None:
    repeats = Repeats(np.array(weights), len(weights), seed)
    read = np.sum([repeats.times(number) for number in range(passes)], 0)
    assert (abs(read - passes * np.array(weights)) <= 1 + 1e-9).all()
    number = passes - 1
    assert np.bincount(repeats.members(number), minlength=len(weights)).tolist() == (
        repeats.times(number).tolist()
    )


def test_nothing_that_counts_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="no text"):
        Repeats(np.zeros(3), 3, 0)


# ---- windows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("context", [7, 16, 100])
def test_windows_read_every_token_of_the_documents_of_a_pass(context: int) -> None:
    lengths = [20, 35, 11, 50, 8, 29, 17, 40]
    split = split_of(lengths, [*WEIGHTS, *WEIGHTS])
    passes = Passes(split, seed=3)
    order = WindowOrder(passes.tokens, context, 3)
    seen: list[NDArray[np.int64]] = [
        np.zeros(len(passes.split(number).tokens), np.int64) for number in range(4)
    ]
    index = 0
    while (place := order.place(index))[0] < 4:
        number, start = place
        seen[number][(start + np.arange(context)) % len(seen[number])] += 1
        index += 1
    for number, counts in enumerate(seen):
        assert counts.min() >= 1 and counts.sum() < len(counts) + context
        text = passes.split(number)
        expected = np.array(lengths) * Repeats(split.weights, 8, 3).times(number)
        found = [int((text.tokens[:] == n + 4).sum()) for n in range(8)]
        assert found == [
            int(e - e / length) for e, length in zip(expected, lengths, strict=True)
        ]  # Without the ends.
        assert text.offsets[-1] == len(text.tokens) == passes.tokens(number)


def test_batches_hold_documents_in_the_shares_of_their_weights() -> None:
    split = split_of([40] * 8, [*WEIGHTS, *WEIGHTS])
    source = WindowSource(split, 16, 4, 3, END)
    counts = np.zeros(12)
    passes = Passes(split, 3)
    windows = sum(-(-passes.tokens(number) // 16) for number in range(8))
    for step in range(windows // 4):
        counts += np.bincount(source.make(step).inputs.flatten().numpy(), minlength=12)
    assert (counts[4:] / 39 / 8 == pytest.approx([*WEIGHTS, *WEIGHTS], rel=0.03)) is True


def test_a_step_gives_the_same_batch_whatever_was_asked_before() -> None:
    split = split_of([20, 35, 11, 50], WEIGHTS)
    one = WindowSource(split, 16, 4, 3, END)
    run = [one.make(step) for step in range(30)]
    for step in (29, 0, 13):
        again = WindowSource(split, 16, 4, 3, END).make(step)
        assert torch.equal(again.inputs, run[step].inputs)
        assert torch.equal(again.targets, run[step].targets)


def test_weights_of_one_are_the_order_without_weights() -> None:
    plain, ones = split_of([20, 35, 11, 50]), split_of([20, 35, 11, 50], [1.0] * 4)
    one, two = (WindowSource(split, 16, 4, 3, END) for split in (plain, ones))
    assert all(torch.equal(one.make(s).inputs, two.make(s).inputs) for s in range(20))


def test_a_pass_in_which_no_document_comes_is_skipped() -> None:
    split = split_of([30], [0.25])
    source = WindowSource(split, 16, 2, 1, END)
    assert all(source.make(step).inputs.max() == 4 for step in range(10))


def test_two_corpora_in_two_arrays_read_as_one() -> None:
    whole = split_of([20, 35, 11, 50], WEIGHTS)
    parts = replace(whole, tokens=chained([whole.tokens[:40], whole.tokens[40:]]))
    one, two = (WindowSource(split, 16, 4, 3, END) for split in (whole, parts))
    assert all(torch.equal(one.make(s).inputs, two.make(s).inputs) for s in range(20))


def test_stretches_slice_as_an_array_does() -> None:
    base = np.arange(50, dtype=np.uint16)
    runs = stretches(base, np.array([10, 0, 7]), np.array([15, 0, 30]))
    whole = np.concatenate([base[10:15], base[7:30]])
    assert len(runs) == len(whole) and np.array_equal(np.asarray(runs), whole)
    for begin in range(len(whole) + 2):
        for end in range(len(whole) + 2):
            assert np.array_equal(runs[begin:end], whole[begin:end])
            assert runs[begin:end].dtype == np.uint16


# ---- the other objectives ------------------------------------------------------------------------


def _rows_of(order: RowOrder, passes: int) -> list[dict[int, int]]:
    """Tokens of each document by pass."""
    found: list[dict[int, int]] = []
    index = 0
    while True:
        _, pieces = order.row(index)
        number = np.searchsorted(order._ends, index, side="right") - 1
        if number == passes:
            return found
        if number == len(found):
            found.append({})
        for begin, end in pieces:
            [document] = np.unique(order.split.tokens[begin:end])
            found[-1][int(document)] = found[-1].get(int(document), 0) + end - begin
        index += 1


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("cut", [False, True])
def test_masked_rows_hold_the_documents_of_a_pass(fixed: bool, cut: bool) -> None:
    lengths = [20, 35, 11, 50, 8, 29, 17, 40]
    split = split_of(lengths, [*WEIGHTS, *WEIGHTS])
    breaks = np.arange(0, sum(lengths), 5) if cut else None
    order = RowOrder(split, 24, 2, 3, fixed, breaks)
    for number, found in enumerate(_rows_of(order, 4)):
        times = Repeats(split.weights, 8, 3).times(number)
        expected = {n + 4: int(t) * (lengths[n] - 1) for n, t in enumerate(times) if t}
        assert found == expected


def test_masked_batches_are_a_function_of_the_step() -> None:
    split = split_of([20, 35, 11, 50], WEIGHTS)
    for pairs in (False, True):
        one = MaskedSource(split, frame(pairs), 24, 3, 7, 0.15, False)
        run = [one.make(step) for step in range(20)]
        late = MaskedSource(split, frame(pairs), 24, 3, 7, 0.15, False).make(13)
        assert torch.equal(late.inputs, run[13].inputs)
        assert torch.equal(late.targets, run[13].targets)


def test_conversations_come_as_often_as_they_count() -> None:
    source = ChatSource(talks_of(4, WEIGHTS), 8, 1, 3, 9)
    counts = np.zeros(4, int)
    index = 0
    while np.searchsorted(source._ends, index, side="right") - 1 < 2 or index == 0:
        for member in source._row(index):
            counts[member] += 1
        index += 1
        source._row(index)
    assert counts.tolist() == [1, 2, 4, 7]
    again = ChatSource(talks_of(4, WEIGHTS), 8, 1, 3, 9)
    assert torch.equal(again.make(9).inputs, source.make(9).inputs)
    ones, plain = (ChatSource(talks_of(6, w), 8, 2, 3, 9) for w in ([1.0] * 6, None))
    assert all(torch.equal(ones.make(s).inputs, plain.make(s).inputs) for s in range(9))
    assert source.rows == pytest.approx(7 / 2, abs=0.6)  # Two in a row.


def test_pairs_come_as_often_as_they_count() -> None:
    def pairs(weights: list[float] | None) -> Pairs:
        made = [Rendered([n] * 5, [False] + [True] * 4, 4) for n in range(4)]
        return Pairs([(one, one) for one in made], weights)

    source = PairSource(pairs(WEIGHTS), 16, 7, 3, 9)
    seen = np.concatenate([source.make(step).inputs[:, 0].numpy() for step in range(2)])
    assert np.bincount(seen, minlength=4).tolist() == [1, 2, 4, 7]
    again = PairSource(pairs(WEIGHTS), 16, 7, 3, 9)
    assert torch.equal(again.make(1).inputs, source.make(1).inputs)
    ones, plain = (PairSource(pairs(w), 16, 3, 3, 9) for w in ([1.0] * 4, None))
    assert all(torch.equal(ones.make(s).inputs, plain.make(s).inputs) for s in range(9))


def test_weights_of_sources_reach_conversations_and_pairs(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = [
        {"prompt": f"Ask {n}?", "chosen": f"Good {n} one.", "rejected": f"Bad {n}."}
        for n in range(40)
    ]
    made = ingredients(home, rows)
    part = Part("Talks", made.corpus_folder, made.snapshot, 2.0, {str(home.path): 1.5})
    for kind, recipe in ((Chat, {}), (Preference, {"preference_loss": "simpo"})):
        plain = with_recipe(made, objective=kind.name, **recipe)
        weighted = replace(plain, parts=(part,))
        one, three = kind(plain), kind(weighted)
        ratio = three.text_tokens(made.store) / one.text_tokens(made.store)
        assert ratio == pytest.approx(3, rel=0.1)
        assert one.facts() == three.facts()
        assert (
            one.source(64, 2, 1).make(0).inputs.shape == three.source(64, 2, 1).make(0).inputs.shape
        )
