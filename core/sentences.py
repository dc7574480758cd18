"""Sentences for people: written in English beside what they describe, translated by the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(context: str, text: str) -> str:
    """Mark `text` for translation in `context` (lupdate sees the call) and return it unchanged."""
    del context
    return text


def signed(value: float, digits: int) -> str:
    """+0.033, −0.005, 0.000: with the minus sign that is as wide as a plus."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text if float(f"{value:.{digits}f}") else text[1:]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its values apart, so that every reader can word it in their own language."""

    context: str
    text: str
    values: Mapping[str, Value] = field(default_factory=dict[str, "Value"])

    def english(self) -> str:
        """The sentence as the command line prints it."""
        return fill(self.text, self.values)

    def to_json(self) -> dict[str, Any]:
        return {"context": self.context, "text": self.text, "values": values_to_json(self.values)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Sentence:
        return cls(
            str(data["context"]), str(data["text"]), values_from_json(data.get("values") or {})
        )


_HOLE = re.compile(r"\{(\w+)\}")
# A value may itself be a sentence: a reason inside an error is translated with it.
Value = str | int | float | Sentence


def values_to_json(values: Mapping[str, Value]) -> dict[str, Any]:
    return {k: v.to_json() if isinstance(v, Sentence) else v for k, v in values.items()}


def values_from_json(values: Mapping[str, Any]) -> dict[str, Value]:
    return {k: Sentence.from_json(v) if isinstance(v, Mapping) else v for k, v in values.items()}


def fill(
    template: str, values: Mapping[str, Value], say: Callable[[Sentence], str] = Sentence.english
) -> str:
    """Put `values` into `template`; a name that has no value stays visible rather than raising,
    and braces inside a value are only braces.

    Args:
        say: Words a value that is a sentence itself.
    """

    def shown(hole: re.Match[str]) -> str:
        value = values.get(hole[1])
        if value is None:
            return hole[0]
        return say(value) if isinstance(value, Sentence) else str(value)

    return _HOLE.sub(shown, template)
