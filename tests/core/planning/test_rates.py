"""Rates and weight decay where the recipe leaves them to the app, and where it does not."""

from __future__ import annotations

import pytest

from core.planning.rates import rates, weight_decay_of
from core.recipe import Recipe


def test_a_run_that_continues_is_gentler_but_takes_a_rate_that_was_set_as_it_is() -> None:
    fresh, further = (rates(Recipe(), 300, 256, continues) for continues in (False, True))
    assert all(0 < b < a for a, b in zip(fresh, further, strict=True))
    chosen = Recipe(learning_rate=0.02, embedding_rate=0.03, head_rate=0.0)
    assert rates(chosen, 300, 256, True) == rates(chosen, 300, 256) == (0.02, 0.03, 0.0)


def test_only_text_that_is_read_often_from_scratch_is_met_with_weight_decay() -> None:
    assert weight_decay_of(Recipe(), 3.9, False) == 0.0
    assert weight_decay_of(Recipe(), 8.0, False) > 0.0
    assert weight_decay_of(Recipe(), 8.0, True) == 0.0, "a parent's weights are not pulled to zero"
    assert weight_decay_of(Recipe(weight_decay=0.0), 8.0, False) == 0.0
    assert weight_decay_of(Recipe(weight_decay=0.3), 1.0, True) == 0.3


def test_adapters_learn_faster_in_narrow_models_and_without_a_jump() -> None:
    widths = (64, 192, 512, 1023, 1024, 1025, 4096)
    found = [rates(Recipe(method="lora"), 100, width)[0] for width in widths]
    assert found == sorted(found, reverse=True)
    assert found[3] == pytest.approx(found[5], rel=0.01)
    assert found[1] > 3 * 5e-4 * (2000 / 192) ** 0.78
