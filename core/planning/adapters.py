"""What LoRA changes in a plan: how much is trained, how the base is kept, the learning rate."""

from __future__ import annotations

from dataclasses import dataclass

from core.families.registry import family_of
from core.families.shape import Shape
from core.recipe import Recipe

TALKS = ("chat", "preference")
"""Objectives that write the tokens between turns."""
USUAL_TOKENS = 2
"""Of them, where no template has been read yet: ChatML's."""
WORKING = "working"
"""Of a base that is kept as it is computed with."""
_RATE, _AT_WIDTH, _FALL = 5e-4, 2000.0, 0.78
"""Ten times 5e-5, the usual full fine-tuning rate, at a width of 2,000, and how it falls with the
width: fitted to Llama and Qwen models of 1 to 70 thousand million parameters, with alpha = 32
(Schulman et al. 2025, "LoRA Without Regret")."""
_SMALL, _FALL_BELOW = 1024.0, 1.6
"""Narrower ones want more than that line says. At a width of 192 (three runs of 60 and 200 steps,
rank 16, Japanese and English) 1, 3, 10 and 30 times its rate came to 1.59, 1.52, 1.48 and 1.68; –,
2.25, 2.15 and 3.57; 1.55, 1.48, 1.48 and – bits per byte: this slope gives 4 times there."""


@dataclass(frozen=True, slots=True)
class Adapters:
    """`parameters`: that are trained. `base`: working, bf16, int8 or int4."""

    parameters: int
    base: str

    def base_bytes(self, shape: Shape, vocabulary: int, number: int) -> int:
        """The frozen weights, where the working type has `number` bytes."""
        size = shape.parameters(vocabulary)
        under = min(size, sum(rows * columns for rows, columns in matrices(shape)) * shape.layers)
        small = {"bf16": 2.0, "int8": 1.0, "int4": 0.53}.get(self.base, float(number))
        return int(under * small + (size - under) * number)

    def scratch_bytes(self, shape: Shape, number: int) -> int:
        """The largest matrix as it is made anew for a product."""
        if self.base == WORKING:
            return 0
        return number * max(rows * columns for rows, columns in matrices(shape))


def effective(recipe: Recipe) -> Recipe:
    """The recipe with what LoRA settles by itself: AdamW, and fp32 products on an fp32 base."""
    if recipe.method != "lora":
        return recipe
    exact = recipe.base_precision == "fp32" and recipe.precision == "auto"
    precision = "fp32" if exact else recipe.precision
    return recipe.model_copy(update={"optimiser": "adamw", "precision": precision})


def adapters_of(
    recipe: Recipe, shape: Shape, base: str = WORKING, tokens: int | None = None
) -> Adapters | None:
    """None where all weights are trained. `tokens`: as for `trained_parameters`."""
    if recipe.method != "lora":
        return None
    return Adapters(trained_parameters(recipe, shape, tokens), base)


def bases(recipe: Recipe) -> tuple[str, ...]:
    """How the base may be kept, the most exact first; empty where all weights are trained."""
    if recipe.method != "lora":
        return ()
    if recipe.base_precision == "auto":
        return (WORKING, "int8")
    return (WORKING if recipe.base_precision == "fp32" else recipe.base_precision,)


def matrices(shape: Shape) -> list[tuple[int, int]]:
    """(rows, columns) of the linear layers of one block; experts stand as stacks and are none."""
    d, across, shared = shape.width, shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    found = [(across, d), (shared, d), (shared, d), (d, across)]
    if not shape.experts:
        inner = shape.feed_forward
        found += [(inner, d)] * (2 if family_of(shape.family).config.gated else 1) + [(d, inner)]
    return found


def trains_tokens(recipe: Recipe) -> bool:
    """Whether the tokens between turns get rows of their own."""
    return recipe.method == "lora" and recipe.lora_tokens and recipe.objective in TALKS


def trained_parameters(recipe: Recipe, shape: Shape, tokens: int | None = None) -> int:
    """Numbers in A, B and DoRA's m of all layers, and in the rows of the tokens between turns.

    Args:
        tokens: How many of these the template writes; None: it has not been read yet.
    """
    chosen = matrices(shape)[:4] if recipe.lora_targets == "attention" else matrices(shape)
    each = sum(recipe.lora_rank * (n + k) + (n if recipe.dora else 0) for n, k in chosen)
    rows = 0
    if trains_tokens(recipe):
        rows = (USUAL_TOKENS if tokens is None else tokens) * (1 if shape.tied else 2)
    return each * shape.layers + rows * shape.width


def alpha_of(recipe: Recipe) -> float:
    """Twice the rank, where the recipe leaves it open."""
    return 2.0 * recipe.lora_rank if recipe.lora_alpha is None else recipe.lora_alpha


def rate_of(recipe: Recipe, width: int) -> float:
    """One rate for all that is trained: as chosen, else about ten times the full fine-tuning rate."""
    if recipe.learning_rate is not None:
        return recipe.learning_rate
    wide = _RATE * (_AT_WIDTH / max(width, _SMALL)) ** _FALL
    return wide * max(1.0, _SMALL / width) ** _FALL_BELOW
