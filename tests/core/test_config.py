"""One declaration gives type, range, form, command line and messages."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import ValidationError

from core.config import Config, build, parse_assignments, setting, settings_of
from core.errors import UsageError


class Example(Config):
    plain: str = "not a setting"
    steps: int | None = setting(None, label="Steps", help="How many.", ge=1, le=10, unit="steps")
    rate: float = setting(0.5, label="Rate", help="How fast.", advanced=False, ge=0)
    mode: Literal["a", "b"] = setting("a", label="Mode", help="Which.", choices=("First", "Second"))
    on: bool = setting(True, label="On", help="Whether.")
    name: str = setting("", label="Name", help="What.", group="Words")


def test_settings_are_listed_in_order_with_all_a_form_needs() -> None:
    steps, rate, mode, on, name = settings_of(Example)
    assert [s.name for s in (steps, rate, mode, on, name)] == [
        "steps",
        "rate",
        "mode",
        "on",
        "name",
    ]
    assert [s.kind for s in (steps, rate, mode, on, name)] == [
        "int",
        "float",
        "choice",
        "bool",
        "str",
    ]
    assert (steps.optional, steps.minimum, steps.maximum, steps.unit) == (True, 1, 10, "steps")
    assert (rate.optional, rate.default, rate.maximum, rate.advanced) == (False, 0.5, None, False)
    assert (mode.values, mode.value_labels) == (("a", "b"), ("First", "Second"))
    assert (name.group, name.help) == ("Words", "What.")


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Example().rate = 2.0  # type: ignore[misc]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(UsageError) as error:
        build(Example, {"steps": 0, "rate": -1, "mode": "c", "stepps": 3})
    text = str(error.value)
    for word in ("Steps must", "Rate must", "Mode must", "Did you mean steps?"):
        assert word in text
    assert error.value.field == "steps"
    assert [field for field, _ in error.value.faults] == ["steps", "rate", "mode", "stepps"]
    assert error.value.to_json()["fields"]["rate"] == "Rate must be at least 0."
    assert error.value.exit_code == 2


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", float("nan")])
def test_numbers_that_are_none_are_refused(value: Any) -> None:
    with pytest.raises(UsageError, match="Rate"):
        build(Example, {"rate": value})


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["steps=3"], {"steps": "3"}),
        (["rate = 0.1", "on=false"], {"rate": "0.1", "on": "false"}),
        (["steps=none"], {"steps": None}),
        (["steps=AUTO"], {"steps": None}),
        (["name=none"], {"name": "none"}),
        (["name=a=b"], {"name": "a=b"}),
        (["na-me=x"], {"na_me": "x"}),
        ([], {}),
    ],
)
def test_words_become_values(words: list[str], values: dict[str, Any]) -> None:
    assert parse_assignments(Example, words) == values


def test_a_word_without_an_equals_sign_is_refused() -> None:
    with pytest.raises(UsageError, match="key=value"):
        parse_assignments(Example, ["steps"])


def test_text_from_a_command_line_gets_its_type() -> None:
    made = build(Example, parse_assignments(Example, ["steps=7", "rate=1e-3", "on=no", "mode=b"]))
    assert (made.steps, made.rate, made.on, made.mode) == (7, 0.001, False, "b")
