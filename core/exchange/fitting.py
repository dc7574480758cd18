"""Whether foreign weights are the ones that their configuration needs, by shapes alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core.errors import CannotImport
from core.families.base import FamilyConfig
from core.families.registry import config_for
from core.models.base import LanguageModel
from core.models.registry import build
from core.reasons import Unsuitable, reason_of
from core.sentences import N_, Sentence
from core.versions.importing.tensorfile import FLOATS, TensorFacts, wrong_type

_TYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8,
    "U8": torch.uint8, "BOOL": torch.bool, "U16": torch.uint16, "U32": torch.uint32,
    "U64": torch.uint64, "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2,
}  # fmt: skip
_UNUSED = (
    "pooler.",
    "position_ids",
    "inv_freq",
    "masked_bias",
    "seq_relationship.",
    "pre_classifier.",
)
"""What published files have besides, for other purposes than language modelling."""
_OLD_NAMES = ((".gamma", ".weight"), (".beta", ".bias"))
_TEXT_PARTS = ("model.language_model.model.", "model.language_model.")
"""Of models that see images as well."""
OTHER_MODEL = Sentence(
    "Errors",
    N_("Errors", "The weights and config.json are not of the same model: get both from one place."),
)
_BUILT_IN = Sentence(
    "Errors", N_("Errors", "Choose a model of a family that is built in: {families}.")
)


def config_of(data: dict[str, Any], file: Path) -> FamilyConfig:
    """The sizes that a config.json gives. Raises CannotImport for what is not built in."""
    from core.families.registry import FAMILIES

    try:
        return config_for(data)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        names = ", ".join(sorted(family.title for family in FAMILIES.values()))
        hint = Sentence("Errors", _BUILT_IN.text, {"families": names})
        raise CannotImport("path", path=str(file), reason=reason_of(error), hint=hint) from error


def hollow(config: FamilyConfig) -> LanguageModel:
    """The model without memory for its weights."""
    with torch.device("meta"):
        return build(config)


def expected_shapes(model: LanguageModel) -> dict[str, tuple[int, ...]]:
    """What transformers' file of this model holds: name → shape."""
    own = {
        name: value.detach().to("meta", torch.float32)
        for name, value in model.state_dict().items()
        if name not in model.tied
    }
    return {name: tuple(value.shape) for name, value in model.to_file(own).items()}


@dataclass(frozen=True, slots=True)
class Fit:
    """What is taken over: name in the file → name that it is stored under."""

    names: dict[str, str]


def fit(model: LanguageModel, tensors: dict[str, TensorFacts], place: Path) -> Fit:
    """Which of `tensors` the model takes, under which names.

    Raises:
        CannotImport: Something is missing, has another shape or is no float.
    """
    expected = expected_shapes(model)
    standing = _matched(tensors, expected)
    names = standing | {name: name for name in tensors if name not in standing}
    try:
        _check(model, tensors, names, expected)
    except Unsuitable as error:
        raise CannotImport(
            "path", path=str(place), reason=error.sentence, hint=OTHER_MODEL
        ) from error
    whole = set(expected) == set(standing.values())
    return Fit(standing if whole else names)


def _check(
    model: LanguageModel,
    tensors: dict[str, TensorFacts],
    names: dict[str, str],
    expected: dict[str, tuple[int, ...]],
) -> None:
    """Raises Unsuitable."""
    for name, stored in names.items():
        shape = tensors[name].shape
        if stored in expected and shape != expected[stored]:
            raise Unsuitable(_another_shape(name, shape, expected[stored]))
        if stored in expected and tensors[name].dtype not in FLOATS:
            raise Unsuitable(wrong_type(name, tensors[name].dtype))
    given = {
        stored: torch.empty(tensors[name].shape, dtype=_TYPES[tensors[name].dtype], device="meta")
        for name, stored in names.items()
    }
    own = _own(model)
    lacking = sorted(set(expected) - set(names.values()))
    try:
        found = model.from_file(given)
    except (KeyError, RuntimeError, ValueError, IndexError, TypeError) as error:
        raise Unsuitable(_missing(lacking or sorted(own))) from error
    if missing := sorted(set(own) - set(found)):
        raise Unsuitable(_missing(lacking or missing))
    for name, shape in own.items():
        if tuple(found[name].shape) != shape:
            raise Unsuitable(_another_shape(name, tuple(found[name].shape), shape))
        if not found[name].dtype.is_floating_point or found[name].element_size() < 2:
            raise Unsuitable(wrong_type(name, str(found[name].dtype).removeprefix("torch.")))
    surplus = sorted(
        name
        for name in set(found) - set(own) - set(model.tied)
        if not any(part in name for part in _UNUSED)
    )
    if surplus:
        text = N_("Errors", "it has a weight that the model does not know: “{name}”")
        if len(surplus) > 1:
            text = N_(
                "Errors", "it has weights that the model does not know: “{name}” and {count} more"
            )
        values = {"name": surplus[0][:80], "count": len(surplus) - 1}
        raise Unsuitable(Sentence("Errors", text, values))


def _own(model: LanguageModel) -> dict[str, tuple[int, ...]]:
    return {
        name: tuple(value.shape)
        for name, value in model.state_dict().items()
        if name not in model.tied
    }


def _matched(tensors: Iterable[str], expected: Iterable[str]) -> dict[str, str]:
    """Given name → expected name. Published files often leave a model's prefix out, or have one
    more, and old ones call a norm's weight and bias gamma and beta."""
    known = set(expected)
    inner = {name.partition(".")[2]: name for name in known if "." in name}
    found: dict[str, str] = {}
    for name in tensors:
        plain = name
        for old, new in _OLD_NAMES:
            plain = plain.removesuffix(old) + new if plain.endswith(old) else plain
        part = next((p for p in _TEXT_PARTS if plain.startswith(p)), None)
        text = "model." + plain.removeprefix(part) if part else None
        for candidate in (plain, inner.get(plain), plain.partition(".")[2], text):
            if candidate in known and candidate not in found.values():
                found[name] = candidate
                break
    return found


def _missing(names: list[str]) -> Sentence:
    text = N_("Errors", "{count} of its weights are missing, “{name}” first")
    if len(names) == 1:
        text = N_("Errors", "the weight “{name}” is missing")
    return Sentence("Errors", text, {"count": len(names), "name": names[0][:80] if names else ""})


def _another_shape(name: str, found: tuple[int, ...], expected: tuple[int, ...]) -> Sentence:
    text = N_("Errors", "“{name}” has the shape {found}, but {expected} is expected")
    values = {"name": name[:80], "found": _shown(found), "expected": _shown(expected)}
    return Sentence("Errors", text, values)


def _shown(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "1"


def loaded(config: FamilyConfig, weights: dict[str, Tensor]) -> LanguageModel:
    """The model with `weights` by the names of transformers' file, in fp32 and ready for use."""
    model = hollow(config)
    own = {name: w.to(torch.float32) for name, w in model.from_file(weights).items()}
    own |= {name: own[stored] for name, stored in model.tied.items()}
    model.load_state_dict(own, strict=True, assign=True)
    model.tie()
    return model.eval()
