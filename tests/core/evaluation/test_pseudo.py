"""Pseudo-perplexity against the model asked by hand, one hidden token at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from core.corpus.tokens import TokenSplit
from core.evaluation import pseudo
from core.evaluation.pseudo import every, pseudo_score, sample
from core.evaluation.score import Units, by_document
from core.families.distilbert import DistilBertConfig
from core.models.distilbert import Model, initialise
from core.tokenizer.frame import Frame

CLASSIFIER, SEPARATOR, MASK, WORDS, CONTEXT = 1, 2, 3, 30, 12
FRAME = Frame(CLASSIFIER, SEPARATOR, MASK, 0, np.arange(4, WORDS, dtype=np.int64))


def raised() -> Model:
    model = Model(DistilBertConfig(WORDS, 2, 32, 2, 48, CONTEXT))
    initialise(model, 1)
    torch.manual_seed(0)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.3)
    return model.eval()


def split_of(*lengths: int, ended: bool = True) -> TokenSplit:
    draw = np.random.default_rng(5)
    parts = [draw.integers(4, WORDS, n) for n in lengths]
    parts = [np.append(part, SEPARATOR) if ended else part for part in parts]
    offsets = np.cumsum([0, *map(len, parts)]).astype(np.int64)
    sizes = np.array([4 * n for n in lengths], np.int64)
    return TokenSplit(np.concatenate(parts).astype(np.uint16), offsets, sizes)


def nats_of(model: Model, text: list[int], hidden: list[int]) -> dict[int, tuple[float, bool]]:
    """Of each place in `text` that is hidden: nats, and whether it is guessed."""
    read = [MASK if place in hidden else token for place, token in enumerate(text)]
    with torch.no_grad():
        logits = model(torch.tensor([[CLASSIFIER, *read, SEPARATOR]]))[0].double()
    chances = logits.log_softmax(-1)
    return {
        place: (-float(chances[place + 1, text[place]]),
                int(chances[place + 1].argmax()) == text[place])
        for place in hidden
    }  # fmt: skip


@pytest.mark.parametrize("ended", [True, False], ids=["documents", "passages cut out of them"])
def test_each_token_is_hidden_once_among_all_others(ended: bool) -> None:
    model, split = raised(), split_of(7, 10, 1, ended=ended)
    chosen = sample(split, FRAME, by_document(split), 1_000)
    assert chosen.sum() == 18
    told: list[int] = []
    scores = pseudo_score(model, split, FRAME, chosen, False, progress=told.append)
    assert told[-1] == 18
    hits = 0
    for number, length in enumerate((7, 10, 1)):
        first = int(split.offsets[number])
        text = split.tokens[first : first + length].tolist()
        found = [nats_of(model, text, [place])[place] for place in range(length)]
        assert scores.nats[number] == pytest.approx(sum(nats for nats, _ in found), rel=1e-5)
        hits += sum(right for _, right in found)
    assert scores.tokens.tolist() == [7, 10, 1]
    assert scores.bytes.tolist() == [28, 40, 4]
    assert scores.details["masked_accuracy"] == pytest.approx(hits / 18)
    assert scores.details["hidden"] == 18
    assert scores.bits_per_byte == pytest.approx(scores.nats.sum() / math.log(2) / 72)


def test_a_long_text_is_seen_around_each_token() -> None:
    model, split = raised(), split_of(40)
    chosen = np.zeros(41, bool)
    chosen[[0, 20, 39]] = True
    scores = pseudo_score(model, split, FRAME, chosen, False)
    text = split.tokens.tolist()
    asked = [(0, text[:10], 0), (20, text[15:25], 5), (39, text[30:40], 9)]
    wanted = [nats_of(model, window, [place])[place][0] for _, window, place in asked]
    # What the sample says is spread over all tokens of the unit.
    assert scores.nats[0] == pytest.approx(sum(wanted) / 3 * 40, rel=1e-5)
    assert scores.loss == pytest.approx(sum(wanted) / 3, rel=1e-5)


def test_the_estimate_hides_every_third_token_at_once() -> None:
    model, split = raised(), split_of(10, 9)
    chosen = every(split, FRAME, 3)
    assert np.flatnonzero(chosen).tolist() == [1, 4, 7, 13, 16, 19]
    scores = pseudo_score(model, split, FRAME, chosen, True)
    first = nats_of(model, split.tokens[:10].tolist(), [1, 4, 7])
    second = nats_of(model, split.tokens[11:20].tolist(), [2, 5, 8])
    assert scores.nats.tolist() == pytest.approx(
        [sum(n for n, _ in first.values()) / 3 * 10, sum(n for n, _ in second.values()) / 3 * 9],
        rel=1e-5,
    )
    assert scores.tokens.tolist() == [10, 9]


def test_a_sample_takes_something_of_every_unit_and_about_as_much_as_asked() -> None:
    split = split_of(*[3] * 40, 600)
    units = by_document(split)
    chosen = sample(split, FRAME, units, 60)
    counts = np.bincount(units.of_token[chosen], minlength=41)
    assert counts[:40].tolist() == [1] * 40
    assert 45 <= counts[40] <= 52
    gaps = np.diff(np.flatnonzero(chosen)[40:])
    assert gaps.max() - gaps.min() <= 1  # Spread evenly.
    assert not chosen[split.offsets[1:] - 1].any()  # Nothing special.
    blocks = Units(np.arange(len(split.tokens)) // 41, np.ones(19))
    assert set(blocks.of_token[sample(split, FRAME, blocks, 5)]) == set(range(19))


def test_the_share_that_is_guessed_has_an_interval_around_it() -> None:
    split = split_of(*[9] * 30)
    details = pseudo_score(raised(), split, FRAME, every(split, FRAME, 2), True).details
    assert details["masked_low"] <= details["masked_accuracy"] <= details["masked_high"]
    assert details["unknown"] == 0


def test_unknown_characters_are_neither_asked_for_nor_counted() -> None:
    """WordPiece writes one token for a word that it does not know."""
    model, split = raised(), split_of(8, 8)
    tokens = split.tokens.copy()
    tokens[[2, 3]] = 4
    frame = Frame(CLASSIFIER, SEPARATOR, MASK, 0, np.arange(5, WORDS, dtype=np.int64), unknown=4)
    tokens[np.flatnonzero(tokens == 4)[2:]] = 5
    strange = TokenSplit(tokens, split.offsets, split.bytes)
    chosen = sample(strange, frame, by_document(strange), 1_000)
    assert not chosen[[2, 3]].any()
    assert chosen.sum() == 14
    scores = pseudo_score(model, strange, frame, chosen, False)
    assert scores.bytes.tolist() == [32 * 6 / 8, 32]  # Bits per byte of what is known.
    assert scores.tokens.tolist() == [6, 8]
    assert scores.details["unknown"] == pytest.approx(2 / 16)


def test_stopping_leaves_what_was_not_looked_at_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudo, "_TOKENS_AT_ONCE", 9)
    model, split = raised(), split_of(7, 7)
    asked = iter([False, True])
    scores = pseudo_score(
        model, split, FRAME, every(split, FRAME, 2), True, stop=lambda: next(asked)
    )
    assert len(scores.nats) == 1
