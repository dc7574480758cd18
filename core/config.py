"""One declaration for each setting: form, command-line flag, validation and tooltip come from it."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined

from core.errors import FieldFault, UsageError, all_faults
from core.reasons import Unsuitable
from core.sentences import N_, Sentence, Value


class Config(BaseModel):
    """Base of recipes, job configurations and preferences: frozen, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


ConfigT = TypeVar("ConfigT", bound=Config)


def setting(
    default: Any,
    *,
    label: str,
    help: str,
    unit: str = "",
    group: str = "",
    advanced: bool = True,
    ge: float | None = None,
    le: float | None = None,
    choices: Sequence[str] = (),
) -> Any:
    """Declare a setting. `label` and `help` are marked with `N_("Settings", …)` by the caller.

    Args:
        default: The value when nobody chooses; None stands for "the app decides".
        unit: Shown after the value ("tokens", "s", "%").
        group: Heading under which the form puts it.
        advanced: Shown in the Expert fold only.
        ge, le: Inclusive range.
        choices: Labels of a Literal's values, in order, marked like `label`.
    """
    extra: dict[str, Any] = {
        "label": label, "unit": unit, "group": group, "advanced": advanced,
        "choices": list(choices), "ge": ge, "le": le,
    }  # fmt: skip
    return Field(default, description=help, ge=ge, le=le, json_schema_extra=extra)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a form or a command line needs to know of one field.

    `kind` is int, float, bool, str or choice; `optional` means that None ("the app decides") is
    a value.
    """

    name: str
    kind: Literal["int", "float", "bool", "str", "choice"]
    optional: bool
    default: Any
    label: str
    help: str
    unit: str
    group: str
    advanced: bool
    minimum: float | None
    maximum: float | None
    values: tuple[str, ...]
    value_labels: tuple[str, ...]


def settings_of(config: type[Config]) -> list[Setting]:
    """The fields of `config` that were declared with `setting`, in order of declaration."""
    found: list[Setting] = []
    for name, info in config.model_fields.items():
        extra = info.json_schema_extra
        if not isinstance(extra, dict) or "label" not in extra:
            continue
        kind, optional, values = _kind_of(info.annotation)
        declared = cast(dict[str, Any], extra)
        found.append(
            Setting(
                name=name,
                kind=kind,
                optional=optional,
                default=None if info.default is PydanticUndefined else info.default,
                label=declared["label"],
                help=info.description or "",
                unit=declared["unit"],
                group=declared["group"],
                advanced=declared["advanced"],
                minimum=declared["ge"],
                maximum=declared["le"],
                values=values,
                value_labels=tuple(declared["choices"]) or values,
            )  # fmt: skip
        )
    return found


def _kind_of(annotation: Any) -> tuple[Any, bool, tuple[str, ...]]:
    optional = False
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        members = [a for a in typing.get_args(annotation) if a is not type(None)]
        optional = len(members) < len(typing.get_args(annotation))
        annotation = members[0]
    if typing.get_origin(annotation) is Literal:
        return "choice", optional, tuple(str(v) for v in typing.get_args(annotation))
    names = {bool: "bool", int: "int", float: "float", str: "str"}
    return names.get(annotation, "str"), optional, ()


def build(config: type[ConfigT], values: dict[str, Any]) -> ConfigT:
    """Make a configuration, or raise one UsageError that names every fault at once, by field."""
    try:
        return config.model_validate(values)
    except ValidationError as error:
        raise all_faults([f for e in error.errors() for f in _faults(config, e)]) from error


def label_of(config: type[Config], name: str) -> Value:
    """What a setting is called on the screen, or its bare name where it is no setting."""
    info = config.model_fields.get(name)
    extra = info.json_schema_extra if info else None
    if isinstance(extra, dict) and "label" in extra:
        return Sentence("Settings", str(extra["label"]))
    return name


_WHOLE = Sentence("Errors", N_("Errors", "a whole number"))
_NUMBER = Sentence("Errors", N_("Errors", "a number"))
_YES_NO = Sentence("Errors", N_("Errors", "true or false"))
_TEXT = Sentence("Errors", N_("Errors", "a text"))
_KINDS = {
    "int_parsing": _WHOLE, "int_from_float": _WHOLE, "int_type": _WHOLE, "float_parsing": _NUMBER,
    "float_type": _NUMBER, "finite_number": _NUMBER, "bool_parsing": _YES_NO, "bool_type": _YES_NO,
    "string_type": _TEXT,
}  # fmt: skip


def _faults(config: type[Config], error: ErrorDetails) -> list[FieldFault]:
    """A fault that pydantic found, at every field it concerns."""
    words, told = _fault(config, error), error.get("ctx", {}).get("error")
    if error["loc"]:
        return [(str(error["loc"][0]), words)]
    fields = told.fields if isinstance(told, Unsuitable) else ()
    return [(field, words) for field in fields] or [(None, words)]


def _fault(config: type[Config], fault: ErrorDetails) -> Sentence:
    """One fault that pydantic found, as a sentence."""
    key = ".".join(str(part) for part in fault["loc"])
    name = label_of(config, key)
    kind, limits = fault["type"], fault.get("ctx", {})
    values: dict[str, Value] = {"name": name, "given": str(fault["input"])[:80]}
    if kind in _KINDS:
        text = N_("Errors", "{name} must be {kind}, not “{given}”.")
        return Sentence("Errors", text, {**values, "kind": _KINDS[kind]})
    if kind == "literal_error":
        text = N_("Errors", "{name} must be {choices}, not “{given}”.")
        return Sentence("Errors", text, {**values, "choices": _choices(limits["expected"])})
    if "ge" in limits:
        text = N_("Errors", "{name} must be at least {least}.")
        return Sentence("Errors", text, {"name": name, "least": f"{limits['ge']:,g}"})
    if "le" in limits:
        text = N_("Errors", "{name} must be at most {most}.")
        return Sentence("Errors", text, {"name": name, "most": f"{limits['le']:,g}"})
    if kind == "extra_forbidden":
        return _unknown(key, list(config.model_fields))
    return _said(name, fault)


def _unknown(name: str, known: list[str]) -> Sentence:
    near = difflib.get_close_matches(name, known, 1)
    if near:
        text = N_("Errors", "There is no setting called {name}. Did you mean {near}?")
        return Sentence("Errors", text, {"name": name, "near": near[0]})
    text = N_("Errors", "There is no setting called {name}.")
    return Sentence("Errors", text, {"name": name})


def _choices(expected: str) -> Value:
    """Pydantic's "'a', 'b' or 'c'"."""
    first, found, last = expected.rpartition(" or ")
    if not found:
        return expected
    return Sentence("Errors", N_("Errors", "{first} or {last}"), {"first": first, "last": last})


def _said(name: Value, fault: ErrorDetails) -> Sentence:
    """What a validator of ours says; else pydantic's own words."""
    error = fault.get("ctx", {}).get("error")
    if isinstance(error, Unsuitable) and not name:
        return error.sentence
    message = fault["msg"].removeprefix("Value error, ")
    words = error.sentence if isinstance(error, Unsuitable) else message
    if not name:
        text = N_("Errors", "These settings do not fit together: {words}.")
        return Sentence("Errors", text, {"words": words})
    return Sentence("Errors", N_("Errors", "{name}: {words}."), {"name": name, "words": words})


def parse_assignments(config: type[Config], pairs: Iterable[str]) -> dict[str, Any]:
    """Read `key=value` words (`--set`) into values for `build`; `none` means "the app decides".

    Raises:
        UsageError: A word without "=".
    """
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise UsageError("set", detail=f"--set needs key=value, not “{pair}”.")
        name = name.strip().replace("-", "_")
        text = text.strip()
        values[name] = (
            None if text.casefold() in ("none", "auto") and _optional(config, name) else text
        )
    return values


def _optional(config: type[Config], name: str) -> bool:
    info = config.model_fields.get(name)
    return info is not None and _kind_of(info.annotation)[1]
