"""Choosing tokens: frequencies against probabilities computed by hand."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from core.generation.sampling import choose, describe
from core.sampling import SamplingSettings

LOGITS = np.array([2.0, 1.0, 0.5, 0.0, -1.0], np.float32)
DRAWS = 4_000


def settings(**changes: float) -> SamplingSettings:
    plain: dict[str, float] = {
        "temperature": 1.0, "top_p": 1.0, "top_k": 0, "repetition_penalty": 1.0,
    }  # fmt: skip
    return SamplingSettings(**(plain | changes))  # type: ignore[arg-type]


def softmax(values: list[float]) -> list[float]:
    total = sum(math.exp(v) for v in values)
    return [math.exp(v) / total for v in values]


def renormalised(probabilities: list[float], kept: int) -> list[float]:
    total = sum(probabilities[:kept])
    return [p / total if i < kept else 0.0 for i, p in enumerate(probabilities)]


PLAIN = softmax(LOGITS.tolist())  # 0.543, 0.200, 0.121, 0.073, 0.027 …


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, PLAIN),
        ({"temperature": 0.5}, softmax([4.0, 2.0, 1.0, 0.0, -2.0])),
        ({"temperature": 2.0}, softmax([1.0, 0.5, 0.25, 0.0, -0.5])),
        ({"top_k": 2}, renormalised(PLAIN, 2)),
        ({"top_k": 99}, PLAIN),
        ({"top_p": 0.7}, renormalised(PLAIN, 2)),  # 0.56 alone is not enough, 0.77 is.
        ({"top_p": 0.01}, [1.0, 0.0, 0.0, 0.0, 0.0]),
        # Top-p is measured on what top-k left: 0.73 of the likelier of two is enough.
        ({"top_k": 2, "top_p": 0.7}, [1.0, 0.0, 0.0, 0.0, 0.0]),
    ],
    ids=str,
)
def test_tokens_come_as_often_as_they_should(
    changes: dict[str, float], expected: list[float]
) -> None:
    draw = np.random.default_rng(11)
    counts = Counter(choose(LOGITS, settings(**changes), draw, []).token for _ in range(DRAWS))
    for token, probability in enumerate(expected):
        if probability == 0:
            assert counts[token] == 0
        else:  # Four and a half standard deviations.
            allowed = 4.5 * math.sqrt(probability * (1 - probability) / DRAWS)
            assert abs(counts[token] / DRAWS - probability) <= allowed


def test_a_temperature_of_zero_always_takes_the_likeliest() -> None:
    draw = np.random.default_rng(0)
    assert {choose(LOGITS, settings(temperature=0.0), draw, []).token for _ in range(50)} == {0}


def test_the_same_seed_gives_the_same_tokens_and_another_one_others() -> None:
    def tokens(seed: int) -> list[int]:
        draw = np.random.default_rng(seed)
        return [choose(LOGITS, settings(), draw, []).token for _ in range(60)]

    assert tokens(5) == tokens(5)
    assert tokens(5) != tokens(6)


def test_the_penalty_divides_positive_logits_and_multiplies_negative_ones() -> None:
    penalised = softmax([2.0 / 1.5, 1.0, 0.5, 0.0, -1.0 * 1.5])
    draw = np.random.default_rng(2)
    chosen = settings(repetition_penalty=1.5)
    counts = Counter(choose(LOGITS, chosen, draw, [0, 4, 4]).token for _ in range(DRAWS))
    for token, probability in enumerate(penalised):
        allowed = 4.5 * math.sqrt(probability * (1 - probability) / DRAWS)
        assert abs(counts[token] / DRAWS - probability) <= allowed


def test_a_choice_tells_the_models_own_probability_whatever_the_settings_are() -> None:
    draw = np.random.default_rng(0)
    changed = settings(temperature=0.3, top_k=1, repetition_penalty=2.0)
    choice = choose(LOGITS, changed, draw, [])
    assert choice.token == 0
    assert choice.probability == pytest.approx(PLAIN[0], abs=1e-6)
    assert choice.rank == 1
    assert [token for token, _ in choice.alternatives] == [0, 1, 2, 3, 4]
    assert [p for _, p in choice.alternatives] == pytest.approx(PLAIN, abs=1e-6)


def test_the_rank_of_a_surprising_token_counts_all_likelier_ones() -> None:
    described = describe(LOGITS, token=3, alternatives=2)
    assert described.rank == 4
    assert len(described.alternatives) == 2


def reference(logits: np.ndarray, chosen: SamplingSettings, recent: list[int]) -> dict[int, float]:
    """What each token should be drawn with, by a full sort in double precision."""
    values = logits.astype(np.float64)
    if chosen.repetition_penalty > 1:
        for token in set(recent):
            if values[token] > 0:
                values[token] /= chosen.repetition_penalty
            else:
                values[token] *= chosen.repetition_penalty
    order = np.argsort(-values, kind="stable")[: chosen.top_k or None]
    shares = np.exp((values[order] - values[order[0]]) / chosen.temperature)
    shares /= shares.sum()
    kept = [i for i, before in enumerate(shares.cumsum() - shares) if before < chosen.top_p]
    return {int(order[i]): float(shares[i] / shares[kept].sum()) for i in kept}


@pytest.mark.parametrize(
    "changes",
    [
        {"top_k": 40, "top_p": 0.95, "repetition_penalty": 1.3},
        {"top_k": 0, "top_p": 0.6},
        {"top_k": 0, "top_p": 0.999, "temperature": 2.0},
        {"top_k": 0, "top_p": 0.9, "repetition_penalty": 1.2},
        {"top_k": 1000},
        {},
    ],
    ids=str,
)
def test_a_large_vocabulary_is_drawn_from_as_a_full_sort_would(changes: dict[str, float]) -> None:
    logits = (np.random.default_rng(4).standard_normal(3_000) * 3).astype(np.float32)
    recent = [int(i) for i in np.argsort(-logits)[::7][:60]]
    chosen = settings(**changes)
    expected = reference(logits, chosen, recent)
    draw = np.random.default_rng(1)
    counts = Counter(choose(logits, chosen, draw, recent).token for _ in range(1_500))
    assert set(counts) <= set(expected)
    for token, probability in expected.items():
        allowed = 5 * math.sqrt(probability * (1 - probability) / 1_500) + 1e-3
        assert abs(counts[token] / 1_500 - probability) <= allowed


def test_a_model_that_broke_still_gives_a_token() -> None:
    for broken in (np.full(50, np.nan, np.float32), np.full(50, np.inf, np.float32)):
        assert 0 <= choose(broken, settings(), np.random.default_rng(0), [1]).token < 50
