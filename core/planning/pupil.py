"""What a pupil gets from its teacher when distilling: tokenizer, sizes, and whether the two fit."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any

from core.errors import Damaged, FieldFault, all_faults
from core.families.base import FamilyConfig
from core.families.registry import DEFAULT, FAMILIES, config_for
from core.families.shape import Shape
from core.files import read_json
from core.planning.shape import head_size_for
from core.reasons import reason_of
from core.recipe import Recipe
from core.sentences import N_, Sentence, Value
from core.versions.library import VersionEntry

_CONFIG, _TOKENIZER = "config.json", "tokenizer.json"
_NEAR = 1.25
"""Factor by which a pupil of the teacher's width may miss the wanted size."""
_SMALLER = {"bert": "distilbert"}
"""Families whose pupils have a design of their own."""


def teacher_config(teacher: VersionEntry) -> FamilyConfig:
    """Raises Damaged."""
    path = teacher.path / _CONFIG
    try:
        return config_for(read_json(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = Sentence("Errors", N_("Errors", "Choose another teacher."))
        raise Damaged(path=str(path), reason=reason_of(error), hint=hint) from error


def family_key(config: FamilyConfig) -> str:
    return next(key for key, family in FAMILIES.items() if type(config) is family.config)


def pupil_family(recipe: Recipe, teacher: FamilyConfig) -> str:
    """As chosen; where it was left to the app, the teacher's own or what is made for its pupils."""
    if recipe.family != DEFAULT:
        return recipe.family
    own = family_key(teacher)
    return _SMALLER.get(own, own)


def pupil_shape(recipe: Recipe, teacher: FamilyConfig, vocabulary: int) -> Shape:
    """Half of the teacher's layers and all else as it has it (Sanh et al. 2019), but for what was set
    by hand. A size alone is reached by fewer layers where that comes near enough, so that the pupil
    can begin with the teacher's own weights; else by a narrower pupil."""
    base = replace(teacher.shape, family=pupil_family(recipe, teacher))
    if recipe.experts or recipe.chosen_experts:
        base = replace(
            base,
            experts=recipe.experts or base.experts,
            chosen=recipe.chosen_experts or base.chosen,
        )
    if recipe.parameters is None or recipe.layers:
        layers = recipe.layers or max(1, base.layers // 2)
        return _shaped(recipe, base, layers, recipe.width or base.width)

    def apart(shape: Shape) -> float:
        return abs(log(shape.parameters(vocabulary) / (recipe.parameters or 1)))

    depths = range(1, 2 * base.layers + 1)
    as_wide = [_shaped(recipe, base, layers, recipe.width or base.width) for layers in depths]
    best = min(as_wide, key=apart)
    if recipe.width or apart(best) <= log(_NEAR):
        return best
    step = base.head_size or 32
    widths = range(step, 2 * base.width + 1, step)
    pairs = [(layers, width) for layers in depths for width in widths]

    def unlike(shape: Shape) -> float:
        """The wanted size first, then the teacher's proportions."""
        slimmer = log(shape.width / base.width) - log(shape.layers / base.layers)
        return apart(shape) + 0.1 * abs(slimmer)

    return min((_shaped(recipe, base, *pair) for pair in pairs), key=unlike)


def _shaped(recipe: Recipe, base: Shape, layers: int, width: int) -> Shape:
    """`base` with other proportions, what was set by hand as it was set."""
    size, heads, shared = base.head_size, base.heads, base.kv_heads
    if width != base.width or recipe.head_size or recipe.kv_heads:
        fits = width % base.head_size == 0
        size = recipe.head_size or (base.head_size if fits else head_size_for(width) or 32)
        heads = max(1, width // size)
        groups = max(1, base.heads // base.kv_heads)
        shared = recipe.kv_heads or (heads // groups if heads % groups == 0 else heads)
    inner = base.feed_forward
    if width != base.width:
        inner = max(32, round(inner * width / base.width / 32) * 32)
    tied = base.tied if recipe.tied_embeddings is None else recipe.tied_embeddings
    return replace(
        base, layers=layers, width=width, heads=heads, kv_heads=shared, head_size=size,
        feed_forward=recipe.feed_forward or inner, tied=tied,
    )  # fmt: skip


def pupil_rule(teacher: VersionEntry) -> Sentence:
    text = N_("Plan", "The sizes follow the teacher “{teacher}”.")
    return Sentence("Plan", text, {"teacher": teacher.manifest.title})


def kept_layers(pupil: FamilyConfig, teacher: FamilyConfig) -> list[int] | None:
    """Which of the teacher's layers the pupil begins with, evenly chosen (every second one for half
    of them); None where the two are not built alike, so that it begins from nothing."""
    own, other = family_key(pupil), family_key(teacher)
    if own not in (other, _SMALLER.get(other)) or pupil.layers > teacher.layers:
        return None
    one, two = pupil.shape, teacher.shape
    if replace(one, layers=1, family="") != replace(two, layers=1, family=""):
        return None
    return [i * teacher.layers // pupil.layers for i in range(pupil.layers)]


# ---- whether the two fit --------------------------------------------------------------------------


def fit_teacher(teacher: VersionEntry, parent: VersionEntry | None, recipe: Recipe) -> None:
    """Raises one UsageError with every fault of `teacher_faults`; Damaged."""
    found = teacher_faults(teacher, parent, recipe)
    if found:
        raise all_faults(found)


def teacher_faults(
    teacher: VersionEntry, parent: VersionEntry | None, recipe: Recipe
) -> list[FieldFault]:
    """Why `teacher` cannot teach a pupil from `parent` (None: from nothing), by field."""
    config = teacher_config(teacher)
    found: list[FieldFault] = []
    values: dict[str, Value] = {"teacher": teacher.manifest.title}
    if parent is not None:
        one, two = _tokens(teacher.path), _tokens(parent.path)
        if one != two:
            text = N_("Errors", "The teacher “{teacher}” and the version “{pupil}” divide text into different tokens ({one} and {two} of them), so the one cannot learn the other's probabilities: choose a teacher with the same tokenizer, or distil from nothing.")  # fmt: skip
            names: dict[str, Value] = {
                "pupil": parent.manifest.title, "one": len(one), "two": len(two),
            }  # fmt: skip
            found.append(("teacher", Sentence("Errors", text, {**values, **names})))
    elif (
        recipe.vocabulary not in (None, len(_tokens(teacher.path))) or recipe.tokenizer != "pieces"
    ):
        text = N_("Errors", "A pupil has the tokenizer of its teacher “{teacher}”: leave tokenizer and vocabulary to the app.")  # fmt: skip
        found.append(("vocabulary", Sentence("Errors", text, values)))
    pupil = family_key(teacher_config(parent)) if parent else pupil_family(recipe, config)
    if FAMILIES[pupil].kind != FAMILIES[family_key(config)].kind:
        text = N_("Errors", "“{teacher}” is a {one} and the pupil a {two}: one continues text and the other fills in blanks. Choose another teacher or another family.")  # fmt: skip
        families: dict[str, Value] = {
            "one": FAMILIES[family_key(config)].title, "two": FAMILIES[pupil].title,
        }  # fmt: skip
        found.append(("teacher", Sentence("Errors", text, {**values, **families})))
    return found + _sizes(teacher, config, parent, recipe)


def _sizes(
    teacher: VersionEntry, config: FamilyConfig, parent: VersionEntry | None, recipe: Recipe
) -> list[FieldFault]:
    found: list[FieldFault] = []
    values: dict[str, Value] = {"teacher": teacher.manifest.title}
    context = recipe.context or (teacher_config(parent).context if parent else 0)
    if context > config.context:
        text = N_("Errors", "The teacher “{teacher}” sees at most {most} tokens, not {wanted}: choose a shorter context.")  # fmt: skip
        sizes: dict[str, Value] = {"most": config.context, "wanted": context}
        found.append(("context", Sentence("Errors", text, {**values, **sizes})))
    shape = teacher_config(parent).shape if parent else pupil_shape(recipe, config, 1024)
    if recipe.hidden_share and shape.width != config.width:
        text = N_("Errors", "Hidden states can only be compared where both are equally wide, but the teacher “{teacher}” has a width of {one} and the pupil {two}: set the weight of hidden states to 0, or choose the same width.")  # fmt: skip
        sizes = {"one": config.width, "two": shape.width}
        found.append(("hidden_share", Sentence("Errors", text, {**values, **sizes})))
    return found


def _tokens(folder: Path) -> dict[str, int]:
    """Token → id, as tokenizer.json says, read without the library. Raises Damaged."""
    path = folder / _TOKENIZER
    try:
        data: dict[str, Any] = read_json(path)
        model = data["model"]["vocab"]
        plain = isinstance(model, dict)
        found = dict(model) if plain else {piece[0]: i for i, piece in enumerate(model)}
        found |= {token["content"]: token["id"] for token in data.get("added_tokens") or []}
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        hint = Sentence("Errors", N_("Errors", "Choose another version."))
        raise Damaged(path=str(path), reason=reason_of(error), hint=hint) from error
    return found
