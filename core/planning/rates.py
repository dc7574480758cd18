"""Learning rates and warm-up of a run, where the recipe leaves them to the app."""

from __future__ import annotations

from core.planning.adapters import rate_of
from core.recipe import Recipe

WARMUP_STEPS = 10
MANY_PASSES = 4.0
_DECAY = 0.1
_GENTLER = 0.5
"""Of the rates of a run that continues. Of 2.5M weights, bits per byte of the new text and of the
parent's, by share: 60 steps on a tenth of the parent's amount (Japanese, base 1.54) 0.15 1.47, 0.3
1.41 and 1.70, 1 1.45 and 1.86; (English, base 1.74) 0.15 1.86, 0.3 1.65 and 1.97, 0.6 1.58 and 2.10,
1 1.58 and 2.24; 200 steps (Japanese) 0.15 1.42 and 1.67, 0.3 1.37 and 1.74, 0.6 1.34 and 1.84. From
nothing they came to 1.75, 2.03 and 1.52."""
_PREFERENCE = 0.1
"""Of the rate that answers are learnt with. Of 0.9M weights, after 60 steps on twelve corrected answers
(DPO, nats/token of the better answer, of the worse one, and of other answers that it knew before):
4.97, 2.43, 4.17 at first; 3.09, 9.17, 5.95 at the whole rate, 2.59, 5.79, 4.53 at 0.3 of it, 3.47,
3.76, 4.24 at 0.1. Of adapters 7.58, 9.50, 9.06; 5.14, 5.60, 5.57; 4.35, 3.00, 4.27."""
ENCODER = (0.02, 0.01, 0.005)
"""Of matrices, embedding and output layer, far below a decoder's: an encoder's table is its output
layer too, its positions are learnt, and its norms stand behind the blocks. RoBERTa of 4 × 128, 300 steps
on TinyShakespeare, one run each, pseudo bits/byte: 2.52 as here; 2.50 with 0.03 for matrices; 2.69 with
0.005 for the embedding, 3.39 with 0.03 and 0.015 for the head; 2.53 with 0.01 for the head; 2.93 with
0.01, 0.01 and 0.002. Guessing by frequency comes to about 3.35."""
ENCODER_ADAMW = (0.002, 0.003, 0.005)
"""The same with AdamW alone. Unseen masked loss of 2 × 128 after 300 steps (by frequency: 5.64): 4.81;
5.16 at 0.001 for all, 5.44 at 0.001, 0.01, 0.005, 5.30 at 0.0005, 0.003, 0.005. Muon comes to 3.83."""


def warmup_of(recipe: Recipe, steps: int) -> int:
    """Steps of warm-up: as chosen, else ten, but never more than a quarter of a short run."""
    if recipe.warmup_steps is not None:
        return min(recipe.warmup_steps, steps)
    return min(WARMUP_STEPS, steps // 4)


def weight_decay_of(recipe: Recipe, passes: float, continues: bool) -> float:
    """As chosen, else none, and a little where the same text is read more than `MANY_PASSES` times
    from nothing, which a model otherwise learns by heart. A parent's weights are not pulled to zero."""
    if recipe.weight_decay is not None:
        return recipe.weight_decay
    return _DECAY if passes > MANY_PASSES and not continues else 0.0


def rates(
    recipe: Recipe, steps: int, width: int, continues: bool = False, encoder: bool = False
) -> tuple[float, float, float]:
    """Peak rates of matrices, embedding and output layer: high for short runs, falling with the
    fourth root of the steps beyond 700 (learning.md: 0.1 for embeddings, 0.05 in long runs), and
    gentler where a run continues with a version's weights, and gentler still for preferences
    (`_PREFERENCE`). Adapters have one rate. Encoders have rates of their own (`ENCODER`)."""
    share = _PREFERENCE if recipe.objective == "preference" else 1.0
    if recipe.method == "lora":
        rate = rate_of(recipe, width) * (share if recipe.learning_rate is None else 1.0)
        return rate, rate, rate
    long = share * (max(steps, 700) / 700) ** -0.25
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
