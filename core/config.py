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

from core.errors import UsageError


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
    """Make a configuration, or raise one UsageError that names every fault at once."""
    try:
        return config.model_validate(values)
    except ValidationError as error:
        faults = [_fault(config, fault) for fault in error.errors()]
        first = error.errors()[0]["loc"]
        raise UsageError(str(first[0]) if first else None, detail=" ".join(faults)) from error


_KINDS = {
    "int_parsing": "a whole number", "int_from_float": "a whole number", "int_type": "a whole number",
    "float_parsing": "a number", "float_type": "a number", "finite_number": "a number",
    "bool_parsing": "true or false", "bool_type": "true or false", "string_type": "a text",
}  # fmt: skip


def _fault(config: type[Config], fault: ErrorDetails) -> str:
    """One fault that pydantic found, as a sentence."""
    name = ".".join(str(part) for part in fault["loc"])
    kind, limits = fault["type"], fault.get("ctx", {})
    message = fault["msg"].removeprefix("Value error, ")
    if kind in _KINDS:
        return f"{name} must be {_KINDS[kind]}, not “{fault['input']}”."
    if kind == "literal_error":
        return f"{name} must be {limits['expected']}, not “{fault['input']}”."
    if kind in ("greater_than_equal", "less_than_equal"):
        words = "at least" if "ge" in limits else "at most"
        return f"{name} must be {words} {limits.get('ge', limits.get('le')):,g}."
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(name, list(config.model_fields), 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return f"There is no setting called {name}.{hint}"
    return f"{name}: {message}." if name else f"{message[:1].upper()}{message[1:]}."


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
