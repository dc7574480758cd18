"""Health in words: what is said of real curves and of made ones, and what is not."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.sentences import Sentence
from core.training.findings import ORDER, WORDS, finding
from core.training.health import Health, Reading, Run
from core.training.vitals import Meter, cpu_slowed, gpu_slowed
from tests.core.training.curves import Curve

HEALTHY = [
    "shakespeare", "shakespeare-adamw", "shakespeare-2-minutes", "aozora", "sherlock-90-seconds",
    "shakespeare-after-aozora", "sample-2-minutes",
]  # fmt: skip


def all_said(told: dict[int, list[str]]) -> set[str]:
    return {code for codes in told.values() for code in codes}


@pytest.mark.parametrize("name", HEALTHY)
def test_of_a_healthy_training_nothing_is_said_but_that_it_learns(name: str) -> None:
    curve = Curve.load(name)
    health = Health(curve.run)
    told = curve.play(health)
    assert all_said(told) == {"learning"}
    assert [f.code for f in health.at_the_end()] == ["learning"]
    assert min(told) < 0.3 * len(curve.losses)


@pytest.mark.parametrize(
    ("name", "code", "share"),
    [
        ("rate-10x", "rate-high", 0.1),
        ("rate-10x-adamw", "rate-high", 0.1),
        ("rate-1", "diverging", 0.1),
        ("rate-0", "rate-low", 0.25),
        ("tiny-78-passes", "overfitting", 0.2),
        ("tiny-16-passes", "overfitting", 0.35),
        ("goes-on-too-fast", "worse-early", 0.75),
    ],
)
def test_a_bad_recipe_is_named_early(name: str, code: str, share: float) -> None:
    """`share`: of the steps, after which it must have been said."""
    curve = Curve.load(name)
    told = curve.play(Health(curve.run))
    first = min(step for step, codes in told.items() if code in codes)
    assert first <= share * len(curve.losses)
    wrong = all_said(told) - {code, "learning"}
    assert wrong <= ({"data-small"} if code == "overfitting" else set())


def test_what_was_read_once_at_most_is_not_called_known_by_heart() -> None:
    curve = Curve.load("goes-on-too-fast")
    assert not curve.run.fresh
    health = Health(curve.run)
    assert all_said(curve.play(health)) == {"worse-early"}
    (last,) = health.at_the_end()
    assert "Before it had read the text once" in last.sentence.english()
    assert "half the learning rate" in last.advice.english()


def test_of_unseen_text_nothing_is_said_where_none_was_held_out() -> None:
    for name in ("aozora", "tiny-16-passes", "goes-on-too-fast"):
        curve = Curve.load(name)
        health = Health(replace(curve.run, held_out=False))
        assert all_said(curve.play(health)) <= {"learning", "plateau"}
        for found in (*health.findings(), *health.at_the_end()):
            assert "unseen" not in found.sentence.english() + found.advice.english()
        assert not health.worse_in_a_row()


def test_a_tiny_text_read_again_and_again_is_called_too_small() -> None:
    curve = Curve.load("tiny-78-passes")
    told = curve.play(Health(curve.run))
    first = min(step for step, codes in told.items() if "data-small" in codes)
    passes = first * curve.tokens_per_step / curve.run.train_tokens
    assert 4 < passes < 25
    assert all_said(told) == {"overfitting", "data-small"}


@pytest.mark.parametrize(
    ("name", "stops"),
    [(name, None) for name in HEALTHY] + [("tiny-78-passes", 200), ("tiny-16-passes", 40)],
)
def test_three_worse_tests_in_a_row_come_of_learning_by_heart_only(
    name: str, stops: int | None
) -> None:
    curve = Curve.load(name)
    health = Health(curve.run)
    found = None
    done = 0
    for step in sorted(curve.tests)[1:]:
        curve.play(health, done, step)
        done = step
        if found is None and health.worse_in_a_row() >= 3:
            found = step
    assert found == stops


@pytest.mark.parametrize("name", ["rate-10x", "tiny-78-passes", "aozora"])
def test_a_run_that_was_resumed_says_the_same_at_the_same_steps(name: str) -> None:
    curve = Curve.load(name)
    whole = Health(curve.run)
    told = curve.play(whole)
    middle = 7 * curve.run.test_every + 3
    first, second = Health(curve.run), Health(curve.run)
    before = curve.play(first, 0, middle)
    second.load(json.loads(json.dumps(first.state())))
    after = curve.play(second, middle)
    assert {**before, **after} == told
    assert second.state() == whole.state()
    assert second.findings() == whole.findings()


def test_what_a_checkpoint_keeps_of_it_stays_small() -> None:
    curve = Curve.load("tiny-78-passes")
    health = Health(curve.run)
    curve.play(health)
    assert len(json.dumps(health.state())) < 8_000


# ---- made curves ---------------------------------------------------------------------------------


def fresh(test_every: int = 50) -> Health:
    return Health(Run(math.log(8192), test_every, fresh=True, train_tokens=10**6, warmup=10))


def wobble(step: int) -> float:
    return 0.1 * math.sin(12.9898 * step) * math.cos(4.1414 * step)


def play(
    health: Health, unseen: list[float], *, passes: float = 1.0, factor: float = 1.0
) -> set[str]:
    """A test each 50 steps with these losses, training losses beside them."""
    said: set[str] = set()
    for number, loss in enumerate(unseen):
        for step in range(50 * (number - 1) + 1, 50 * number + 1):
            health.add(step, loss - 0.05 + wobble(step), 0.5, factor)
            said |= {f.code for f in health.findings()}
        tokens = round(passes * 10**6 * number / len(unseen))
        health.test(50 * number, loss, 0.005, tokens, factor)
        said |= {f.code for f in health.findings()}
    return said


FALL = [9.01, 6.5, 5.5, 5.0, 4.7, 4.5, 4.35, 4.25]


def test_a_loss_that_stays_where_it_is_is_a_plateau() -> None:
    health = fresh()
    assert play(health, [*FALL, *[4.25] * 8]) == {"learning", "plateau"}
    [said] = health.findings()
    assert (said.code, said.level) == ("plateau", "note")
    assert int(str(said.sentence.values["count"])) >= 5


def test_the_calm_at_the_end_of_the_fall_of_the_rate_is_no_plateau() -> None:
    assert play(fresh(), [*FALL, *[4.25] * 8], factor=0.1) == {"learning"}


def test_one_bad_test_among_good_ones_is_not_learning_by_heart() -> None:
    losses = [*FALL, 4.6, 4.15, 4.1, 4.5, 4.05]
    assert play(fresh(), losses) == {"learning"}


def test_a_loss_that_swings_on_seen_and_unseen_text_is_not_learning_by_heart() -> None:
    health = fresh()
    assert "overfitting" not in play(health, [*FALL, 4.5, 4.2, 4.6, 4.55, 4.6, 4.5, 4.4])
    assert health.worse_in_a_row() == 0


def test_a_loss_that_rises_for_good_is_running_away_and_said_to_be() -> None:
    health = fresh()
    assert "diverging" in play(health, [*FALL, 5.2, 6.4, 7.5])
    said = health.findings()[0]
    assert (said.code, said.level) == ("diverging", "bad")
    assert "learning" not in [f.code for f in health.findings()]


def test_losses_that_are_no_numbers_are_passed_over() -> None:
    health = fresh()
    for step in range(1, 200):
        health.add(step, math.nan, math.inf, 1.0)
        if step % 50 == 0:
            health.test(step, math.nan, 0.0, 0, 1.0)
    assert health.findings() == []
    json.dumps(health.state(), allow_nan=False)


def test_of_a_run_that_is_over_the_next_one_is_advised_and_nothing_of_the_moment_said() -> None:
    curve = Curve.load("tiny-16-passes")
    health = Health(curve.run)
    curve.play(health)
    pulses(health, [1000.0] * 8 + [400.0] * 3, Reading(hot=True))
    assert {"slow-hot", "overfitting"} <= {f.code for f in health.findings()}
    over = {f.code: f for f in health.at_the_end()}
    assert set(over) == {"overfitting", "data-small"}
    assert "became 61 % worse than at step 20" in over["overfitting"].sentence.english()
    assert over["overfitting"].advice.english().startswith("For the next run")


def test_a_rate_that_was_too_high_is_not_forgotten_when_it_has_fallen() -> None:
    curve = Curve.load("rate-10x")
    health = Health(curve.run)
    curve.play(health)
    assert [f.code for f in health.findings()] == ["learning"]
    assert [f.code for f in health.at_the_end()] == ["rate-high", "learning"]


# ---- the machine ---------------------------------------------------------------------------------


def pulses(health: Health, speeds: list[float], reading: Reading) -> list[str]:
    for speed in speeds:
        health.pulse(speed, reading)
    return [f.code for f in health.findings()]


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (Reading(others=0.5), "slow-busy"),
        (Reading(others=0.5, swapping=True), "slow-memory"),
        (Reading(others=0.1, hot=True), "slow-hot"),
        (Reading(), "slow"),
    ],
)
def test_a_speed_that_falls_is_told_with_its_likeliest_reason(reading: Reading, code: str) -> None:
    health = fresh()
    assert pulses(health, [1000.0, 990.0] * 5, Reading()) == []
    assert pulses(health, [450.0], reading) == []  # Once is chance.
    assert pulses(health, [440.0], reading) == [code]
    assert health.findings()[0].sentence.values["percent"] == 44
    assert pulses(health, [700.0], reading) == [code]  # Still not what it was.
    assert pulses(health, [900.0] * 3, Reading()) == []


def test_a_speed_that_wavers_is_not_told() -> None:
    health = fresh()
    speeds = [1000.0 * (1 + 3 * wobble(n)) for n in range(100)]
    assert pulses(health, speeds, Reading(others=0.2)) == []


def test_a_computer_that_slows_itself_down_is_told_as_long_as_it_does() -> None:
    health = fresh()
    assert pulses(health, [1000.0] * 3, Reading(hot=True)) == ["throttled"]
    assert pulses(health, [1000.0] * 3, Reading()) == []


def test_slowness_is_of_now_and_not_kept_for_another_attempt() -> None:
    health, later = fresh(), fresh()
    pulses(health, [1000.0] * 8 + [400.0] * 3, Reading(hot=True))
    assert health.findings()
    later.load(json.loads(json.dumps(health.state())))
    assert later.findings() == []


def test_the_reasons_of_a_gpu_that_slows_down_are_told_from_its_usual_limits() -> None:
    assert gpu_slowed("0x0000000000000040\n")  # Thermal, by the hardware.
    assert gpu_slowed("0x0000000000000004\n0x0000000000000020\n")
    assert not gpu_slowed("0x0000000000000004\n")  # The power cap: always so under load.
    assert not gpu_slowed("0x0000000000000001\n[N/A]\n[Not Supported]\n")
    assert not gpu_slowed("")


def test_a_processor_that_slowed_down_is_seen_in_its_counters(tmp_path: Path) -> None:
    assert cpu_slowed(tmp_path) == 0
    for core, count in (("cpu0", "3\n"), ("cpu1", "4\n"), ("cpu2", "broken\n")):
        (tmp_path / core / "thermal_throttle").mkdir(parents=True)
        (tmp_path / core / "thermal_throttle" / "core_throttle_count").write_text(count)
    assert cpu_slowed(tmp_path) == 7


def test_this_machine_can_be_read_while_it_works() -> None:
    meter = Meter(gpu=True)
    end = time.monotonic() + 0.2
    while time.monotonic() < end:  # Work of our own, which is not another program's.
        math.sqrt(2.0)
    reading = meter.read(0.2)
    assert reading.others is not None
    assert 0.0 <= reading.others <= 1.0


# ---- words ---------------------------------------------------------------------------------------


def test_every_sentence_has_all_its_values_and_comes_back_from_json() -> None:
    values = {"percent": 40, "step": 3, "to": 1, "passes": 9, "count": 5}
    for code in WORDS:
        said = finding(code, **values).to_json()
        assert said["level"] in ORDER
        after = finding(code, **values).after().to_json()
        assert (after["code"], after["level"]) == (said["code"], said["level"])
        for part in (said["sentence"], said["advice"], after["sentence"], after["advice"]):
            sentence = Sentence.from_json(part)
            assert "{" not in sentence.english()
            assert sentence.english().endswith(".")
