"""The recipe: everything a form and a command line offer is declared, bounded and explained."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Setting, build, settings_of
from core.errors import UsageError
from core.recipe import Recipe

SETTINGS = settings_of(Recipe)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_every_setting_is_explained_and_its_default_is_good(setting: Setting) -> None:
    assert setting.label and setting.help.endswith((".", ";")) and setting.group
    assert len(setting.value_labels) == len(setting.values)
    if setting.default is None:
        assert setting.optional
    elif setting.kind in ("int", "float"):
        assert setting.minimum is not None and setting.maximum is not None
        assert setting.minimum <= setting.default <= setting.maximum


@pytest.mark.parametrize(
    "setting", [s for s in SETTINGS if s.kind in ("int", "float")], ids=lambda s: s.name
)
@pytest.mark.parametrize("side", ["minimum", "maximum"])
def test_a_number_beyond_its_range_is_refused_by_name(setting: Setting, side: str) -> None:
    bound = getattr(setting, side)
    assert getattr(build(Recipe, {setting.name: bound}), setting.name) == bound
    beyond = bound + (1 if side == "maximum" else -1)
    with pytest.raises(UsageError) as error:
        build(Recipe, {setting.name: beyond})
    assert error.value.field == setting.name
    assert str(error.value).startswith(f"{setting.label} must be ")
    assert f"{bound:,g}" in str(error.value)


def _value(setting: Setting) -> st.SearchStrategy[Any]:
    if setting.kind == "choice":
        made: st.SearchStrategy[Any] = st.sampled_from(setting.values)
    elif setting.kind == "bool":
        made = st.booleans()
    elif setting.kind == "int":
        made = st.integers(int(setting.minimum or 0), int(setting.maximum or 0))
    elif setting.kind == "float":
        made = st.floats(setting.minimum, setting.maximum)
    else:
        made = st.text()
    return st.none() | made if setting.optional else made


LENGTHS = ("minutes", "steps", "epochs")


@given(
    st.fixed_dictionaries(
        {}, optional={s.name: _value(s) for s in SETTINGS if s.name not in LENGTHS}
    )
)
def test_a_recipe_comes_back_from_json(values: dict[str, Any]) -> None:
    recipe = build(Recipe, values)
    assert Recipe.model_validate(json.loads(recipe.model_dump_json())) == recipe


@pytest.mark.parametrize(
    "given_", [("minutes", "steps"), ("steps", "epochs"), ("minutes", "epochs"), LENGTHS]
)
def test_the_three_lengths_exclude_each_other(given_: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="only one of minutes, steps and passes") as error:
        build(Recipe, dict.fromkeys(given_, 2))
    assert [field for field, _ in error.value.faults] == list(given_), "said at each of them"
    assert str(error.value).count("only one") == 1


@pytest.mark.parametrize("name", ["layer", "learning_rte", "Steps", "vocab"])
def test_a_misspelt_setting_is_answered_with_a_near_one(name: str) -> None:
    with pytest.raises(UsageError, match=f"no setting called {name}"):
        build(Recipe, {name: 1})


def test_objectives_that_nobody_knows_are_refused() -> None:
    with pytest.raises(UsageError, match="objective"):
        build(Recipe, {"objective": "prophecy"})
