"""Sentences carry their values apart, also through JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    BadName,
    Fault,
    NoSpace,
    TerakoyaError,
    UsageError,
    error_of,
    sentence_of,
)
from core.sentences import Sentence, fill, signed, values_from_json, values_to_json

VALUES = st.dictionaries(
    st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.one_of(st.text(), st.integers(), st.floats(allow_nan=False))
)  # fmt: skip


@given(VALUES)
def test_values_come_back_from_json(values: dict[str, str | int | float]) -> None:
    sentence = Sentence(
        "Errors", "text {a}", {**values, "inner": Sentence("Errors", "x {b}", {"b": 1})}
    )
    assert Sentence.from_json(sentence.to_json()) == sentence
    assert values_from_json(values_to_json(values)) == values


def test_a_sentence_inside_a_sentence_is_worded_too() -> None:
    inner = Sentence("Errors", "it has {count} characters", {"count": 300})
    assert fill("The name is bad: {reason}.", {"reason": inner}) == (
        "The name is bad: it has 300 characters."
    )


def test_a_missing_value_stays_visible_and_braces_do_no_harm() -> None:
    assert fill("{a} and {b}", {"a": 1}) == "1 and {b}"
    assert fill("{a}", {"a": "{0} {x!r} {}"}) == "{0} {x!r} {}"


@pytest.mark.parametrize(
    "error", [NoSpace(path="/x", needed=64), BadName("name", name="a/b", reason="it contains /")]
)
def test_an_error_comes_back_from_its_code_and_values(error: TerakoyaError) -> None:
    again = error_of(error.code, values_to_json(error.values))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert sentence_of(error.code, error.values).english() == str(error)


def test_an_unknown_code_is_a_fault_that_names_it() -> None:
    assert "strange" in sentence_of("strange", {}).english()
    assert isinstance(error_of("strange", {"detail": "x"}), Fault)


def test_json_of_an_error_names_the_field() -> None:
    assert UsageError("steps", detail="Steps must be positive.").to_json() == {
        "code": "usage", "message": "Steps must be positive.", "field": "steps",
    }  # fmt: skip


def _every_error() -> list[type[TerakoyaError]]:
    found, waiting = [], [TerakoyaError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", _every_error(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence_and_an_exit_code(kind: type[TerakoyaError]) -> None:
    assert kind.exit_code in (1, 2, 130)
    assert kind.text
    assert "\n" not in kind.text
    same_code = [k for k in _every_error() if k.code == kind.code and k is not TerakoyaError]
    assert len(same_code) <= 1


@pytest.mark.parametrize(
    ("value", "text"), [(0.0334, "+0.033"), (-0.0051, "−0.005"), (-0.0001, "0.000"), (0.0, "0.000")]
)
def test_a_difference_carries_its_sign(value: float, text: str) -> None:
    assert signed(value, 3) == text
