"""Recipes that cannot be trained: every fault at its field, before anything starts."""

from __future__ import annotations

from core.config import label_of
from core.errors import FieldFault, all_faults
from core.families.registry import family_of
from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.plan import Text, make_plan
from core.planning.shape import head_size_for, nearest
from core.planning.words import about, duration
from core.recipe import Recipe
from core.sentences import N_, Sentence, Value

_APART = 1.5
"""Factor by which a size by hand may differ from the dial's."""
_ALPHABET = 262
"""Tokens that are there before the first merge: 256 bytes and the special ones."""


def require(
    recipe: Recipe, text: Text | None = None, machine: Machine | None = None,
    fixed_shape: Shape | None = None, goes_on: bool = False,
) -> None:  # fmt: skip
    """Raises one UsageError with every fault of `faults`."""
    found = faults(recipe, text, machine, fixed_shape, goes_on)
    if found:
        raise all_faults(found)


def faults(
    recipe: Recipe, text: Text | None = None, machine: Machine | None = None,
    fixed_shape: Shape | None = None, goes_on: bool = False,
) -> list[FieldFault]:  # fmt: skip
    """What is impossible, as (field, sentence), in the order of the form.

    Args:
        text: The corpus; without it only the recipe's own contradictions are seen.
        fixed_shape: The parent's, when training goes on from a version.
        goes_on: Whether it does, where the parent's shape is not known.
    """
    found: list[FieldFault] = []
    if fixed_shape is not None or goes_on:
        found += _parent(recipe, text, fixed_shape)
    else:
        found += _shape(recipe)
        if text is not None and not found:
            found += _sizes(recipe, text)
    found += _batch(recipe) + _steps(recipe)
    if text is not None:
        found += _text(recipe, text, new_tokenizer=fixed_shape is None and not goes_on)
        if machine is not None and not found:
            found += _time(recipe, text, machine, fixed_shape)
    return found


def _shape(recipe: Recipe) -> list[FieldFault]:
    """Heads that do not divide."""
    found: list[FieldFault] = []
    width, size, heads = recipe.width, recipe.head_size, recipe.heads
    rotated = not family_of(recipe.family).config.learned_positions
    if size is not None and size % 2 and rotated:
        text = N_("Errors", "A head size of {size} cannot be rotated: choose an even number.")
        found.append(("head_size", Sentence("Errors", text, {"size": size})))
    elif width is not None and heads is None and size is not None and width % size:
        text = N_("Errors", "A width of {width} cannot be divided into heads of {size}: choose a multiple of {size}, such as {near}.")  # fmt: skip
        values: dict[str, Value] = {
            "width": width, "size": size, "near": max(1, round(width / size)) * size,
        }  # fmt: skip
        found.append(("width", Sentence("Errors", text, values)))
    elif width is not None and heads is None and size is None and head_size_for(width) is None:
        text = N_("Errors", "A width of {width} cannot be divided into heads: choose a multiple of 32, such as {near}.")  # fmt: skip
        near = max(1, round(width / 32)) * 32
        found.append(("width", Sentence("Errors", text, {"width": width, "near": near})))
    return found


def _sizes(recipe: Recipe, text: Text) -> list[FieldFault]:
    """Key/value heads that do not divide, and sizes by dial and by hand that contradict."""
    found: list[FieldFault] = []
    wanted = recipe.parameters
    shape = nearest(recipe, text.vocabulary, wanted or 1e6)
    if shape.heads % shape.kv_heads:  # No shape that is open has heads which they divide.
        words = N_(
            "Errors", "{heads} heads cannot share {shared} keys and values: choose {choices}."
        )
        choices = [str(n) for n in range(1, shape.heads + 1) if shape.heads % n == 0]
        values: dict[str, Value] = {
            "heads": shape.heads, "shared": shape.kv_heads, "choices": _listed(choices),
        }  # fmt: skip
        found.append(("kv_heads", Sentence("Errors", words, values)))
    if not family_of(recipe.family).config.gated and shape.heads * shape.head_size != shape.width:
        words = N_("Errors", "{heads} heads of {size} do not make a width of {width}: leave one of the three to the app.")  # fmt: skip
        values = {"heads": shape.heads, "size": shape.head_size, "width": shape.width}
        field = "heads" if recipe.heads is not None else "head_size"
        found.append((field, Sentence("Errors", words, values)))
    real = shape.parameters(text.vocabulary)
    if wanted is not None and not wanted / _APART <= real <= wanted * _APART:
        words = N_("Errors", "The model size of {wanted} contradicts the sizes set by hand, which make {real} parameters: leave one of them to the app.")  # fmt: skip
        sentence = Sentence("Errors", words, {"wanted": about(wanted), "real": about(real)})
        by_hand = [n for n in ("layers", "width", "feed_forward") if getattr(recipe, n) is not None]
        found += [(name, sentence) for name in ("parameters", *by_hand[:1])]
    return found


