"""Scores: every token once, bits per byte by hand, intervals against numpy."""

from __future__ import annotations

import math
from itertools import chain
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from core.corpus.tokens import TokenSplit
from core.evaluation.score import by_block, by_document, score, windows_of
from core.families.qwen3 import Qwen3Config
from core.intervals import bits_per_byte_interval, paired_difference
from core.models.qwen3.model import Qwen3

END = 0


def split_of(*documents: list[int], sizes: list[int] | None = None) -> TokenSplit:
    """Documents of token ids, each ended; `sizes`: their UTF-8 bytes."""
    ended = [[*tokens, END] for tokens in documents]
    offsets = np.cumsum([0, *(len(tokens) for tokens in ended)])
    lengths = sizes or [len(tokens) for tokens in documents]
    return TokenSplit(
        np.array(list(chain.from_iterable(ended)), np.uint16),
        offsets.astype(np.int64),
        np.array(lengths, np.int64),
    )


class Flat(nn.Module):
    """Holds every token for equally likely."""

    def __init__(self, vocabulary: int, context: int) -> None:
        super().__init__()
        self.config = SimpleNamespace(context=context, vocabulary=vocabulary)
        self.lm_head = nn.Linear(4, vocabulary, bias=False)
        nn.init.zeros_(self.lm_head.weight)

    def hidden(self, tokens: Tensor) -> Tensor:
        return torch.ones(*tokens.shape, 4)

    def logits(self, hidden: Tensor) -> Tensor:
        return self.lm_head(hidden)


