"""Learning rates and warm-up of a run, where the recipe leaves them to the app."""

from __future__ import annotations

from core.planning.adapters import rate_of
from core.recipe import Recipe

WARMUP_STEPS = 10
MANY_PASSES = 4.0
_DECAY = 0.1
_GENTLER = 0.3
ENCODER = (0.01, 0.003, 0.002)
"""Of matrices, embedding and output layer, far below a decoder's: an encoder's table is its output
layer too, its positions are learnt, and its norms stand behind the blocks. Unseen masked loss after
300 steps of 2,048 tokens, RoBERTa of 4 × 128, Japanese (a guess by frequency alone: 6.79): 6.08 at
0.03, 0.01, 0.004; 6.05 at 0.03, 0.003, 0.004; 6.04 at 0.01, 0.003, 0.002. A decoder's rates give 6.83
after 400: nothing but frequencies."""
ENCODER_ADAMW = (0.001, 0.001, 0.001)


def warmup_of(recipe: Recipe, steps: int) -> int:
    """Steps of warm-up: as chosen, else ten, but never more than a quarter of a short run."""
    if recipe.warmup_steps is not None:
        return min(recipe.warmup_steps, steps)
    return min(WARMUP_STEPS, steps // 4)


def weight_decay_of(recipe: Recipe, passes: float) -> float:
    """As chosen, else none, and a little where the same text is read more than `MANY_PASSES` times,
    which a model otherwise learns by heart."""
    if recipe.weight_decay is not None:
        return recipe.weight_decay
    return _DECAY if passes > MANY_PASSES else 0.0


def rates(
    recipe: Recipe, steps: int, width: int, continues: bool = False, encoder: bool = False
) -> tuple[float, float, float]:
    """Peak rates of matrices, embedding and output layer: high for short runs, falling with the
    fourth root of the steps beyond 700 (learning.md: 0.1 for embeddings, 0.05 in long runs), and
    gentler where a run continues with a version's weights. Adapters have one rate. Encoders have
    rates of their own (`ENCODER`)."""
    if recipe.method == "lora":
        rate = rate_of(recipe, width)
        return rate, rate, rate
    long = (max(steps, 700) / 700) ** -0.25
    muon = recipe.optimiser == "muon"
    if continues:
        long *= _GENTLER
    if encoder:
        usual = ENCODER if muon else ENCODER_ADAMW
    else:
        usual = (0.08, 0.1, 0.015) if muon else (0.002, 0.01, 0.002)
    given = (recipe.learning_rate, recipe.embedding_rate, recipe.head_rate)  # 0 is a rate too.
    matrix, embedding, head = (
        rate * long if wanted is None else wanted for rate, wanted in zip(usual, given, strict=True)
    )
    return matrix, embedding, head