def _parent(recipe: Recipe, text: Text | None, shape: Shape | None) -> list[FieldFault]:
    """Sizes that a version which goes on cannot change: another would be ignored in silence."""
    kept = {
        "parameters": None, "layers": shape and shape.layers, "width": shape and shape.width,
        "feed_forward": shape and shape.feed_forward, "heads": shape and shape.heads, "head_size": shape and shape.head_size,
        "kv_heads": shape and shape.kv_heads, "tied_embeddings": shape and shape.tied,
        "vocabulary": text.vocabulary if shape and text else None,
    }  # fmt: skip
    found: list[FieldFault] = []
    for name, value in kept.items():
        if getattr(recipe, name) not in (None, value):
            words = N_("Errors", "{name} cannot change when a version goes on: leave it to the app, or train from scratch.")  # fmt: skip
            values: dict[str, Value] = {"name": label_of(Recipe, name)}
            found.append((name, Sentence("Errors", words, values)))
    return found


def _batch(recipe: Recipe) -> list[FieldFault]:
    if recipe.batch is None or recipe.micro_batch is None or recipe.micro_batch <= recipe.batch:
        return []
    words = N_("Errors", "A micro-batch of {micro} windows is larger than the batch of {batch}: choose at most {batch}.")  # fmt: skip
    values: dict[str, Value] = {"micro": recipe.micro_batch, "batch": recipe.batch}
    return [("micro_batch", Sentence("Errors", words, values))]


def _steps(recipe: Recipe) -> list[FieldFault]:
    if recipe.steps is None or recipe.warmup_steps is None or recipe.warmup_steps < recipe.steps:
        return []
    words = N_("Errors", "A warm-up of {warmup} steps does not fit into a training of {steps}: choose fewer.")  # fmt: skip
    values: dict[str, Value] = {"warmup": recipe.warmup_steps, "steps": recipe.steps}
    return [("warmup_steps", Sentence("Errors", words, values))]


def _text(recipe: Recipe, text: Text, new_tokenizer: bool) -> list[FieldFault]:
    """What the corpus is too small for."""
    found: list[FieldFault] = []
    if recipe.context is not None and recipe.context + 2 > text.train_tokens:
        words = N_("Errors", "A context of {context} tokens is longer than the corpus, which has {tokens} to train on: choose at most {most}, or add text.")  # fmt: skip
        values: dict[str, Value] = {
            "context": recipe.context, "tokens": text.train_tokens,
            "most": max(0, text.train_tokens - 2),
        }  # fmt: skip
        found.append(("context", Sentence("Errors", words, values)))
    if new_tokenizer and recipe.vocabulary is not None and text.train_bytes is not None:
        # Each merge joins a pair that stands in the text at least twice.
        most = _ALPHABET + text.train_bytes // 2
        if recipe.vocabulary > most:
            words = N_("Errors", "A vocabulary of {wanted} tokens cannot be learnt from {bytes} bytes of text: choose at most {most}, or add text.")  # fmt: skip
            values = {"wanted": recipe.vocabulary, "bytes": text.train_bytes, "most": most}
            found.append(("vocabulary", Sentence("Errors", words, values)))
    return found


def _time(
    recipe: Recipe, text: Text, machine: Machine, fixed_shape: Shape | None
) -> list[FieldFault]:
    """Minutes that end before the first step could."""
    if recipe.minutes is not None and recipe.minutes * 60 <= machine.start_seconds:
        words = N_("Errors", "Starting alone takes about {start} here: choose more than {whole}.")
        start = duration(machine.start_seconds)
        values: dict[str, Value] = {"start": start, "whole": duration(recipe.minutes * 60)}
        return [("minutes", Sentence("Errors", words, values))]
    if recipe.epochs is None or recipe.warmup_steps is None:
        return []
    steps = make_plan(recipe, text, machine, fixed_shape).steps
    if recipe.warmup_steps < steps:
        return []
    return _steps(recipe.model_copy(update={"epochs": None, "steps": steps}))


def _listed(words: list[str]) -> Value:
    if len(words) == 1:
        return words[0]
    values: dict[str, Value] = {"first": ", ".join(words[:-1]), "last": words[-1]}
    return Sentence("Errors", N_("Errors", "{first} or {last}"), values)