@given(
    lengths=st.lists(st.integers(0, 90), min_size=1, max_size=6), context=st.integers(2, 24),
    share=st.sampled_from([0.5, 1.0]),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_every_token_is_scored_exactly_once_and_windows_fit(
    lengths: list[int], context: int, share: float
) -> None:
    split = split_of(*[[1 + i % 9 for i in range(n)] for n in lengths])
    seen = np.zeros(len(split.tokens), int)
    stride = max(1, int(context * share))
    for window in windows_of(split, context, END, stride, list(range(split.documents))):
        assert len(window.tokens) <= context + 1
        targets = window.tokens[window.first + 1 :]
        places = window.begin + np.arange(len(targets))
        assert (split.tokens[places] == targets).all()
        seen[places] += 1
    assert (seen == 1).all()


def test_a_scored_token_has_at_least_half_the_context_before_it() -> None:
    split = split_of([1 + i % 9 for i in range(200)])
    for window in windows_of(split, 16, END, 8, [0]):
        if window.begin:
            assert window.first >= 8


def test_a_model_that_knows_nothing_gets_the_logarithm_of_its_vocabulary() -> None:
    split = split_of([1, 2, 3], [4] * 50, sizes=[9, 60])
    scores = score(Flat(32, context=8), split, END)
    assert scores.tokens.tolist() == [4, 51]
    assert scores.loss == pytest.approx(math.log(32))
    # 55 tokens of 5 bits each, on 69 bytes.
    assert scores.bits_per_byte == pytest.approx(55 * 5 / 69)


def test_nats_are_those_of_a_naive_pass_over_each_token(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Qwen3Config(
        vocabulary=29, layers=2, width=32, heads=2, kv_heads=2, head_size=16, feed_forward=48,
        context=12, tied=False,
    )  # fmt: skip
    torch.manual_seed(0)
    model = Qwen3(config).eval()
    with torch.no_grad():
        model.lm_head.weight.mul_(5)
    documents = [[1 + (i * i) % 27 for i in range(n)] for n in (40, 3, 12, 11, 13)]
    split = split_of(*documents)
    monkeypatch.setattr("core.evaluation.score._LOGITS_AT_ONCE", 29 * 7)
    scores = score(model, split, END, batch=3)
    wanted: list[float] = []
    for tokens in documents:
        text = [END, *tokens, END]
        nats = 0.0
        for place in range(1, len(text)):
            # By definition: windows end 12, 18, 24, … tokens after the beginning.
            end = 12 if place <= 12 else 12 + 6 * math.ceil((place - 12) / 6)
            begin = max(0, min(end, len(text) - 1) - 12) if end <= len(text) - 1 else end - 12
            with torch.no_grad():
                logits = model(torch.tensor([text[begin:place]]))[0, -1].double()
            nats -= float(logits.log_softmax(-1)[text[place]])
        wanted.append(nats)
    assert scores.nats.tolist() == pytest.approx(wanted, rel=1e-4)


def test_scoring_can_be_stopped_and_tells_how_far_it_is() -> None:
    split = split_of(*[[1] * 30 for _ in range(20)])
    told: list[int] = []
    scores = score(
        Flat(8, 8), split, END, batch=4, stop=lambda: len(told) > 2, progress=told.append
    )
    assert told == sorted(told)
    assert 0 < scores.tokens.sum() < len(split.tokens)
    assert told[-1] == scores.tokens.sum()


def test_blocks_are_cut_by_bytes_and_hold_every_byte_of_the_text() -> None:
    pieces = [b"", b"a", "猫".encode(), b"word "]
    split = split_of([3] * 700 + [2] * 300 + [1] * 50, [1, 2, 3])
    units = by_block(split, pieces, size=1000)
    lengths = np.array([len(pieces[t]) for t in split.tokens])
    assert units.bytes.sum() == lengths.sum()
    for number, size in enumerate(units.bytes):
        assert lengths[units.of_token == number].sum() == size
    assert units.bytes[:-1].max() < 1000 + 5
    assert len(set(units.of_token[:1051]) & set(units.of_token[1051:])) == 0


def test_documents_are_the_units_otherwise() -> None:
    units = by_document(split_of([1, 2], [3], sizes=[20, 30]))
    assert units.of_token.tolist() == [0, 0, 0, 1, 1]
    assert units.bytes.tolist() == [20.0, 30.0]


# ---- intervals -----------------------------------------------------------------------------------


def test_the_interval_is_the_bootstrap_of_numpy() -> None:
    rng = np.random.default_rng(4)
    sizes = rng.integers(50, 4000, 80).astype(float)
    nats = sizes * rng.normal(1.4, 0.2, 80)
    low, high = bits_per_byte_interval(nats, sizes)
    # Independently: draw after draw, with another seed and many more of them.
    draws = np.random.default_rng(1)
    values = []
    for _ in range(20_000):
        chosen = draws.integers(0, 80, 80)
        values.append(nats[chosen].sum() / sizes[chosen].sum() / math.log(2))
    wanted = np.quantile(values, [0.025, 0.975])
    width = wanted[1] - wanted[0]
    assert low == pytest.approx(wanted[0], abs=0.08 * width)
    assert high == pytest.approx(wanted[1], abs=0.08 * width)
    assert low < nats.sum() / sizes.sum() / math.log(2) < high


def test_the_interval_is_the_same_every_time() -> None:
    nats, sizes = np.array([3.0, 5.0, 4.0]), np.array([2.0, 3.0, 4.0])
    assert bits_per_byte_interval(nats, sizes) == bits_per_byte_interval(nats, sizes)


def test_one_document_has_no_interval_to_speak_of() -> None:
    low, high = bits_per_byte_interval(np.array([math.log(2) * 30]), np.array([10.0]))
    assert low == high == pytest.approx(3.0)


def test_a_paired_difference_sees_what_two_intervals_would_hide() -> None:
    rng = np.random.default_rng(2)
    sizes = np.full(60, 1000.0)
    one = rng.normal(1400, 300, 60)  # Documents differ much …
    two = one - rng.normal(20, 5, 60)  # … and every one is a little easier for the second.
    whole, low, high = paired_difference(one, two, sizes)
    assert whole == pytest.approx((one - two).sum() / 60_000 / math.log(2))
    assert 0 < low < whole < high
    apart = bits_per_byte_interval(one, sizes), bits_per_byte_interval(two, sizes)
    assert apart[0][0] < apart[1][1]  # Taken apart they overlap.


def test_no_difference_is_not_called_one() -> None:
    rng = np.random.default_rng(3)
    one = rng.normal(1400, 300, 60)
    _, low, high = paired_difference(one, one + rng.normal(0, 20, 60), np.full(60, 1000.0))
    assert low < 0 < high
