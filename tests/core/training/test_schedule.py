"""Warm-up, stable, decay, and every way to end sooner or later."""

from __future__ import annotations

import math

import pytest

from core.planning.decay import Decay
from core.training.schedule import Anchor, Schedule


def factors(schedule: Schedule, begin: int, end: int) -> list[float]:
    return [schedule.factor(step) for step in range(begin, end)]


def test_it_rises_stays_and_falls_to_zero_in_a_line() -> None:
    schedule = Schedule(warmup=4, decay_from=10, end=20, anchors=[])
    assert factors(schedule, 0, 4) == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert factors(schedule, 4, 11) == [1.0] * 7
    assert factors(schedule, 11, 20) == pytest.approx([0.9 - 0.1 * i for i in range(9)])
    assert schedule.factor(20) == 0.0
    assert schedule.end_at(0) == 20


def test_without_decay_it_stays_to_the_end() -> None:
    assert factors(Schedule(0, 20, 20, []), 0, 20) == [1.0] * 20


def test_a_new_end_before_the_fall_moves_the_fall() -> None:
    schedule = Schedule(0, 50, 100, [])
    schedule.retime(step=20, end=60, decay_steps=30)
    assert schedule.end_at(20) == 60
    assert schedule.factor(30) == 1.0
    assert schedule.factor(45) == pytest.approx(0.5)


def test_a_new_end_in_the_fall_goes_on_falling_from_where_it_is() -> None:
    schedule = Schedule(0, 50, 100, [])
    schedule.retime(step=75, end=200, decay_steps=100)
    assert schedule.factor(75) == pytest.approx(0.5)
    line = factors(schedule, 75, 200)
    assert line == sorted(line, reverse=True)
    assert line[-1] == pytest.approx(0.5 / 125)


def test_what_was_before_a_decision_stays_what_it_was() -> None:
    schedule = Schedule(3, 50, 100, [])
    before = factors(schedule, 0, 40)
    schedule.retime(40, 80, 20)
    schedule.retime(60, 90, 20)
    assert factors(schedule, 0, 40) == before


def test_decisions_written_down_give_the_same_schedule_again() -> None:
    schedule = Schedule(5, 40, 100, [])
    for step, end in ((10, 80), (30, 120), (90, 110)):
        schedule.retime(step, end, 40)
    again = Schedule(5, 40, 100, Schedule.anchors_from(schedule.to_json()))
    assert factors(again, 0, 120) == factors(schedule, 0, 120)
    assert [again.end_at(s) for s in range(120)] == [schedule.end_at(s) for s in range(120)]


def test_an_anchor_that_ends_at_once_does_not_divide_by_zero() -> None:
    assert Anchor(5, 1.0, 5, 5).at(5) == 0.0


def test_a_cosine_falls_to_its_floor_as_in_the_papers() -> None:
    """GPT-3: to a tenth of the peak rate along half a wave; numbers by the formula of SGDR."""
    schedule = Schedule(0, 100, 300, [], Decay("cosine", 0.1))
    assert factors(schedule, 0, 101) == [1.0] * 101
    for step in (150, 200, 250, 299):
        wave = (1 + math.cos(math.pi * (step - 100) / 200)) / 2
        assert schedule.factor(step) == pytest.approx(0.1 + 0.9 * wave)
    assert schedule.factor(300) == pytest.approx(0.1)
    assert schedule.factor(200) == pytest.approx(0.55)


@pytest.mark.parametrize("decay", [Decay("cosine"), Decay("cosine", 0.1), Decay("linear", 0.3)])
def test_every_shape_is_retimed_ended_and_extended_without_a_jump(decay: Decay) -> None:
    whole = Schedule(4, 40, 200, [], decay)
    before = factors(whole, 0, 200)
    for step, end in ((60, 120), (80, 400), (100, 104)):
        now = whole.factor(step)
        whole.retime(step, end, 30)
        assert whole.factor(step) == now, "it goes on from where it is"
        assert factors(whole, 0, 60) == before[:60], "what was stays what it was"
    again = Schedule(4, 40, 200, Schedule.anchors_from(whole.to_json()), decay)
    line = factors(again, 5, 105)
    assert line == factors(whole, 5, 105)
    assert line == sorted(line, reverse=True)
    assert line[-1] == pytest.approx(decay.floor)


@pytest.mark.parametrize("decay", [Decay(), Decay("cosine", 0.1)])
def test_the_line_behind_a_share_is_found_again(decay: Decay) -> None:
    for line in (0.0, 0.2, 0.7, 1.0):
        assert decay.line(decay.share(line)) == pytest.approx(line, abs=1e-7)
