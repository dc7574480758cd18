"""The thread count: measured, decided, written down, replayed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from core.training.threads import LEAST_SECONDS, RETRY_SECONDS, Threads, candidates, fastest


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def hand() -> Iterator[Hand]:
    before = torch.get_num_threads()
    yield Hand()
    torch.set_num_threads(before)


def slow_with(threads: int, seconds: float = 0.6) -> float:
    """A step that suffers from more than one thread."""
    return seconds if threads > 1 else 0.5


@pytest.mark.parametrize(
    ("most", "wanted"), [(1, [1]), (2, [2, 1]), (3, [3, 1]), (8, [8, 4, 1])], ids=str
)
def test_candidates_are_all_half_and_one(most: int, wanted: list[int]) -> None:
    assert candidates(most) == wanted


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [
        ({2: 1.0, 1: 1.9}, 2),
        ({2: 1.0, 1: 0.97}, 2),  # Not clearly less: noise.
        ({2: 1.0, 1: 0.5}, 1),
        ({8: 1.0, 4: 0.8, 1: 0.78}, 4),
        ({8: 1.0, 4: 1.2, 1: 0.6}, 1),
    ],
    ids=str,
)
def test_fewer_threads_only_where_they_are_clearly_faster(
    seconds: dict[int, float], wanted: int
) -> None:
    assert fastest(seconds) == wanted


def test_a_halved_speed_leads_to_a_measurement_and_a_recovered_one_to_another(hand: Hand) -> None:
    threads = Threads(2, 2, [], hand)
    hand.time += LEAST_SECONDS + 1
    assert not threads.due(10, 1000.0)
    assert not threads.due(11, 400.0)  # Just now: perhaps only a hiccup.
    hand.time += 3
    assert threads.due(12, 400.0)
    assert threads.choose(12, lambda: slow_with(torch.get_num_threads()))
    assert threads.at(11) == 2
    assert threads.at(12) == 1
    assert torch.get_num_threads() == 1
    hand.time += LEAST_SECONDS + 1
    assert not threads.due(20, 500.0)
    hand.time += RETRY_SECONDS
    assert threads.due(21, 500.0)
    assert threads.choose(21, lambda: 1.0 / torch.get_num_threads())
    assert threads.at(21) == 2
    assert threads.to_json() == [{"step": 12, "threads": 1}, {"step": 21, "threads": 2}]


def test_a_steady_speed_is_never_measured_again(hand: Hand) -> None:
    threads = Threads(2, 2, [], hand)
    for step in range(100):
        hand.time += 10
        assert not threads.due(step, 900.0 + step % 7)


def test_a_resumed_run_repeats_the_decisions_of_the_first(hand: Hand) -> None:
    decided = [{"step": 12, "threads": 1}, {"step": 21, "threads": 2}]
    threads = Threads(2, 2, decided, hand)
    assert [threads.at(step) for step in (0, 11, 12, 20, 21, 99)] == [2, 2, 1, 1, 2, 2]
    hand.time += 1000
    assert not threads.due(21, 1.0)
    threads.apply(15)
    assert torch.get_num_threads() == 1


def test_one_core_has_nothing_to_choose(hand: Hand) -> None:
    threads = Threads(1, 1, [], hand)
    hand.time += 1000
    assert not threads.due(5, 100.0)
